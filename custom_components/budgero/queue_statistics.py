"""The numbers of Budgero's queue, and where they come from."""

from contextlib import suppress
from enum import StrEnum
import json
from time import monotonic
from typing import Final

from .const import LOGGER
from .engine.outbox import USER_REFUSED, Hold, Outbox, Overview
from .engine.push import KeyProof, QueueStats, ServerUser
from .engine.push.errors import NotAllowedError, PushError

_SOURCE: Final = "statistics_source"
_NUMBERS: Final = "statistics"
_ASK_AGAIN_AFTER: Final = 86400.0
"""Time until a refused source is asked again, in seconds."""


class Source(StrEnum):
    """Where pending, processed, failed and total come from."""

    SERVER_USER = "server_user"
    """Budgero's statistics, read as a signed-in user of an own server."""

    PUSH_TOKEN = "push_token"
    """Budgero's statistics, on servers that open them to push tokens."""

    TRACKING = "tracking"
    """What became of the transactions that this entry delivered."""


class QueueStatistics:
    """Reads the statistics from the source that was configured.

    The source follows from the configuration and from what the server allows, never
    from whether it can be reached: without an answer the last numbers stay.

    Attributes:
        is_sign_in_refused: whether the server refuses the signed-in user.
        silence: code of the error while the source does not answer, else `None`.
    """

    def __init__(self, outbox: Outbox, user: ServerUser | None) -> None:
        """Take the outbox, and the signed-in user if there is one."""
        self.is_sign_in_refused = False
        self.silence: str | None = None
        self._outbox = outbox
        self._client = outbox.client
        self._user = user
        self._source = Source.TRACKING if user is None else Source.SERVER_USER
        self._numbers: QueueStats | None = None
        self._asked_at: float | None = None

    @property
    def source(self) -> Source:
        """Where the numbers come from.

        While the server refuses the signed-in user, Home Assistant's own count is used.
        """
        return Source.TRACKING if self.is_sign_in_refused else self._source

    async def async_load(self) -> None:
        """Read the last source and numbers from disk.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        known = await self._outbox.recall(_SOURCE)
        if self._user is None and known == Source.PUSH_TOKEN:
            self._source = Source.PUSH_TOKEN
        if text := await self._outbox.recall(_NUMBERS):
            source, *numbers = json.loads(text)
            if source == self._source:
                self._numbers = QueueStats(*numbers)

    async def async_read(self) -> None:
        """Ask the source, if that is possible and due.

        Raises:
            OutboxError: the outbox cannot be read or written.
        """
        if self._user is not None:
            await self._read_as_user(self._user)
        elif self._is_time_to_ask():
            await self._read_with_token()

    def numbers(self, overview: Overview) -> QueueStats | None:
        """Return the last known numbers, `None` if there are none.

        Items that Home Assistant's own questions left in the queue are subtracted.
        """
        if self.source is Source.TRACKING:
            return tracked(overview)
        if self._numbers is None:
            return None
        known = self._numbers
        pending = max(0, known.pending - overview.leftover_pending)
        failed = max(0, known.failed - overview.leftover_failed)
        subtracted = known.pending - pending + known.failed - failed
        return QueueStats(
            pending, known.processed, failed, max(0, known.total - subtracted)
        )

    async def _read_as_user(self, user: ServerUser) -> None:
        try:
            numbers = await self._outbox.read_statistics(user.stats, user.pending)
        except PushError as error:
            self.is_sign_in_refused |= isinstance(error, USER_REFUSED)
            self._note_silence(error)
            return
        self.is_sign_in_refused = False
        if await self._keep(numbers):  # perhaps an app was opened
            await self._outbox.ask_now()
        with suppress(PushError):
            await self._prove_key(user)

    async def _prove_key(self, user: ServerUser) -> None:
        """Check the space key against the database that the server stores."""
        if self._outbox.is_key_proven:
            return
        match await user.prove_key(self._client.key):
            case KeyProof.PROVEN:
                await self._outbox.release(Hold.KEY)
            case KeyProof.WRONG:
                await self._outbox.doubt_key()

    async def _read_with_token(self) -> None:
        try:
            numbers = await self._outbox.read_statistics(
                self._client.stats, self._client.queue
            )
        except NotAllowedError as error:
            await self._note_not_allowed(error)
        except PushError as error:
            if self._source is Source.PUSH_TOKEN:
                self._note_silence(error)
        else:
            self._asked_at = monotonic()
            await self._use(Source.PUSH_TOKEN)
            await self._keep(numbers)

    async def _note_not_allowed(self, error: NotAllowedError) -> None:
        """Switch to Home Assistant's own count, unless the token itself is refused."""
        if self._source is Source.PUSH_TOKEN:
            try:
                await self._client.verify()
            except PushError:
                self._note_silence(error)
                return
        self._asked_at = monotonic()
        await self._use(Source.TRACKING)

    def _is_time_to_ask(self) -> bool:
        if self._outbox.hold is not None:
            return False
        if self._source is Source.PUSH_TOKEN or self._asked_at is None:
            return True
        return monotonic() - self._asked_at > _ASK_AGAIN_AFTER

    async def _use(self, source: Source) -> None:
        """Store the source, then switch to it."""
        if source is not self._source:
            await self._outbox.remember(_SOURCE, source)
            self._source = source
            self._numbers = None

    async def _keep(self, numbers: QueueStats) -> bool:
        """Store the numbers, then use them; return whether they have changed."""
        if self.silence is not None:
            self.silence = None
            LOGGER.info("The statistics of Budgero's queue are available again")
        if numbers == self._numbers:
            return False
        known = (numbers.pending, numbers.processed, numbers.failed, numbers.total)
        await self._outbox.remember(_NUMBERS, json.dumps([self._source, *known]))
        self._numbers = numbers
        return True

    def _note_silence(self, error: PushError) -> None:
        was_silent, self.silence = self.silence is not None, error.code
        if not was_silent:
            LOGGER.info(
                "The statistics of Budgero's queue are unavailable: %s", error.code
            )


def tracked(overview: Overview) -> QueueStats:
    """Return the numbers that Home Assistant counts by itself."""
    counts = overview.counts
    pending = counts.accepted + counts.unknown
    failed = counts.failed + counts.duplicate
    return QueueStats(
        pending, counts.processed, failed, pending + counts.processed + failed
    )
