"""The names of an entry: read from the server or a file, or given by hand."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import LOGGER
from .engine.names import (
    Directory,
    KeptNames,
    NameIndex,
    NamesError,
    NamesProblem,
    Source,
    fetch_database,
    read_blob,
)
from .engine.push import ServerUser, SpaceKey
from .engine.push.errors import PushError
from .models import BudgeroConfigEntry
from .names_file import NamesFile

ASK_AGAIN_AFTER: Final = 3600.0
"""Seconds between two requests to the server that ask for new names."""


class NameDirectory:
    """Knows what the ids of one workspace are called.

    Names that were read are kept on disk, sealed. If they cannot be read again, the
    last ones stay, and `problem` tells why.

    Attributes:
        index: finds names; empty while nothing is known.
        is_finished: whether the entry was unloaded, so that nothing is kept any more.
        problem: code of the last error, `None` if all went well.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        file: NamesFile,
        user: ServerUser | None,
        by_hand: Directory,
    ) -> None:
        """Start with the names that a person gave.

        Args:
            hass: Home Assistant.
            file: keeps what was read.
            user: who may read the server's names, if somebody is signed in.
            by_hand: the names that a person gave, which win over all others.
        """
        self._hass = hass
        self._file = file
        self._user = user
        self._by_hand = by_hand
        self._kept: KeptNames | None = None
        self._unreadable: NamesError | None = None
        self._reading = asyncio.Lock()
        self._changing = asyncio.Lock()
        self._listeners: list[Callable[[], None]] = []
        self.is_finished = False
        self.index = NameIndex(by_hand)
        self.problem: str | None = None

    @property
    def directory(self) -> Directory:
        """Everything that is known."""
        return self.index.directory

    @property
    def read(self) -> Directory:
        """What was read from Budgero, without the names by hand."""
        return self._kept.directory if self._kept else Directory()

    @property
    def source(self) -> Source | None:
        """Where the names were read; `None` if there are only those by hand."""
        return self._kept.source if self._kept else None

    @property
    def read_at(self) -> datetime | None:
        """When they were read."""
        return self._kept.read_at if self._kept else None

    @property
    def is_signed_in(self) -> bool:
        """Whether there is a user who may read the server's names."""
        return self._user is not None

    async def async_load(self) -> None:
        """Read the names that are kept on disk; an error does not stop the set-up."""
        try:
            kept = await self._hass.async_add_executor_job(self._file.read)
        except NamesError as error:
            LOGGER.info("The names on disk are of no use: %s", error)
        else:
            if kept is not None:
                await self._async_show(kept)

    async def async_follow(self) -> None:
        """Read the server's names now, and again when there are others."""
        while True:
            await self.async_refresh()
            await asyncio.sleep(ASK_AGAIN_AFTER)

    async def async_refresh(self) -> None:
        """Read the server's names, unless they are those that were read last."""
        if self._user is None:
            return
        async with self._reading:
            last = self._unreadable or self._kept
            try:
                kept = await async_read_server(
                    self._hass,
                    self._user,
                    self._file.key,
                    last.version if last else None,
                )
            except PushError as error:
                self._note_problem(error.code)
            except NamesError as error:
                self._unreadable = error if error.version else None
                self._note_problem(error.problem)
            else:
                if kept is not None:
                    self._unreadable = None
                same = self._unreadable
                self._note_problem(same.problem if same else None)
                if kept is not None:
                    await self.async_take(kept)

    async def async_take(self, kept: KeptNames) -> None:
        """Use and store new names, unless the entry was unloaded meanwhile."""
        async with self._changing:
            if self.is_finished:
                return
            await self._async_show(kept)
            writing = self._hass.async_add_executor_job(self._file.write, kept)
            try:
                await asyncio.shield(writing)
            except NamesError as error:
                self._note_problem(error.problem)
            except asyncio.CancelledError:
                # The entry is unloaded. If it is removed next, its file must stay
                # deleted.
                await asyncio.wait({writing})
                raise

    async def async_finish(self) -> None:
        """Wait for the write that is under way; nothing is written afterwards.

        The entry may be removed next, or loaded again from what is on disk.
        """
        async with self._changing:
            self.is_finished = True

    async def async_put_by_hand(self, by_hand: Directory) -> None:
        """Use other names that a person gave."""
        async with self._changing:
            if by_hand != self._by_hand:
                self._by_hand = by_hand
                await self._async_show(self._kept)

    @callback
    def async_subscribe(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call a listener after every change; return how to end that."""
        self._listeners.append(listener)

        @callback
        def unsubscribe() -> None:
            self._listeners.remove(listener)

        return unsubscribe

    async def _async_show(self, kept: KeptNames | None) -> None:
        read = kept.directory if kept else Directory()
        self.index = await self._hass.async_add_executor_job(
            NameIndex, read.merged(self._by_hand)
        )
        self._kept = kept
        self._tell()

    @callback
    def _note_problem(self, problem: str | None) -> None:
        if problem != self.problem:
            self.problem = problem
            self._tell()

    @callback
    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


async def async_read_server(
    hass: HomeAssistant, user: ServerUser, key: SpaceKey, known: str | None = None
) -> KeptNames | None:
    """Read the names that an own server has; `None` if they are known already.

    Args:
        hass: Home Assistant.
        user: whose primary workspace is read.
        key: opens its database.
        known: the version of the database that was read last, or could not be.

    Raises:
        NamesError: there are none, or they cannot be read; it has the version if trying
            the same database again is of no use.
        PushError: the server could not be asked, or refused.
    """
    database = await fetch_database(user, known)
    if database is None:
        return None
    try:
        directory = await hass.async_add_executor_job(read_blob, database.content, key)
    except NamesError as error:
        if error.problem is NamesProblem.TOO_SLOW:  # the machine may have been busy
            raise
        raise NamesError(error.problem, database.version) from None
    return KeptNames(
        directory=directory,
        source=Source.SERVER,
        read_at=dt_util.utcnow(),
        version=database.version,
    )


async def async_keep_names(
    hass: HomeAssistant, entry: BudgeroConfigEntry, kept: KeptNames
) -> None:
    """Store the names that were read during set-up for the new entry."""
    if entry.state is ConfigEntryState.LOADED:
        await entry.runtime_data.names.async_take(kept)
        return
    with suppress(NamesError):  # loading the entry tries again, or reports it
        await hass.async_add_executor_job(NamesFile.of(hass, entry).write, kept)
