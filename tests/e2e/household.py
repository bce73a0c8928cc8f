"""A household on this machine: a real Home Assistant, and a Budgero."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
import fcntl
from pathlib import Path
from string import Template

import yaml
from yarl import URL

from tests.e2e import phone
from tests.e2e.api import Api, Entry, connect
from tests.e2e.home_assistant import (
    HomeAssistant,
    NotStartedError,
    free_port,
    is_free,
    require_free,
)
from tests.e2e.json_value import Json
from tests.e2e.main_job import Defaults, set_up
from tests.e2e.presets import add_presets, preset_entities
from tests.e2e.seed import Installation, read, seed
from tests.e2e.stand_in import Credentials, StandIn

NO_ACCOUNT = 999_999
"""An id that no account has; transactions for it fail in the app."""

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
_VIEW = Path(__file__).parents[2] / "dashboards" / "budgero.yaml"
_DASHBOARD = Path(__file__).parent / "configuration" / "dashboard.yaml"


@dataclass(frozen=True, kw_only=True)
class Household:
    """The running programs and their addresses.

    Attributes:
        installation: Home Assistant's folder and address.
        home_assistant: The program.
        stand_in: For Budgero, if it is ours.
        page: Where a person sees what Budgero has.
        address: Budgero's, as one enters it at set-up.
        entry: The config entry.
    """

    installation: Installation
    home_assistant: HomeAssistant
    stand_in: StandIn | None
    page: str
    address: str
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
    frontend: Path | None = None,
) -> AsyncIterator[Household]:
    """Start everything, and stop it at the end of the block.

    Args:
        folder: Keeps everything, and is used again when it has something.
        port: Home Assistant's port, or none to choose one.
        credentials: An existing Budgero to use in place of the stand-in.
        defaults: Where transactions go that name nothing else.
        frontend: A folder with the package of another frontend.

    Raises:
        NotStartedError: The port or the folder is in use, or not available.
        StartError: A program did not start.
    """
    if port is not None:
        require_free(port)
    async with AsyncExitStack() as stack:
        stack.enter_context(_alone_in(folder))
        stand_in = None
        page = ""
        if credentials is None:
            stand_in = StandIn(folder, _stand_in_port(folder))
            await stack.enter_async_context(stand_in)
            credentials = await stand_in.start_and_wait()
            page = stand_in.page
        is_alone = URL(credentials.url).host in _THIS_MACHINE
        installation = _install(folder / "home_assistant", port, is_alone=is_alone)
        _add_automation(installation)
        home_assistant = HomeAssistant(installation, frontend)
        home_assistant.log.unlink(missing_ok=True)
        await stack.enter_async_context(home_assistant)
        await home_assistant.start_and_wait()
        async with connect(installation) as api:
            entry = await set_up(api, credentials, defaults)
            await add_presets(api, entry, with_names=bool(credentials.username))
            await _write_dashboard(api, installation, entry, page or credentials.url)
        yield Household(
            installation=installation,
            home_assistant=home_assistant,
            stand_in=stand_in,
            page=page or credentials.url,
            address=credentials.url,
            entry=entry,
        )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Lock the folder until the process ends.

    Raises:
        NotStartedError: It is locked already, or cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("w")
    except OSError as error:
        raise NotStartedError(
            f"{folder} cannot be used: {error.strerror}. Give another folder with --dir."
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotStartedError(
                f"Another demo is running in {folder}. End it, or give another folder"
                " with --dir."
            ) from error
        yield


def _install(folder: Path, port: int | None, *, is_alone: bool) -> Installation:
    """Prepare Home Assistant, on the port of the last time if it is still free."""
    known = read(folder)
    if port is None:
        port = known.port if known and is_free(known.port) else free_port()
    return seed(folder, port, is_alone=is_alone)


def _stand_in_port(folder: Path) -> int:
    """Return the stand-in's port: always the same, Home Assistant has stored it.

    Raises:
        NotStartedError: Something else listens there now.
    """
    file = folder / "budgero.port"
    if not file.exists():
        file.write_text(str(free_port()))
    port = int(file.read_text())
    if not is_free(port):
        raise NotStartedError(
            f"Port {port} is taken, and the stand-in for Budgero in {folder} needs it."
            " End what listens there, or give another folder with --dir."
        )
    return port


def _add_automation(installation: Installation) -> None:
    """Add the example for a phone, unless there are automations already."""
    file = installation.folder / "automations.yaml"
    if file.read_text().strip() == "[]":
        file.write_text(phone.automation())


async def _write_dashboard(
    api: Api, installation: Installation, entry: Entry, page: str
) -> None:
    """Write the dashboard: the view for everybody, and one with things to try.

    In the second one the entities are named as they are called here.
    """
    entities = await api.entity_ids(entry.entry_id)
    presets = await preset_entities(api, entry)
    names = {**entities, **presets, "page": page, "no_account": str(NO_ACCOUNT)}
    text = Template(_DASHBOARD.read_text()).safe_substitute(names)
    views = [*yaml.safe_load(_VIEW.read_text()), *yaml.safe_load(text)]
    dashboard: Json = {"title": "Budgero", "views": _without_missing(views)}
    (installation.folder / "dashboard.yaml").write_text(
        yaml.safe_dump(dashboard, sort_keys=False, allow_unicode=True)
    )


def _without_missing(tree: Json) -> Json:
    """Leave the cards out whose entities are not there: somebody has removed them."""
    if isinstance(tree, Mapping):
        return {key: _without_missing(branch) for key, branch in tree.items()}
    if isinstance(tree, str) or not isinstance(tree, Sequence):
        return tree
    return [
        _without_missing(branch)
        for branch in tree
        if not (
            isinstance(branch, Mapping) and str(branch.get("entity")).startswith("$")
        )
    ]
