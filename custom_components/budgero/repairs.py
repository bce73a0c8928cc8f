"""What a person must look at, opened and closed by facts."""

from typing import Final

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .engine.outbox import Hold
from .models import BudgeroConfigEntry

_HELD: Final = {
    Hold.ADDRESS: "held_address",
    Hold.CERTIFICATE: "held_certificate",
}
_VANISHED: Final = "vanished"


@callback
def async_report_hold(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Show why nothing is sent, and stop showing it when that has ended."""
    hold = entry.runtime_data.sender.hold
    for reason, problem in _HELD.items():
        _report(hass, entry, problem, is_open=hold is reason)
    if hold is Hold.TOKEN:
        entry.async_start_reauth(hass)
        return
    for flow in entry.async_get_active_flows(hass, {SOURCE_REAUTH}):
        hass.config_entries.flow.async_abort(flow["flow_id"])


@callback
def async_report_vanished(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Show that transactions vanished, until a person has seen it."""
    vanished = entry.runtime_data.coordinator.data.vanished
    _report(
        hass, entry, _VANISHED, is_open=vanished > 0, fixable=True, count=str(vanished)
    )


@callback
def async_forget_reports(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Show nothing of an entry any more."""
    for problem in (*_HELD.values(), _VANISHED):
        _report(hass, entry, problem, is_open=False)


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the flow that ends an issue."""
    return VanishedFlow(str((data or {})["entry_id"]))


class VanishedFlow(RepairsFlow):
    """A person has looked in Budgero for what vanished."""

    def __init__(self, entry_id: str) -> None:
        """Name the entry."""
        self._entry_id = entry_id

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Go to the only question."""
        return await self.async_step_confirm()

    async def async_step_confirm(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask, then go on following the other transactions."""
        issue = ir.async_get(self.hass).async_get_issue(self.handler, self.issue_id)
        if user_input is None:
            return self.async_show_form(
                step_id="confirm",
                data_schema=vol.Schema({}),
                description_placeholders=issue.translation_placeholders
                if issue
                else None,
            )
        entry: BudgeroConfigEntry | None = self.hass.config_entries.async_get_entry(
            self._entry_id
        )
        if entry is not None and hasattr(entry, "runtime_data"):
            await entry.runtime_data.sender.confirm_vanished()
        return self.async_create_entry(data={})


@callback
def _report(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    problem: str,
    *,
    is_open: bool,
    fixable: bool = False,
    **placeholders: str,
) -> None:
    issue_id = f"{problem}_{entry.entry_id}"
    if not is_open:
        ir.async_delete_issue(hass, DOMAIN, issue_id)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id},
        is_fixable=fixable,
        severity=ir.IssueSeverity.ERROR,
        translation_key=problem,
        translation_placeholders={"title": entry.title, **placeholders},
    )
