"""An outbox in use, and a record of everything that was written in it."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from random import Random
import shutil
import sqlite3
from typing import Final
from unittest.mock import patch

from custom_components.budgero.engine.outbox import FailedBy, Hold
from custom_components.budgero.engine.outbox.clock import BOOT, CLOCK_OFFSET
from custom_components.budgero.engine.outbox.disk.columns import CHECKSUM
from custom_components.budgero.engine.outbox.disk.copy_check import FLEETING
from custom_components.budgero.engine.outbox.disk.schema import TRANSACTIONS
from custom_components.budgero.engine.outbox.salvage import log_of, salvage
from custom_components.budgero.engine.outbox.salvage.page_images import DamagedFile
from custom_components.budgero.engine.outbox.salvage.recovery import recover
from custom_components.budgero.engine.outbox.salvage.swap import mended
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Accepted, Sealed
from tests.engine.outbox.helpers import NO_LIMITS

from .harm import harm

type Row = tuple[object, ...]

_NAMES: Final = tuple(
    name for name in TRANSACTIONS.names if name not in ("seq", CHECKSUM)
)
_MESSAGE_ID: Final = _NAMES.index("message_id")
_PAYLOAD: Final = _NAMES.index("payload")
_STATE: Final = _NAMES.index("state")
_HELD: Final = _NAMES.index("held")
_IN_DOUBT: Final = _NAMES.index("in_doubt")
_NOT_BEFORE: Final = _NAMES.index("not_before")
_LONG: Final = 9_000
_OF_ONE_RUN: Final = FLEETING | {BOOT, CLOCK_OFFSET}
_PARTS: Final = ("", "-wal", "-shm")


class Situation(StrEnum):
    """The state in which the outbox was left."""

    CLOSED = "closed"
    KILLED = "killed"
    OPEN = "open"
    MENDING = "mending"
    """The process was killed while it replaced a damaged file."""


@dataclass
class Scene:
    """An outbox, and what was written in it.

    Attributes:
        path: of its file.
        rows: as they are now, by message id.
        history: every version that a row ever had.
        facts: as they are now, but for those about one file or one run.
        asked: payloads by message id, also of calls without an answer.
        told: message ids of answered calls.
    """

    path: Path
    random: Random
    rows: dict[str, Row] = field(default_factory=dict)
    history: dict[str, set[Row]] = field(default_factory=lambda: defaultdict(set))
    facts: dict[str, str] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    _count: int = 0

    def new_store(self, path: Path | None = None) -> Store:
        """Return a store that is not open yet."""
        return Store(path or self.path, limits=NO_LIMITS)

    def new_sealed(self) -> Sealed:
        """Return a payload of random size to append."""
        self._count += 1
        size = self.random.choice((60, 90, 150, 300, 700))
        if self.random.random() < 0.05:
            size = _LONG
        message_id = f"{self._count:04}-{self.random.randbytes(6).hex()}"
        return Sealed(message_id, self.random.randbytes(size).hex())

    async def append(self, store: Store) -> None:
        """Append rows, some of them in one commit."""
        number = self.random.randint(1, 8)
        some = [self.new_sealed() for _ in range(number)]
        self.asked |= {one.message_id: one.payload for one in some}
        answers = await asyncio.gather(
            *(store.append(one, self.random.randbytes(32)) for one in some),
            return_exceptions=True,
        )
        refusals = [answer for answer in answers if isinstance(answer, BaseException)]
        self.told |= {
            one.message_id
            for one, answer in zip(some, answers, strict=True)
            if answer not in refusals
        }
        if refusals:
            raise refusals[0]
        await self.remember(store, {one.message_id for one in some})

    async def change(self, store: Store) -> None:
        """Change the state of a row."""
        if not self.rows:
            return
        message_id = self.random.choice(sorted(self.rows))
        if (row := await store.get(message_id)) is None:
            return  # an index is damaged, and the next opening finds that out
        match self.random.randrange(8):
            case 0 | 1 | 2:
                await store.waiting.begin_attempt(row, 60.0)
            case 3 | 4:
                await store.waiting.accept(
                    Accepted(message_id, f"queue-{message_id}"), 60.0
                )
            case 5:
                await store.accepted.finish(row)
            case 6:
                await store.accepted.fail(row, FailedBy.APP, "failed")
            case 7:
                await store.accepted.fail(row, FailedBy.SERVER, "refused")
        await self.remember(store, {message_id})

    async def hold(self, store: Store) -> None:
        """Hold waiting rows and later ones, and perhaps release them again."""
        await store.holds.hold(Hold.KEY)
        await self.remember(store, set(self.rows))
        if self.random.random() < 0.5:
            await store.holds.release(Hold.KEY)
            await self.remember(store, set(self.rows))
        self.facts = (await contents(store))[1]

    async def forget(self, store: Store) -> None:
        """Delete rows, as happens long after they were finished."""
        chosen = self.random.sample(sorted(self.rows), len(self.rows) // 4)

        def job(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "DELETE FROM transactions WHERE message_id = ?",
                [(message_id,) for message_id in chosen],
            )

        await store._database.write(job)  # noqa: SLF001
        for message_id in chosen:
            del self.rows[message_id]
        self.told -= set(chosen)

    async def remember(self, store: Store, touched: set[str]) -> None:
        """Record the present state of the written rows."""
        rows, _ = await contents(store)
        for message_id in touched & rows.keys():
            self.rows[message_id] = rows[message_id]
            self.history[message_id].add(rows[message_id])

    def is_known(self, row: Row) -> bool:
        """Return whether a saved row is one that was written, held if it waits."""
        message_id = str(row[_MESSAGE_ID])
        if message_id not in self.history:
            return row[_PAYLOAD] == self.asked.get(message_id)
        versions = self.history[message_id]
        return row in versions or row in map(_as_held, versions)

    def is_as_written(self, rows: dict[str, Row], facts: dict[str, str]) -> bool:
        """Return whether everything is as recorded; unanswered calls may be there or not."""
        read = {one: row for one, row in rows.items() if one in self.history}
        is_there = self.told <= rows.keys()
        return is_there and read == self.rows and facts == self.facts


def _as_written(row: Row) -> Row:
    """Ignore the end of a rest, because a rest starts again after a boot."""
    values = list(row)
    if values[_IN_DOUBT]:
        values[_NOT_BEFORE] = None
    return tuple(values)


def _as_held(row: Row) -> Row:
    values = list(row)
    if values[_STATE] == "waiting":
        values[_HELD] = Hold.RESTORED.value
    values[_IN_DOUBT] = 1
    return _as_written(tuple(values))


async def contents(store: Store) -> tuple[dict[str, Row], dict[str, str]]:
    """Return all rows by message id, and the facts that are not about one run."""

    def query(
        connection: sqlite3.Connection,
    ) -> tuple[dict[str, Row], dict[str, str]]:
        rows = connection.execute(
            f"SELECT {', '.join(_NAMES)} FROM transactions ORDER BY seq"  # noqa: S608
        ).fetchall()
        facts = dict(connection.execute("SELECT name, value FROM facts").fetchall())
        return (
            {row["message_id"]: _as_written(tuple(row)) for row in rows},
            {name: text for name, text in facts.items() if name not in _OF_ONE_RUN},
        )

    return await store._database.read(query)  # noqa: SLF001


async def build(path: Path, random: Random) -> tuple[Scene, Store]:
    """Make an outbox with a random history; it is open."""
    scene = Scene(path, random)
    store = scene.new_store()
    await store.open()
    for _ in range(random.randint(1, 5)):
        await scene.append(store)
        for _ in range(random.randint(0, 4)):
            await scene.change(store)
        if random.random() < 0.2:
            await scene.forget(store)
        if random.random() < 0.2:  # a backup brings the log into the file
            await store.begin_backup()
            await store.end_backup()
        if random.random() < 0.2:
            await scene.hold(store)
    return scene, store


async def kill(scene: Scene, store: Store) -> None:
    """Leave the files as a killed process leaves them."""
    parts = {
        part: part.read_bytes()
        for part in (Path(f"{scene.path}{end}") for end in _PARTS)
        if part.exists()
    }
    await store.close()
    for part, content in parts.items():
        overwrite(part, content)


def overwrite(path: Path, content: bytes) -> None:
    """Change the content of a file and keep its inode."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(content)
        file.truncate()


class _Killed(BaseException):
    """Raised where the process is killed."""


def interrupt_mending(scene: Scene) -> set[str]:
    """Damage an outbox, and kill the process that salvages it after its note is written.

    Returns:
        The message ids of the rows that can be saved.
    """
    _, content = harm(scene.path.read_bytes(), scene.random)
    overwrite(scene.path, content)
    log = log_of(scene.path)
    found = recover(
        DamagedFile(content, log.read_bytes() if log.exists() else b""), 0.0
    )
    aside = scene.path.with_name("aside")

    def stop(new: Path, path: Path) -> None:
        shutil.copyfile(new, aside)
        raise _Killed

    # By its path: the package exports a function of the module's name.
    with patch(f"{salvage.__module__}.put_in_place", stop):
        try:
            salvage(scene.path)
        except _Killed:
            aside.rename(mended(scene.path))
    return {str(fields["message_id"]) for fields in found.transactions}
