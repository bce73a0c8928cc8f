"""The push client: every request that a push token allows."""

from collections.abc import Callable, Mapping
import re
from typing import Final
from uuid import uuid4

from aiohttp import ClientSession, hdrs

from .address import ServerAddress
from .answers import (
    MAX_QUEUE_BODY,
    QUESTION,
    Answer,
    duplicate_of,
    is_payload_required,
    queue_id_of,
    to_deleted,
    to_error,
    to_features,
    to_queue,
    to_queue_state,
    to_queue_stats,
    to_wire_format,
)
from .content import Content
from .errors import (
    InputProblem,
    InvalidInputError,
    NotAllowedError,
    TooLongError,
    WrongTokenError,
)
from .fields import parse_message_id
from .models import (
    Accepted,
    Asked,
    Duplicate,
    QueueItem,
    QueueState,
    QueueStats,
    Sealed,
    Spec,
)
from .seal import SpaceKey, unwrap_pasted
from .transport import MAX_BODY, Transport
from .wire import WireFormat

_NOT_A_PAYLOAD: Final = {"encrypted_payload": 0}
"""The server refuses this with another text than an empty push. If the text is the
same, the body was lost on the way (verified against 1.6.0)."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{16,512}")
_SPACE_KEY: Final = re.compile(r"[A-Za-z0-9+/]{43}=")


def parse_token(text: str) -> str:
    """Read a push token as people paste it.

    Raises:
        InvalidInputError: the text is empty, too short, too long, has characters that
            no token has, or looks like a space key.
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

    The client keeps no state between calls and never closes the session. Every method
    that sends a request may raise any `PushError`. No error has a secret in its text.
    """

    def __init__(
        self,
        session: ClientSession | Callable[[], ClientSession],
        base_url: str | ServerAddress,
        token: str,
        key: SpaceKey,
    ) -> None:
        """Take session, address, token and key.

        Args:
            session: a session, or a function that returns one. It is called at every
                request, because a machine without network may not be able to make one.
            base_url: the server.
            token: the push token.
            key: the space key.

        Raises:
            InvalidInputError: the address or the token is not valid.
        """
        self._transport = Transport(session, base_url)
        self._token = parse_token(token)
        self.key: Final = key

    @property
    def mark(self) -> str:
        """A code that identifies address and token, and does not reveal them."""
        return self.key.mac(f"{self._transport.address}\n{self._token}".encode()).hex()

    def seal(
        self,
        content: Content,
        message_id: str | None = None,
        wire_format: WireFormat = WireFormat.MILLIUNITS,
    ) -> Sealed:
        """Seal a transaction or a change; make a message id unless one is given.

        The id is random, so two equal transactions on one day have different ids.

        Raises:
            InvalidInputError: the given message id is not valid.
        """
        return Sealed(
            str(uuid4()) if message_id is None else parse_message_id(message_id),
            self.key.seal(content.to_wire(wire_format)),
            content.operation,
            content.target,
        )

    async def verify(self) -> None:
        """Check address, token and the network in between, without side effects.

        The server answers an empty push with `encrypted_payload is required` if it
        accepts the token. It answers a payload of a wrong type with another text,
        unless the body was lost on the way (both verified against Budgero 1.6.0).
        """
        answer = await self._request(hdrs.METH_POST, "/push", {})
        if not is_payload_required(answer):
            raise to_error(answer)
        answer = await self._request(hdrs.METH_POST, "/push", _NOT_A_PAYLOAD)
        if is_payload_required(answer):
            raise to_error(answer)

    async def push(
        self, sealed: Sealed, *, in_doubt: bool = False
    ) -> Accepted | Duplicate:
        """Send a sealed transaction.

        Two calls for one message id must not overlap.

        Args:
            sealed: the transaction.
            in_doubt: whether an earlier push of the same message id may have arrived;
                only then the answer "already known" means that it was accepted.
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

    async def ask_state(self, accepted: Accepted, *, in_doubt: bool = False) -> Asked:
        """Ask what became of an accepted transaction.

        The message id is pushed again, with a payload that can never be booked. The
        server refuses it as a duplicate, and its answer names the state (verified
        against 1.6.0). `VANISHED` means that the server took the question for a new
        item. That leftover stays in its queue, so the id must never be pushed again.

        Args:
            accepted: the transaction to ask about.
            in_doubt: whether an earlier question may have arrived without an answer;
                another item with that message id is then the leftover of that question.
        """
        answer = await self._push(accepted.message_id, QUESTION)
        if answer.status == 202:
            return Asked(QueueState.VANISHED, queue_id_of(answer), is_new=True)
        if known := duplicate_of(answer):
            queue_id, word = known
            if queue_id == accepted.queue_id:
                return Asked(to_queue_state(word))
            if in_doubt:
                return Asked(QueueState.VANISHED, queue_id)
            return Asked(QueueState.UNKNOWN, queue_id)
        raise to_error(answer)

    async def spec(self) -> Spec:
        """Read what the server supports; that needs no token."""
        answer = await self._transport.request(hdrs.METH_GET, "/push/spec")
        spec = answer.json_object() if answer.status == 200 else {}
        if (features := to_features(spec)) is None:
            raise to_error(answer)
        return Spec(to_wire_format(spec), features, answer.server_time)

    async def health(self) -> bool:
        """Return whether the server says that it is healthy; that needs no token."""
        answer = await self._transport.request(hdrs.METH_GET, "/health")
        return answer.status == 200 and answer.json_object().get("status") == "healthy"

    async def stats(self) -> QueueStats:
        """Read the queue's statistics, as documented.

        Raises:
            NotAllowedError: this server wants a signed-in user (up to 1.6.0).
        """
        return to_queue_stats(await self._managed(hdrs.METH_GET, "/push/stats"))

    async def queue(self) -> tuple[QueueItem, ...]:
        """Read the pending items, oldest first, at most 100, as documented.

        Raises:
            TooLongError: the list has more than 4 MiB.
            NotAllowedError: this server wants a signed-in user (up to 1.6.0).
        """
        return to_queue(
            await self._managed(hdrs.METH_GET, "/push/queue", MAX_QUEUE_BODY)
        )

    async def clear_queue(self, *, include_all: bool = False) -> int:
        """Delete the pending items, or all of them; return how many, as documented.

        Raises:
            NotAllowedError: this server wants a signed-in user (up to 1.6.0).
        """
        path = "/push/queue?all=1" if include_all else "/push/queue"
        return to_deleted(await self._managed(hdrs.METH_DELETE, path))

    async def _managed(
        self, method: str, path: str, limit: int = MAX_BODY
    ) -> dict[str, object]:
        answer = await self._request(method, path, limit=limit)
        if answer.status == 200 and (reply := answer.json_object()):
            return reply
        if answer.is_cut and limit == MAX_QUEUE_BODY:
            raise TooLongError
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
        body: Mapping[str, object] | None = None,
        limit: int = MAX_BODY,
    ) -> Answer:
        return await self._transport.request(
            method, path, body, bearer=self._token, limit=limit
        )
