"""The header of a workspace's encrypted database on the server, and the key in it.

A random data key encrypts the database. The header has this data key, encrypted
("wrapped") with a key that is derived from the space key (verified against Budgero
1.6.0). So the header is enough to check a space key.
"""

from dataclasses import dataclass, field
import hashlib
import struct
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import CannotOpenError
from .seal import IV_BYTES, KEY_BYTES, TAG_BYTES, SpaceKey

SALT_BYTES: Final = 16

MIN_ITERATIONS: Final = 100_000
MAX_ITERATIONS: Final = 2_000_000
"""Rounds of the key derivation. Budgero uses 600,000. A header with more than this is
not used, because it would keep this machine busy."""

MAGIC: Final = b"BGE1"
VERSION: Final = 2
_WRAPPED_BYTES: Final = KEY_BYTES + TAG_BYTES
_LAYOUT: Final = struct.Struct(
    f">4sBIH{SALT_BYTES}sB{IV_BYTES}sH{_WRAPPED_BYTES}sB{IV_BYTES}s"
)
_LENGTHS: Final = (SALT_BYTES, IV_BYTES, _WRAPPED_BYTES, IV_BYTES)

HEADER_BYTES: Final = _LAYOUT.size


@dataclass(frozen=True, slots=True)
class EnvelopeHeader:
    """The header before the encrypted database.

    Attributes:
        iterations: of the key derivation from the space key.
        salt: of the key derivation.
        wrap_iv: with which the data key was wrapped.
        wrapped_key: the data key, wrapped.
        data_iv: with which the database was encrypted.
    """

    iterations: int
    salt: bytes = field(repr=False)
    wrap_iv: bytes = field(repr=False)
    wrapped_key: bytes = field(repr=False)
    data_iv: bytes = field(repr=False)

    @classmethod
    def parse(cls, blob: bytes) -> Self | None:
        """Read the header at the start of a blob; `None` if it has another form."""
        if len(blob) < HEADER_BYTES:
            return None
        (
            magic,
            version,
            iterations,
            salt_length,
            salt,
            wrap_iv_length,
            wrap_iv,
            wrapped_length,
            wrapped_key,
            data_iv_length,
            data_iv,
        ) = _LAYOUT.unpack_from(blob)
        lengths = (salt_length, wrap_iv_length, wrapped_length, data_iv_length)
        if (magic, version, lengths) != (MAGIC, VERSION, _LENGTHS):
            return None
        if not MIN_ITERATIONS <= iterations <= MAX_ITERATIONS:
            return None
        return cls(iterations, salt, wrap_iv, wrapped_key, data_iv)

    def unwrap(self, key: SpaceKey) -> bytes:
        """Return the data key.

        It takes some 0.2 s of processor time; call it in an executor.

        Raises:
            CannotOpenError: the header is damaged, or is for another space key.
        """
        wrapping_key = hashlib.pbkdf2_hmac(
            "sha256", key.export().encode(), self.salt, self.iterations, KEY_BYTES
        )
        try:
            return AESGCM(wrapping_key).decrypt(self.wrap_iv, self.wrapped_key, None)
        except InvalidTag:
            msg = "The data key is damaged or was wrapped with another space key"
            raise CannotOpenError(msg) from None
