"""Opens a repair for each problem, and closes it when the problem has ended."""

from typing import Final

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    FlowType,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_RECONFIGURE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from . import default_entry
from .agent_log import QUESTION, agent_log
from .agent_repair import AgentRepairFlow
from .const import DOMAIN
from .decision_flow import ANSWERS, DecisionFlow
from .engine.outbox import STRANDED, Hold, OutboxError
from .models import BudgeroConfigEntry
from .preset_repairs import PresetRepairFlow, async_forget_presets
from .problems import Problem
from .repair_flow import EntryRepairFlow
from .shielded import async_shielded

HOLD_ANSWERS: Final = {
    Problem.HELD_WORKSPACE: ("token", "release"),
    Problem.HELD_KEY: ("key", "release"),
}
"""The answers that a person may choose when all transactions are held."""

_SHOWN: Final = tuple(problem for problem in Problem if problem != Problem.HELD_TOKEN)
_STATES: Final = {Problem(state): state for state in STRANDED}
_FIXABLE: Final = {*HOLD_ANSWERS, *ANSWERS}
_UNUSABLE: Final = ("newer_outbox", "foreign_outbox", "storage_unavailable")
_PLACEHOLDERS: Final = ("title", "count")
_WARNINGS: Final = (
    Problem.CLOCK_DIFFERS,
    Problem.SIGN_IN,
    Problem.STALLED,
    Problem.NEARLY_FULL,
)


@callback
def async_report(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Open a repair for each problem of the snapshot, and close the others."""
    _forget_unusable(hass, entry)
    snapshot = entry.runtime_data.coordinator.data
    problems = snapshot.problems
    for problem in _SHOWN:
        if (number := problems.get(problem)) is None:
            _close(hass, entry, problem)
        else:
            state = _STATES.get(problem)
            happening = snapshot.announcements[state] if state else None
            _open(hass, entry, problem, number, happening)
    _ask_for_token(hass, entry, is_asked=Problem.HELD_TOKEN in problems)
    if Problem.HELD_TOKEN not in problems:
        for flow in entry.async_get_active_flows(hass, {SOURCE_REAUTH}):
            hass.config_entries.flow.async_abort(flow["flow_id"])


@callback
def _ask_for_token(
    hass: HomeAssistant, entry: BudgeroConfigEntry, *, is_asked: bool
) -> None:
    """Open the dialog for a new token.

    While another dialog that changes the entry is open Home Assistant opens none, so a
    repair is shown instead.
    """
    if is_asked and _is_being_changed(entry, hass):
        _open(hass, entry, Problem.HELD_TOKEN, 1)
        return
    _close(hass, entry, Problem.HELD_TOKEN)
    if is_asked:
        entry.async_start_reauth(hass)


def _is_being_changed(entry: BudgeroConfigEntry, hass: HomeAssistant) -> bool:
    """Return whether a dialog that changes the entry is open."""
    return any(entry.async_get_active_flows(hass, {SOURCE_RECONFIGURE}))


@callback
def async_forget_reports(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Close all repairs of an entry."""
    _forget_unusable(hass, entry)
    async_forget_presets(hass, entry)
    agent_log(hass).forget(entry.entry_id)
    for problem in Problem:
        _close(hass, entry, problem)


@callback
def async_report_unusable(
    hass: HomeAssistant, entry: BudgeroConfigEntry, reason: str
) -> None:
    """Open the repair of an entry that cannot be set up.

    Args:
        hass: Home Assistant.
        entry: the entry.
        reason: translation key of the repair.
    """
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{reason}_{entry.entry_id}",
        is_fixable=False,
        severity=ir.IssueSeverity.ERROR,
        translation_key=reason,
        translation_placeholders={"title": entry.title},
    )


@callback
def _forget_unusable(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    for reason in _UNUSABLE:
        ir.async_delete_issue(hass, DOMAIN, f"{reason}_{entry.entry_id}")


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """Return the dialog of a repair."""
    known = data or {}
    if issue_id == default_entry.ISSUE_ID:
        return default_entry.DefaultEntryFlow()
    if "preset_id" in known:
        return PresetRepairFlow(str(known["entry_id"]), str(known["preset_id"]))
    if QUESTION in known:
        return AgentRepairFlow(str(known["entry_id"]), str(known[QUESTION]))
    if "problem" not in known:
        return ConfirmRepairFlow()
    problem = Problem(str(known["problem"]))
    kind = DecisionFlow if problem in ANSWERS else HoldFlow
    placeholders = {name: str(known[name]) for name in _PLACEHOLDERS}
    return kind(str(known["entry_id"]), problem, placeholders)


class HoldFlow(EntryRepairFlow):
    """Asks about space key or workspace while everything is held."""

    def __init__(
        self, entry_id: str, problem: Problem, placeholders: dict[str, str]
    ) -> None:
        """Take the entry's id, the problem, and the placeholders of the texts."""
        super().__init__(entry_id, placeholders)
        self._answers = HOLD_ANSWERS[problem]
        self._hold = Hold(problem.removeprefix("held_"))

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask for the answer."""
        return self.async_show_menu(
            step_id="init",
            menu_options=self._answers,
            description_placeholders=self._placeholders,
        )

    async def async_step_release(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Deliver the held transactions."""
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        outbox = entry.runtime_data.outbox
        try:
            await async_shielded(self.hass, outbox.release(self._hold))
        except OutboxError as error:
            return self._async_end(error)
        return self.async_create_entry(data={})

    async def async_step_token(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Open the form for another token."""
        return await self._async_open_form("enter_token")

    async def async_step_key(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Open the form for another key."""
        return await self._async_open_form("enter_key")

    async def _async_open_form(self, reason: str) -> RepairsFlowResult:
        """Open the form for token and key, in place of this dialog.

        The repair ends by itself once the new token or key is good.
        """
        if self._entry is None:
            return self.async_abort(reason="not_loaded")
        flows = self.hass.config_entries.flow
        menu = await flows.async_init(
            DOMAIN,
            context={"source": SOURCE_RECONFIGURE, "entry_id": self._entry_id},
        )
        flow_id = menu["flow_id"]
        await flows.async_configure(flow_id, {"next_step_id": "new_credentials"})
        return self.async_abort(
            reason=reason, next_flow=(FlowType.CONFIG_FLOW, flow_id)
        )


@callback
def _open(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    problem: Problem,
    number: int,
    happening: int | None = None,
) -> None:
    """Open the repair of a problem.

    Args:
        hass: Home Assistant.
        entry: the entry that has the problem.
        problem: the problem.
        number: how many transactions are concerned.
        happening: part of the issue id, so that a new occurrence is shown although the
            repair for an earlier one was ignored.
    """
    placeholders = {"title": entry.title, "count": str(number)}
    issue_id = _issue_id(problem, entry)
    if happening is not None:
        issue_id = f"{issue_id}_{happening}"
    _close(hass, entry, problem, keep=issue_id)
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data={"entry_id": entry.entry_id, "problem": problem, **placeholders},
        is_fixable=problem in _FIXABLE,
        severity=severity_of(problem),
        translation_key=problem,
        translation_placeholders=placeholders,
    )


@callback
def _close(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    problem: Problem,
    keep: str | None = None,
) -> None:
    """Close the repairs of a problem.

    Args:
        hass: Home Assistant.
        entry: the entry.
        problem: the problem.
        keep: issue id of the one to leave open.
    """
    start = _issue_id(problem, entry)
    for domain, issue_id in list(ir.async_get(hass).issues):
        is_its_own = issue_id == start or issue_id.startswith(f"{start}_")
        if domain == DOMAIN and is_its_own and issue_id != keep:
            ir.async_delete_issue(hass, DOMAIN, issue_id)


def severity_of(problem: Problem) -> ir.IssueSeverity:
    """Return `WARNING` if transactions are still delivered, else `ERROR`."""
    is_warning = problem in _WARNINGS
    return ir.IssueSeverity.WARNING if is_warning else ir.IssueSeverity.ERROR


def _issue_id(problem: Problem, entry: BudgeroConfigEntry) -> str:
    return f"{problem}_{entry.entry_id}"
