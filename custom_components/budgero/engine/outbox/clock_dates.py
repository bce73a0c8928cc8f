"""Dates that were taken from the clock, fixed before the first push."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from math import inf

from ..push.client import Client
from ..push.content import read_content
from ..push.errors import CannotOpenError, InvalidInputError
from ..push.models import Sealed
from ..push.update import Update
from .policy import BATCH, CHECK_CLOCK
from .rows import Row
from .server_spec import ServerSpec
from .store import Store
from .waiting import Dated

type Calendar = Callable[[float], date]
"""Returns the household's date at a time, in seconds since the epoch."""


class ClockDates:
    """Fixes the dates of transactions that were logged without one.

    Until then such a transaction has the day that the clock showed. A fixed date never
    changes, so a message id is always pushed with the same content.
    """

    def __init__(
        self, store: Store, client: Client, spec: ServerSpec, calendar: Calendar
    ) -> None:
        """Take the parts.

        Args:
            store: the transactions.
            client: seals them again.
            spec: knows the payload format.
            calendar: returns the household's date at a time, in seconds since the
                epoch.
        """
        self._store = store
        self._client = client
        self._spec = spec
        self._calendar = calendar

    async def fix(self) -> None:
        """Fix some of the dates that can be fixed by now, oldest first.

        Raises:
            StorageError: the file cannot be read or written.
        """
        clock = self._store.clock
        undated = await self._store.waiting.undated(
            BATCH, is_day_sure=self._is_day_sure
        )
        if not undated:
            return
        dated: list[Dated] = []
        for row, stamp in undated:
            moment = clock.moment_of(stamp)
            sealed = None if moment == stamp.at else self._sealed(row, moment)
            dated.append(Dated(row, moment, sealed))
        await self._store.waiting.fix_dates(dated)

    async def seconds_until_due(self) -> float:
        """Return in how many seconds to look again; infinite if every date is fixed.

        Raises:
            StorageError: the file cannot be read or written.
        """
        if await self._store.waiting.undated(1, is_day_sure=self._is_day_sure):
            return 0.0
        return CHECK_CLOCK if await self._store.waiting.count_undated() else inf

    @property
    def _is_day_sure(self) -> bool:
        return not self._store.clock.is_day_in_doubt(
            lambda ours, servers: self._calendar(ours) == self._calendar(servers)
        )

    def _sealed(self, row: Row, moment: float) -> Sealed | None:
        """Seal a transaction with the day of a time, in seconds since the epoch.

        Returns `None` if it stays as it is.
        """
        try:
            content = read_content(self._client.key.open(row.sealed.payload))
            day = self._calendar(moment)
            if isinstance(content, Update) or content.date == day:
                return None
            content = replace(content, date=day)
            return self._client.seal(content, row.message_id, self._spec.wire_format)
        except CannotOpenError, InvalidInputError:
            return None  # sealed with an earlier key or format: it is sent unchanged
