"""The page that shows the household's budgets, bookings and queue."""

from collections.abc import Sequence
import hashlib
from pathlib import Path
from typing import Final

from aiohttp import web

from .errors import ApiError

_FOLDER: Final = Path(__file__).parent / "page"
_TYPES: Final = {
    "index.html": "text/html",
    "style.css": "text/css",
    "page.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
_FOR_A_YEAR: Final = "public, max-age=31536000"
_FILES: Final = {name: (_FOLDER / name).read_text("utf-8") for name in _TYPES}


# Browsers keep the page for a year, so each version of it has an address of its own.
ADDRESS: Final = (
    f"/?{hashlib.sha256(''.join(_FILES.values()).encode()).hexdigest()[:8]}"
)


def routes() -> Sequence[web.RouteDef]:
    """List the route for everything outside the API."""
    return [web.route("*", "/{path:.*}", _serve)]


async def _serve(request: web.Request) -> web.Response:
    """Answer every path and method with the page, as a single-page app does.

    Only a path with a dot has to be one of the files. Budgero lets every browser and
    proxy keep its HTML for a year.
    """
    path = request.match_info["path"]
    name = path if "." in path else "index.html"
    if name not in _FILES:
        raise ApiError(404, "Not Found")
    lasting = name == "index.html"
    return web.Response(
        text=_FILES[name],
        content_type=_TYPES[name],
        headers={"Cache-Control": _FOR_A_YEAR if lasting else "no-cache"},
    )
