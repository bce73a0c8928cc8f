"""LZ4 frames, in which Budgero's app packs its database.

Home Assistant has no decoder for them. Checksums are not compared, because decrypting
the frame has proved already that nothing was changed.
"""

from dataclasses import dataclass
from typing import Final, Self

from .problems import NamesError, NamesProblem, Patience

MAGIC: Final = bytes.fromhex("04224d18")

_SHORTEST_HEADER: Final = 7
_VERSION: Final = 0b01
_BLOCK_SIZES: Final = {code: 1 << 2 * code + 8 for code in range(4, 8)}
_STORED: Final = 1 << 31
_SHORTEST_MATCH: Final = 4
_MORE: Final = 15
"""This value in half a token means that the length continues in the next bytes."""

_LONGEST: Final = max(_BLOCK_SIZES.values())
_GIVE_WAY_EVERY: Final = 1000
"""Sequences between two rests; the event loop waits about 1 ms for them."""


@dataclass(frozen=True, slots=True)
class _Header:
    """The header of a frame.

    Attributes:
        size: of the header, in bytes.
        block: the most bytes that a block has, packed or unpacked.
        is_linked: whether a block may refer to those before it.
        block_checksum: how many bytes follow every block.
        checksum: how many bytes follow the end mark.
        content: the unpacked size in bytes, if the frame has it.
    """

    size: int
    block: int
    is_linked: bool
    block_checksum: int
    checksum: int
    content: int | None

    @classmethod
    def read(cls, frame: bytes | bytearray) -> Self:
        """Read the start of a frame.

        Raises:
            NamesError: it has another form, or needs a dictionary.
        """
        if len(frame) < _SHORTEST_HEADER:
            raise NamesError(NamesProblem.TRUNCATED)
        flags, block = frame[4], _BLOCK_SIZES.get(frame[5] >> 4 & 7)
        has_dictionary = flags & 1
        if frame[:4] != MAGIC or flags >> 6 != _VERSION or has_dictionary or not block:
            raise NamesError(NamesProblem.UNREADABLE)
        has_size = flags >> 3 & 1
        return cls(
            size=_SHORTEST_HEADER + 8 * has_size,
            block=block,
            is_linked=not flags >> 5 & 1,
            block_checksum=4 * (flags >> 4 & 1),
            checksum=4 * (flags >> 2 & 1),
            content=_number(frame, 6, 8) if has_size else None,
        )


def unpack_frame(frame: bytes | bytearray, limit: int, patience: Patience) -> bytearray:
    """Unpack one frame. It takes long; call it in an executor.

    Args:
        frame: from the magic number to the end mark, or the checksum after it.
        limit: the most bytes that it may unpack to.
        patience: for how long it may go on.

    Raises:
        NamesError: `UNREADABLE`, `TRUNCATED`, `TOO_LARGE` or `TOO_SLOW`.
    """
    header = _Header.read(frame)
    if header.content is not None and header.content > limit:
        raise NamesError(NamesProblem.TOO_LARGE)
    content = bytearray()
    sequences = 0
    position = header.size
    while size := _number(frame, position, 4):
        position += 4
        end = position + (size & ~_STORED)
        if end - position > header.block:
            raise NamesError(NamesProblem.UNREADABLE)
        if end > len(frame):
            raise NamesError(NamesProblem.TRUNCATED)
        start = len(content)
        block = frame[position:end]
        if size & _STORED:
            content += block
            sequences += 1
        else:
            oldest = 0 if header.is_linked else start
            most = min(header.block, limit - start)
            sequences += _unpack_block(block, content, oldest, most, patience)
        if sequences >= _GIVE_WAY_EVERY:
            sequences = 0
            patience.give_way()
        if len(content) > limit:
            raise NamesError(NamesProblem.TOO_LARGE)
        if len(content) - start > header.block:
            raise NamesError(NamesProblem.UNREADABLE)
        position = end + header.block_checksum
    whole = position + 4 + header.checksum
    if whole > len(frame):
        raise NamesError(NamesProblem.TRUNCATED)
    if whole < len(frame) or header.content not in (None, len(content)):
        raise NamesError(NamesProblem.UNREADABLE)
    return content


def _unpack_block(
    block: bytes | bytearray,
    content: bytearray,
    oldest: int,
    most: int,
    patience: Patience,
) -> int:
    """Append what a block unpacks to.

    Args:
        block: literals and references to what came before.
        content: what was unpacked so far.
        oldest: where in the content references may begin.
        most: the most bytes to append; a larger block is not appended completely.
        patience: for how long it may go on.

    Returns:
        The number of its sequences since the last rest.

    Raises:
        NamesError: it is damaged, or took too long.
    """
    position = sequences = 0
    end = len(block)
    full = len(content) + most
    try:
        while True:
            token = block[position]
            position += 1
            length = token >> 4
            if length == _MORE:
                length, position = _longer(block, position)
            if length:
                content += block[position : position + length]
                position += length
            if position >= end:
                break
            offset = block[position] | block[position + 1] << 8
            position += 2
            length = token & 15
            if length == _MORE:
                length, position = _longer(block, position)
            length += _SHORTEST_MATCH
            size = len(content)
            if size > full:
                return sequences
            start = size - offset
            if not offset or start < oldest:
                raise NamesError(NamesProblem.UNREADABLE)
            if offset >= length:
                content += content[start : start + length]
            else:
                content += (content[start:] * (length // offset + 1))[:length]
            sequences += 1
            if sequences == _GIVE_WAY_EVERY:
                sequences = 0
                patience.give_way()
    except IndexError:
        raise NamesError(NamesProblem.UNREADABLE) from None
    if position > end:
        raise NamesError(NamesProblem.UNREADABLE)
    return sequences


def _longer(block: bytes | bytearray, position: int) -> tuple[int, int]:
    """Read the rest of a length; return it, and the place behind it.

    Raises:
        NamesError: it is longer than a block may be.
    """
    length, more = _MORE, 255
    while more == 255:
        more = block[position]
        position += 1
        length += more
        if length > _LONGEST:
            raise NamesError(NamesProblem.UNREADABLE)
    return length, position


def _number(frame: bytes | bytearray, position: int, size: int) -> int:
    """Read a number of so many bytes.

    Raises:
        NamesError: the frame ends before the number does.
    """
    if position + size > len(frame):
        raise NamesError(NamesProblem.TRUNCATED)
    return int.from_bytes(frame[position : position + size], "little")
