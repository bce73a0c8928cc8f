"""The dialog that adds or changes a preset."""

from contextlib import suppress
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentryFlow,
    SubentryFlowResult,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import UnknownFlow

from .engine.push.errors import InvalidInputError
from .idle_end import IdleEnd
from .preset_forms import PresetForm
from .presets import get_preset, presets_of


class PresetFlow(ConfigSubentryFlow):
    """Adds a preset to an entry, or changes one.

    One that is left open ends: Home Assistant keeps in memory what it showed last.
    """

    def __init__(self) -> None:
        """Prepare its end."""
        self._idle_end = IdleEnd(self._abort)

    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Add one."""
        return await self.async_step_preset(user_input)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Change one."""
        return await self.async_step_preset(user_input)

    async def async_step_preset(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask what it is called, and what it stands for."""
        entry = self._get_entry()
        known = None
        if self.source == SOURCE_RECONFIGURE:
            known = get_preset(entry, self._reconfigure_subentry_id)
            if known is None:
                return self.async_abort(reason="preset_removed")
        others = [preset for preset in presets_of(entry) if preset != known]
        form = PresetForm.of(self.hass, entry, known)
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                title, data = form.parse(user_input, others)
            except InvalidInputError as error:
                errors = {error.field: error.problem}
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
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Stop waiting: the dialog has ended."""
        self._idle_end.stop()

    @callback
    def _abort(self) -> None:
        with suppress(UnknownFlow):
            self.hass.config_entries.subentries.async_abort(self.flow_id)
