"""The trial itself: a short run, and faults that it must notice."""

import base64
from dataclasses import replace
import os
from pathlib import Path
import re
import subprocess
import sys

import pytest

from tests.budgero_server import Booking

from .call import Promises, message_id_of, milliunits_of
from .crash_image import StoredRow, read_image
from .failpoints import shorten
from .place import Place
from .verdict import Verdict

ROOT = Path(__file__).parents[2]
KEY = base64.b64encode(bytes(32)).decode()
PROMISES = Promises(asked={1, 2, 3}, told={1, 2})
IMAGE = {
    row.message_id: row
    for row in (
        StoredRow(message_id_of(number), "processed", None) for number in (1, 2)
    )
}


def _booking(number: int) -> Booking:
    return Booking(
        id=number,
        budget_id=1,
        budget="Household",
        account_id=1,
        account="Checking",
        currency="EUR",
        category_id=2,
        category="Groceries",
        date="2026-05-04",
        month="2026-05",
        inflow=0,
        outflow=milliunits_of(number),
        memo="",
        payee=None,
        label_id=None,
        transfer_id=None,
        conversion_pending=False,
        queue_id="",
        message_id=message_id_of(number),
    )


@pytest.mark.timeout(240)
def test_nothing_is_lost_and_nothing_booked_twice() -> None:
    """Every place once: what callers were told is booked, and once."""
    kills = len(Place)
    run = subprocess.run(
        [sys.executable, "-m", "tests.crash", str(kills)],
        check=False,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    line = rf"{kills} kills, [1-9]\d* accepted, 0 lost, 0 twice\n"
    assert re.fullmatch(line, run.stdout), run.stdout + run.stderr
    assert run.returncode == 0


@pytest.mark.parametrize(
    ("bookings", "line"),
    [
        ([1, 2], "1 kills, 2 accepted, 0 lost, 0 twice"),
        ([1, 2, 3], "1 kills, 2 accepted, 0 lost, 0 twice"),
        ([2], "1 kills, 2 accepted, 1 lost, 0 twice"),
        ([1, 2, 2], "1 kills, 2 accepted, 0 lost, 1 twice"),
        ([1, 2, 3, 3], "1 kills, 2 accepted, 0 lost, 1 twice"),
        ([1, 2, 4], "1 kills, 2 accepted, 0 lost, 0 twice, 1 wrong"),
    ],
    ids=["good", "not-told", "lost", "twice", "twice-not-told", "not-asked"],
)
def test_bookings_are_counted(bookings: list[int], line: str) -> None:
    """What was promised must be booked; what was not may be, but only once."""
    verdict = Verdict(kills=1)
    verdict.examine_end(PROMISES, IMAGE, [_booking(number) for number in bookings])
    assert verdict.in_words() == line
    assert verdict.is_good is line.endswith("0 lost, 0 twice")


def test_another_amount_is_seen() -> None:
    """What was booked must be what was asked for."""
    verdict = Verdict(kills=1)
    bookings = [_booking(1), replace(_booking(2), outflow=milliunits_of(1))]
    verdict.examine_end(PROMISES, IMAGE, bookings)
    assert verdict.details(9) == ["crash-2 was booked with another amount"]
    assert not verdict.is_good


def test_an_unsettled_row_is_seen() -> None:
    """In the end the outbox knows that everything was processed."""
    verdict = Verdict(kills=1)
    image = IMAGE | {"crash-2": StoredRow("crash-2", "duplicate", "payload")}
    verdict.examine_end(PROMISES, image, [_booking(1), _booking(2)])
    assert verdict.details(9) == ["crash-2 is duplicate at the end"]
    assert not verdict.is_good


def test_what_is_only_late_is_not_lost() -> None:
    """What waits on disk at the end is wrong, but it is there."""
    verdict = Verdict(kills=1)
    image = IMAGE | {"crash-2": StoredRow("crash-2", "waiting", "payload")}
    verdict.examine_end(PROMISES, image, [_booking(1)])
    assert verdict.details(9) == ["crash-2 is waiting at the end"]
    assert not verdict.lost
    assert not verdict.is_good


@pytest.mark.parametrize("payload", [None, "c2VhbGVk"], ids=["gone", "damaged"])
@pytest.mark.parametrize("state", ["waiting", "accepted"])
def test_a_missing_payload_is_seen(state: str, payload: str | None) -> None:
    """Until it is processed a transaction can be sent again."""
    verdict = Verdict(kills=1)
    image = IMAGE | {"crash-2": StoredRow("crash-2", state, payload)}
    verdict.examine_image(PROMISES, image, KEY)
    assert verdict.details(9) == [f"crash-2 is {state} without its payload"]
    assert not verdict.is_good


def test_a_row_that_is_held_as_restored_is_seen() -> None:
    """The death of a process makes no copy of its file."""
    verdict = Verdict(kills=1)
    row = StoredRow("crash-2", "processed", None, held="restored")
    verdict.examine_image(PROMISES, IMAGE | {"crash-2": row}, KEY)
    assert verdict.details(9) == ["crash-2 is held as if it were restored"]
    assert not verdict.is_good


def test_a_row_that_is_not_on_disk_is_lost(tmp_path: Path) -> None:
    """A caller was told, and there is nothing in the file."""
    verdict = Verdict(kills=1)
    verdict.examine_image(PROMISES, read_image(tmp_path / "outbox.db"), KEY)
    assert verdict.lost == {"crash-1", "crash-2"}
    assert not verdict.is_good


@pytest.mark.parametrize(("kills", "told"), [(0, {1, 2}), (1, set())])
def test_a_trial_of_nothing_is_not_good(kills: int, told: set[int]) -> None:
    """Without kills or without promises nothing was shown."""
    promises = Promises(asked={1, 2}, told=told)
    verdict = Verdict(kills=kills)
    verdict.examine_end(promises, IMAGE, [_booking(1), _booking(2)])
    assert not verdict.is_good


def test_a_constant_that_is_gone_is_noticed() -> None:
    """Nothing rests as long as it likes because a constant was renamed."""
    with pytest.raises(LookupError, match="NO_SUCH_REST"):
        shorten(NO_SUCH_REST=1.0)
