"""The file that keeps the names of an entry, sealed with its space key."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import STORAGE_DIR

from .connection import Connection
from .const import CONF_PREVIOUS_SPACE_KEYS, DOMAIN, LOGGER
from .engine.names import (
    KeptNames,
    NamesError,
    NamesProblem,
    read_kept,
    remove_kept,
    write_kept,
)
from .engine.push import SpaceKey
from .models import BudgeroConfigEntry


@dataclass(frozen=True, slots=True)
class NamesFile:
    """The file with the names; its methods block and must run in the executor.

    Attributes:
        path: the path of the file.
        key: the space key that seals it.
        old: earlier keys that may have sealed it.
    """

    path: Path
    key: SpaceKey
    old: tuple[SpaceKey, ...] = ()

    @classmethod
    def of(cls, hass: HomeAssistant, entry: BudgeroConfigEntry) -> Self:
        """Return the file of an entry."""
        return cls(
            Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{entry.entry_id}.names")),
            Connection.of(entry.data).key,
            tuple(map(SpaceKey.parse, entry.data.get(CONF_PREVIOUS_SPACE_KEYS, ()))),
        )

    def read(self) -> KeptNames | None:
        """Return the names, `None` if there is no file.

        A file that an earlier key has sealed is sealed again with the present one.

        Raises:
            NamesError: no key opens the file, or it cannot be read or written.
        """
        for key in (self.key, *self.old):
            try:
                kept = read_kept(self.path, key)
            except NamesError as error:
                if error.problem is not NamesProblem.WRONG_KEY:
                    raise
                continue
            if kept is not None and key != self.key:
                self.write(kept)
            return kept
        raise NamesError(NamesProblem.WRONG_KEY)

    def write(self, kept: KeptNames) -> None:
        """Replace the names in the file.

        Raises:
            NamesError: the file cannot be written.
        """
        write_kept(self.path, kept, self.key)


async def async_remove_names(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Delete the names of a removed entry."""
    path = NamesFile.of(hass, entry).path
    try:
        await hass.async_add_executor_job(remove_kept, path)
    except NamesError as error:
        LOGGER.warning("The names of %s are still on disk: %s", entry.title, error)
