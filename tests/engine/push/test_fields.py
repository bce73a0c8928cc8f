"""Dates, ids, texts and message ids: what is read, and what is refused."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError
from custom_components.budgero.engine.push.fields import (
    MAX_ID,
    parse_date,
    parse_id,
    parse_message_id,
    parse_text,
)
from custom_components.budgero.engine.release import RELEASED

from .attempts import attempt, refusal

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2046, 11, 22, 12, tzinfo=BERLIN)
LEAP_DAY = datetime(2048, 2, 29, tzinfo=BERLIN)

dates = st.dates(date(1970, 1, 1), date(2031, 11, 22))


@given(dates)
def test_dates_are_read(day: date) -> None:
    """Any real day from 1970 until in five years, as a date or as text."""
    assert parse_date(day, NOW) == day
    assert parse_date(f" {day.isoformat()}\n", NOW) == day


@given(st.datetimes(datetime(1970, 1, 2), datetime(2031, 11, 21)))
def test_moments_without_an_offset_are_on_the_day_they_name(moment: datetime) -> None:
    """As an object or as text, in the forms that templates and calendars write."""
    for text in (str(moment), moment.isoformat(), f" {moment:%Y-%m-%dT%H:%M}\n"):
        assert parse_date(text, NOW) == moment.date()
    assert parse_date(moment, NOW) == moment.date()


@given(
    st.datetimes(datetime(1970, 1, 3), datetime(2031, 11, 20)),
    st.integers(-14 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters)),
    st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/New_York", "UTC"]),
)
def test_moments_with_an_offset_are_on_the_households_day(
    wall: datetime, offset: timedelta, zone: str
) -> None:
    """Whatever zone they were written in."""
    moment = wall.replace(tzinfo=timezone(offset))
    now = NOW.astimezone(ZoneInfo(zone))
    day = moment.astimezone(ZoneInfo(zone)).date()
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    for text in (str(moment), moment.isoformat(), f"{utc.isoformat()}Z", f"{utc} z"):
        assert parse_date(text, now) == day
    assert parse_date(moment, now) == day


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-11-28T23:00:00+00:00", date(2026, 11, 29)),
        ("2026-11-28 23:00:00.123456+00:00", date(2026, 11, 29)),
        ("2026-11-28T23:00:00Z", date(2026, 11, 29)),
        ("2026-11-28t22:59:59.999z", date(2026, 11, 28)),
        ("2026-11-28T23:00:00", date(2026, 11, 28)),
        ("2026-11-28 23:00", date(2026, 11, 28)),
        ("2026-11-29T00:30:00+01:00", date(2026, 11, 29)),
        ("2026-11-29T00:30+0200", date(2026, 11, 28)),
        ("2026-11-28 18:30:00 -05", date(2026, 11, 29)),
        ("2026-11-28T23:00:00.123456789Z", date(2026, 11, 29)),
        (datetime(2026, 11, 28, 23, tzinfo=UTC), date(2026, 11, 29)),
        (datetime(2026, 11, 28, 23), date(2026, 11, 28)),
        (datetime(2026, 11, 29, tzinfo=BERLIN), date(2026, 11, 29)),
    ],
)
def test_moments_of_triggers_and_calendars(value: object, day: date) -> None:
    """In the household's zone, which is Berlin's."""
    assert parse_date(value, NOW) == day


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "2026-13-45",
        "2025-02-29",
        "2026-7-1",
        "01/07/2026",
        "20260701",
        "2026-W27-3",
        "2026-W27-3T10:00:00",
        "2026-182",
        "2026-182T10:00:00",
        "20260701T100000Z",
        "2026-07-01T10",
        "2026-07-01T24:00:00",
        "2026-07-01T10:60",
        "2026-07-01T10:00:60Z",
        "2026-07-01T10:00+24:00",
        "2026-07-01T10:00+00:00:01",
        "2026-07-01x10:00",
        "2026-07-01T10:00:00 Europe/Berlin",
        "2026-07-01 at 10:00",
        "2026-02-30T10:00:00Z",
        "2026-07-01T1\u0660:00:00",
        "2026-07-01/2026-07-02",
        "10:00",
        "1.7.2026",
        "1782900000",
        "today",
        "yesterday",
        "",
        "\u0662\u0660\u0662\u0666-07-01",
        "0000-01-01",
        20260701,
        1782900000.0,
        True,
        None,
    ],
)
def test_what_is_no_date(value: object) -> None:
    """Budgero would book these under a month that no report shows."""
    assert refusal(parse_date, value, NOW) == (
        "date",
        InputProblem.NOT_A_DATE,
    )


@pytest.mark.parametrize(
    ("day", "now"),
    [
        (date(1969, 12, 31), NOW),
        ("0001-01-01", NOW),
        (date(2051, 11, 23), NOW),
        ("9999-12-31", NOW),
        ("0001-01-01T00:00:00+14:00", NOW),
        ("9999-12-31T23:59:59-14:00", NOW),
        (datetime.max.replace(tzinfo=UTC), NOW),
        ("2051-11-22T23:30:00Z", NOW),
        ("1969-12-31T22:59:59Z", NOW),
        (date(2053, 3, 1), LEAP_DAY),
    ],
)
def test_dates_out_of_range(day: object, now: datetime) -> None:
    """A typing error in the year is caught, also on the day of the lost clock."""
    with pytest.raises(InvalidInputError) as caught:
        parse_date(day, now)
    assert caught.value.problem is InputProblem.DATE_OUT_OF_RANGE


@pytest.mark.parametrize("year", [1969, 1970, RELEASED.year - 1])
def test_a_clock_that_is_behind_refuses_no_date(year: int) -> None:
    """Today is no earlier than the day on which this version was released."""
    now = datetime(year, 12, 31, tzinfo=BERLIN)
    for day in (RELEASED, RELEASED + timedelta(days=5 * 365)):
        assert parse_date(day, now) == day
    refused = attempt(parse_date, RELEASED + timedelta(days=5 * 367), now)
    assert isinstance(refused, InvalidInputError)


def test_five_years_from_a_leap_day() -> None:
    """On 29 February there is an end of the range, too."""
    assert parse_date(date(2053, 2, 28), LEAP_DAY) == date(2053, 2, 28)


@given(st.dates(), st.dates(date(1970, 1, 1), date(9990, 1, 1)))
def test_a_date_or_a_refusal(day: date, today: date) -> None:
    """The range is what it says on every day that it may be asked."""
    now = datetime(today.year, today.month, today.day, tzinfo=BERLIN)
    today = max(today, RELEASED)
    parsed = attempt(parse_date, day, now)
    if isinstance(parsed, InvalidInputError):
        assert day < date(1970, 1, 1) or day > today + timedelta(days=5 * 365)
    else:
        assert parsed == day <= today + timedelta(days=5 * 365 + 2)


@given(st.integers(1, MAX_ID))
def test_ids_are_read(number: int) -> None:
    """As a number, as text, and as the float that a number field makes of it."""
    assert parse_id(number, "account") == number
    assert parse_id(f" {number} ", "account") == number
    parsed = parse_id(float(number), "account") if number < 2**52 else number
    assert parsed == number
    assert type(parsed) is int


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        2**53,
        1.5,
        -2.0,
        1e300,
        float("nan"),
        float("inf"),
        True,
        False,
        None,
        "",
        "0",
        "007",
        "-1",
        "1.0",
        "1_0",
        "\u0661",
        "9" * 17,
        "Checking",
        b"1",
        [1],
    ],
)
def test_what_is_no_id(value: object) -> None:
    """A name, a fraction or nothing is refused before Budgero fails it for good."""
    assert refusal(parse_id, value, "category") == (
        "category",
        InputProblem.NOT_AN_ID,
    )


@given(st.one_of(st.text(max_size=20), st.floats(), st.integers()))
def test_an_id_or_a_refusal(value: object) -> None:
    """Whatever comes in, out comes a positive whole number, or the one error."""
    parsed = attempt(parse_id, value, "account")
    if isinstance(parsed, InvalidInputError):
        assert parsed.problem is InputProblem.NOT_AN_ID
    else:
        assert 0 < parsed <= MAX_ID


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("  lunch ", "lunch"),
        ("two\r\nlines", "two\nlines"),
        ("a\ttab", "a\ttab"),
        (42, "42"),
        (4.5, "4.5"),
        (
            "\u0141\u00f3d\u017a \u2615 \U0001f600",
            "\u0141\u00f3d\u017a \u2615 \U0001f600",
        ),
        ("x" * 20, "x" * 20),
        (f" {'x' * 20} ", "x" * 20),
    ],
)
def test_texts_are_read(value: object, text: str) -> None:
    """Any language, and what a template made a number of; blanks around it go."""
    assert parse_text(value, "memo", 20) == text


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (None, InputProblem.NOT_TEXT),
        (True, InputProblem.NOT_TEXT),
        (b"lunch", InputProblem.NOT_TEXT),
        (["lunch"], InputProblem.NOT_TEXT),
        ({"a": 1}, InputProblem.NOT_TEXT),
        ("x" * 21, InputProblem.TOO_LONG),
        (10**20, InputProblem.TOO_LONG),
        (float("nan"), InputProblem.NOT_TEXT),
        (float("inf"), InputProblem.NOT_TEXT),
        ("a\x00b", InputProblem.BAD_CHARACTERS),
        ("a\x1bb", InputProblem.BAD_CHARACTERS),
        ("a\rb", InputProblem.BAD_CHARACTERS),
        ("a\x7fb", InputProblem.BAD_CHARACTERS),
        ("a\ud83d", InputProblem.BAD_CHARACTERS),
    ],
)
def test_what_is_no_text(value: object, problem: InputProblem) -> None:
    """Never the text "None" for nothing, and nothing that a screen cannot show."""
    assert refusal(parse_text, value, "memo", 20) == ("memo", problem)


@given(st.text(max_size=100))
def test_a_text_or_a_refusal(value: str) -> None:
    """A text that was taken can be written as UTF-8 and is taken again unchanged."""
    text = attempt(parse_text, value, "memo", 50)
    if isinstance(text, InvalidInputError):
        assert text.field == "memo"
    else:
        assert text.encode().decode() == text
        assert parse_text(text, "memo", 50) == text


def test_what_is_far_too_long() -> None:
    """Numbers are measured before they are written out, which would take seconds."""
    huge = 1 << 2_400_000
    assert refusal(parse_text, huge, "memo", 2000) == ("memo", InputProblem.TOO_LONG)
    assert refusal(parse_id, huge, "account") == ("account", InputProblem.NOT_AN_ID)
    assert refusal(parse_id, "9" * 600_000, "account")[1] is InputProblem.NOT_AN_ID
    bad = ("message_id", InputProblem.BAD_CHARACTERS)
    assert refusal(parse_message_id, huge) == bad
    assert refusal(parse_message_id, "9" * 600_000) == bad
    assert refusal(parse_date, huge, NOW) == ("date", InputProblem.NOT_A_DATE)
    for text in ("2026-07-01T10:00:00." + "0" * 600_000, "9" * 600_000):
        assert refusal(parse_date, text, NOW) == ("date", InputProblem.NOT_A_DATE)


@pytest.mark.parametrize(
    ("value", "message_id"),
    [
        ("a", "a"),
        ("Bank-2026.11:42_x", "Bank-2026.11:42_x"),
        ("x" * 128, "x" * 128),
        (42, "42"),
    ],
)
def test_message_ids_are_read(value: object, message_id: str) -> None:
    """A bank's id, a scan's id, a number."""
    assert parse_message_id(value) == message_id


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        " a",
        "a ",
        "a\n",
        "a b",
        "a/b",
        "\u00e9",
        "a\x00",
        "x" * 129,
        True,
        None,
        1.5,
    ],
)
def test_what_is_no_message_id(value: object) -> None:
    """Budgero would store another id than the one that was given."""
    assert refusal(parse_message_id, value) == (
        "message_id",
        InputProblem.BAD_CHARACTERS,
    )
