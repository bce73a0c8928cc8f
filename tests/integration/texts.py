"""Checks that everything shown has a text with all placeholders filled."""

from collections.abc import Mapping
from string import Formatter
from typing import Any

import pytest

from custom_components.budgero.agent_log import ISSUE as AGENT_ISSUE, QUESTION
from custom_components.budgero.const import DOMAIN
from custom_components.budgero.preset_flow import PresetFlow
from custom_components.budgero.presets import PRESET
from homeassistant.components.repairs import RepairsFlow
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowHandler, FlowManager, FlowResultType
from homeassistant.helpers import issue_registry as ir, translation

type FlowResult = Mapping[str, Any]


class Texts:
    """The English texts of Budgero, as Home Assistant finds them.

    Attributes:
        problems: what is shown without a complete text.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Bind Home Assistant, whose helpers resolve the texts."""
        self.problems: list[str] = []
        self._hass = hass
        self._issues: list[ir.IssueEntry] = []

    async def all_of(self, category: str) -> dict[str, str]:
        """Return the texts of a category by key, without the common prefix."""
        found = await translation.async_get_translations(
            self._hass, "en", category, {DOMAIN}
        )
        prefix = f"component.{DOMAIN}.{category}."
        return {
            key.removeprefix(prefix): text
            for key, text in found.items()
            if key.startswith(prefix)
        }

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Check every result of a flow and every repair from now on."""
        handle_step = FlowManager._async_handle_step  # noqa: SLF001
        create_issue = ir.IssueRegistry.async_get_or_create

        async def checked_step(
            manager: FlowManager[Any, Any, Any],
            flow: FlowHandler[Any, Any, Any],
            step_id: str,
            user_input: Any,
        ) -> Any:
            result = await handle_step(manager, flow, step_id, user_input)
            is_of_subentry = isinstance(flow, PresetFlow)
            if flow.handler == DOMAIN or is_of_subentry:
                await self._check_step(flow, result)
            return result

        def checked_issue(
            registry: ir.IssueRegistry, domain: str, issue_id: str, **details: Any
        ) -> ir.IssueEntry:
            issue = create_issue(registry, domain, issue_id, **details)
            if domain == DOMAIN:
                self._issues.append(issue)
            return issue

        monkeypatch.setattr(FlowManager, "_async_handle_step", checked_step)
        monkeypatch.setattr(ir.IssueRegistry, "async_get_or_create", checked_issue)

    async def check_issues(self) -> None:
        """Check the repairs that were opened."""
        for issue in self._issues:
            given = issue.translation_placeholders
            await self._check("issues", f"{issue.translation_key}.title", given)
            if not issue.is_fixable:
                description = f"{issue.translation_key}.description"
                await self._check("issues", description, given)

    async def _check(
        self, category: str, key: str, given: Mapping[str, str] | None
    ) -> None:
        text = (await self.all_of(category)).get(key)
        if text is None:
            self.problems.append(f"{category}.{key} has no text")
        elif missing := placeholders_in(text) - set(given or {}):
            self.problems.append(f"{category}.{key} lacks {missing}")

    async def _check_step(
        self, flow: FlowHandler[Any, Any, Any], result: FlowResult
    ) -> None:
        if result["type"] is FlowResultType.CREATE_ENTRY:
            return
        category, prefix = _place_of(flow)
        given = dict(result.get("description_placeholders") or {})
        given |= flow.context.get("title_placeholders", {})
        if result["type"] is FlowResultType.ABORT:
            if result.get("translation_domain") is None:
                await self._check(category, f"{prefix}abort.{result['reason']}", given)
            return
        for error in (result.get("errors") or {}).values():
            await self._check(category, f"{prefix}error.{error}", given)
        step = f"{prefix}step.{result['step_id']}."
        await self._check(category, f"{step}title", given)
        for option in result.get("menu_options", ()):
            await self._check(category, f"{step}menu_options.{option}", given)
        is_form = result["type"] is FlowResultType.FORM
        for field in result["data_schema"].schema if is_form else ():
            await self._check(category, f"{step}data.{field}", given)
            await self._check(category, f"{step}data_description.{field}", given)
        if f"{step}description" in await self.all_of(category):
            await self._check(category, f"{step}description", given)


def placeholders_in(text: str) -> set[str]:
    """Return the names of the placeholders of a text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _place_of(flow: FlowHandler[Any, Any, Any]) -> tuple[str, str]:
    """Return where the texts of a flow are: the category, and a prefix in it."""
    if isinstance(flow, PresetFlow):
        return "config_subentries", f"{PRESET}."
    kind = type(flow).__name__
    if kind == "BudgeroConfigFlow":
        return "config", ""
    if kind == "BudgeroOptionsFlow":
        return "options", ""
    assert isinstance(flow, RepairsFlow)
    data = flow.data or {}
    if QUESTION in data:  # answered elsewhere, its repair is closed already
        return "issues", f"{AGENT_ISSUE}.fix_flow."
    if (key := data.get("problem")) is None:
        issue = ir.async_get(flow.hass).async_get_issue(DOMAIN, flow.issue_id)
        assert issue is not None
        key = issue.translation_key
    return "issues", f"{key}.fix_flow."
