"""Opening what the stand-in seals, straight from the formats."""

import hashlib
import sqlite3

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_STORED = 1 << 31


def open_envelope(envelope: bytes, password: str) -> bytes:
    """Open an envelope whose parts have the usual lengths."""
    assert envelope[:5] == b"BGE1\x02"
    data_iv, sealed = envelope[91:103], envelope[103:]
    return AESGCM(unwrap(envelope, password)).decrypt(data_iv, sealed, None)


def unwrap(header: bytes, password: str) -> bytes:
    """Give the data key of an envelope, of which the first 103 bytes are enough."""
    iterations = int.from_bytes(header[5:9])
    salt, kek_iv, wrapped = header[11:27], header[28:40], header[42:90]
    kek = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, iterations)
    return AESGCM(kek).decrypt(kek_iv, wrapped, None)


def unpack_frame(frame: bytes) -> bytes:
    """Unpack a frame with linked blocks."""
    assert frame[:7].hex() == "04224d184070df"
    data, position = bytearray(), 7
    while size := int.from_bytes(frame[position : position + 4], "little"):
        block = frame[position + 4 :][: size & ~_STORED]
        if size & _STORED:
            data += block
        else:
            _unpack_block(block, data)
        position += 4 + len(block)
    assert position + 4 == len(frame)
    return bytes(data)


def _unpack_block(block: bytes, data: bytearray) -> None:
    position = 0
    while True:
        token = block[position]
        length, position = _length(block, position + 1, token >> 4)
        data += block[position : position + length]
        position += length
        if position == len(block):
            return
        offset = int.from_bytes(block[position : position + 2], "little")
        assert 0 < offset <= len(data)
        length, position = _length(block, position + 2, token & 15)
        for _ in range(length + 4):
            data.append(data[-offset])


def _length(block: bytes, position: int, length: int) -> tuple[int, int]:
    if length < 15:
        return length, position
    while True:
        length += block[position]
        position += 1
        if block[position - 1] < 255:
            return length, position


def open_database(content: bytes) -> sqlite3.Connection:
    """Open an SQLite file in memory."""
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    return connection
