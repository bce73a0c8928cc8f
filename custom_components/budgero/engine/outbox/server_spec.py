"""What the server supports of the features that are used here."""

import asyncio
from contextlib import suppress
from math import inf
from typing import Final

from ..push.client import Client
from ..push.errors import PushError, UnreachableError, UnsupportedError
from ..push.models import Feature
from ..push.wire import WireFormat
from .gate import Gate
from .policy import COMPARE_AFTER, READ_SPEC_AFTER
from .signal import Signal
from .store import Store

_WIRE_FORMAT: Final = "wire_format"
_OPERATIONS: Final = "operations"


class ServerSpec:
    """Reads the server's spec, and remembers it on disk.

    Attributes:
        wire_format: the payload format that the server is known to take.
        operations: what the server said that it supports; empty before it was asked.
    """

    def __init__(
        self, store: Store, client: Client, gate: Gate, signal: Signal
    ) -> None:
        """Take the parts; the signal tells of every change."""
        self.wire_format = WireFormat.MILLIUNITS
        self.operations: frozenset[str] = frozenset()
        self._store = store
        self._client = client
        self._gate = gate
        self._signal = signal
        self._read_at = -inf

    async def load(self) -> None:
        """Read what was known before a restart.

        Raises:
            StorageError: the file cannot be read or written.
        """
        known = await self._store.recall(_WIRE_FORMAT)
        with suppress(ValueError):  # a later version may know other formats
            self.wire_format = WireFormat(known or WireFormat.MILLIUNITS)
        known = await self._store.recall(_OPERATIONS)
        self.operations = frozenset((known or "").split())

    def require(self, features: frozenset[Feature]) -> None:
        """Refuse features that this server does not support.

        Raises:
            UnsupportedError: it does not support them, or was never asked.
        """
        takes_some = self.wire_format is WireFormat.MILLIUNITS
        if missing := features - (self.operations if takes_some else set()):
            fields = tuple(sorted(filter(None, (each.field for each in missing))))
            raise UnsupportedError(is_known=bool(self.operations), fields=fields)

    async def read(self) -> None:
        """Read what the server supports: once a day, and after trouble.

        The server may have been updated while it did not answer. While its clock and
        ours differ, the spec is read more often to compare them.

        Raises:
            StorageError: the file cannot be read or written.
        """
        if not self.is_due:
            return
        now = asyncio.get_running_loop().time()
        try:
            spec = await self._client.spec()
        except UnreachableError as error:
            await self._gate.note_trouble(error)
            return
        except PushError:
            pass  # there is no spec; a push will show whether this is Budgero
        else:
            self._gate.note_contact(is_connected=True)
            self.wire_format = spec.wire_format
            await self._store.remember(_WIRE_FORMAT, spec.wire_format)
            await self._store.remember(_OPERATIONS, " ".join(sorted(spec.features)))
            self.operations = spec.features
            if spec.server_time is not None:
                await self._store.times.note_time(spec.server_time)
            self._signal()
        self._read_at = now

    @property
    def is_due(self) -> bool:
        """Whether the spec is to be read now."""
        now = asyncio.get_running_loop().time()
        after = READ_SPEC_AFTER
        if self._store.clock.has_to_be_compared:
            after = COMPARE_AFTER
        return self._read_at <= max(now - after, self._gate.recovered_at)
