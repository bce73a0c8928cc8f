"""The encrypted database that a Budgero app has uploaded to an own server.

Envelope and packing were verified against Budgero 1.6.0: a random key encrypts an
LZ4 frame, and the header has that key, wrapped with one derived from the space key.
The app takes a database that is not packed, too.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..push import SpaceKey
from ..push.envelope import HEADER_BYTES, MAGIC, VERSION, EnvelopeHeader
from ..push.errors import CannotOpenError
from . import lz4
from .database import read_content
from .directory import Directory
from .problems import NamesError, NamesProblem, Patience

MAX_DATABASE: Final = 64 * 1024 * 1024
_ANY_ENVELOPE: Final = MAGIC[:3]


def read_blob(blob: bytes, key: SpaceKey) -> Directory:
    """Open an encrypted database and read the names in it.

    It takes a second or more, so not on an event loop.

    Args:
        blob: as the server stores it.
        key: of the space.

    Raises:
        NamesError: any but `MISSING`.
    """
    packed = _decrypt(blob, key)
    patience = Patience()
    if packed.startswith(lz4.MAGIC):
        content = lz4.unpack_frame(packed, MAX_DATABASE, patience)
        return read_content(content, patience)
    if len(packed) > MAX_DATABASE:
        raise NamesError(NamesProblem.TOO_LARGE)
    return read_content(bytearray(packed), patience)


def _decrypt(blob: bytes, key: SpaceKey) -> bytes:
    """Return what is in the envelope.

    Raises:
        NamesError: it cannot be opened.
    """
    if not blob.startswith(_ANY_ENVELOPE):
        raise NamesError(NamesProblem.FOREIGN)
    if len(blob) < HEADER_BYTES:
        raise NamesError(NamesProblem.TRUNCATED)
    if not blob.startswith(MAGIC + bytes([VERSION])):
        raise NamesError(NamesProblem.NEWER)
    header = EnvelopeHeader.parse(blob)
    if header is None:
        raise NamesError(NamesProblem.UNREADABLE)
    try:
        data_key = header.unwrap(key)
    except CannotOpenError:
        raise NamesError(NamesProblem.WRONG_KEY) from None
    try:
        return AESGCM(data_key).decrypt(header.data_iv, blob[HEADER_BYTES:], None)
    except InvalidTag:
        raise NamesError(NamesProblem.UNREADABLE) from None
