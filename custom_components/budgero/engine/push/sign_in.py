"""Signing in to an own server, and asking as the user who signed in."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
import re
from time import monotonic
from typing import Final

from aiohttp import hdrs

from .answers import Answer, to_error
from .errors import (
    InputProblem,
    InvalidInputError,
    NoSignInError,
    PushError,
    RateLimitedError,
    ServerTroubleError,
    UserRefusedError,
    WrongAddressError,
    WrongPasswordError,
    WrongTokenError,
)
from .transport import MAX_BODY, NO_HEADERS, Transport

REST_AFTER_REFUSAL: Final = 900.0
"""Seconds without a sign-in after one was refused. The server allows ten sign-ins a
minute from one address, for all apps of the household (verified against Budgero
1.6.0)."""

MAX_USER_BODY: Final = 1024 * 1024
"""How many bytes are read at most. The answer holds the user's preferences, whose size
Budgero does not limit (1.6.0)."""

WRONG_PASSWORD: Final = "invalid credentials"
"""Text with status 401 if a sign-in is refused (verified against 1.6.0)."""

_REFUSALS: Final = (
    WrongPasswordError,
    NoSignInError,
    UserRefusedError,
    RateLimitedError,
)
_JSON_WEB_TOKEN: Final = re.compile(r"(?=.{5,8192}\Z)[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """Why the last sign-in was refused, and until when no other one is tried."""

    kind: type[PushError]
    detail: str | None
    until: float


class SignIn:
    """A user's session, which is renewed when the server has forgotten it.

    The session token is valid for 24 hours, on most servers only until they restart
    (verified against Budgero 1.6.0). It is kept in memory only.
    """

    def __init__(self, transport: Transport, username: str, password: str) -> None:
        """Take the server and the user.

        Raises:
            InvalidInputError: user name or password is missing.
        """
        username = username.strip()
        for field, value in (("username", username), ("password", password)):
            if not value:
                raise InvalidInputError(field, InputProblem.MISSING)
        self._transport = transport
        self._credentials = {"username": username, "password": password}
        self._token: str | None = None
        self._refusal: _Refusal | None = None
        self._lock = asyncio.Lock()

    async def renew(self) -> None:
        """Sign in, whether or not there is a session.

        Raises:
            PushError: the server refuses, or cannot be reached. For 15 minutes after a
                refusal the same error is raised without a request.
        """
        await self._renew(self._token)

    async def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        limit: int = MAX_BODY,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer:
        """Send a request as the user; if the session has ended, again with a new one.

        Raises:
            PushError: there is no answer, or no session.
        """
        token = self._token or await self._renew(None)
        answer = await self._transport.request(
            method, path, body, bearer=token, limit=limit, headers=headers
        )
        if not _is_signed_out(answer):
            return answer
        token = await self._renew(token)
        answer = await self._transport.request(
            method, path, body, bearer=token, limit=limit, headers=headers
        )
        if _is_signed_out(answer):
            raise self._refused(UserRefusedError("a new session is refused"))
        return answer

    async def _renew(self, ended: str | None) -> str:
        """Return a session token other than the one that has ended.

        Callers at the same time share one sign-in, even if it is refused.
        """
        async with self._lock:
            if self._token is None or self._token == ended:
                self._token = None
                try:
                    self._token = await self._sign_in()
                except PushError as error:
                    error.in_doubt = False  # the request itself was not sent
                    raise
            return self._token

    async def _sign_in(self) -> str:
        self._rest_after_refusal()
        answer = await self._transport.request(
            hdrs.METH_POST, "/auth/local/login", self._credentials, limit=MAX_USER_BODY
        )
        if answer.status != 200:
            raise self._refused(_to_sign_in_error(answer))
        token = answer.json_object().get("token")
        if not isinstance(token, str) or not _JSON_WEB_TOKEN.fullmatch(token):
            raise WrongAddressError("a sign-in of another form")
        return token

    def _rest_after_refusal(self) -> None:
        if self._refusal is None:
            return
        rest = self._refusal.until - monotonic()
        if rest > 0:
            raise self._refusal.kind(self._refusal.detail, retry_after=rest)

    def _refused(self, error: PushError) -> PushError:
        """Return an error; if it is a refusal, try no other sign-in for a while."""
        if isinstance(error, _REFUSALS):
            rest = max(error.retry_after or 0.0, REST_AFTER_REFUSAL)
            self._refusal = _Refusal(type(error), error.detail, monotonic() + rest)
            self._token = None
        return error


def to_user_error(answer: Answer) -> PushError:
    """Return the error of an answer to a signed-in user; it is never about the token."""
    error = to_error(answer)
    if not isinstance(error, WrongTokenError):
        return error
    if answer.status == 500:
        return ServerTroubleError(error.detail)
    return UserRefusedError(error.detail)


def _to_sign_in_error(answer: Answer) -> PushError:
    """Return the error of an answer to a sign-in that has no session.

    A server without this sign-in answers that a session is missing (verified against
    Budgero 1.6.0).
    """
    if answer.status != 401 or answer.message is None:
        return to_user_error(answer)
    if answer.message == WRONG_PASSWORD:
        return WrongPasswordError()
    return NoSignInError()


def _is_signed_out(answer: Answer) -> bool:
    """Return whether Budgero got the session and refuses it."""
    return answer.status == 401 and isinstance(to_error(answer), WrongTokenError)
