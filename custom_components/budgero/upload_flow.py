"""The step that reads names from a file that Budgero exported."""

from abc import abstractmethod
from typing import Any, Final

import voluptuous as vol

from homeassistant.components.file_upload import process_uploaded_file
from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import FileSelector, FileSelectorConfig
from homeassistant.util import dt as dt_util

from .engine.names import (
    Directory,
    KeptNames,
    NamesError,
    NamesProblem,
    Source,
    read_file,
)
from .models import BudgeroConfigEntry
from .workspace_check import is_of_another_workspace

CONF_FILE: Final = "file"

_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_FILE): FileSelector(
            FileSelectorConfig(accept=".db,.sqlite,.sqlite3")
        )
    }
)


class UploadFlow(ConfigEntryBaseFlow):
    """Asks for the exported file, reads the names in it and deletes it.

    A file that seems to be that of another workspace is taken when it is sent again.
    """

    _doubted: Directory | None = None

    @property
    @abstractmethod
    def _entry_of_names(self) -> BudgeroConfigEntry | None:
        """The entry that is to have the names, if there is one already."""

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
                if not self._is_doubtful(kept.directory):
                    return await self._async_take_names(kept)
                self._doubted = kept.directory
                errors = {CONF_FILE: "file_other_workspace"}
        return self.async_show_form(
            step_id="upload", data_schema=_SCHEMA, errors=errors
        )

    def _is_doubtful(self, found: Directory) -> bool:
        """Return whether names seem to be wrong, and nobody has confirmed them."""
        return found != self._doubted and is_of_another_workspace(
            self.hass, self._entry_of_names, found
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
