"""Routes that need no token: health, version, the specification of the push API."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from aiohttp.typedefs import Handler

from .go_json import reply
from .push_api import PATH
from .releases import Release


def routes(release: Release) -> Sequence[web.RouteDef]:
    """List the routes; of these only the health check answers HEAD."""
    versions = {"build_version": release.version, "latest_version": release.version}
    return [
        web.get("/api/v1/health", _health),
        web.get("/api/v1/offline/pubkey", _no_licence, allow_head=False),
        web.get("/api/v1/version/latest", _always(versions), allow_head=False),
        web.get(f"{PATH}/spec", _always(release.spec, sort=True), allow_head=False),
        *(
            web.get(path, _always(answer), allow_head=False)
            for path, answer in release.public_answers.items()
        ),
    ]


async def _health(_: web.Request) -> web.Response:
    return reply({"service": "zero-budget-web", "status": "healthy"})


async def _no_licence(_: web.Request) -> web.Response:
    """Answer as a server does that was set up without an offline licence.

    Status and key were verified, the words are the stand-in's own.
    """
    return reply({"error": "offline licences are not configured"}, 503)


def _always(answer: Mapping[str, object], *, sort: bool = False) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return reply(answer, sort=sort)

    return handler
