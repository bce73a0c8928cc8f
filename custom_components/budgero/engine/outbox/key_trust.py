"""Whether Budgero's apps can open what is sealed with the space key."""

import asyncio
from typing import Final

from .policy import Hold
from .rows import Row
from .store import Store

_KEY: Final = "key"
_PROVEN: Final = "proven_key"


class KeyTrust:
    """Whether the space key is known to be right.

    With a wrong key every transaction fails, and that shows only after it was sent. So
    until something sealed with this key was processed, the first failure holds the
    rest.

    Attributes:
        is_proven: whether this key is known to be right.
    """

    def __init__(self, store: Store, fingerprint: str) -> None:
        """Take the store, and the fingerprint of the key in use."""
        self.is_proven = False
        self._store = store
        self._fingerprint = fingerprint
        self._judging = asyncio.Lock()

    async def load(self) -> None:
        """Read what is known of this key; a new one starts unproven.

        Raises:
            StorageError: the file cannot be read or written.
        """
        if await self._store.recall(_KEY) != self._fingerprint:
            await self._store.holds.release(Hold.KEY)
            await self._store.accepted.note_new_key()
            await self._store.remember(_KEY, self._fingerprint)
        self.is_proven = await self._store.recall(_PROVEN) == self._fingerprint

    async def prove(self) -> None:
        """Record that this key is right: an app opened something, or a person said so.

        Raises:
            StorageError: the file cannot be read or written.
        """
        async with self._judging:
            await self._store.holds.release(Hold.KEY)
            await self._store.remember(_PROVEN, self._fingerprint)
            self.is_proven = True

    async def note_processed(self, row: Row) -> None:
        """Record that an app has applied a transaction.

        Raises:
            StorageError: the file cannot be read or written.
        """
        if not self.is_proven and not row.has_old_key:
            await self.prove()

    async def note_failed(self, row: Row) -> None:
        """Record that an app has refused a transaction.

        Raises:
            StorageError: the file cannot be read or written.
        """
        if not row.has_old_key:
            await self.doubt()

    async def doubt(self) -> None:
        """Record that this key seems wrong, unless it was proven meanwhile.

        Raises:
            StorageError: the file cannot be read or written.
        """
        async with self._judging:
            if not self.is_proven and Hold.KEY not in self._store.holds.standing:
                await self._store.holds.hold(Hold.KEY)
