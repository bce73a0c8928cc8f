"""The header before an encrypted database, and the key that is wrapped in it."""

import os
import struct

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push import SpaceKey
from custom_components.budgero.engine.push.envelope import (
    HEADER_BYTES,
    MAX_ITERATIONS,
    MIN_ITERATIONS,
    EnvelopeHeader,
)
from custom_components.budgero.engine.push.errors import CannotOpenError
from tests.budgero_server.envelope import seal_envelope

from .credentials import KEY

BLOB = seal_envelope(b"a database", KEY.export(), MIN_ITERATIONS)


def _header(blob: bytes) -> EnvelopeHeader:
    header = EnvelopeHeader.parse(blob)
    assert header is not None
    return header


def test_the_right_key_unwraps_the_data_key() -> None:
    """The header is enough; what follows it is not looked at."""
    assert HEADER_BYTES == 103
    header = _header(BLOB[:HEADER_BYTES])
    assert header == _header(BLOB)
    assert header.iterations == MIN_ITERATIONS
    assert len(header.unwrap(KEY)) == 32


@pytest.mark.parametrize("place", [12, 28, 55, 102 - 13])
def test_another_key_or_damage_unwraps_nothing(place: int) -> None:
    """In salt, vector, wrapped key or its tag: no wrong data key comes out."""
    with pytest.raises(CannotOpenError):
        _header(BLOB).unwrap(SpaceKey(os.urandom(32)))
    damaged = bytearray(BLOB)
    damaged[place] ^= 1
    with pytest.raises(CannotOpenError):
        _header(bytes(damaged)).unwrap(KEY)


@pytest.mark.parametrize("place", [0, 3, 4, 9, 10, 27, 40, 41, 90])
@pytest.mark.parametrize("bit", range(8))
def test_another_format_is_not_read(place: int, bit: int) -> None:
    """Mark, version and every length are what Budgero writes, or nothing is read."""
    changed = bytearray(BLOB)
    changed[place] ^= 1 << bit
    assert EnvelopeHeader.parse(bytes(changed)) is None


@pytest.mark.parametrize(
    ("iterations", "is_read"),
    [
        (0, False),
        (MIN_ITERATIONS - 1, False),
        (MIN_ITERATIONS, True),
        (600_000, True),
        (MAX_ITERATIONS, True),
        (MAX_ITERATIONS + 1, False),
        (2**32 - 1, False),
    ],
)
def test_no_server_keeps_this_machine_busy(iterations: int, is_read: bool) -> None:
    """A derivation that is too weak, or that would take minutes, is not begun."""
    changed = BLOB[:5] + struct.pack(">I", iterations) + BLOB[9:]
    assert (EnvelopeHeader.parse(changed) is not None) is is_read


@given(st.binary(max_size=2 * HEADER_BYTES))
def test_anything_else_is_no_header(blob: bytes) -> None:
    """Neither garbage, nor a header that breaks off, raises."""
    assert EnvelopeHeader.parse(blob) is None
    assert EnvelopeHeader.parse(BLOB[: min(len(blob), HEADER_BYTES - 1)]) is None


def test_a_header_shows_nothing_to_guess_at() -> None:
    """Salt and wrapped key stay out of logs."""
    assert repr(_header(BLOB)) == f"EnvelopeHeader(iterations={MIN_ITERATIONS})"
