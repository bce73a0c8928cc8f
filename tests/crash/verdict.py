"""Comparing what callers were told with what is on disk and what was booked."""

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.budgero_server import Booking
from tests.budgero_server.javascript import Json
from tests.budgero_server.mutation import Refusal, normalise, open_payload

from .call import Promises, ids, milliunits_of, number_of
from .crash_image import StoredRow

_RESTORED = "restored"


@dataclass
class Verdict:
    """The result of a trial.

    Attributes:
        kills: how often a process was killed.
        accepted: how many calls were answered.
        lost: message ids of answered calls whose transaction is not safe.
        twice: message ids that were booked more than once.
        wrong: other errors, in words.
    """

    kills: int = 0
    accepted: int = 0
    lost: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)

    @property
    def is_good(self) -> bool:
        """Whether every promise was kept, by processes that were really killed."""
        return bool(self.kills and self.accepted) and not (
            self.lost or self.twice or self.wrong
        )

    def in_words(self) -> str:
        """Return the result in one line."""
        line = (
            f"{self.kills} kills, {self.accepted} accepted,"
            f" {len(self.lost)} lost, {len(self.twice)} twice"
        )
        return f"{line}, {len(self.wrong)} wrong" if self.wrong else line

    def details(self, most: int) -> list[str]:
        """Return details of the errors, one line each, up to a limit."""
        lines = [
            *(f"{message_id} is lost" for message_id in sorted(self.lost)),
            *(f"{message_id} was booked twice" for message_id in sorted(self.twice)),
            *sorted(self.wrong),
        ]
        more = len(lines) - most
        return [*lines[:most], f"... and {more} more"] if more > 0 else lines

    def examine_image(
        self, promises: Promises, image: Mapping[str, StoredRow], space_key: str
    ) -> None:
        """Examine the files of a killed process.

        Each answered call must be there, and can be sent again until it is processed.
        No row may be held as if the file were a restored copy.
        """
        self.accepted = len(promises.told)
        self.lost |= ids(promises.told) - image.keys()
        key = base64.b64decode(space_key)
        for row in image.values():
            if row.is_on_its_way and not _can_be_sent(row, key):
                self.wrong.add(f"{row.message_id} is {row.state} without its payload")
            if row.held == _RESTORED:
                self.wrong.add(f"{row.message_id} is held as if it were restored")

    def examine_end(
        self,
        promises: Promises,
        image: Mapping[str, StoredRow],
        bookings: Sequence[Booking],
    ) -> None:
        """Examine the bookings after everything was delivered."""
        self.accepted = len(promises.told)
        booked = Counter(str(booking.message_id) for booking in bookings)
        on_its_way = {row.message_id for row in image.values() if row.is_on_its_way}
        self.lost |= ids(promises.told) - booked.keys() - on_its_way
        self.twice |= {message_id for message_id, times in booked.items() if times > 1}
        for message_id in booked.keys() - ids(promises.asked):
            self.wrong.add(f"{message_id} was booked, and nobody asked for it")
        for booking in bookings:
            if not _is_as_asked(booking):
                self.wrong.add(f"{booking.message_id} was booked with another amount")
        for row in image.values():
            if row.state != "processed":
                self.wrong.add(f"{row.message_id} is {row.state} at the end")


def _can_be_sent(row: StoredRow, key: bytes) -> bool:
    """Open a payload as Budgero's app does, and compare the amount."""
    if row.payload is None:
        return False
    try:
        arguments = normalise(open_payload(row.payload, key)).args
    except Refusal:
        return False
    return _outflow(arguments) == milliunits_of(number_of(row.message_id))


def _outflow(arguments: Json) -> Json:
    return arguments.get("outflow") if isinstance(arguments, Mapping) else None


def _is_as_asked(booking: Booking) -> bool:
    expected = milliunits_of(number_of(str(booking.message_id)))
    return (booking.outflow, booking.inflow) == (expected, 0)
