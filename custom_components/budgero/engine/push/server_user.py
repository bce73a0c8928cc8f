"""A signed-in user of an own server, who may read what push tokens may not.

The hosted service has no sign-in for programs, so everything that needs one is
optional. Routes and answers were verified against Budgero 1.6.0.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
import re
from typing import Final
from urllib.parse import urlencode

from aiohttp import ClientSession, hdrs

from .address import ServerAddress
from .answers import (
    MAX_QUEUE_BODY,
    Answer,
    to_deleted,
    to_plain,
    to_queue,
    to_queue_stats,
)
from .client import Client
from .envelope import HEADER_BYTES, EnvelopeHeader
from .errors import (
    CannotOpenError,
    InputProblem,
    InvalidInputError,
    TooLongError,
    UpdateRequiredError,
    WrongAddressError,
)
from .models import (
    KeyProof,
    PutBack,
    QueueItem,
    QueueState,
    QueueStats,
    StoredDatabase,
    TokenOwner,
)
from .seal import SpaceKey
from .sign_in import MAX_USER_BODY, SignIn, to_user_error
from .transport import MAX_BODY, Transport

MAX_LISTED: Final = 100
"""How many pending items the server lists (verified against 1.6.0)."""

NEXT_SECOND: Final = 1.1
"""Seconds until the server records another time for the use of a token, because it
records whole seconds (verified against 1.6.0)."""

_PROOFS: Final = 3
_HEAD_BODY: Final = 1024
"""How many bytes are read: enough for the text of an error, or the header of a
database."""

MAX_DATABASE: Final = 32 * 1024 * 1024
"""The largest encrypted database, in bytes; one with 20,000 transactions has some 4
MB."""

_BLOB_HEADERS: Final = {
    hdrs.ACCEPT: "application/octet-stream, application/json",
    "X-Budgero-Protocol": "2",
}
_HEAD_HEADERS: Final = {
    **_BLOB_HEADERS,
    hdrs.RANGE: f"bytes=0-{HEADER_BYTES - 1}",
}
_VERSION_HEADER: Final = "X-Database-Hash"
_VERSION: Final = re.compile(r"[0-9a-fA-F]{64}")
_RETIRED: Final = "retired"
_QUEUE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,100}")


@dataclass(frozen=True, slots=True)
class _TokenUse:
    """What the server tells a user about the user's own push token."""

    space_id: str
    last_used: str | None


class ServerUser:
    """A user of an own server, bound to a user name and a password.

    It never closes the session. Every method signs in if necessary, and may raise any
    `PushError`: `WrongPasswordError` if the password is refused, `NoSignInError` if the
    server has no such sign-in, and `UserRefusedError` if the user may not do this. None
    of them means that the push token is refused.
    """

    def __init__(
        self,
        session: ClientSession | Callable[[], ClientSession],
        address: str | ServerAddress,
        username: str,
        password: str,
    ) -> None:
        """Take session, address and user.

        Args:
            session: a session, or a function that returns one at every request.
            address: the server.
            username: as in Budgero; blanks around it do not matter.
            password: exactly as in Budgero.

        Raises:
            InvalidInputError: the address is not valid, or a field is missing.
        """
        self._sign_in = SignIn(Transport(session, address), username, password)

    async def sign_in(self) -> None:
        """Check user name and password.

        For 15 minutes after the server refused them the same error is raised without a
        request, because the household's own sign-ins count towards the same limit of
        the server.
        """
        await self._sign_in.renew()

    async def stats(self) -> QueueStats:
        """Read how many items the server holds for this user."""
        return to_queue_stats(await self._ask(hdrs.METH_GET, "/push/stats"))

    async def pending(self, space_id: str | None = None) -> tuple[QueueItem, ...]:
        """Read the pending items, oldest first, at most 100.

        Args:
            space_id: of the workspace; the primary one if none is given.

        Raises:
            TooLongError: the list has more than 4 MiB.
        """
        space_id = space_id or await self.space_id()
        if space_id is None:
            return ()
        path = f"/push/queue?{urlencode({'space_id': space_id})}"
        return to_queue(await self._ask(hdrs.METH_GET, path, limit=MAX_QUEUE_BODY))

    async def put_back(self, queue_id: str) -> PutBack:
        """Let the app apply an item of the primary workspace again.

        An app that booked it does not book it again, because the id of the item stays
        the same. The server accepts any id, so the queue is read to see whether it knew
        this one.

        Raises:
            InvalidInputError: this is no id of the queue.
        """
        await self._put_status(queue_id, QueueState.PENDING)
        try:
            listed = await self.pending()
        except TooLongError:
            return PutBack.CANNOT_TELL
        if any(item.queue_id == queue_id for item in listed):
            return PutBack.PENDING
        if len(listed) >= MAX_LISTED:
            return PutBack.CANNOT_TELL
        return PutBack.NOT_PENDING

    async def retire(self, queue_id: str) -> None:
        """Give an item a status that the server neither counts nor lists.

        The server stores any word as a status, and counts only the words that it knows
        (verified against 1.6.0). Use it only for items that our own questions added.

        Raises:
            InvalidInputError: this is no id of the queue.
        """
        await self._put_status(queue_id, _RETIRED)

    async def clear_queue(self, *, include_all: bool = False) -> int:
        """Delete the user's pending items, or all of them; return how many.

        This covers all workspaces of the user.
        """
        path = "/push/queue?all=1" if include_all else "/push/queue"
        return to_deleted(await self._ask(hdrs.METH_DELETE, path))

    async def _put_status(self, queue_id: str, status: str) -> None:
        if not _QUEUE_ID.fullmatch(queue_id):
            raise InvalidInputError("queue_id", InputProblem.NOT_AN_ID)
        body = {"status": str(status)}
        reply = await self._ask(hdrs.METH_PUT, f"/push/queue/{queue_id}", body)
        if reply != {"id": queue_id, **body}:
            raise WrongAddressError("an update of another form")

    async def space_id(self) -> str | None:
        """Return the id of the primary workspace, `None` before there is one."""
        profile = await self._ask(hdrs.METH_GET, "/profile", limit=MAX_USER_BODY)
        space_id = profile.get("primary_space_id")
        if space_id in (None, "") and isinstance(profile.get("id"), str):
            return None
        known = to_plain(space_id)
        if known is None:
            raise WrongAddressError("a profile of another form")
        return known

    async def owner_of_token(self, client: Client) -> TokenOwner:
        """Find out whether a client's push token is this user's own.

        The server shows a user when the user's token was last used. The push token is
        that token if checking it moves this time. Others may use the token, too; so it
        must have been unused for more than a second before.

        Raises:
            WrongTokenError: the server refuses the push token.
        """
        for _ in range(_PROOFS):
            before = await self._token_use()
            if before is None:
                return TokenOwner.OTHER_USER
            await asyncio.sleep(NEXT_SECOND)
            if await self._token_use() != before:
                continue
            await client.verify()
            after = await self._token_use()
            if after is None or after.last_used in (None, before.last_used):
                return TokenOwner.OTHER_USER
            is_primary = after.space_id == await self.space_id()
            return TokenOwner.USER if is_primary else TokenOwner.OTHER_SPACE
        return TokenOwner.CANNOT_TELL

    async def prove_key(self, key: SpaceKey) -> KeyProof:
        """Find out whether a space key opens the primary workspace's database.

        Only the header of the stored database is read.
        """
        header = await self._read_header()
        if header is None:
            return KeyProof.CANNOT_TELL
        try:
            await asyncio.to_thread(header.unwrap, key)
        except CannotOpenError:
            return KeyProof.WRONG
        return KeyProof.PROVEN

    async def database_version(self) -> str | None:
        """Return which database of the primary workspace the server has.

        `None` before an app has uploaded one.
        """
        space_id = await self.space_id()
        if space_id is None:
            return None
        path = f"/database/state?{urlencode({'space_id': space_id})}"
        state = await self._ask(hdrs.METH_GET, path)
        version = state.get("hash")
        if version == "" and state.get("version") == 0:
            return None
        if isinstance(version, str) and _VERSION.fullmatch(version):
            return version
        raise WrongAddressError("a database's state of another form")

    async def database(self) -> StoredDatabase | None:
        """Fetch the database of the primary workspace, `None` if there is none.

        Raises:
            TooLongError: it has more than 32 MiB.
            UpdateRequiredError: the database has a format that is not known here.
        """
        answer = await self._read_database(MAX_DATABASE, _BLOB_HEADERS)
        if answer is None:
            return None
        if answer.is_cut:
            raise TooLongError
        version = answer.headers.get(_VERSION_HEADER, "")
        if answer.status != 200 or not _VERSION.fullmatch(version):
            raise WrongAddressError("a database of another form")
        return StoredDatabase(version, answer.body)

    async def _read_header(self) -> EnvelopeHeader | None:
        """Return the header of the database, `None` if it cannot be read."""
        try:
            answer = await self._read_database(_HEAD_BODY, _HEAD_HEADERS)
        except UpdateRequiredError:
            return None
        return EnvelopeHeader.parse(answer.body) if answer else None

    async def _read_database(
        self, limit: int, headers: Mapping[str, str]
    ) -> Answer | None:
        """Ask for the database or a part of it; `None` if there is none."""
        space_id = await self.space_id()
        if space_id is None:
            return None
        path = f"/database/blob?{urlencode({'space_id': space_id})}"
        answer = await self._sign_in.request(
            hdrs.METH_GET, path, limit=limit, headers=headers
        )
        if answer.status in (200, 206):
            return answer
        if answer.status == 404 and answer.message is not None:
            return None
        raise to_user_error(answer)

    async def _token_use(self) -> _TokenUse | None:
        reply = await self._ask(hdrs.METH_GET, "/push/token")
        if reply.get("has_token") is False:
            return None
        space_id = to_plain(reply.get("space_id"))
        if reply.get("has_token") is not True or space_id is None:
            raise WrongAddressError("a token of another form")
        return _TokenUse(space_id, to_plain(reply.get("last_used")))

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        limit: int = MAX_BODY,
    ) -> dict[str, object]:
        answer = await self._sign_in.request(method, path, body, limit=limit)
        if answer.status == 200 and (reply := answer.json_object()):
            return reply
        if answer.is_cut and limit == MAX_QUEUE_BODY:
            raise TooLongError
        raise to_user_error(answer)
