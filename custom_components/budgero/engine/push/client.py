"""The async push client: every request to a Budgero server goes through here."""

import asyncio
from collections.abc import Callable
from functools import lru_cache
import json
import re
from typing import Final
from uuid import uuid4

import aiohttp
from aiohttp import ClientSession, ClientTimeout, hdrs
from yarl import URL

from .address import API, ServerAddress
from .answers import (
    PAYLOAD_REQUIRED,
    Answer,
    duplicate_of,
    queue_id_of,
    to_count,
    to_error,
    to_queue_item,
    to_queue_state,
    to_wire_format,
)
from .errors import (
    CertificateError,
    InDoubtError,
    InputProblem,
    InvalidInputError,
    NotAllowedError,
    NotEncryptedError,
    PushError,
    UnreachableError,
    WrongAddressError,
    WrongTokenError,
)
from .fields import parse_message_id
from .models import Accepted, Duplicate, QueueItem, QueueState, QueueStats, Sealed, Spec
from .seal import SpaceKey, unwrap_pasted
from .transaction import Transaction, WireFormat

EXCHANGE_SECONDS: Final = 35.0
"""The whole exchange; the server works at most 15 s on a request (1.6.0)."""

CONNECT_SECONDS: Final = 15.0
"""Everything before the first byte of a request: nothing was sent then."""

MAX_BODY: Final = 64 * 1024

MAX_QUEUE_BODY: Final = 4 * 1024 * 1024
"""The queue's answer holds up to 100 sealed payloads (verified against 1.6.0)."""

QUESTION: Final = "question:this-is-never-booked"
"""A payload that no app can open: `:` is no base64 (verified against 1.6.0)."""

_USER_AGENT: Final = "ha-budgero"
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{16,512}")
_SPACE_KEY: Final = re.compile(r"[A-Za-z0-9+/]{43}=")


def parse_token(text: str) -> str:
    """Read a push token as people paste it.

    Raises:
        InvalidInputError: empty, too short or long, characters that no token
            has, or something that looks like a space key.
    """
    token = unwrap_pasted(text)
    if token[:6].lower() == "bearer":
        token = token[6:]
    if not token:
        raise InvalidInputError("token", InputProblem.MISSING)
    if _SPACE_KEY.fullmatch(token):
        raise InvalidInputError("token", InputProblem.LOOKS_LIKE_A_KEY)
    if not _TOKEN.fullmatch(token):
        raise InvalidInputError("token", InputProblem.BAD_CHARACTERS)
    return token


class Client:
    """A client of one Budgero space, bound to a token and a space key.

    It keeps no state between calls and never closes the session. Every method
    may raise any `PushError`; each says what to do, none holds a secret.
    """

    def __init__(
        self,
        session: ClientSession | Callable[[], ClientSession],
        base_url: str | ServerAddress,
        token: str,
        key: SpaceKey,
    ) -> None:
        """Bind session, address, token and key.

        Args:
            session: or how to get one, asked for at every request: a machine
                without any network may not be able to make one.
            base_url: the server.
            token: the push token.
            key: the space key.

        Raises:
            InvalidInputError: address or token cannot be one.
        """
        self._session = session
        self._address = (
            ServerAddress.parse(base_url) if isinstance(base_url, str) else base_url
        )
        self._token = parse_token(token)
        self._key = key

    def seal(
        self,
        transaction: Transaction,
        message_id: str | None = None,
        wire_format: WireFormat = WireFormat.MILLIUNITS,
    ) -> Sealed:
        """Seal a transaction and mint its message id, unless one is given.

        The id is random: two identical coffees on one day are two transactions.

        Raises:
            InvalidInputError: the given message id cannot be one.
        """
        return Sealed(
            str(uuid4()) if message_id is None else parse_message_id(message_id),
            self._key.seal(transaction.to_wire(wire_format)),
        )

    async def verify(self) -> None:
        """Check address and token without side effects.

        An empty push is answered `encrypted_payload is required` once the token
        was accepted (verified against Budgero 1.6.0).
        """
        answer = await self._request(hdrs.METH_POST, "/push", {})
        if (answer.status, answer.message) != (400, PAYLOAD_REQUIRED):
            raise to_error(answer)

    async def push(
        self, sealed: Sealed, *, in_doubt: bool = False
    ) -> Accepted | Duplicate:
        """Send a sealed transaction; never more than once at a time for one id.

        Args:
            sealed: what to send.
            in_doubt: whether an earlier push of the same message id may have
                arrived; only then "already known" means accepted.
        """
        answer = await self._push(sealed.message_id, sealed.payload)
        if answer.status == 202:
            return Accepted(sealed.message_id, queue_id_of(answer))
        if known := duplicate_of(answer):
            queue_id, word = known
            if in_doubt:
                return Accepted(sealed.message_id, queue_id)
            return Duplicate(sealed.message_id, queue_id, to_queue_state(word))
        raise to_error(answer)

    async def ask_state(
        self, accepted: Accepted, *, in_doubt: bool = False
    ) -> QueueState:
        """Ask what became of an accepted transaction.

        Pushes its message id again, with a payload that can never be booked:
        the refusal as a duplicate names the state (verified against 1.6.0).
        `VANISHED` means that the server took the question for a new item; that
        junk item stays in its queue, and the id must never be pushed again.

        Args:
            accepted: what to ask about.
            in_doubt: whether an earlier question may have arrived without an
                answer; another item of that id is then its junk.
        """
        answer = await self._push(accepted.message_id, QUESTION)
        if answer.status == 202:
            queue_id_of(answer)
            return QueueState.VANISHED
        if known := duplicate_of(answer):
            queue_id, word = known
            if queue_id == accepted.queue_id:
                return to_queue_state(word)
            return QueueState.VANISHED if in_doubt else QueueState.UNKNOWN
        raise to_error(answer)

    async def spec(self) -> Spec:
        """Read what the server supports; needs no token."""
        answer = await self._request(hdrs.METH_GET, "/push/spec", token=False)
        spec = answer.json_object() if answer.status == 200 else {}
        operations = spec.get("supported_operations")
        if not isinstance(operations, dict):
            raise to_error(answer)
        return Spec(to_wire_format(spec), frozenset(operations))

    async def health(self) -> bool:
        """Return whether the server says that it is healthy; needs no token."""
        answer = await self._request(hdrs.METH_GET, "/health", token=False)
        return answer.status == 200 and answer.json_object().get("status") == "healthy"

    async def stats(self) -> QueueStats:
        """Read the queue's statistics, as documented.

        Raises:
            NotAllowedError: this server wants a signed-in user (up to 1.6.0).
        """
        reply = await self._managed(hdrs.METH_GET, "/push/stats")
        try:
            return QueueStats(
                *(
                    to_count(reply[name])
                    for name in ("pending", "processed", "failed", "total")
                )
            )
        except KeyError, TypeError:
            raise WrongAddressError("statistics of another form") from None

    async def queue(self) -> tuple[QueueItem, ...]:
        """Read the pending items, oldest first, at most 100, as documented.

        Raises:
            NotAllowedError: this server wants a signed-in user (up to 1.6.0).
        """
        reply = await self._managed(hdrs.METH_GET, "/push/queue", MAX_QUEUE_BODY)
        match reply:
            case {"items": None}:
                return ()
            case {"items": list(items)}:
                return tuple(to_queue_item(item) for item in items)
        raise WrongAddressError("a queue of another form")

    async def clear_queue(self, *, include_all: bool = False) -> int:
        """Delete the pending items, or all of them; return how many, as documented.

        Raises:
            NotAllowedError: this server wants a signed-in user (up to 1.6.0).
        """
        path = "/push/queue?all=1" if include_all else "/push/queue"
        reply = await self._managed(hdrs.METH_DELETE, path)
        try:
            return to_count(reply["deleted"])
        except KeyError, TypeError:
            raise WrongAddressError("a deletion of another form") from None

    async def _managed(
        self, method: str, path: str, limit: int = MAX_BODY
    ) -> dict[str, object]:
        answer = await self._request(method, path, limit=limit)
        if answer.status == 200 and (reply := answer.json_object()):
            return reply
        error = to_error(answer)
        if isinstance(error, WrongTokenError) and answer.status in (401, 403):
            raise NotAllowedError(error.detail)
        raise error

    async def _push(self, message_id: str, payload: str) -> Answer:
        body = {"encrypted_payload": payload, "message_id": message_id}
        return await self._request(hdrs.METH_POST, "/push", body)

    async def _request(
        self,
        method: str,
        path: str,
        body: dict[str, str] | None = None,
        *,
        token: bool = True,
        limit: int = MAX_BODY,
    ) -> Answer:
        """Carry out one exchange, headers and body, within one time-out.

        aiohttp's exceptions carry the token: they are read here, and neither
        chained nor kept as context.
        """
        base = await self._address.resolve()
        session = self._open_session()
        try:
            async with asyncio.timeout(EXCHANGE_SECONDS):
                return await self._exchange(
                    session,
                    method,
                    _endpoint(base, path),
                    body,
                    token=token,
                    limit=limit,
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = _to_push_error(error)
        raise failure

    def _open_session(self) -> ClientSession:
        """Return the session to use now."""
        session = self._session
        if not isinstance(session, ClientSession):
            try:
                session = session()
            except OSError:
                raise UnreachableError("this machine has no network") from None
        if session.closed:
            raise UnreachableError("the network is shut down")
        return session

    async def _exchange(
        self,
        session: ClientSession,
        method: str,
        url: URL,
        body: object,
        *,
        token: bool,
        limit: int,
    ) -> Answer:
        headers = {
            hdrs.HOST: self._address.host_header,
            hdrs.USER_AGENT: _USER_AGENT,
            hdrs.ACCEPT: "application/json",
            hdrs.ACCEPT_ENCODING: "identity",
        }
        if token:
            headers[hdrs.AUTHORIZATION] = f"Bearer {self._token}"
        data = None
        if body is not None:
            headers[hdrs.CONTENT_TYPE] = "application/json"
            data = json.dumps(body).encode()
        async with session.request(
            method,
            url,
            data=data,
            headers=headers,
            allow_redirects=False,
            auto_decompress=False,
            timeout=ClientTimeout(total=None, connect=CONNECT_SECONDS),
        ) as response:
            content = await _read_capped(response, limit)
            return Answer(response.status, response.headers, content)


@lru_cache(maxsize=32)
def _endpoint(base: URL, path: str) -> URL:
    return base.join(URL(API + path))


async def _read_capped(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read at most `limit` bytes; Budgero's answers are far smaller."""
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > limit:
            response.close()
            break
    return bytes(content[:limit])


def _to_push_error(error: Exception) -> PushError:
    """Return what a failed exchange means: nothing was sent, or nobody knows."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return CertificateError()
        case aiohttp.ClientConnectorSSLError():
            return NotEncryptedError()
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return UnreachableError()
    return InDoubtError()
