"""Lets every page of Home Assistant load the script of the dashboard card.

Works with dashboards in storage and in YAML, without a dashboard resource.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final

from homeassistant.components.frontend import (
    DOMAIN as FRONTEND,
    add_extra_js_url,
    remove_extra_js_url,
)
from homeassistant.components.http import StaticPathConfig  # type: ignore[attr-defined] # of 2026.10
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .const import DOMAIN, LOGGER
from .default_entry import all_entries

FOLDER: Final = Path(__file__).parent / "frontend"
PATH: Final = f"/{DOMAIN}_frontend"
"""Stays the same in all versions: a cached page of an older one may ask for it.

It cannot collide with a dashboard, because the path of a dashboard has a hyphen.
"""

_SCRIPT: Final = "budgero-card.js"
_HASH_LENGTH: Final = 12


async def async_setup_card_script(hass: HomeAssistant) -> None:
    """Serve the scripts, and name the first one in each page while there is an entry.

    Pages that are open keep what they have loaded. Home Assistant cannot stop serving
    the scripts before its next start, so an open page can say that nothing is set up.
    """
    if FRONTEND not in hass.config.components:
        return
    try:
        version = await hass.async_add_executor_job(hash_of, FOLDER)
    except OSError:
        LOGGER.warning("The dashboard card is missing: install the integration again")
        return
    await hass.http.async_register_static_paths(
        [StaticPathConfig(PATH, str(FOLDER), cache_headers=True)]
    )
    url = f"{PATH}/{_SCRIPT}?v={version}"

    @callback
    def show() -> None:
        if all_entries(hass):
            add_extra_js_url(hass, url)
        else:
            remove_extra_js_url(hass, url)

    @callback
    def look(change: ConfigEntryChange, entry: ConfigEntry) -> None:
        # Only without any entry: a page that is loaded while an entry reloads needs it.
        if entry.domain == DOMAIN and change is not ConfigEntryChange.UPDATED:
            show()

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, look)
    show()


def hash_of(folder: Path) -> str:
    """Return a hash over all files in a folder.

    It is a part of the address, because browsers keep the files for a month.

    Raises:
        OSError: the files cannot be read.
    """
    found = sha256((folder / _SCRIPT).read_bytes())
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()[:_HASH_LENGTH]
