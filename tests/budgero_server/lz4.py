"""LZ4 frames, in which Budgero's app packs its database before it is sealed.

The header is the one of Budgero 1.6.0: blocks of up to 4 MB that refer to earlier
blocks, no checksum of the content, no size. The blocks here are smaller, so that
also a small database makes a reader follow a reference across them.
"""

from typing import Final

BLOCK_SIZE: Final = 1 << 14
_MAGIC: Final = bytes.fromhex("04224d18")
_DESCRIPTOR: Final = bytes.fromhex("4070df")  # flags, block size, their checksum
_END_MARK: Final = bytes(4)
_STORED: Final = 1 << 31
_SHORTEST_MATCH: Final = 4
_FARTHEST_MATCH: Final = (1 << 16) - 1
# The format's rules for the end of a block.
_LAST_LITERALS: Final = 5
_LAST_MATCH: Final = 12


def pack_frame(data: bytes, *, store_every: int = 0) -> bytes:
    """Pack data; what does not get smaller is stored as it is.

    Args:
        data: What to pack.
        store_every: Which blocks are stored all the same: 1 for all of them, 2 for
            every second one, and so on; 0 for none.
    """
    seen: dict[bytes, int] = {}
    parts = [_MAGIC, _DESCRIPTOR]
    for number, start in enumerate(range(0, len(data), BLOCK_SIZE), start=1):
        end = min(start + BLOCK_SIZE, len(data))
        packed = _pack_block(data, start, end, seen)
        size = end - start
        if len(packed) >= size or (store_every and number % store_every == 0):
            parts += [(_STORED | size).to_bytes(4, "little"), data[start:end]]
        else:
            parts += [len(packed).to_bytes(4, "little"), packed]
    return b"".join((*parts, _END_MARK))


def _pack_block(data: bytes, start: int, end: int, seen: dict[bytes, int]) -> bytes:
    """Replace what was seen before, in this block or an earlier one."""
    packed = bytearray()
    written = position = start
    while position <= end - _LAST_MATCH:
        word = data[position : position + _SHORTEST_MATCH]
        earlier = seen.get(word)
        seen[word] = position
        if earlier is None or position - earlier > _FARTHEST_MATCH:
            position += 1
            continue
        length = _match_length(data, earlier, position, end - _LAST_LITERALS)
        packed += _sequence(data[written:position], position - earlier, length)
        position += length
        written = position
    return bytes(packed + _last_sequence(data[written:end]))


def _match_length(data: bytes, earlier: int, position: int, limit: int) -> int:
    length = _SHORTEST_MATCH
    while (
        position + length < limit and data[earlier + length] == data[position + length]
    ):
        length += 1
    return length


def _sequence(literals: bytes, offset: int, length: int) -> bytes:
    extra = length - _SHORTEST_MATCH
    token = min(len(literals), 15) << 4 | min(extra, 15)
    return b"".join(
        (
            token.to_bytes(),
            _more_length(len(literals)),
            literals,
            offset.to_bytes(2, "little"),
            _more_length(extra),
        )
    )


def _last_sequence(literals: bytes) -> bytes:
    token = min(len(literals), 15) << 4
    return token.to_bytes() + _more_length(len(literals)) + literals


def _more_length(length: int) -> bytes:
    """Write what the four bits of the token cannot hold."""
    if length < 15:
        return b""
    full, rest = divmod(length - 15, 255)
    return b"\xff" * full + rest.to_bytes()
