"""The three presets of the demo, added through their dialog."""

import asyncio
from collections.abc import Mapping
from typing import Final

from tests.e2e.api import Api, Entry
from tests.e2e.json_value import JsonObject
from tests.e2e.main_job import DOMAIN, MainJobError

_NAMES_SECONDS: Final = 20.0
_TEMPLATES: Final[Mapping[str, JsonObject]] = {
    "Coffee": {
        "spoken_names": ["espresso"],
        "amount": "3.50",
        "payee": "Corner Café",
        "account": "Cash",
        "category": "Eating Out",
    },
    "Groceries": {"has_number": True, "account": "Checking", "category": "Groceries"},
    "Salary": {
        "type": "income",
        "amount": "2500",
        "payee": "Employer",
        "account": "Checking",
        "category": "Income",
    },
}
_PLACES: Final = ("account", "category")


async def add_presets(api: Api, entry: Entry, *, with_names: bool) -> None:
    """Add the presets, unless somebody has made some.

    Args:
        api: Home Assistant.
        entry: Of the Budgero space.
        with_names: Whether its names are those of the stand-in.

    Raises:
        MainJobError: The dialog refuses one, or the names do not come.
    """
    if await api.subentries(entry):
        return
    if with_names:
        await _until_named(api)
    for name, template in _TEMPLATES.items():
        known = {
            field: value
            for field, value in template.items()
            if with_names or field not in _PLACES
        }
        step = await api.start_subentry(entry, "preset")
        typed: JsonObject = {"type": "expense", "has_number": False, "name": name}
        step = await api.submit(step, {**typed, **known})
        if step.kind != "create_entry":
            raise MainJobError(f"The preset {name} was refused: {step.errors}")


async def preset_entities(api: Api, entry: Entry) -> Mapping[str, str]:
    """Return the entities of the presets, such as `coffee_log`."""
    entities = await api.entity_ids(entry.entry_id)
    return {
        f"{title.lower()}_{kind}": entities[key]
        for title, preset_id in (await api.subentries(entry)).items()
        for kind in ("log", "amount")
        if (key := f"{preset_id}_{kind}") in entities
    }


async def _until_named(api: Api) -> None:
    """Wait until the names were read from the server."""
    try:
        async with asyncio.timeout(_NAMES_SECONDS):
            while not (await api.ask(DOMAIN, "get_names", {}))["accounts"]:
                await asyncio.sleep(0.2)
    except TimeoutError as error:
        raise MainJobError("The names of the stand-in are not known") from error
