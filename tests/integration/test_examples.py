"""The automations that the README and its pages offer to copy."""

import re

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import DOMAIN
from homeassistant.components.automation.config import async_validate_config_item
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from tests.documentation import PAGES, Example, automations


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
