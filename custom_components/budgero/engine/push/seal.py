"""The space key: encrypting and decrypting payloads."""

import base64
from collections.abc import Iterable
from contextlib import suppress
import hashlib
import hmac
import os
import re
from typing import Final, Self, override

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import CannotOpenError, InputProblem, InvalidInputError

KEY_BYTES: Final = 32
SALT_BYTES: Final = 32
IV_BYTES: Final = 12
TAG_BYTES: Final = 16

_FIELD: Final = "space_key"
_AROUND: Final = "\"'`\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_UNSEEN: Final = r"\s\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE: Final = re.compile(f"[{_UNSEEN}]+")
_EDGES: Final = re.compile(rf"\A[{_UNSEEN}{_AROUND}]+|[{_UNSEEN}{_AROUND}]+\Z")
_HEX: Final = re.compile(r"[0-9a-fA-F]{64}")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_BASE64_KEY: Final = re.compile(r"[A-Za-z0-9+/_-]{43}=?")
_TOKEN: Final = re.compile(
    r"bearer|bpk_.*|ey[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*", re.IGNORECASE
)


def unwrap_pasted(text: str) -> str:
    """Return pasted text without blanks, line breaks and surrounding quotes."""
    return _INVISIBLE.sub("", text).strip(_AROUND)


def strip_pasted(text: str) -> str:
    """Return pasted text without the blanks, line breaks and quotes around it."""
    return _EDGES.sub("", text)


class SpaceKey:
    """The 32-byte AES-256 key of a Budgero space.

    Neither `repr` nor an error ever shows the key.
    """

    __slots__ = ("_cipher", "_raw", "_salt", "fingerprint")

    def __init__(self, raw: bytes) -> None:
        """Take the raw key.

        Raises:
            InvalidInputError: it is not 32 bytes long.
        """
        if len(raw) != KEY_BYTES:
            raise InvalidInputError(_FIELD, InputProblem.BAD_LENGTH)
        self._raw = raw
        self._cipher = AESGCM(raw)
        self._salt = hashlib.sha256(raw).digest()
        self.fingerprint: Final = self.mac(b"fingerprint")[:8].hex()
        """Sixteen characters that identify the key and do not reveal it."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key as people paste it.

        Accepts base64 (standard or url-safe, padded or not) and 64 hexadecimal
        characters, with blanks, quotes and line breaks around them. Budgero
        shows standard base64 (44 characters).

        Raises:
            InvalidInputError: the text is empty, has another alphabet or another
                length, or looks like a token.
        """
        text = unwrap_pasted(text)
        if not text:
            raise InvalidInputError(_FIELD, InputProblem.MISSING)
        if _HEX.fullmatch(text):
            return cls(bytes.fromhex(text))
        if not _BASE64_KEY.fullmatch(text):
            raise InvalidInputError(_FIELD, _why_no_key(text))
        return cls(_decode_base64(text.replace("-", "+").replace("_", "/")))

    def export(self) -> str:
        """Return the key as Budgero shows it: standard base64, 44 characters."""
        return base64.b64encode(self._raw).decode("ascii")

    def seal(self, plaintext: bytes) -> str:
        """Encrypt with AES-256-GCM under a fresh random IV; return base64.

        The payload is salt, IV, ciphertext and tag, which Budgero's app needs
        (verified against Budgero 1.6.0).
        """
        iv = os.urandom(IV_BYTES)
        sealed = self._salt + iv + self._cipher.encrypt(iv, plaintext, None)
        return base64.b64encode(sealed).decode("ascii")

    def open(self, payload: str) -> bytes:
        """Decrypt a payload, also one without the salt.

        Budgero's older documentation leaves the salt out.

        Raises:
            CannotOpenError: it is not base64, is damaged, or was sealed with another
                key.
        """
        try:
            sealed = _decode_base64(_INVISIBLE.sub("", payload))
        except ValueError:
            msg = "The payload is not base64"
            raise CannotOpenError(msg) from None
        if hmac.compare_digest(sealed[:SALT_BYTES], self._salt):
            sealed = sealed[SALT_BYTES:]
        if len(sealed) < IV_BYTES + TAG_BYTES:
            msg = "The payload is too short"
            raise CannotOpenError(msg)
        try:
            return self._cipher.decrypt(sealed[:IV_BYTES], sealed[IV_BYTES:], None)
        except InvalidTag:
            msg = "The payload is damaged or was sealed with another space key"
            raise CannotOpenError(msg) from None

    def has_sealed(self, payload: str) -> bool:
        """Return whether a payload with the salt was sealed with this key."""
        try:
            sealed = _decode_base64(_INVISIBLE.sub("", payload))
        except ValueError:
            return False
        return hmac.compare_digest(sealed[:SALT_BYTES], self._salt)

    def mac(self, message: bytes) -> bytes:
        """Return an HMAC-SHA-256 of the message, keyed from this key.

        The same message gives the same code. Without the key nobody can test a guess of
        the message.
        """
        subkey = hmac.digest(self._raw, b"budgero home assistant mac", "sha256")
        return hmac.digest(subkey, message, "sha256")

    @override
    def __eq__(self, other: object) -> bool:
        """Compare keys in constant time."""
        return isinstance(other, SpaceKey) and hmac.compare_digest(
            self._raw, other._raw
        )

    @override
    def __hash__(self) -> int:
        """Hash by fingerprint."""
        return hash(self.fingerprint)

    @override
    def __repr__(self) -> str:
        """Show the fingerprint only."""
        return f"<SpaceKey {self.fingerprint}>"


def reseal(payload: str, new: SpaceKey, old: Iterable[SpaceKey]) -> str | None:
    """Return a payload sealed with a new key, `None` if it stays as it is.

    Args:
        payload: sealed with some key.
        new: the key to seal with.
        old: the keys with which it may be sealed. If none of them opens it, it stays.
    """
    for key in old:
        if key != new and key.has_sealed(payload):
            with suppress(CannotOpenError):
                return new.seal(key.open(payload))
    return None


def _why_no_key(text: str) -> InputProblem:
    if _TOKEN.match(text):
        return InputProblem.LOOKS_LIKE_A_TOKEN
    if not _BASE64.fullmatch(text):
        return InputProblem.BAD_CHARACTERS
    return InputProblem.BAD_LENGTH


def _decode_base64(text: str) -> bytes:
    """Decode standard base64; padding may be missing, but not be wrong."""
    if not text.endswith("="):
        text += "=" * (-len(text) % 4)
    return base64.b64decode(text, validate=True)
