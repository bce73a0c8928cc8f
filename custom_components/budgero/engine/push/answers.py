"""Reads the server's answers: which of them come from Budgero, and what they mean."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import json
import re
from typing import Final

from .errors import (
    BodyRemovedError,
    HeaderRemovedError,
    PushError,
    RateLimitedError,
    ServerTroubleError,
    UpdateRequiredError,
    WrongAddressError,
    WrongTokenError,
)
from .models import Feature, QueueItem, QueueState, QueueStats
from .wire import WireFormat

QUESTION: Final = "question:this-is-never-booked"
"""A payload that no app can open, because `:` is no base64 (verified against 1.6.0)."""

PAYLOAD_REQUIRED: Final = "encrypted_payload is required"
"""The answer to `{}` if address and token are good (verified against 1.6.0)."""

TOKEN_REFUSED: Final = "token validation failed"
"""Text with status 500 if the token is wrong, revoked or disabled, or the server's
database has a fault (verified against 1.6.0)."""

HEADER_REMOVED: Final = (
    "missing authorization header",
    "invalid authorization format",
    "invalid authorization header format",
)
"""Texts with status 401 if the token did not arrive (verified against 1.6.0)."""

BODY_REMOVED: Final = (PAYLOAD_REQUIRED, "invalid request body")
"""Texts with status 400 if the body or its content type did not arrive (verified
against 1.6.0)."""

MAX_RETRY_AFTER: Final = 3600.0
"""The longest wait that a Retry-After header can ask for, in seconds."""

MAX_COUNT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exact."""

MAX_ITEMS: Final = 1000
"""Budgero lists at most 100 (verified against 1.6.0); later ones may list more."""

MAX_QUEUE_BODY: Final = 4 * 1024 * 1024
"""The queue's answer holds up to 100 sealed payloads (verified against 1.6.0)."""

_COUNTS: Final = range(MAX_COUNT + 1)
_PLAIN: Final = re.compile("[!-~]{1,100}")
_MESSAGE_ID: Final = re.compile("[!-~]{1,128}")
_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DUPLICATE: Final = re.compile(r"existing item ([!-~]{1,100}) \(([^)]{0,40})\)")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer.

    Attributes:
        status: the HTTP status.
        headers: by name, in any case.
        body: the bytes that were read.
        is_cut: whether the body was longer than what was read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool = False

    def json_object(self) -> dict[str, object]:
        """Return the body as a JSON object; an empty one for any other body."""
        try:
            value = json.loads(self.body)
        except ValueError, RecursionError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def server_time(self) -> float | None:
        """Return the server's time, in seconds since the epoch; `None` without it."""
        moment = _http_date(self.headers.get("Date", ""))
        return moment.timestamp() if moment else None

    @property
    def message(self) -> str | None:
        """Return Budgero's error text, `None` for other answers."""
        message = self.json_object().get("message")
        return message if isinstance(message, str) else None


def is_payload_required(answer: Answer) -> bool:
    """Return whether Budgero accepted the token and found no payload."""
    return (answer.status, answer.message) == (400, PAYLOAD_REQUIRED)


def duplicate_of(answer: Answer) -> tuple[str, str] | None:
    """Return queue id and state that a 409 names, `None` if it names none."""
    found = _DUPLICATE.search(answer.message or "") if answer.status == 409 else None
    return (found[1], found[2]) if found else None


def to_error(answer: Answer) -> PushError:
    """Return the error of an answer without success.

    Only Budgero's own JSON can refuse the token. Any other answer (a 4xx of a proxy, a
    captive portal, a redirect) means that the address is wrong, or that the server
    fails for a while. The same is true of an error of Budgero that does not fit the
    request.
    """
    retry_after = parse_retry_after(answer.headers)
    message = answer.message
    detail = f"HTTP {answer.status}"
    match answer.status:
        case 429:
            return RateLimitedError(detail, retry_after=retry_after)
        case 426 if message is not None:
            return UpdateRequiredError(detail)
        case 500 if message == TOKEN_REFUSED:
            return WrongTokenError(detail)
        case 401 if message in HEADER_REMOVED:
            return HeaderRemovedError(detail)
        case 401 | 403 if message is not None:
            return WrongTokenError(detail)
        case 400 if message in BODY_REMOVED:
            return BodyRemovedError(detail)
        case status if status >= 500 or status == 408:
            return ServerTroubleError(detail, retry_after=retry_after)
    return WrongAddressError(_seen_instead(answer))


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, in either form.

    At most an hour; `None` if the header is missing, not valid or in the past.
    """
    value = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,10}", value):
        seconds = float(value)
    else:
        until, now = _http_date(value), _http_date(headers.get("Date", ""))
        if until is None:
            return None
        seconds = (until - (now or datetime.now(UTC))).total_seconds()
    return min(seconds, MAX_RETRY_AFTER) if seconds > 0 else None


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError, TypeError, IndexError, OverflowError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _seen_instead(answer: Answer) -> str:
    """Describe an answer that is not Budgero's, without its content."""
    if 300 <= answer.status < 400:
        return f"HTTP {answer.status}, a redirect"
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/html":
        return f"HTTP {answer.status}, a web page"
    return f"HTTP {answer.status}"


def queue_id_of(answer: Answer) -> str:
    """Return the id that a 202 names.

    Raises:
        WrongAddressError: it names no id, so it does not come from Budgero.
    """
    queue_id = to_plain(answer.json_object().get("id"))
    if queue_id is None:
        raise WrongAddressError("HTTP 202 without an id")
    return queue_id


def to_plain(value: object) -> str | None:
    """Return an id or a time of Budgero, `None` if the value is neither.

    Ids and times are short and printable; no other text is kept or shown.
    """
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) else None


def to_queue_state(word: str) -> QueueState:
    """Return the state that a word of the server means."""
    if word in (QueueState.PENDING, QueueState.PROCESSED, QueueState.FAILED):
        return QueueState(word)
    return QueueState.UNKNOWN


def to_queue(reply: dict[str, object]) -> tuple[QueueItem, ...]:
    """Read a list of the queue.

    Raises:
        WrongAddressError: it has another form.
    """
    match reply:
        case {"items": None}:
            return ()
        case {"items": list(items)} if len(items) <= MAX_ITEMS:
            return tuple(_to_queue_item(item) for item in items)
    raise WrongAddressError("a queue of another form")


def _to_queue_item(item: object) -> QueueItem:
    match item:
        case {"id": id_, "status": str(word), "created_at": str(time), **others}:
            if queue_id := to_plain(id_):
                message_id = _to_message_id(others.get("message_id"))
                payload = others.get("encrypted_payload")
                return QueueItem(
                    queue_id,
                    message_id,
                    to_queue_state(word),
                    _to_time(time),
                    None if payload is None else payload == QUESTION,
                )
    raise WrongAddressError("a queue item of another form")


def _to_message_id(value: object) -> str | None:
    """Return a message id, `None` for one that this integration would not accept.

    Budgero takes any text (verified against 1.6.0), also from other programs.
    """
    return value if isinstance(value, str) and _MESSAGE_ID.fullmatch(value) else None


def _to_time(text: str) -> datetime:
    """Return a time in UTC.

    Raises:
        WrongAddressError: it has another form.
    """
    if _TIME.fullmatch(text):
        with suppress(ValueError, OverflowError):
            return datetime.fromisoformat(text).astimezone(UTC)
    raise WrongAddressError("a time of another form")


def to_queue_stats(reply: dict[str, object]) -> QueueStats:
    """Read the statistics.

    Raises:
        WrongAddressError: they have another form.
    """
    try:
        return QueueStats(
            *(
                _to_count(reply[name])
                for name in ("pending", "processed", "failed", "total")
            )
        )
    except KeyError, TypeError:
        raise WrongAddressError("statistics of another form") from None


def to_deleted(reply: dict[str, object]) -> int:
    """Read how many items were deleted.

    Raises:
        WrongAddressError: the answer does not say.
    """
    try:
        return _to_count(reply["deleted"])
    except KeyError, TypeError:
        raise WrongAddressError("a deletion of another form") from None


def _to_count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value in _COUNTS:
        return value
    raise TypeError


def to_wire_format(spec: dict[str, object]) -> WireFormat:
    """Return the payload format of a spec; without a version it is decimals."""
    match spec:
        case {"payload_format": {"schema": {"v": _}}}:
            return WireFormat.MILLIUNITS
    return WireFormat.DECIMALS


def to_features(spec: dict[str, object]) -> frozenset[Feature] | None:
    """Return the features in a spec that are used here; `None` if it is no spec.

    Arguments that only newer servers take are recognised by their names in the list of
    `transactions.add`. That was read in the source of Budgero's release 1.16, and not
    tried.
    """
    match spec.get("supported_operations"):
        case {Feature.ADD: {"args": dict(args)}, **others}:
            names = {Feature.ADD, *others, *(f"{Feature.ADD}.{name}" for name in args)}
        case dict(operations):
            names = {*operations}
        case _:
            return None
    return frozenset(feature for feature in Feature if feature in names)
