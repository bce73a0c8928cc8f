"""The space key: reading it, sealing with it, opening with it, never showing it."""

import base64
import copy
from dataclasses import dataclass
import hashlib
import json
from pathlib import Path
import pickle

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import example, given, strategies as st
import pytest

from custom_components.budgero.engine.push import SpaceKey, Transaction
from custom_components.budgero.engine.push.errors import (
    CannotOpenError,
    InputProblem,
    InvalidInputError,
)
from custom_components.budgero.engine.push.money import to_milliunits

from .attempts import attempt, refusal
from .salt import without_salt

_FIXTURE = Path(__file__).parents[2] / "fixtures" / "budgero-vectors.json"

KEYS = st.binary(min_size=32, max_size=32)


@dataclass(frozen=True, kw_only=True)
class Vector:
    """A sealed payload, and what the vendor's app made of it."""

    name: str
    has_salt: bool
    sealing_key: bytes
    opening_key: bytes
    iv: bytes
    plaintext: bytes
    payload: str
    opened_by_app: bool
    processed_by_app: bool
    booked_milliunits: int | None


def _read_vectors() -> tuple[Vector, ...]:
    has_salt = {"salt+iv+ct+tag": True, "iv+ct+tag": False}
    return tuple(
        Vector(
            name=entry["id"],
            has_salt=has_salt[entry["layout"]],
            sealing_key=bytes.fromhex(entry["encrypt_key_hex"]),
            opening_key=bytes.fromhex(entry["decrypt_key_hex"]),
            iv=bytes.fromhex(entry["iv_hex"]),
            plaintext=bytes.fromhex(entry["plaintext_utf8_hex"]),
            payload=entry["encrypted_payload"],
            opened_by_app=entry["vendor_decryptMutation"] == "accepted",
            processed_by_app=entry["queue_status_after_app_v1_6_0"] == "processed",
            booked_milliunits=_milliunits(entry["booked"]),
        )
        for entry in json.loads(_FIXTURE.read_text())["vectors"]
    )


def _milliunits(booked: dict[str, int] | None) -> int | None:
    return None if booked is None else booked["Inflow"] or booked["Outflow"]


VECTORS = _read_vectors()

# The app refuses the layout without the salt; we can read it, and never send it.
OPENED_BY_US_ALONE = {"doc-layout-v2"}

# The app opens these, and then fails them (a memo is missing, an amount is no safe
# integer), books a thousandth of what was meant (an amount as a string), or rounds what
# a client computed with floats. We write no such payloads, and read none.
NO_TRANSACTION_OF_OURS = {
    "missing-memo",
    "v2-too-big",
    "v1-string-amount",
    "v1-rounding",
}

each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)


@each_vector
def test_open_agrees_with_the_app(vector: Vector) -> None:
    """What the Budgero app can read we can read; what it cannot, we refuse."""
    key = SpaceKey(vector.opening_key)
    if vector.opened_by_app or vector.name in OPENED_BY_US_ALONE:
        assert key.open(vector.payload) == vector.plaintext
    else:
        with pytest.raises(CannotOpenError):
            key.open(vector.payload)


def test_the_exceptions_are_ones() -> None:
    """No vector is called an exception that the app would agree with."""
    by_name = {vector.name: vector for vector in VECTORS}
    assert not any(by_name[name].opened_by_app for name in OPENED_BY_US_ALONE)
    assert all(by_name[name].opened_by_app for name in NO_TRANSACTION_OF_OURS)
    assert len(VECTORS) == len(by_name) == 16


@each_vector
def test_seal_writes_the_very_bytes(
    vector: Vector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same IV our payload is the vendor's, byte for byte."""
    monkeypatch.setattr("os.urandom", lambda _: vector.iv)
    sealed = SpaceKey(vector.sealing_key).seal(vector.plaintext)
    if not vector.has_salt:
        sealed = without_salt(sealed)
    if vector.name == "bad-tag":
        assert _differing_bits(sealed, vector.payload) == 1
    else:
        unescaped = vector.payload.replace("-", "+").replace("_", "/")
        assert sealed.rstrip("=") == unescaped.rstrip("=")


def _differing_bits(one: str, other: str) -> int:
    pairs = zip(base64.b64decode(one), base64.b64decode(other), strict=True)
    return sum((a ^ b).bit_count() for a, b in pairs)


@pytest.mark.parametrize(
    "vector",
    [vector for vector in VECTORS if vector.opened_by_app],
    ids=lambda vector: vector.name,
)
def test_what_the_app_books_as_meant_reads_as_a_transaction(vector: Vector) -> None:
    """Of what the app opens we read exactly what it books as it was meant."""
    plaintext = SpaceKey(vector.opening_key).open(vector.payload)
    if vector.name in NO_TRANSACTION_OF_OURS:
        with pytest.raises(CannotOpenError):
            Transaction.from_wire(plaintext)
    else:
        assert vector.processed_by_app
        booked = vector.booked_milliunits
        assert to_milliunits(Transaction.from_wire(plaintext).amount) == booked


@given(KEYS, st.binary(max_size=200))
def test_seal_and_open_are_inverse(raw: bytes, plaintext: bytes) -> None:
    """Whatever is sealed comes back unchanged, also without the salt."""
    key = SpaceKey(raw)
    sealed = key.seal(plaintext)
    assert key.open(sealed) == plaintext
    assert key.open(without_salt(sealed)) == plaintext


@given(KEYS, st.binary(max_size=200))
def test_layout_on_the_wire(raw: bytes, plaintext: bytes) -> None:
    """The parts lie where Budgero's app looks for them, and nothing else is bound."""
    sealed = base64.b64decode(SpaceKey(raw).seal(plaintext), validate=True)
    assert sealed[:32] == hashlib.sha256(raw).digest()
    assert AESGCM(raw).decrypt(sealed[32:44], sealed[44:], None) == plaintext
    assert len(sealed) == 32 + 12 + len(plaintext) + 16


def test_every_seal_has_a_fresh_iv() -> None:
    """Two identical coffees do not look identical to the server."""
    key = SpaceKey(bytes(32))
    sealed = [base64.b64decode(key.seal(b"coffee")) for _ in range(200)]
    assert len({payload[32:44] for payload in sealed}) == 200
    assert len({payload[44:] for payload in sealed}) == 200


@given(KEYS, st.data())
def test_no_damage_goes_unseen(raw: bytes, data: st.DataObject) -> None:
    """A payload with any bit turned over is refused, never read wrongly."""
    key = SpaceKey(raw)
    sealed = bytearray(base64.b64decode(key.seal(b"12.50 for lunch")))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CannotOpenError):
        key.open(base64.b64encode(sealed).decode())


@given(KEYS, KEYS)
def test_another_key_opens_nothing(raw: bytes, other: bytes) -> None:
    """A household with another key reads nothing, with or without the salt."""
    if raw == other:
        return
    sealed = SpaceKey(raw).seal(b"rent")
    for payload in (sealed, without_salt(sealed)):
        with pytest.raises(CannotOpenError):
            SpaceKey(other).open(payload)


@pytest.mark.parametrize(
    "payload",
    [
        "",
        "AAAA",
        "\u00e9",
        "not base64!",
        base64.b64encode(bytes(27)).decode(),
        base64.b64encode(hashlib.sha256(bytes(32)).digest() + bytes(27)).decode(),
    ],
    ids=["empty", "short", "not ASCII", "alphabet", "too short", "salt, too short"],
)
def test_open_refuses(payload: str) -> None:
    """What cannot be a payload is refused with a typed error."""
    with pytest.raises(CannotOpenError):
        SpaceKey(bytes(32)).open(payload)


@given(st.text(max_size=120))
def test_open_never_raises_anything_else(payload: str) -> None:
    """No text at all brings the reader down."""
    with pytest.raises(CannotOpenError):
        SpaceKey(bytes(32)).open(payload)


def test_open_ignores_line_breaks_and_missing_padding() -> None:
    """As the app does: payloads that a mail or a terminal wrapped can be read."""
    key = SpaceKey(bytes(32))
    payload = key.seal(b"12.50 for lunch").rstrip("=")
    assert key.open(f"{payload[:40]}\r\n {payload[40:]}\n") == b"12.50 for lunch"


def _dresses(raw: bytes) -> dict[str, str]:
    """Return the key in every form that is accepted."""
    standard = base64.b64encode(raw).decode()
    url_safe = base64.urlsafe_b64encode(raw).decode()
    return {
        "as Budgero shows it": standard,
        "without padding": standard.rstrip("="),
        "url-safe": url_safe,
        "url-safe without padding": url_safe.rstrip("="),
        "hexadecimal": raw.hex(),
        "upper-case hexadecimal": raw.hex().upper(),
        "with blanks and a line break": f"  {standard}\n",
        "broken over two lines": f"{standard[:20]}\r\n  {standard[20:]}",
        "in quotes": f'"{standard}"',
        "in typographic quotes": f"\u201e{standard}\u201c",
        "in blanks in quotes": f" ' {standard} ' ",
        "with invisible characters": f"\ufeff{standard[:9]}\u200b{standard[9:]}\u2060",
    }


@given(KEYS)
@example(base64.b64decode("bearer" + "A" * 37 + "="))
@example(base64.urlsafe_b64decode("bpk_" + "A" * 39 + "="))
@example(bytes([0xFB] * 32))
@example(bytes(32))
def test_a_key_is_read_in_every_dress(raw: bytes) -> None:
    """However somebody copied the key, it is the same key."""
    for dress, text in _dresses(raw).items():
        assert SpaceKey.parse(text) == SpaceKey(raw), dress
        assert SpaceKey.parse(text).export() == base64.b64encode(raw).decode(), dress


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", InputProblem.MISSING),
        (" \n\t", InputProblem.MISSING),
        ('""', InputProblem.MISSING),
        ("\u200b", InputProblem.MISSING),
        ("Bearer " + "0f" * 32, InputProblem.LOOKS_LIKE_A_TOKEN),
        ("bpk_" + "a" * 40, InputProblem.LOOKS_LIKE_A_TOKEN),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", InputProblem.LOOKS_LIKE_A_TOKEN),
        ("A" * 42, InputProblem.BAD_LENGTH),
        ("A" * 44, InputProblem.BAD_LENGTH),
        ("A" * 42 + "==", InputProblem.BAD_LENGTH),
        ("A" * 43 + "==", InputProblem.BAD_LENGTH),
        ("a" * 63, InputProblem.BAD_LENGTH),
        ("a" * 65, InputProblem.BAD_LENGTH),
        ("g" * 64, InputProblem.BAD_LENGTH),
        ("A" * 20 + "=" + "A" * 22, InputProblem.BAD_CHARACTERS),
        ("A" * 43 + "===", InputProblem.BAD_CHARACTERS),
        ("\u0391" * 43, InputProblem.BAD_CHARACTERS),
        ("\uff10" * 64, InputProblem.BAD_CHARACTERS),
        ("correct horse battery staple!", InputProblem.BAD_CHARACTERS),
        ("https://my.budgero.app", InputProblem.BAD_CHARACTERS),
    ],
)
def test_a_key_is_refused(text: str, problem: InputProblem) -> None:
    """The form says what is wrong with the text, not merely that it is wrong."""
    assert refusal(SpaceKey.parse, text) == ("space_key", problem)


@given(st.text(max_size=80))
def test_parse_refuses_or_reads(text: str) -> None:
    """No pasted text brings the form down."""
    key = attempt(SpaceKey.parse, text)
    if isinstance(key, InvalidInputError):
        assert key.field == "space_key"
    else:
        assert SpaceKey.parse(key.export()) == key


@pytest.mark.parametrize("length", [0, 16, 24, 31, 33, 64])
def test_a_raw_key_has_32_bytes(length: int) -> None:
    """Shorter AES keys would work, and open nothing in Budgero."""
    with pytest.raises(InvalidInputError) as caught:
        SpaceKey(bytes(length))
    assert caught.value.problem is InputProblem.BAD_LENGTH


@given(KEYS)
def test_a_key_never_shows_itself(raw: bytes) -> None:
    """Neither a log line nor a debugger's display gives the key away."""
    key = SpaceKey(raw)
    for shown in (repr(key), str(key), f"{key}", key.fingerprint):
        assert base64.b64encode(raw).decode() not in shown
        assert raw.hex() not in shown
    assert not hasattr(key, "__dict__")


@pytest.mark.parametrize("leave", [pickle.dumps, copy.deepcopy])
def test_a_key_cannot_be_pickled(leave: object) -> None:
    """A key reaches no file, queue or other process by accident."""
    assert callable(leave)
    with pytest.raises(TypeError) as caught:
        leave(SpaceKey(bytes(range(32))))
    assert "0001020304" not in str(caught.value)


def test_the_fingerprint_is_stable() -> None:
    """It is part of a config entry's unique id: it must be the same next year."""
    assert SpaceKey(bytes(range(32))).fingerprint == "884602d96e9ff587"


@given(KEYS)
def test_the_fingerprint_has_nothing_of_the_wire(raw: bytes) -> None:
    """Who sees the payloads, which begin with a hash of the key, cannot link them."""
    fingerprint = SpaceKey(raw).fingerprint
    assert len(fingerprint) == 16
    assert fingerprint not in raw.hex()
    assert fingerprint not in hashlib.sha256(raw).hexdigest()


@given(KEYS, KEYS)
def test_keys_compare_by_content(one: bytes, other: bytes) -> None:
    """The same key pasted twice is the same key; another is not."""
    assert (SpaceKey(one) == SpaceKey(other)) is (one == other)
    assert hash(SpaceKey(one)) == hash(SpaceKey(bytes(one)))
    assert (SpaceKey(one) == one) is False


@given(KEYS, KEYS, st.binary(max_size=50), st.binary(max_size=50))
def test_mac_depends_on_key_and_message(
    raw: bytes, other: bytes, message: bytes, changed: bytes
) -> None:
    """The same content gives the same code, other content or another key another."""
    code = SpaceKey(raw).mac(message)
    assert len(code) == 32
    assert (code == SpaceKey(raw).mac(changed)) is (message == changed)
    assert (code == SpaceKey(other).mac(message)) is (raw == other)
