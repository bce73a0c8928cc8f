"""What a person must look at, as repairs: opened and closed by facts."""

from typing import Final, cast, override

import voluptuous as vol

from homeassistant.components.repairs import (
    ConfirmRepairFlow,
    RepairsFlow,
    RepairsFlowResult,
)
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntryState,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .engine.outbox import Hold, OutboxError
from .engine.outbox.rows import STRANDED
from .models import BudgeroConfigEntry
from .outbox_actions import (
    async_find_held,
    async_find_unseen,
    async_remove_all,
    async_retry_all,
)
from .problems import Problem
from .server_queue import async_put_back_all
from .shielded import async_shielded

ANSWERS: Final = {
    Problem.HELD_WORKSPACE: ("token", "release"),
    Problem.HELD_KEY: ("key", "release"),
    Problem.HELD_FLOOD: ("release", "discard"),
    Problem.HELD_RESTORED: ("release", "discard"),
    Problem.FAILED: ("seen", "put_back", "retry", "remove"),
    Problem.VANISHED: ("seen", "retry", "remove"),
    Problem.DUPLICATE: ("seen", "retry", "remove"),
    Problem.UNKNOWN: ("seen", "retry", "remove"),
}
"""What a person may say to a problem; the others end by themselves."""

_SHOWN: Final = tuple(problem for problem in Problem if problem != Problem.HELD_TOKEN)
_HELD: Final = {Problem(f"held_{hold}"): hold for hold in Hold}
_STATES: Final = {Problem(state): state for state in STRANDED}
_UNUSABLE: Final = ("newer_outbox", "storage_unavailable")
_PLACEHOLDERS: Final = ("title", "count")
_WARNINGS: Final = (Problem.SIGN_IN, Problem.STALLED, Problem.NEARLY_FULL)
_BY_TOKEN: Final = (Problem.HELD_TOKEN, Problem.HELD_WORKSPACE)


@callback
def async_report(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Show what a person must look at, and stop showing what has ended."""
    _forget_unusable(hass, entry)
    problems = entry.runtime_data.coordinator.data.problems
    for problem in _SHOWN:
        if (number := problems.get(problem)) is None:
            ir.async_delete_issue(hass, DOMAIN, _issue_id(problem, entry))
        else:
            _open(hass, entry, problem, number)
    _ask_for_token(hass, entry, is_asked=Problem.HELD_TOKEN in problems)
    if not any(problem in problems for problem in _BY_TOKEN):
        for flow in entry.async_get_active_flows(hass, {SOURCE_REAUTH}):
            hass.config_entries.flow.async_abort(flow["flow_id"])


@callback
def _ask_for_token(
    hass: HomeAssistant, entry: BudgeroConfigEntry, *, is_asked: bool
) -> None:
    """Open the dialog; a repair if one that was left open keeps it closed."""
    if is_asked and _is_being_changed(entry, hass):
        _open(hass, entry, Problem.HELD_TOKEN, 1)
        return
    ir.async_delete_issue(hass, DOMAIN, _issue_id(Problem.HELD_TOKEN, entry))
    if is_asked:
        entry.async_start_reauth(hass)


def _is_being_changed(entry: BudgeroConfigEntry, hass: HomeAssistant) -> bool:
    """Return whether a dialog is open beside which Home Assistant opens no other."""
    return any(entry.async_get_active_flows(hass, {SOURCE_RECONFIGURE}))


@callback
def async_forget_reports(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Show nothing of an entry any more."""
    _forget_unusable(hass, entry)
    for problem in Problem:
        ir.async_delete_issue(hass, DOMAIN, _issue_id(problem, entry))


@callback
def async_report_unusable(
    hass: HomeAssistant, entry: BudgeroConfigEntry, reason: str
) -> None:
    """Show that nothing can be logged, until the entry is set up again."""
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
    """Return the flow that ends an issue."""
    known = data or {}
    if "problem" not in known:
        return ConfirmRepairFlow()
    return ProblemFlow(
        str(known["entry_id"]),
        Problem(str(known["problem"])),
        {name: str(known[name]) for name in _PLACEHOLDERS},
    )


class ProblemFlow(RepairsFlow):
    """A person has looked, and says what is to be done."""

    def __init__(
        self, entry_id: str, problem: Problem, placeholders: dict[str, str]
    ) -> None:
        """Name the entry and its problem, and what the texts about it say."""
        self._entry_id = entry_id
        self._problem = problem
        self._placeholders = placeholders
        self._chosen: list[str] = []

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask what is to be done."""
        return self.async_show_menu(
            step_id="init",
            menu_options=[
                answer
                for answer in ANSWERS[self._problem]
                if answer != "put_back" or self._has_user
            ],
            description_placeholders=self._placeholders,
        )

    async def async_step_release(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Deliver what is held."""
        return await self._async_finish("release")

    async def async_step_discard(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Remove what is held."""
        return await self._async_choose("discard", user_input)

    async def async_step_seen(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Leave each one to the actions."""
        return await self._async_finish("seen")

    async def async_step_retry(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Send all of them again, under new ids."""
        return await self._async_choose("retry", user_input)

    async def async_step_remove(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Remove all of them: they are in Budgero, or not needed."""
        return await self._async_choose("remove", user_input)

    async def async_step_put_back(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Let a Budgero app try all of them again."""
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        try:
            has_any = await async_put_back_all(entry.runtime_data)
        except HomeAssistantError:
            return self.async_abort(reason="not_put_back")
        if not has_any:
            return self.async_abort(reason="none_to_put_back")
        return self.async_create_entry(data={})

    async def async_step_token(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask for another token, in a dialog of its own."""
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        if _is_being_changed(entry, self.hass):
            return self.async_abort(reason="change_token")
        entry.async_start_reauth(self.hass)
        return self.async_abort(reason="enter_token")

    async def async_step_key(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Say where the key is changed."""
        return self.async_abort(reason="change_key")

    @callback
    @override
    def async_remove(self) -> None:
        """Show what is still so: the end of a dialog has closed its repair."""
        if (entry := self._entry) is not None:
            entry.runtime_data.coordinator.async_note_change()

    @property
    def _has_user(self) -> bool:
        return self._entry is not None and self._entry.runtime_data.user is not None

    @property
    def _entry(self) -> BudgeroConfigEntry | None:
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        return cast("BudgeroConfigEntry", entry)

    async def _async_choose(
        self, answer: str, user_input: dict[str, str] | None
    ) -> RepairsFlowResult:
        """Remember what the question is about: the answer says nothing of others."""
        if user_input is None:
            if (entry := self._entry) is None:
                return self.async_abort(reason="not_loaded")
            try:
                self._chosen = await self._async_find(entry)
            except HomeAssistantError:
                return self.async_abort(reason="storage_unavailable")
            self._placeholders["count"] = str(len(self._chosen))
        return await self._async_confirm(answer, user_input)

    async def _async_find(self, entry: BudgeroConfigEntry) -> list[str]:
        if self._problem in _STATES:
            return await async_find_unseen(entry.runtime_data, _STATES[self._problem])
        return await async_find_held(entry.runtime_data, _HELD[self._problem])

    async def _async_confirm(
        self, answer: str, user_input: dict[str, str] | None
    ) -> RepairsFlowResult:
        """Ask once more before what cannot be undone."""
        if user_input is None:
            return self.async_show_form(
                step_id=answer,
                data_schema=vol.Schema({}),
                description_placeholders=self._placeholders,
            )
        return await self._async_finish(answer)

    async def _async_finish(self, answer: str) -> RepairsFlowResult:
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        try:
            await async_shielded(self.hass, self._async_do(entry, answer))
        except OutboxError, HomeAssistantError:
            return self.async_abort(reason="storage_unavailable")
        return self.async_create_entry(data={})

    async def _async_do(self, entry: BudgeroConfigEntry, answer: str) -> None:
        data = entry.runtime_data
        match answer:
            case "release":
                await data.sender.release(_HELD[self._problem])
            case "discard":
                await data.store.discard(_HELD[self._problem], self._chosen)
            case "retry":
                await async_retry_all(data, self._chosen)
            case "remove":
                await async_remove_all(data, self._chosen)
            case _:
                await data.store.mark_seen({_STATES[self._problem]})
        data.sender.resume()


@callback
def _open(
    hass: HomeAssistant, entry: BudgeroConfigEntry, problem: Problem, number: int
) -> None:
    placeholders = {"title": entry.title, "count": str(number)}
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(problem, entry),
        data={"entry_id": entry.entry_id, "problem": problem, **placeholders},
        is_fixable=problem in ANSWERS,
        severity=severity_of(problem),
        translation_key=problem,
        translation_placeholders=placeholders,
    )


def severity_of(problem: Problem) -> ir.IssueSeverity:
    """Return a warning for that under which everything is still delivered."""
    is_warning = problem in _WARNINGS
    return ir.IssueSeverity.WARNING if is_warning else ir.IssueSeverity.ERROR


def _issue_id(problem: Problem, entry: BudgeroConfigEntry) -> str:
    return f"{problem}_{entry.entry_id}"
