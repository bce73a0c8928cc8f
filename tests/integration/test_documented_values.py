"""The tables of amounts and dates in docs/actions.md are true, line by line."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
import re

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import yaml

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.push import Transaction
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script
from tests.documentation import section

from .support import ADD, row_of, running

_ROW = re.compile(r"^\| (`.*?`) \| (.*) \|$", re.MULTILINE)


def documented(title: str) -> Iterator[tuple[object, str | None]]:
    """Return what somebody may write, and what comes of it; `None` if refused."""
    for written, outcome in _ROW.findall(section("actions.md", title)):
        found = re.match(r"\**([0-9][0-9.-]*[0-9])", outcome)
        assert found or outcome.startswith("Refused"), outcome
        for value in re.findall("`(.+?)`", written.replace("\\|", "|")):
            yield yaml.safe_load(value), found and found[1]


async def logged(
    hass: HomeAssistant, entry: MockConfigEntry, **data: object
) -> Transaction | None:
    """Log a transaction in a script; return it, `None` if it was refused."""
    step = {"action": f"{DOMAIN}.{ADD}", "data": data, "response_variable": "answer"}
    script = Script(hass, cv.SCRIPT_SCHEMA([step]), "log", "script")
    try:
        result = await script.async_run(context=Context())
    except ServiceValidationError:
        return None
    assert result is not None
    row = await row_of(entry, result.variables["answer"]["message_id"])
    assert row.payload is not None
    return Transaction.from_wire(running(entry).client.key.open(row.payload))


@pytest.mark.allowed_warnings("Error for call_service")
async def test_amounts(
    hass: HomeAssistant, loaded: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """In the entry of the tests, which has euros."""
    for written, amount in documented("Amounts"):
        with subtests.test(written=written):
            transaction = await logged(hass, loaded, amount=written)
            assert (transaction and transaction.amount) == (amount and Decimal(amount))


@pytest.mark.allowed_warnings("Error for call_service")
async def test_dates(
    hass: HomeAssistant, loaded: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """In Berlin."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    for written, day in documented("Dates"):
        with subtests.test(written=written):
            transaction = await logged(hass, loaded, amount=1, date=written)
            expected = day and date.fromisoformat(day)
            assert (transaction and transaction.date) == expected
