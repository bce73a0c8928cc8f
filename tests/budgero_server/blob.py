"""The encrypted database of a space, as the app uploads it to the server."""

import asyncio
import base64
from dataclasses import dataclass
from enum import StrEnum
import hashlib
import sqlite3
from typing import Final

from . import app_database
from .app_database import Layout
from .envelope import ITERATIONS, seal_envelope
from .lz4 import pack_frame
from .model import Blob, Space


class Packing(StrEnum):
    """How the database is packed before it is sealed.

    `LINKED` is what the app does; it takes the other three, too.
    """

    LINKED = "linked"
    MIXED = "mixed"
    STORED = "stored"
    NONE = "none"


class Damage(StrEnum):
    """What is wrong with the blob."""

    NONE = "none"
    NO_ENVELOPE = "no_envelope"
    """It is not sealed at all."""

    TRUNCATED = "truncated"
    """Its second half is missing; the header is whole."""

    GARBLED = "garbled"
    """Its last bit is wrong."""

    BROKEN_FRAME = "broken_frame"
    """It is sealed well, but what is inside ends too early."""

    NO_DATABASE = "no_database"
    """It is sealed and packed well, but no database is inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlobOptions:
    """How the server's blobs are made.

    Attributes:
        missing: No app has uploaded one yet.
        foreign_key: It is sealed with another key than the space's.
        iterations: Of the password derivation, at most 4,294,967,295.
        packing: How the database is packed.
        damage: What is wrong with it.
    """

    missing: bool = False
    foreign_key: bool = False
    iterations: int = ITERATIONS
    packing: Packing = Packing.LINKED
    damage: Damage = Damage.NONE

    def __post_init__(self) -> None:
        """Refuse what the envelope's header has no room for.

        Raises:
            ValueError: Such a number of iterations cannot be written.
        """
        if not 0 <= self.iterations < 1 << 32:
            raise ValueError("iterations have to fit into 32 bits")


_STORE_EVERY: Final = {Packing.LINKED: 0, Packing.MIXED: 2, Packing.STORED: 1}
_FOREIGN_KEY: Final = bytes(32)


class BlobStore:
    """Keeps the last blob of every space, made when somebody asks for it.

    The stand-in's app has one ledger: every space shows the same household.
    """

    def __init__(self, connection: sqlite3.Connection, options: BlobOptions) -> None:
        """Use an open database."""
        self.options = options
        self._db = connection
        self._making = asyncio.Lock()

    async def current(self, space: Space, layout: Layout) -> Blob | None:
        """Give the blob of a space with what the ledger has now.

        The derivation of the key goes on beside the event loop.
        """
        async with self._making:
            if self.options.missing:
                return None
            options = self.options
            database = app_database.export(self._db, space.id, layout)
            source = _digest(database, space.key, options)
            known = self._find(space.id)
            if known is not None and known.source == source:
                return known
            content = await asyncio.to_thread(make_blob, database, space.key, options)
            version = 1 if known is None else known.version + 1
            return self._keep(Blob(space.id, version, source, content))

    def _find(self, space_id: str) -> Blob | None:
        row = self._db.execute(
            "SELECT * FROM blobs WHERE space_id = ?", (space_id,)
        ).fetchone()
        return None if row is None else Blob(**row)

    def _keep(self, blob: Blob) -> Blob:
        self._db.execute(
            "INSERT OR REPLACE INTO blobs VALUES (?, ?, ?, ?)",
            (blob.space_id, blob.version, blob.source, blob.content),
        )
        return blob


def _digest(database: bytes, key: bytes, options: BlobOptions) -> str:
    return hashlib.sha256(database + key + repr(options).encode()).hexdigest()


def make_blob(database: bytes, key: bytes, options: BlobOptions) -> bytes:
    """Pack and seal a database; the password is the base64 text of the key."""
    match options.damage:
        case Damage.BROKEN_FRAME:
            packed = pack_frame(database)[:-100]
        case Damage.NO_DATABASE:
            packed = pack_frame(b"This is not a database. " * 100)
        case _:
            packed = _pack(database, options.packing)
    password = base64.b64encode(_FOREIGN_KEY if options.foreign_key else key).decode()
    sealed = seal_envelope(packed, password, options.iterations)
    match options.damage:
        case Damage.NO_ENVELOPE:
            return packed
        case Damage.TRUNCATED:
            return sealed[: len(sealed) // 2]
        case Damage.GARBLED:
            return sealed[:-1] + bytes([sealed[-1] ^ 1])
        case _:
            return sealed


def _pack(database: bytes, packing: Packing) -> bytes:
    if packing is Packing.NONE:
        return database
    return pack_frame(database, store_every=_STORE_EVERY[packing])
