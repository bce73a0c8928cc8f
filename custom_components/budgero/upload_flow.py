"""The step that reads names from a file that Budgero exported."""

from abc import abstractmethod
from typing import Any, Final

import voluptuous as vol

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import FileSelector, FileSelectorConfig
from homeassistant.util import dt as dt_util

from .engine.names import KeptNames, NamesError, NamesProblem, Source, read_file

CONF_FILE: Final = "file"

_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_FILE): FileSelector(
            FileSelectorConfig(accept=".db,.sqlite,.sqlite3")
        )
    }
)


class UploadFlow(ConfigEntryBaseFlow):
    """Asks for the exported file, reads the names in it and deletes it."""

    @abstractmethod
    async def _async_take_names(self, kept: KeptNames) -> ConfigFlowResult:
        """Go on with these names."""

    async def async_step_upload(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the file."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                kept = await self.hass.async_add_executor_job(
                    _read, self.hass, user_input[CONF_FILE]
                )
            except NamesError as error:
                errors = {CONF_FILE: f"{CONF_FILE}_{error.problem}"}
            else:
                return await self._async_take_names(kept)
        return self.async_show_form(
            step_id="upload", data_schema=_SCHEMA, errors=errors
        )


def _read(hass: HomeAssistant, file_id: str) -> KeptNames:
    """Read an uploaded file, which is then deleted.

    Raises:
        NamesError: its names cannot be read, or it was deleted already.
    """
    try:
        with process_uploaded_file(hass, file_id) as path:
            directory = read_file(path)
    except ValueError:  # the file is gone, for example because the form was sent twice
        raise NamesError(NamesProblem.MISSING) from None
    return KeptNames(directory=directory, source=Source.FILE, read_at=dt_util.utcnow())
