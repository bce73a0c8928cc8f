"""Packing loses nothing and really packs."""

import random

import pytest

from tests.budgero_server.lz4 import BLOCK_SIZE, pack_frame

from .opening import unpack_frame

_NOISE = random.Random(1).randbytes(3 * BLOCK_SIZE)
_FAR = random.Random(2).randbytes(70_000) * 2
_TEXT = b"".join(b"%d green bottles, " % (number % 700) for number in range(4000))


@pytest.mark.parametrize("store_every", [0, 1, 2])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        b"a" * 12,
        b"a" * 13,
        bytes(300_000),
        _TEXT,
        _NOISE,
        _NOISE[:500] * 40,
        _FAR,
        bytes(BLOCK_SIZE - 3) + _NOISE[:6] + bytes(BLOCK_SIZE),
    ],
    ids=["empty", "a", "12", "13", "zeros", "text", "noise", "repeated", "far", "seam"],
)
def test_round_trip(data: bytes, store_every: int) -> None:
    """What is unpacked is what was packed."""
    assert unpack_frame(pack_frame(data, store_every=store_every)) == data


def test_size() -> None:
    """Repetition shrinks; noise, and what is stored, only gets its frame."""
    assert len(pack_frame(_TEXT)) < len(_TEXT) // 4
    assert len(pack_frame(_NOISE)) == len(_NOISE) + 7 + 3 * 4 + 4
    assert len(pack_frame(_TEXT, store_every=1)) > len(_TEXT)
    half = len(pack_frame(_TEXT, store_every=2))
    assert len(pack_frame(_TEXT)) < half < len(_TEXT)


def test_blocks_are_linked() -> None:
    """A block refers to an earlier one when that helps."""
    block = _NOISE[:BLOCK_SIZE]

    assert len(pack_frame(block + block)) < BLOCK_SIZE + 200


def test_last_bytes_are_literals() -> None:
    """The format wants the last five bytes of a block as they are."""
    assert pack_frame(bytes(BLOCK_SIZE))[-9:-4] == bytes(5)
