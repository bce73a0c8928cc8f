"""The triggers: an automation runs for each transaction that Budgero settled."""

from datetime import datetime

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
import voluptuous as vol

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.trigger import TRIGGERS
from homeassistant.core import HomeAssistant, ServiceCall
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.trigger import (
    async_get_all_descriptions,
    async_validate_trigger_config,
)
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer

from .support import Call, let_the_app_work, running, set_up, until

ACCEPTED = f"{DOMAIN}.transaction_accepted"
PROCESSED = f"{DOMAIN}.transaction_processed"
FAILED = f"{DOMAIN}.transaction_failed"


async def automate(
    hass: HomeAssistant, trigger: str, **options: str
) -> list[ServiceCall]:
    """Let an automation note for which transactions it runs."""
    calls = async_mock_service(hass, "test", "note")
    names = ("message_id", "config_entry_id", "at", "description")
    automation = {
        "alias": "Note",
        "mode": "parallel",
        "triggers": [{"trigger": trigger, **({"options": options} if options else {})}],
        "actions": [
            {
                "action": "test.note",
                "data": {name: f"{{{{ trigger.{name} }}}}" for name in names},
            }
        ],
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    return calls


async def process(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    message_id: str,
) -> None:
    """Bring a transaction of an entry through an app."""
    await add(
        amount=1, message_id=message_id, config_entry_id=entry.entry_id, wait=True
    )
    await let_the_app_work(entry, server)
    await hass.async_block_till_done()


def ids_of(calls: list[ServiceCall]) -> list[object]:
    """Return for which transactions the automation ran."""
    return [call.data["message_id"] for call in calls]


async def test_accepted(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It runs as soon as the server has taken one, and not again."""
    calls = await automate(hass, ACCEPTED)
    await add(amount=1, message_id="a", wait=True)
    await hass.async_block_till_done()
    assert ids_of(calls) == ["a"]
    await let_the_app_work(loaded, server)
    await hass.async_block_till_done()
    assert ids_of(calls) == ["a"]


async def test_processed(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It runs once for each, and knows which one, of which entry, and when."""
    calls = await automate(hass, PROCESSED)
    before = dt_util.now()
    await add(amount=1, message_id="a", wait=True)
    await add(amount=2, message_id="b", wait=True)
    assert not calls
    await process(hass, loaded, server, add, "c")
    await until(lambda: sorted(map(str, ids_of(calls))) == ["a", "b", "c"])
    await running(loaded).coordinator.async_ask_now()
    await hass.async_block_till_done()
    assert len(calls) == 3
    for call in calls:
        at = call.data["at"]
        assert before <= datetime.fromisoformat(str(at)) <= dt_util.now()
        assert call.data["config_entry_id"] == loaded.entry_id
        assert call.data["description"] == "Budgero processed a transaction"


async def test_failed(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It runs for what an app reports."""
    calls = await automate(hass, FAILED)
    await process(hass, loaded, server, add, "good")
    await add(amount=1, message_id="no-account", account=999, wait=True)
    await let_the_app_work(loaded, server)
    await until(lambda: ids_of(calls) == ["no-account"])
    assert calls[0].data["description"] == "a transaction for Budgero failed"


async def test_automation_that_was_there_first(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It may listen before the entry is loaded, and goes on after every reload."""
    calls = await automate(hass, PROCESSED, config_entry_id=entry.entry_id)
    await set_up(hass, entry)
    await process(hass, entry, server, add, "first")
    await until(lambda: ids_of(calls) == ["first"])
    assert await hass.config_entries.async_reload(entry.entry_id)
    await process(hass, entry, server, add, "second")
    await until(lambda: ids_of(calls) == ["first", "second"])
    assert await hass.config_entries.async_unload(entry.entry_id)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await process(hass, entry, server, add, "third")
    await until(lambda: ids_of(calls) == ["first", "second", "third"])


async def test_one_entry_of_two(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    other: MockConfigEntry,
    other_server: BudgeroServer,
    add: Call,
) -> None:
    """Who chose an entry does not hear of the others, also when it is removed."""
    calls = await automate(hass, PROCESSED, config_entry_id=loaded.entry_id)
    await process(hass, other, other_server, add, "theirs")
    await process(hass, loaded, server, add, "ours")
    await until(lambda: ids_of(calls) == ["ours"])
    await hass.config_entries.async_remove(loaded.entry_id)
    await process(hass, other, other_server, add, "theirs-again")
    assert ids_of(calls) == ["ours"]


async def test_every_entry(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    other: MockConfigEntry,
    other_server: BudgeroServer,
    add: Call,
) -> None:
    """Who chose none hears of all, and of those that are left."""
    calls = await automate(hass, PROCESSED)
    await process(hass, loaded, server, add, "ours")
    await hass.config_entries.async_remove(loaded.entry_id)
    await process(hass, other, other_server, add, "theirs")
    await until(lambda: ids_of(calls) == ["ours", "theirs"])
    entries = [call.data["config_entry_id"] for call in calls]
    assert entries == [loaded.entry_id, other.entry_id]


async def test_automation_that_is_turned_off(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It hears nothing any more."""
    calls = await automate(hass, PROCESSED)
    await hass.services.async_call(
        "automation", "turn_off", {"entity_id": "automation.note"}, blocking=True
    )
    await process(hass, loaded, server, add, "a")
    assert not calls


@pytest.mark.parametrize(
    "options",
    [
        {"config_entry_id": "removed"},
        {"config_entry_id": "of somebody else"},
        {"amount": 1},
    ],
)
async def test_what_could_never_run_is_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, options: dict[str, object]
) -> None:
    """An entry that is not Budgero's, or not there, is a mistake that is shown."""
    MockConfigEntry(domain="other", entry_id="of somebody else").add_to_hass(hass)
    config = cv.TRIGGER_SCHEMA([{"trigger": PROCESSED, "options": options}])
    with pytest.raises(vol.Invalid):
        await async_validate_trigger_config(hass, config)


async def test_description(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """The editor of automations offers them, with the choice of the entry."""
    await automate(hass, PROCESSED)
    descriptions = await async_get_all_descriptions(hass)
    field = {"selector": {"config_entry": {"integration": DOMAIN}}}
    for key in TRIGGERS:
        description = descriptions[f"{DOMAIN}.{key}"]
        assert description == {"fields": {"config_entry_id": field}}
