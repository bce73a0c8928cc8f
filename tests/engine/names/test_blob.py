"""Opening the encrypted database, and saying why it cannot be opened."""

from hypothesis import given, settings, strategies as st
import lz4.frame
import pytest

from custom_components.budgero.engine.names import (
    NamesError,
    NamesProblem,
    blob as blob_module,
    read_blob,
)
from custom_components.budgero.engine.names.database import read_content
from custom_components.budgero.engine.names.problems import Patience
from custom_components.budgero.engine.push import SpaceKey
from custom_components.budgero.engine.push.envelope import HEADER_BYTES, MIN_ITERATIONS
from tests.budgero_server import BlobOptions, Damage, Packing
from tests.budgero_server.blob import make_blob
from tests.budgero_server.envelope import seal_envelope

from .files import TABLES, database, exported

PIECE = 64 * 1024
RAW = bytes(range(32))
KEY = SpaceKey(RAW)
DATABASE = exported()
NAMES = read_content(bytearray(DATABASE))


def made(content: bytes = DATABASE, **options: object) -> bytes:
    """Return a blob as the stand-in makes it, with a derivation that is short."""
    chosen = {"iterations": MIN_ITERATIONS} | options
    return make_blob(content, RAW, BlobOptions(**chosen))  # type: ignore[arg-type]


def sealed(packed: bytes) -> bytes:
    """Return an envelope around anything."""
    return seal_envelope(packed, KEY.export(), MIN_ITERATIONS)


def problem_of(blob: bytes, key: SpaceKey = KEY) -> NamesProblem:
    """Return why a blob is refused; fail if it is taken."""
    with pytest.raises(NamesError) as caught:
        read_blob(blob, key)
    return caught.value.problem


@pytest.mark.parametrize("packing", Packing)
def test_the_names_in_it(packing: Packing) -> None:
    """However the database is packed."""
    assert read_blob(made(packing=packing), KEY) == NAMES


def test_as_budgero_packs_it() -> None:
    """With the library, in linked blocks of 4 MB without checksums or size."""
    packer = lz4.frame.LZ4FrameCompressor(
        block_size=lz4.frame.BLOCKSIZE_MAX4MB, block_linked=True
    )
    packed = packer.begin() + packer.compress(DATABASE) + packer.flush()
    assert packed[4:6] == b"\x40\x70"
    assert read_blob(sealed(packed), KEY) == NAMES


def test_another_key() -> None:
    """It says so, and not that the blob is damaged."""
    assert problem_of(made(foreign_key=True)) is NamesProblem.WRONG_KEY
    assert problem_of(made(), SpaceKey(bytes(32))) is NamesProblem.WRONG_KEY


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (Damage.NO_ENVELOPE, NamesProblem.FOREIGN),
        (Damage.TRUNCATED, NamesProblem.UNREADABLE),
        (Damage.GARBLED, NamesProblem.UNREADABLE),
        (Damage.BROKEN_FRAME, NamesProblem.TRUNCATED),
        (Damage.NO_DATABASE, NamesProblem.UNREADABLE),
    ],
)
def test_damage(damage: Damage, problem: NamesProblem) -> None:
    """What the stand-in can do to a blob."""
    assert problem_of(made(damage=damage)) is problem


def test_other_envelopes() -> None:
    """A later one, one that breaks off, one that would take minutes, none at all."""
    blob = made()
    assert problem_of(blob[:4] + b"\x03" + blob[5:]) is NamesProblem.NEWER
    assert problem_of(b"BGE2" + blob[4:]) is NamesProblem.NEWER
    for kept in (102, 103, 118):
        assert problem_of(blob[:kept]) is NamesProblem.TRUNCATED
    assert problem_of(b"<html>" + blob) is NamesProblem.FOREIGN
    assert problem_of(b"") is NamesProblem.FOREIGN
    for iterations in (MIN_ITERATIONS - 1, 2_000_001):
        claimed = blob[:5] + iterations.to_bytes(4) + blob[9:]
        assert problem_of(claimed) is NamesProblem.UNREADABLE


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is inside may have so many bytes, packed or not."""
    monkeypatch.setattr(blob_module, "MAX_DATABASE", len(DATABASE))
    blobs = made(), made(packing=Packing.NONE)
    assert [read_blob(blob, KEY) for blob in blobs] == [NAMES, NAMES]
    monkeypatch.setattr(blob_module, "MAX_DATABASE", len(DATABASE) - 1)
    assert {problem_of(blob) for blob in blobs} == {NamesProblem.TOO_LARGE}


PAYEES = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
INSERT INTO payees SELECT i, 1, 'Payee ' || i FROM n
"""


def test_a_larger_one() -> None:
    """It is decrypted piece by piece; the last bit of every piece counts."""
    blob = made(database(TABLES + PAYEES.replace("200", "9000")), packing=Packing.NONE)
    assert len(blob) > 3 * PIECE
    assert len(read_blob(blob, KEY).payees) == 9000
    for place in (PIECE - 1, PIECE, 2 * PIECE, len(blob) - HEADER_BYTES - 17):
        damaged = bytearray(blob)
        damaged[HEADER_BYTES + place] ^= 1
        assert problem_of(bytes(damaged)) is NamesProblem.UNREADABLE


@pytest.mark.parametrize("packing", [Packing.LINKED, Packing.NONE])
def test_it_has_an_end(packing: Packing, monkeypatch: pytest.MonkeyPatch) -> None:
    """One time for both: who has used it up for unpacking does not read."""
    content = database(TABLES + PAYEES)
    monkeypatch.setattr(blob_module, "Patience", lambda: Patience(0))
    assert problem_of(made(content, packing=packing)) is NamesProblem.TOO_SLOW


@settings(max_examples=20)
@given(st.binary(max_size=200), st.booleans())
def test_anything_else(content: bytes, is_packed: bool) -> None:
    """Whatever is sealed with the right key: names, or a reason why not."""
    packed = lz4.frame.compress(content) if is_packed else content
    expected = {NamesProblem.UNREADABLE, NamesProblem.TRUNCATED}
    assert problem_of(sealed(packed)) in expected
