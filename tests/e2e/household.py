"""A household on this machine: a real Home Assistant and a Budgero to send to."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from string import Template

from tests.e2e.api import Api, Entry, connect
from tests.e2e.home_assistant import HomeAssistant, free_port, is_free
from tests.e2e.main_job import Defaults, set_up
from tests.e2e.seed import Installation, read, seed
from tests.e2e.stand_in import Credentials, StandIn

NO_ACCOUNT = 999_999
"""An id that no account has: what is logged there fails in the app."""

_DASHBOARD = Path(__file__).parent / "configuration" / "dashboard.yaml"


@dataclass(frozen=True, kw_only=True)
class Household:
    """What runs, and how to reach it."""

    installation: Installation
    home_assistant: HomeAssistant
    stand_in: StandIn | None
    page: str
    entry: Entry

    @property
    def dashboard(self) -> str:
        """Where a person starts."""
        return f"{self.installation.url}/budgero-demo"


@asynccontextmanager
async def living(
    folder: Path,
    *,
    port: int | None,
    credentials: Credentials | None,
    defaults: Defaults,
) -> AsyncIterator[Household]:
    """Start everything; it has ended when the block is left.

    Args:
        folder: Keeps everything, and is used again when it has something.
        port: Home Assistant's port, or none to choose one.
        credentials: An existing Budgero to use in place of the stand-in.
        defaults: Where transactions go that name nothing else.
    """
    async with AsyncExitStack() as stack:
        stand_in = None
        page = ""
        if credentials is None:
            stand_in = StandIn(folder, _stand_in_port(folder))
            await stack.enter_async_context(stand_in)
            credentials = await stand_in.start_and_wait()
            page = stand_in.page
        installation = _install(folder / "home_assistant", port)
        home_assistant = HomeAssistant(installation)
        home_assistant.log.unlink(missing_ok=True)
        await stack.enter_async_context(home_assistant)
        await home_assistant.start_and_wait()
        async with connect(installation) as api:
            entry = await set_up(api, credentials, defaults)
            await _write_dashboard(api, installation, entry, page or credentials.url)
        yield Household(
            installation=installation,
            home_assistant=home_assistant,
            stand_in=stand_in,
            page=page or credentials.url,
            entry=entry,
        )


def _install(folder: Path, port: int | None) -> Installation:
    """Prepare Home Assistant, on the port of the last time if it is still free."""
    known = read(folder)
    if port is None:
        port = known.port if known and is_free(known.port) else free_port()
    return seed(folder, port)


def _stand_in_port(folder: Path) -> int:
    """Return the stand-in's port: always the same, Home Assistant has stored it."""
    file = folder / "budgero.port"
    if not file.exists():
        file.write_text(str(free_port()))
    return int(file.read_text())


async def _write_dashboard(
    api: Api, installation: Installation, entry: Entry, page: str
) -> None:
    """Write the dashboard with the entities as they are called here."""
    entities = await api.entity_ids(entry.entry_id)
    names = {**entities, "page": page, "no_account": str(NO_ACCOUNT)}
    text = Template(_DASHBOARD.read_text()).substitute(names)
    (installation.folder / "dashboard.yaml").write_text(text)
