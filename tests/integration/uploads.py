"""Files that are uploaded in a dialog."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import FormData, web
from aiohttp.test_utils import TestClient

type Upload = Callable[[bytes], Awaitable[str]]


async def send_file(
    client: TestClient[web.Request, web.Application], content: bytes
) -> str:
    """Upload a file as the frontend does; return its id."""
    form = FormData()
    form.add_field("file", content, filename="budgero-2026.db")
    async with client.post("/api/file_upload", data=form) as answer:
        assert answer.status == 200
        return str((await answer.json())["file_id"])


def files_below(folder: Path) -> list[Path]:
    """Return what was uploaded and is still there."""
    return sorted(folder.glob("home-assistant-file_upload/*"))
