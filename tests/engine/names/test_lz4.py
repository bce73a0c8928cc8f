"""Unpacking LZ4 frames: as the library does, and never more than was allowed."""

from itertools import product
import os
import random
import struct
import time
from unittest.mock import patch

from hypothesis import example, given, settings, strategies as st
import lz4.frame
import pytest

from custom_components.budgero.engine.names import problems
from custom_components.budgero.engine.names.lz4 import MAGIC, unpack_frame
from custom_components.budgero.engine.names.problems import (
    NamesError,
    NamesProblem,
    Patience,
)
from tests.budgero_server.lz4 import pack_frame

LIMIT = 1 << 23
BLOCKS = [
    lz4.frame.BLOCKSIZE_MAX64KB,
    lz4.frame.BLOCKSIZE_MAX256KB,
    lz4.frame.BLOCKSIZE_MAX1MB,
    lz4.frame.BLOCKSIZE_MAX4MB,
]
LINKED_4MB = bytes.fromhex("4070df")
"""The header of Budgero 1.6.0: linked blocks of 4 MB, no checksums, no size."""

texts = st.lists(
    st.sampled_from([b"Groceries", b"\x00" * 40, b"2026-11-", b"x", os.urandom(30)])
    | st.binary(max_size=20),
    max_size=60,
).map(b"".join)


def unpack(frame: bytes, limit: int = LIMIT) -> bytes:
    """Unpack a frame."""
    return bytes(unpack_frame(frame, limit, Patience()))


def problem_of(frame: bytes, limit: int = LIMIT) -> NamesProblem:
    """Return why a frame is refused; fail if it is taken."""
    with pytest.raises(NamesError) as caught:
        unpack(frame, limit)
    return caught.value.problem


def framed(*blocks: bytes) -> bytes:
    """Return packed blocks as a frame like Budgero's."""
    parts = [struct.pack("<I", len(block)) + block for block in blocks]
    return MAGIC + LINKED_4MB + b"".join(parts) + bytes(4)


@given(
    data=texts,
    level=st.sampled_from([-5, 0, 9]),
    linked=st.booleans(),
    checksums=st.booleans(),
    has_size=st.booleans(),
)
def test_what_the_library_packs(
    data: bytes, level: int, linked: bool, checksums: bool, has_size: bool
) -> None:
    """Any content comes back, with every choice that the library has."""
    frame = lz4.frame.compress(
        data,
        compression_level=level,
        block_linked=linked,
        content_checksum=checksums,
        block_checksum=checksums,
        store_size=has_size,
    )
    assert unpack(frame) == data


@pytest.mark.parametrize(("block", "linked"), product(BLOCKS, (True, False)))
def test_many_blocks(block: int, linked: bool) -> None:
    """References reach into earlier blocks; what cannot be packed is stored."""
    noise = random.Random(1).randbytes(70_000)
    lines = b"".join(b"%d,Corner Shop,%x\n" % (n, n * n) for n in range(30_000))
    data = lines + noise + bytes(5_000_000) + noise + lines
    frame = lz4.frame.compress(data, block_size=block, block_linked=linked)
    assert unpack(frame) == data


@given(data=texts, store_every=st.integers(0, 3))
def test_what_the_stand_in_packs(data: bytes, store_every: int) -> None:
    """Its blocks are small and linked, as those of Budgero's app."""
    frame = pack_frame(data, store_every=store_every)
    assert unpack(frame) == data == lz4.frame.decompress(frame)


@settings(max_examples=300)
@given(
    data=texts.filter(len),
    changes=st.lists(st.tuples(st.integers(min_value=0), st.integers(1, 255))),
    kept=st.integers(min_value=0),
)
def test_damage(data: bytes, changes: list[tuple[int, int]], kept: int) -> None:
    """A damaged frame is refused, or unpacks as it does in the library."""
    frame = bytearray(pack_frame(data))
    for place, bits in changes:
        frame[7 + place % (len(frame) - 7)] ^= bits
    damaged = bytes(frame[: kept % len(frame) + 1])
    try:
        content = unpack(damaged)
    except NamesError:
        return
    assert content == lz4.frame.decompress(damaged)


@given(st.binary(max_size=60), st.booleans())
def test_garbage(data: bytes, has_magic: bool) -> None:
    """Anything else is refused, or unpacks as it does in the library."""
    frame = MAGIC + LINKED_4MB + data if has_magic else data
    try:
        content = unpack(frame)
    except NamesError:
        return
    assert content == lz4.frame.decompress(frame)


@given(st.integers(0, 5000))
@example(-1)
@example(-4)
@example(-5)
def test_every_shorter_frame_is_truncated(kept: int) -> None:
    """Wherever the end is missing, that is what is said."""
    data = random.Random(2).randbytes(3000) * 2
    frame = lz4.frame.compress(data, store_size=False, content_checksum=True)
    assert problem_of(frame[: kept % len(frame)]) is NamesProblem.TRUNCATED


def test_no_more_than_was_allowed() -> None:
    """Neither by the frame's own word, nor in the end."""
    data = bytes(1000)
    assert unpack(lz4.frame.compress(data, store_size=False), 1000) == data
    for has_size in (True, False):
        frame = lz4.frame.compress(data, store_size=has_size)
        assert problem_of(frame, 999) is NamesProblem.TOO_LARGE
    stored = pack_frame(random.Random(3).randbytes(1000))
    assert problem_of(stored, 999) is NamesProblem.TOO_LARGE


def long_match(length: int) -> bytes:
    """Return one sequence: a literal, and a reference of that length to it."""
    extra = length - 4 - 15
    return b"\x1fa\x01\x00" + b"\xff" * (extra // 255) + bytes([extra % 255])


HOSTILE = {
    "before the start": b"\x10a\x02\x00\x10b",
    "nowhere": b"\x10a\x00\x00\x10b",
    "literals beyond the end": b"\xf0\xff\x00abc",
    "length without an end": b"\xf0" + b"\xff" * 100,
    "reference without an end": b"\x10a\x01",
    "reference at the end": b"\x10a\x01\x00",
    "no block at all": b"",
}


@pytest.mark.parametrize("block", HOSTILE.values(), ids=HOSTILE)
def test_hostile_blocks(block: bytes) -> None:
    """What no packer writes is refused."""
    good = b"\x10a"
    frame = framed(block, good) if block else framed(good) + b"more"
    assert problem_of(frame) is NamesProblem.UNREADABLE


def test_a_reference_does_not_leave_an_independent_block() -> None:
    """Only linked blocks may refer to others."""
    independent = bytes.fromhex("60704b")
    frame = bytearray(framed(b"\x40abcd", b"\x00\x04\x00\x10e"))
    assert unpack(bytes(frame)) == b"abcdabcde"
    frame[4:7] = independent
    assert problem_of(bytes(frame)) is NamesProblem.UNREADABLE


@pytest.mark.parametrize("flags", [0x00, 0x80, 0x41])
def test_other_frames(flags: int) -> None:
    """Another version, or one that needs a dictionary."""
    frame = bytearray(framed(b"\x10a"))
    frame[4] = flags
    assert problem_of(bytes(frame)) is NamesProblem.UNREADABLE
    frame[4:6] = bytes([0x40, 0x10])
    assert problem_of(bytes(frame)) is NamesProblem.UNREADABLE


def test_a_small_frame_does_not_unfold_to_gigabytes() -> None:
    """References of 4 MB each: not one of them more than is allowed."""
    whole = long_match((1 << 22) - 1) + b"\x00"
    assert len(unpack(framed(whole))) == 1 << 22
    many = long_match(1 << 22) * 200 + b"\x10b"
    start = time.perf_counter()
    assert problem_of(framed(many)) is NamesProblem.UNREADABLE
    assert problem_of(framed(many), 1 << 20) is NamesProblem.TOO_LARGE
    assert problem_of(framed(*[whole] * 5), 1 << 24) is NamesProblem.TOO_LARGE
    assert problem_of(framed(long_match((1 << 22) + 600))) is NamesProblem.UNREADABLE
    assert time.perf_counter() - start < 1


SEQUENCES = b"\x10a\x01\x00" * 10_000 + b"\x10b"
STORED = (struct.pack("<I", 1 << 31 | 1) + b"a") * 10_000


@pytest.mark.parametrize(
    "frame",
    [framed(SEQUENCES), MAGIC + LINKED_4MB + STORED + bytes(4)],
    ids=["sequences", "blocks"],
)
def test_it_gives_way_and_has_an_end(frame: bytes) -> None:
    """Every 1,000 sequences or blocks the loop has its turn, until it was too long."""
    with patch.object(problems, "sleep") as sleep:
        unpack(frame)
    assert sleep.call_count == 10
    with pytest.raises(NamesError) as caught:
        unpack_frame(frame, LIMIT, Patience(0))
    assert caught.value.problem is NamesProblem.TOO_SLOW
