"""The server's answers: what each of them means, and which are not Budgero's."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
import json

from hypothesis import given, strategies as st
from multidict import CIMultiDict
import pytest

from custom_components.budgero.engine.push.answers import (
    MAX_RETRY_AFTER,
    Answer,
    duplicate_of,
    parse_retry_after,
    queue_id_of,
    to_error,
)
from custom_components.budgero.engine.push.errors import (
    BodyRemovedError,
    HeaderRemovedError,
    PushError,
    RateLimitedError,
    ServerTroubleError,
    UpdateRequiredError,
    WrongAddressError,
    WrongTokenError,
)

from .attempts import on_a_small_stack

QUEUE_ID = "0f8fad5b-d9cb-469f-a165-70867728950e"
PAGE = b"<!doctype html><title>Sign in</title>"


def _answer(status: int, body: bytes = b"", kind: str = "", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, CIMultiDict({"Content-Type": kind, **named}), body)


def _budgero(status: int, message: str) -> Answer:
    body = json.dumps({"message": message}).encode() + b"\n"
    return _answer(status, body, "application/json")


def _page(status: int) -> Answer:
    return _answer(status, PAGE, "text/html; charset=utf-8")


def _limited() -> Answer:
    body = b'{"identifier":"192.168.1.9","message":"rate limit exceeded"}\n'
    return _answer(429, body, "application/json")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # Budgero's own words on POST /push (verified against Budgero 1.6.0).
        (_limited(), RateLimitedError),
        (_budgero(401, "missing authorization header"), HeaderRemovedError),
        (_budgero(401, "invalid authorization format"), HeaderRemovedError),
        (_budgero(401, "invalid authorization header format"), HeaderRemovedError),
        (_budgero(401, "invalid token"), WrongTokenError),
        (_budgero(500, "token validation failed"), WrongTokenError),
        (_budgero(400, "invalid request body"), BodyRemovedError),
        (_budgero(400, "encrypted_payload is required"), BodyRemovedError),
        (_budgero(500, "failed to queue mutation"), ServerTroubleError),
        (_budgero(500, "failed to validate request"), ServerTroubleError),
        (_budgero(404, "Not Found"), WrongAddressError),
        (_answer(431, b"431", "text/plain"), WrongAddressError),
        # Its documentation, other routes, and releases to come.
        (_budgero(403, "token is disabled"), WrongTokenError),
        (_budgero(403, "account is blocked"), WrongTokenError),
        (_budgero(400, "invalid json"), WrongAddressError),
        (_budgero(413, "Request size limit exceeded"), WrongAddressError),
        (_budgero(422, "invalid payload"), WrongAddressError),
        (_budgero(426, "update the app to continue"), UpdateRequiredError),
        (_budgero(429, "rate limit exceeded"), RateLimitedError),
        (_budgero(408, "Request Timeout"), ServerTroubleError),
        (_budgero(503, "offline"), ServerTroubleError),
        (_budgero(402, "Active subscription required"), WrongAddressError),
        (_budgero(409, "version conflict"), WrongAddressError),
        # A single-page app, captive portals, proxies, redirects.
        (_page(200), WrongAddressError),
        (_page(202), WrongAddressError),
        (_answer(200, b"{}", "application/json"), WrongAddressError),
        (_answer(204), WrongAddressError),
        (_answer(301, PAGE, "text/html", Location="https://x"), WrongAddressError),
        (_budgero(302, "token validation failed"), WrongAddressError),
        (_answer(307, Location="https://x"), WrongAddressError),
        (_answer(308, Location="https://x"), WrongAddressError),
        (_page(400), WrongAddressError),
        (_page(401), WrongAddressError),
        (_answer(401, WWW_Authenticate="Basic"), WrongAddressError),
        (
            _answer(401, b'{"error":"unauthorized"}', "application/json"),
            WrongAddressError,
        ),
        (_page(403), WrongAddressError),
        (_page(404), WrongAddressError),
        (_page(405), WrongAddressError),
        (_page(407), WrongAddressError),
        (_page(409), WrongAddressError),
        (_page(410), WrongAddressError),
        (_page(413), WrongAddressError),
        (_page(418), WrongAddressError),
        (_page(422), WrongAddressError),
        (_page(426), WrongAddressError),
        (_page(451), WrongAddressError),
        (_page(408), ServerTroubleError),
        (_page(429), RateLimitedError),
        (_page(500), ServerTroubleError),
        (_answer(500, b"token validation failed", "text/plain"), ServerTroubleError),
        (
            _budgero(500, "Token validation failed: database is locked"),
            ServerTroubleError,
        ),
        (_budgero(502, "token validation failed"), ServerTroubleError),
        (_page(502), ServerTroubleError),
        (_page(503), ServerTroubleError),
        (_page(504), ServerTroubleError),
        (_page(520), ServerTroubleError),
        (_page(599), ServerTroubleError),
    ],
)
def test_what_an_answer_means(answer: Answer, expected: type[PushError]) -> None:
    """Only Budgero's own JSON blames the token or the transaction."""
    assert type(to_error(answer)) is expected


@given(st.integers(100, 599), st.binary(max_size=200))
def test_a_foreign_answer_is_never_final(status: int, body: bytes) -> None:
    """No proxy can make the household enter a new token, or lose a transaction."""
    answer = _answer(status, body, "text/html")
    if answer.message is None:
        error = to_error(answer)
        assert isinstance(
            error, WrongAddressError | ServerTroubleError | RateLimitedError
        )
        assert error.in_doubt or isinstance(error, RateLimitedError)


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (_page(200), "HTTP 200, a web page"),
        (_page(403), "HTTP 403, a web page"),
        (_answer(302, Location="https://elsewhere"), "HTTP 302, a redirect"),
        (_answer(204), "HTTP 204"),
        (_budgero(404, "Not Found"), "HTTP 404"),
    ],
)
def test_a_wrong_address_says_what_was_seen(answer: Answer, seen: str) -> None:
    """Somebody who reads "a web page" knows where to look; the page is not quoted."""
    error = to_error(answer)
    assert error.detail == seen
    assert str(error) == f"{WrongAddressError.advice} ({seen})"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_the_wait_that_was_asked_for_is_kept(status: int) -> None:
    """A server that asks for a minute is left alone for a minute."""
    error = to_error(_answer(status, PAGE, "text/html", Retry_After="60"))
    assert error.retry_after == 60


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 120 ", 120.0),
        ("1", 1.0),
        ("315360000", MAX_RETRY_AFTER),
        ("3601", MAX_RETRY_AFTER),
        ("0", None),
        ("-5", None),
        ("", None),
        ("   ", None),
        ("garbage", None),
        ("1.5", None),
        ("1e3", None),
        ("0x10", None),
        ("\u0663", None),
        ("9" * 400, None),
        ("120, 240", None),
        (", , ,", None),
        ("Mon, 01 Jan 99999 00:00:00 GMT", None),
        ("Mon, 01 Jan 2026 00:00:00 +" + "9" * 30, None),
        ("Mon, 01 Jan " + "9" * 20 + " 00:00:00 GMT", None),
        ("Mon, 32 Jan 2026 25:61:00 GMT", None),
    ],
)
def test_retry_after_in_seconds(value: str, seconds: float | None) -> None:
    """Seconds are kept, an hour is the most, and nonsense is as good as nothing."""
    assert parse_retry_after({"Retry-After": value}) == seconds


def test_no_retry_after() -> None:
    """Today's servers send none."""
    assert parse_retry_after({}) is None


NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "seconds"),
    [
        (NOON + timedelta(seconds=90), 90.0),
        (NOON + timedelta(days=3650), MAX_RETRY_AFTER),
        (NOON, None),
        (NOON - timedelta(seconds=1), None),
    ],
)
def test_retry_after_as_a_date(until: datetime, seconds: float | None) -> None:
    """A date counts from the server's own clock: ours may be years off after boot."""
    headers = {
        "Retry-After": format_datetime(until, usegmt=True),
        "Date": format_datetime(NOON, usegmt=True),
    }
    assert parse_retry_after(headers) == seconds


@pytest.mark.parametrize("date", [None, "", "garbage"])
def test_retry_after_as_a_date_without_a_date(date: str | None) -> None:
    """Without the server's clock ours has to do."""
    until = datetime.now(UTC) + timedelta(seconds=100)
    headers = {"Retry-After": format_datetime(until, usegmt=True)}
    if date is not None:
        headers["Date"] = date
    seconds = parse_retry_after(headers)
    assert seconds is not None
    assert 90 < seconds <= 100


def test_a_date_without_a_zone_is_utc() -> None:
    """As the standard wants it; and comparing it does not fail."""
    headers = {
        "Retry-After": "Sun, 22 Nov 2026 12:01:30 -0000",
        "Date": "Sun, 22 Nov 2026 12:00:00 GMT",
    }
    assert parse_retry_after(headers) == 90


@given(
    st.dictionaries(
        st.sampled_from(["Retry-After", "Date"]),
        st.text(max_size=40)
        | st.from_regex(
            r"[A-Z][a-z]{2}, \d+ Jan \d+ \d+:\d+:\d+ [+-]?\d*", fullmatch=True
        ),
    )
)
def test_retry_after_is_a_sane_number_or_none(headers: Mapping[str, str]) -> None:
    """No header at all makes the sender wait for ever, or fail."""
    seconds = parse_retry_after(headers)
    assert seconds is None or 0 < seconds <= MAX_RETRY_AFTER


@pytest.mark.parametrize("state", ["pending", "processed", "failed", "", "odd word"])
def test_a_duplicate_names_item_and_state(state: str) -> None:
    """The refusal of a repeat is how delivery is followed."""
    message = f"duplicate message_id; existing item {QUEUE_ID} ({state})"
    assert duplicate_of(_budgero(409, message)) == (QUEUE_ID, state)


@pytest.mark.parametrize(
    "answer",
    [
        _page(409),
        _answer(409, b"existing item 1 (pending)", "text/plain"),
        _budgero(409, "duplicate message_id"),
        _budgero(409, "version conflict"),
        _budgero(409, f"existing item {'x' * 101} (pending)"),
        _budgero(409, "existing item \ud800 (pending)"),
        _budgero(409, f"existing item {QUEUE_ID} (pending"),
        _budgero(400, f"existing item {QUEUE_ID} (pending)"),
        _budgero(202, f"existing item {QUEUE_ID} (pending)"),
        _answer(409, b'{"message": 7}', "application/json"),
    ],
)
def test_what_is_no_duplicate(answer: Answer) -> None:
    """A conflict in other words is not taken for "already there"."""
    assert duplicate_of(answer) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"message"',
        b"7",
        b"{",
        b"\xff",
        b"\x1f\x8b\x08\x00",
        b"[" * 60_000,
        b'{"a":' * 60_000,
        b"1" * 60_000,
        b'{"message": "cut o',
        PAGE,
    ],
)
def test_a_body_that_is_no_object(body: bytes) -> None:
    """Whatever stands in the body, reading it does not fail."""
    answer = _answer(400, body, "application/json")
    assert answer.json_object() == {}
    assert answer.message is None


def test_a_body_nested_too_deeply() -> None:
    """Brackets upon brackets exhaust the parser, and no more than the parser."""
    answer = _answer(400, b"[" * 64_000, "application/json")
    assert on_a_small_stack(answer.json_object) == [{}]


@given(st.binary(max_size=300))
def test_no_body_fails(body: bytes) -> None:
    """Not even one that nobody thought of."""
    assert isinstance(_answer(500, body).json_object(), dict)


@pytest.mark.parametrize("queue_id", ["", 7, None, "x" * 101, "\ud800", "a b", "\n"])
def test_what_is_no_queue_id(queue_id: object) -> None:
    """Budgero's are short and plain; others do not come from it."""
    answer = _answer(202, json.dumps({"id": queue_id}).encode(), "application/json")
    with pytest.raises(WrongAddressError):
        queue_id_of(answer)
