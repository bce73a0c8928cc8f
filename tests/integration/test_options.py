"""The options: where transactions go when an action says nothing else."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import (
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
    CONF_IS_DEFAULT,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.budgero_server import BudgeroServer

from .flows import TYPED, suggested
from .support import Call


async def test_options_change_the_defaults(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Other defaults hold for the next transaction, without a restart."""
    form = await hass.config_entries.options.async_init(loaded.entry_id)
    assert form["step_id"] == "init"
    assert suggested(form) == TYPED
    values = TYPED | {CONF_ACCOUNT: "0"}
    form = await hass.config_entries.options.async_configure(form["flow_id"], values)
    assert form["errors"] == {CONF_ACCOUNT: "account_not_an_id"}
    assert suggested(form) == values
    for hostile in ("9" * 600_000, "1e3", "1.5", "nan", "\u0661"):
        form = await hass.config_entries.options.async_configure(
            form["flow_id"], TYPED | {CONF_ACCOUNT: hostile}
        )
        assert form["errors"] == {CONF_ACCOUNT: "account_not_an_id"}
    del values[CONF_CATEGORY]
    values[CONF_ACCOUNT] = "2"
    result = await hass.config_entries.options.async_configure(form["flow_id"], values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert loaded.options == {
        CONF_ACCOUNT: 2,
        CONF_BUDGET: 1,
        CONF_CURRENCY: "EUR",
        CONF_IS_DEFAULT: True,
    }
    await add(amount=1, wait=True)
    server.apply()
    [booking] = server.bookings
    assert booking.account == "Cash"
    assert booking.category_id != 5
