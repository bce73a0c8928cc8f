"""Reading the server's answers: which of them come from Budgero, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
import json
import re
from typing import Final

from .errors import (
    PushError,
    RateLimitedError,
    RefusedError,
    ServerTroubleError,
    UpdateRequiredError,
    WrongAddressError,
    WrongTokenError,
)
from .models import Feature, QueueItem, QueueState, QueueStats
from .wire import WireFormat

PAYLOAD_REQUIRED: Final = "encrypted_payload is required"
"""The answer to `{}`: address and token are good (verified against 1.6.0)."""

TOKEN_REFUSED: Final = "token validation failed"
"""With status 500: a wrong, revoked or disabled token, or a fault of the
server's database (verified against 1.6.0)."""

REFUSALS: Final = (PAYLOAD_REQUIRED, "invalid request body")
"""With status 400: Budgero will never take this (verified against 1.6.0)."""

MAX_RETRY_AFTER: Final = 3600.0

MAX_QUEUE_BODY: Final = 4 * 1024 * 1024
"""The queue's answer holds up to 100 sealed payloads (verified against 1.6.0)."""

_ARGUMENTS: Final = {Feature.SPLITS, Feature.CLEARED}
_QUEUE_ID: Final = re.compile("[!-~]{1,100}")
_DUPLICATE: Final = re.compile(r"existing item ([!-~]{1,100}) \(([^)]{0,40})\)")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, read completely."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json_object(self) -> dict[str, object]:
        """Return the body as a JSON object, empty if it is none."""
        try:
            value = json.loads(self.body)
        except ValueError, RecursionError:
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def server_time(self) -> float | None:
        """Return the server's clock, seconds since the epoch, if it shows one."""
        moment = _http_date(self.headers.get("Date", ""))
        return moment.timestamp() if moment else None

    @property
    def message(self) -> str | None:
        """Return Budgero's error text; foreign answers have none."""
        message = self.json_object().get("message")
        return message if isinstance(message, str) else None


def duplicate_of(answer: Answer) -> tuple[str, str] | None:
    """Return queue id and state that a 409 names, `None` if it names none."""
    found = _DUPLICATE.search(answer.message or "") if answer.status == 409 else None
    return (found[1], found[2]) if found else None


def to_error(answer: Answer) -> PushError:
    """Return what an answer without success means.

    Only Budgero's own JSON can be about the token, and only its own words are
    final: foreign answers (a proxy's 4xx, a captive portal, a redirect) mean the
    address or patience.
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
        case 401 | 403 if message is not None:
            return WrongTokenError(detail)
        case 400 if message in REFUSALS:
            return RefusedError(detail)
        case status if status >= 500 or status == 408:
            return ServerTroubleError(detail, retry_after=retry_after)
    return WrongAddressError(_seen_instead(answer))


def parse_retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a Retry-After header, in either form.

    At most an hour; `None` where the header is absent, garbage or in the past.
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
    """Describe a foreign answer in words of our own."""
    if 300 <= answer.status < 400:
        return f"HTTP {answer.status}, a redirect"
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/html":
        return f"HTTP {answer.status}, a web page"
    return f"HTTP {answer.status}"


def queue_id_of(answer: Answer) -> str:
    """Return the id that a 202 names.

    Raises:
        WrongAddressError: it names none, so it does not come from Budgero.
    """
    queue_id = answer.json_object().get("id")
    if not isinstance(queue_id, str) or not _QUEUE_ID.fullmatch(queue_id):
        raise WrongAddressError("HTTP 202 without an id")
    return queue_id


def to_queue_state(word: str) -> QueueState:
    """Return the state that a word of the server means."""
    if word in (QueueState.PENDING, QueueState.PROCESSED, QueueState.FAILED):
        return QueueState(word)
    return QueueState.UNKNOWN


def to_queue(reply: dict[str, object]) -> tuple[QueueItem, ...]:
    """Read a list of the queue.

    Raises:
        WrongAddressError: it is none.
    """
    match reply:
        case {"items": None}:
            return ()
        case {"items": list(items)}:
            return tuple(_to_queue_item(item) for item in items)
    raise WrongAddressError("a queue of another form")


def _to_queue_item(item: object) -> QueueItem:
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise WrongAddressError("a queue item of another form")
    message_id = item.get("message_id")
    return QueueItem(
        item["id"],
        message_id if isinstance(message_id, str) else None,
        str(item.get("status", "")),
        str(item.get("created_at", "")),
    )


def to_queue_stats(reply: dict[str, object]) -> QueueStats:
    """Read the statistics.

    Raises:
        WrongAddressError: they are none.
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
        WrongAddressError: it does not say.
    """
    try:
        return _to_count(reply["deleted"])
    except KeyError, TypeError:
        raise WrongAddressError("a deletion of another form") from None


def _to_count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError
    return value


def to_wire_format(spec: dict[str, object]) -> WireFormat:
    """Return the payload format of a spec: one without a version means decimals."""
    match spec:
        case {"payload_format": {"schema": {"v": _}}}:
            return WireFormat.MILLIUNITS
    return WireFormat.DECIMALS


def to_operations(spec: dict[str, object]) -> frozenset[str] | None:
    """Return the operations of a spec, `None` if it is none.

    Arguments that only newer servers take are told by their names among those of
    `transactions.add`: read in Budgero's release 1.16, not verified by running it.
    """
    operations = spec.get("supported_operations")
    if not isinstance(operations, dict):
        return None
    match operations:
        case {Feature.ADD: {"args": dict(args)}}:
            arguments = {f"{Feature.ADD}.{name}" for name in args}
            return frozenset(operations) | (arguments & _ARGUMENTS)
    return frozenset(operations)
