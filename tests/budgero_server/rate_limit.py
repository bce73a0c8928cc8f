"""Token buckets per client address."""

from collections.abc import Callable
from dataclasses import dataclass
import time

from aiohttp import web


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How many requests a second are allowed, and how many at once."""

    per_second: float
    burst: int


API_LIMIT = RateLimit(per_second=50, burst=100)
LOGIN_LIMIT = RateLimit(per_second=10 / 60, burst=10)


class RateLimiter:
    """Counts the requests of every client; without a limit all may pass."""

    def __init__(
        self, limit: RateLimit | None, now: Callable[[], float] = time.monotonic
    ) -> None:
        """Start with full buckets.

        Args:
            limit: None lets all pass.
            now: Returns seconds.
        """
        self._limit = limit
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}

    def allows(self, client: str) -> bool:
        """Take a token from the bucket of the client, if there is one left."""
        if self._limit is None:
            return True
        now = self._now()
        tokens, since = self._buckets.get(client, (float(self._limit.burst), now))
        tokens = min(self._limit.burst, tokens + (now - since) * self._limit.per_second)
        allowed = tokens >= 1
        self._buckets[client] = (tokens - allowed, now)
        return allowed


def client_address(request: web.Request, position: int) -> str:
    """Give the address that the server counts: what a proxy says comes first.

    Of several that a proxy names it is the one at this position.
    """
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")[position].strip()
    return forwarded or request.headers.get("X-Real-IP") or request.remote or ""
