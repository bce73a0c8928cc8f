"""What the server does around every handler."""

from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from .errors import ApiError
from .go_json import reply
from .rate_limit import RateLimiter, client_address
from .releases import Release

_API = "/api/"
_HEALTH = "/api/v1/health"
_LOGIN_PATHS = frozenset({"/api/v1/auth/local/login", "/api/v1/auth/local/register"})
_SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Origin-Agent-Cluster": "?1",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}


def server_middlewares(
    api_limiter: RateLimiter, login_limiter: RateLimiter, release: Release
) -> Sequence[Middleware]:
    """List the middlewares, the outermost first."""
    return (
        _dress,
        _errors,
        _limit_api(api_limiter, release),
        _limit_logins(login_limiter, release),
    )


@web.middleware
async def _dress(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Add the security headers and compress for who understands it."""
    response = await handler(request)
    if response.prepared:
        return response
    response.headers.update(_SECURITY_HEADERS)
    if request.secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.enable_compression(web.ContentCoding.gzip)
    return response


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer an error with its status and message."""
    try:
        return await handler(request)
    except ApiError as error:
        return reply({"message": error.message}, error.status)


def _limit_api(limiter: RateLimiter, release: Release) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        limited = request.path.startswith(_API) and not request.path.startswith(_HEALTH)
        client = client_address(request, release.forwarded_position)
        if limited and not limiter.allows(client):
            named = {"identifier": client} if release.names_limited_client else {}
            return reply({**named, "message": "rate limit exceeded"}, 429)
        return await handler(request)

    return middleware


def _limit_logins(limiter: RateLimiter, release: Release) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        client = client_address(request, release.forwarded_position)
        if request.path in _LOGIN_PATHS and not limiter.allows(client):
            raise ApiError(429, "too many attempts, please try again later")
        return await handler(request)

    return middleware
