"""The encrypted database that a Budgero app has uploaded to an own server.

Envelope and packing were verified against Budgero 1.6.0: a random key encrypts an
LZ4 frame, and the header has that key, wrapped with one derived from the space key.
A database that is not packed is accepted as well, as the app does.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import GCM

from ..push import SpaceKey
from ..push.envelope import HEADER_BYTES, MAGIC, VERSION, EnvelopeHeader
from ..push.errors import CannotOpenError
from ..push.seal import TAG_BYTES
from . import lz4
from .database import read_content
from .directory import Directory
from .problems import NamesError, NamesProblem, Patience

MAX_DATABASE: Final = 64 * 1024 * 1024
_ANY_ENVELOPE: Final = MAGIC[:3]
_PIECE: Final = 64 * 1024
"""Bytes that are decrypted in one step. Other threads wait meanwhile, for about 2 ms on
a small machine."""


def read_blob(blob: bytes, key: SpaceKey) -> Directory:
    """Open an encrypted database and read the names in it.

    It takes a second or more; call it in an executor.

    Args:
        blob: as the server stores it.
        key: of the space.

    Raises:
        NamesError: with any problem except `MISSING` and `STORAGE`.
    """
    header = _read_header(blob)
    try:
        data_key = header.unwrap(key)
    except CannotOpenError:
        raise NamesError(NamesProblem.WRONG_KEY) from None
    patience = Patience()
    content = _unpack(_decrypt(blob, data_key, header.data_iv, patience), patience)
    return read_content(content, patience)


def _read_header(blob: bytes) -> EnvelopeHeader:
    """Return the header of an envelope.

    Raises:
        NamesError: there is none that can be read.
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
    return header


def _decrypt(blob: bytes, data_key: bytes, iv: bytes, patience: Patience) -> bytearray:
    """Decrypt what comes after the header; return it once its tag was verified.

    Raises:
        NamesError: it is damaged, or decrypting takes too long.
    """
    end = len(blob) - TAG_BYTES
    if end < HEADER_BYTES:
        raise NamesError(NamesProblem.TRUNCATED)
    decryptor = Cipher(AES(data_key), GCM(iv, blob[end:])).decryptor()
    content = bytearray()
    sealed = memoryview(blob)
    for start in range(HEADER_BYTES, end, _PIECE):
        content += decryptor.update(sealed[start : min(start + _PIECE, end)])
        patience.give_way()
    try:
        decryptor.finalize()
    except InvalidTag:
        raise NamesError(NamesProblem.UNREADABLE) from None
    return content


def _unpack(packed: bytearray, patience: Patience) -> bytearray:
    """Return the database, unpacked if it is packed.

    Raises:
        NamesError: it is damaged or too large, or unpacking takes too long.
    """
    if packed.startswith(lz4.MAGIC):
        return lz4.unpack_frame(packed, MAX_DATABASE, patience)
    if len(packed) > MAX_DATABASE:
        raise NamesError(NamesProblem.TOO_LARGE)
    return packed
