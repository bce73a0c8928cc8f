"""The dialog that adds or changes a preset."""

from contextlib import suppress
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntryState,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import UnknownFlow

from .engine.push.errors import InvalidInputError
from .idle_end import IdleEnd
from .preset_check import find_problems
from .preset_forms import PresetForm
from .presets import get_preset, presets_of


class PresetFlow(ConfigSubentryFlow):
    """Adds a preset to an entry, or changes one.

    It ends after `MAX_IDLE`, because Home Assistant keeps the last form in memory.
    """

    def __init__(self) -> None:
        """Prepare the timer."""
        self._idle_end = IdleEnd(self._abort)

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add a preset."""
        return await self.async_step_preset(user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change a preset."""
        return await self.async_step_preset(user_input)

    async def async_step_preset(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for the fields of the preset."""
        entry = self._get_entry()
        known = None
        errors: dict[str, str] = {}
        near: dict[str, str] = {}
        if self.source == SOURCE_RECONFIGURE:
            known = get_preset(entry, self._reconfigure_subentry_id)
            if known is None:
                return self.async_abort(reason="preset_removed")
            if entry.state is ConfigEntryState.LOADED:
                errors = find_problems(entry, known)
        others = [preset for preset in presets_of(entry) if preset != known]
        form = PresetForm.of(self.hass, entry, known)
        if user_input is not None:
            try:
                title, data = form.parse(user_input, others)
            except InvalidInputError as error:
                errors = {error.field: error.problem}
                near = form.near(error.field, user_input)
            else:
                if known is None:
                    return self.async_create_entry(title=title, data=data)
                return self.async_update_and_abort(
                    entry, self._get_reconfigure_subentry(), title=title, data=data
                )
        suggested = user_input or (form.suggest(known) if known else {})
        self._idle_end.begin_anew(self.hass)
        return self.async_show_form(
            step_id="preset",
            data_schema=self.add_suggested_values_to_schema(form.schema, suggested),
            errors=errors,
            description_placeholders=near,
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Stop the time, because the dialog has ended."""
        self._idle_end.stop()

    @callback
    def _abort(self) -> None:
        with suppress(UnknownFlow):
            self.hass.config_entries.subentries.async_abort(self.flow_id)
