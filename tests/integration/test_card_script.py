"""Every page loads the card's script while there is an entry."""

from pathlib import Path
import re
import sys
import threading
from types import ModuleType
from typing import Any

from aiohttp.test_utils import TestClient
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from yarl import URL

from custom_components.budgero import card_script
from custom_components.budgero.card_script import FOLDER, PATH, hash_of
from homeassistant.components.onboarding import const as onboarding
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer

from .support import make_second_entry, set_up

_INDEX = """
{% for module in extra_modules %}<script type="module" src="{{ module }}"></script>
{% endfor %}
"""
_YAML_DASHBOARD = {
    "dashboards": {
        "written-in-yaml": {"mode": "yaml", "title": "YAML", "filename": "own.yaml"}
    }
}

type Client = TestClient[Any, Any]


@pytest.fixture
async def frontend(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Home Assistant's frontend, of which only the page is here that loads the rest."""
    (folder := tmp_path / "hass_frontend").mkdir()
    (folder / "index.html").write_text(_INDEX)
    module = ModuleType("hass_frontend")
    monkeypatch.setattr(module, "where", lambda: folder, raising=False)
    monkeypatch.setitem(sys.modules, "hass_frontend", module)
    hass_storage[onboarding.DOMAIN] = {
        "version": 4,
        "data": {"done": list(onboarding.STEPS)},
    }
    config = {"frontend": {}, "lovelace": _YAML_DASHBOARD}
    assert await async_setup_component(hass, "lovelace", config)
    assert await async_setup_component(hass, "frontend", config)


@pytest.fixture
async def client(
    hass: HomeAssistant,
    frontend: None,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
) -> Client:
    """A browser, after the entry was set up."""
    await set_up(hass, entry)
    return await hass_client()


async def scripts(client: Client, page: str = "/config") -> list[str]:
    """Return the addresses of our scripts in a page that is loaded now."""
    answer = await client.get(page)
    assert answer.status == 200
    return re.findall(r'src="(/budgero[^"]*)"', await answer.text())


@pytest.mark.parametrize("page", ["/config", "/lovelace/0", "/written-in-yaml"])
async def test_every_page_loads_the_script(client: Client, page: str) -> None:
    """Of dashboards in storage and in YAML; the browser keeps it."""
    [url] = await scripts(client, page)
    assert url == f"{PATH}/budgero-card.js?v={hash_of(FOLDER)}"
    answer = await client.get(url)
    assert answer.status == 200
    assert answer.content_type == "text/javascript"
    assert answer.headers["Cache-Control"] == "public, max-age=2678400"
    assert await answer.read() == (FOLDER / "budgero-card.js").read_bytes()


async def test_only_scripts_are_served(client: Client) -> None:
    """Nothing beside the folder."""
    for path in ("", "nothing.js", "..//manifest.json"):
        answer = await client.get(URL(f"{PATH}/{path}", encoded=True))
        assert answer.status in (403, 404)


async def test_two_entries(
    hass: HomeAssistant,
    client: Client,
    entry: MockConfigEntry,
    other_server: BudgeroServer,
) -> None:
    """The script is loaded once, and stays until the last entry is removed."""
    other = make_second_entry(other_server)
    await set_up(hass, other)
    [url] = await scripts(client)
    await hass.config_entries.async_remove(entry.entry_id)
    assert await scripts(client) == [url]
    await hass.config_entries.async_remove(other.entry_id)
    assert await scripts(client) == []
    # An open page, or one from the cache, says that nothing is set up.
    assert (await client.get(url)).status == 200


async def test_removed_and_added_again(
    hass: HomeAssistant, client: Client, entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """It comes back with a new entry, under the same address."""
    [url] = await scripts(client)
    await hass.config_entries.async_remove(entry.entry_id)
    assert await scripts(client) == []
    await hass.config_entries.async_add(make_second_entry(server))
    assert await scripts(client) == [url]


async def test_reload_and_disabling(
    hass: HomeAssistant, client: Client, entry: MockConfigEntry
) -> None:
    """A page that is loaded meanwhile has the card, which says what is wrong."""
    [url] = await scripts(client)
    await hass.config_entries.async_reload(entry.entry_id)
    assert await scripts(client) == [url]
    await hass.config_entries.async_unload(entry.entry_id)
    assert await scripts(client) == [url]
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    assert await scripts(client) == [url]


async def test_without_the_frontend(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_client: ClientSessionGenerator
) -> None:
    """Logging needs no card."""
    client = await hass_client()
    assert (await client.get(f"{PATH}/budgero-card.js")).status == 404


@pytest.mark.allowed_warnings("The dashboard card is missing")
async def test_a_broken_installation(
    hass: HomeAssistant,
    frontend: None,
    entry: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without its files there is no card, and everything else works."""
    monkeypatch.setattr(card_script, "FOLDER", tmp_path / "nothing")
    await set_up(hass, entry)
    assert "The dashboard card is missing" in caplog.text
    assert await scripts(await hass_client()) == []


async def test_the_disk_is_read_elsewhere(
    hass: HomeAssistant,
    frontend: None,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not in the event loop."""
    threads = []

    def note_thread(folder: Path) -> str:
        threads.append(threading.get_ident())
        return hash_of(folder)

    monkeypatch.setattr(card_script, "hash_of", note_thread)
    await set_up(hass, entry)
    assert len(threads) == 1
    assert threads != [threading.get_ident()]


def test_the_version(tmp_path: Path) -> None:
    """It changes with each file, in subfolders too, and with nothing else."""
    folder = tmp_path / "frontend"
    (folder / "languages").mkdir(parents=True)
    (folder / "budgero-card.js").write_text("first")
    (folder / "card.js").write_text("second")
    (folder / "languages" / "de.json").write_text("third")
    versions = [hash_of(folder), hash_of(folder)]
    for path in sorted(folder.rglob("*.js*")):
        path.write_text("changed")
        versions.append(hash_of(folder))
    assert len(versions) == 5
    assert len(set(versions)) == 4
    assert all(re.fullmatch("[0-9a-f]{12}", version) for version in versions)
    with pytest.raises(FileNotFoundError):
        hash_of(tmp_path)
