"""The signed-in user: JSON Web Tokens signed with HS256."""

import base64
import hashlib
import hmac
import json
import secrets
import time
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from .errors import ApiError

LIFETIME: Final = 24 * 3600.0
_CLOCK_TOLERANCE: Final = 60
_HEADER: Final = {"alg": "HS256", "typ": "JWT"}


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Sessions:
    """Issues and checks tokens.

    The server's secret is new at every start, because nobody has set one: then all
    earlier tokens are invalid.
    """

    def __init__(self, lifetime: float = LIFETIME) -> None:
        """Give new tokens so many seconds."""
        self.lifetime = lifetime
        self.end_all()

    def end_all(self) -> None:
        """Take another secret, so that every token becomes invalid."""
        self._secret = secrets.token_bytes(32)

    def issue(self, user_id: str) -> str:
        """Make a token."""
        now = int(time.time())
        claims = {
            "sub": user_id,
            "exp": int(now + self.lifetime),
            "nbf": now - _CLOCK_TOLERANCE,
            "iat": now,
            "is_admin": True,
        }
        parts = (json.dumps(part).encode() for part in (_HEADER, claims))
        signed = ".".join(map(_encode, parts))
        return f"{signed}.{self._sign(signed)}"

    def is_valid(self, token: str) -> bool:
        """Tell whether a token was issued since the start and has not expired."""
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(signed).encode()):
            return False
        claims: Any = json.loads(_decode(signed.partition(".")[2]))
        return bool(claims["nbf"] <= time.time() < claims["exp"])

    def _sign(self, signed: str) -> str:
        return _encode(
            hmac.digest(self._secret, signed.encode(errors="replace"), hashlib.sha256)
        )

    def guard(self, handler: Handler) -> Handler:
        """Let only a signed-in user reach the handler."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            self.require(request)
            return await handler(request)

        return guarded

    def require(self, request: web.Request) -> None:
        """Let only a signed-in user pass.

        Raises:
            ApiError: 401, as the server words it.
        """
        header = request.headers.get("Authorization", "")
        if not header:
            raise ApiError(401, "missing authorization header")
        scheme, blank, token = header.partition(" ")
        if scheme != "Bearer" or not blank:
            raise ApiError(401, "invalid authorization header format")
        if not self.is_valid(token):
            raise ApiError(401, "invalid token")
