"""The routes of the encrypted database: the blob, its state and its hash.

Statuses, bodies and headers were verified against Budgero 1.6.0. That the primary space
is meant when none is named, and what is said without any, is the stand-in's own
assumption.
"""

from collections.abc import Sequence
import hashlib
from typing import Final

from aiohttp import web

from .app_database import Layout
from .blob import BlobStore
from .errors import ApiError
from .go_json import reply
from .ledger import Ledger
from .model import Blob, Space
from .sessions import Sessions
from .state import State

_DATABASE: Final = "/api/v1/database"
_DATA_FORMAT: Final = 2
_KEY_VERSION: Final = 1


class BlobApi:
    """Gives a signed-in user the database of a space."""

    def __init__(
        self,
        state: State,
        ledger: Ledger,
        blobs: BlobStore,
        sessions: Sessions,
        layout: Layout,
    ) -> None:
        """Use the server's rows and the app's blobs."""
        self._state = state
        self._ledger = ledger
        self._blobs = blobs
        self._sessions = sessions
        self._layout = layout

    def routes(self) -> Sequence[web.RouteDef]:
        """List the routes; none of them answers HEAD."""
        routes = [
            ("blob", self._show_blob),
            ("state", self._show_state),
            ("hash", self._show_hash),
        ]
        return [
            web.get(
                f"{_DATABASE}/{name}", self._sessions.guard(handler), allow_head=False
            )
            for name, handler in routes
        ]

    async def _show_blob(self, request: web.Request) -> web.StreamResponse:
        blob = await self._blob(self._space(request))
        if blob is None:
            raise ApiError(404, "database blob not found")
        if _protocol(request) < _DATA_FORMAT:
            raise ApiError(
                426,
                "this space uses a newer data format; update the app to continue"
                " syncing",
            )
        return _ranged(request, blob.content, self._headers(blob))

    async def _show_state(self, request: web.Request) -> web.StreamResponse:
        space = self._space(request)
        version, digest = _describe(await self._blob(space))
        mutations = self._ledger.transactions.mutations()
        return reply(
            {
                "space_id": space.id,
                "version": version,
                "hash": digest,
                "encryption_key_version": _KEY_VERSION,
                **({"mutation_version": mutations} if mutations else {}),
            }
        )

    async def _show_hash(self, request: web.Request) -> web.StreamResponse:
        space = self._space(request)
        version, digest = _describe(await self._blob(space))
        return reply(
            {"hash": digest, "space_id": space.id, "version": version}, sort=True
        )

    async def _blob(self, space: Space) -> Blob | None:
        return await self._blobs.current(space, self._layout)

    def _space(self, request: web.Request) -> Space:
        space_id = request.query.get("space_id")
        if not space_id:
            try:
                return self._state.primary_space()
            except LookupError as error:
                raise ApiError(400, "no primary space configured") from error
        space = self._state.find_space(space_id)
        if space is None:
            raise ApiError(403, "space access denied")
        return space

    def _headers(self, blob: Blob) -> dict[str, str]:
        mutations = self._ledger.transactions.mutations()
        return {
            "Content-Type": "application/octet-stream",
            "Cache-Control": "no-store",
            "Accept-Ranges": "bytes",
            "X-Budget-Space-ID": blob.space_id,
            "X-Database-Version": str(blob.version),
            "X-Database-Hash": _hash(blob),
            "X-Encryption-Key-Version": str(_KEY_VERSION),
            "X-Data-Format-Version": str(_DATA_FORMAT),
            **({"X-Mutation-Version": str(mutations)} if mutations else {}),
        }


def _describe(blob: Blob | None) -> tuple[int, str]:
    """Give version and hash; before the first upload they are zero and empty."""
    return (0, "") if blob is None else (blob.version, _hash(blob))


def _hash(blob: Blob) -> str:
    return hashlib.sha256(blob.content).hexdigest()


def _protocol(request: web.Request) -> int:
    """Read the newest format that the client understands; junk counts as 1."""
    text = request.headers.get("X-Budgero-Protocol") or request.query.get("protocol")
    return int(text) if text and text.isascii() and text.isdigit() else 1


def _ranged(
    request: web.Request, content: bytes, headers: dict[str, str]
) -> web.Response:
    """Answer with the whole content, or with the one range that is asked for."""
    if "Range" not in request.headers:
        return web.Response(body=content, headers=headers)
    try:
        start, stop, _ = request.http_range.indices(len(content))
    except ValueError:
        start = stop = 0
    if start >= stop:
        return web.Response(
            status=416,
            text="invalid range\n",
            headers={"Content-Range": f"bytes */{len(content)}"},
        )
    within = f"bytes {start}-{stop - 1}/{len(content)}"
    return web.Response(
        status=206,
        body=content[start:stop],
        headers={**headers, "Content-Range": within},
    )
