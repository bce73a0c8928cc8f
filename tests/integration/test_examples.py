"""The automations that the README and its pages offer to copy."""

import re

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)

from custom_components.budgero.const import DOMAIN
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import config_validation as cv, entity_registry as er
from homeassistant.helpers.script import Script
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer
from tests.documentation import PAGES, Example, automations

from .support import running, until


@pytest.mark.parametrize("example", automations(), ids=str)
async def test_example_is_valid(
    hass: HomeAssistant, loaded: MockConfigEntry, example: Example
) -> None:
    """Home Assistant takes it as it stands there."""
    for entry_id in re.findall(r"config_entry_id': '(\w+)'", repr(example)):
        MockConfigEntry(domain=DOMAIN, entry_id=entry_id).add_to_hass(hass)
    assert await async_setup_component(hass, "automation", {})
    assert isinstance(example.content, dict)
    checked = await async_validate_config_item(hass, str(example), example.content)
    assert checked is not None
    assert checked.validation_error is None


async def test_entities_have_the_ids_of_the_page(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The tables say under which IDs the entities of a first entry are."""
    entities = er.async_entries_for_config_entry(er.async_get(hass), loaded.entry_id)
    ids = {entity.entity_id for entity in entities}
    assert set(re.findall(r"`(\w+\.budgero_\w+)`", PAGES["entities.md"])) == ids


def _actions(alias: str) -> object:
    """Return what an example does."""
    [actions] = [
        example.content["actions"]
        for example in automations()
        if isinstance(example.content, dict) and example.content["alias"] == alias
    ]
    return actions


@pytest.mark.allowed_warnings("Expense from the phone: .*")
@pytest.mark.parametrize(
    ("amount", "milliunits"),
    [
        ("12.50", 12500),
        ("12,05", 12050),
        (12.5, 12500),
        (100, 100_000),
        ("1.000", None),
        ("1,000", None),
        ("2.500,00", None),
        ("", None),
    ],
)
async def test_what_somebody_types_on_the_phone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    amount: object,
    milliunits: int | None,
) -> None:
    """It is booked as it was meant, or refused, and then somebody is told."""
    told = async_mock_service(hass, "persistent_notification", "create")
    actions = cv.SCRIPT_SCHEMA(_actions("Expense from the phone"))
    script = Script(hass, actions, "Expense from the phone", "automation")
    typed = {"trigger": {"json": {"amount": amount, "payee": "Baker"}}}
    await script.async_run(typed, context=Context())
    if milliunits is None:
        assert len(told) == 1
        assert (await running(loaded).store.counts()).unfinished == 0
    else:
        assert not told
        await until(lambda: server.counts.pending == 1)
        server.apply()
        assert [booking.outflow for booking in server.bookings] == [milliunits]
