"""One damage, and how the outbox handles it."""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
import traceback
from typing import Final

from custom_components.budgero.engine.outbox import NewerOutboxError, OutboxError, State
from custom_components.budgero.engine.outbox.closed_file import open_store
from custom_components.budgero.engine.outbox.salvage import Salvaged, log_of
from custom_components.budgero.engine.outbox.store import Store
from tests.engine.outbox.helpers import unfinished

from .harm import harm
from .scene import (
    Row,
    Scene,
    Situation,
    build,
    contents,
    interrupt_mending,
    kill,
    overwrite,
)
from .verdict import Verdict

_SITUATIONS: Final = (
    Situation.CLOSED,
    Situation.KILLED,
    Situation.KILLED,
    Situation.OPEN,
    Situation.OPEN,
    Situation.MENDING,
)


@dataclass
class _Trial:
    """One outbox that is damaged once.

    Attributes:
        what: a description of the damage.
        reports: the numbers of saved rows that were reported.
        expected: message ids that must be there even if it was salvaged.
        spoilt: the bytes of the files right after the damage.
    """

    scene: Scene
    random: Random
    what: str
    reports: list[Salvaged]
    expected: set[str]
    spoilt: dict[str, bytes] = field(default_factory=dict)

    async def open(self) -> Store:
        """Open the outbox as the integration does."""
        return await open_store(
            self.scene.path, report=self.reports.append, make=self.scene.new_store
        )

    def spoil(self, path: Path) -> None:
        """Damage a file."""
        kind, content = harm(path.read_bytes(), self.random)
        self.what += f", {kind} in {path.name}"
        overwrite(path, content)
        self.spoilt = _parts_of(self.scene.path)

    async def use(self, store: Store) -> Store:
        """Use an open outbox; return it, or the salvaged one."""
        try:
            await _look(store)
            await self.scene.append(store)
            await self.scene.change(store)
            await _look(store)
        except OutboxError:  # the caller gets the error, and the entry is set up again
            await store.close()
            store = await self.open()
        return store


async def _look(store: Store) -> None:
    await store.review.overview()
    await unfinished(store)
    for state in (State.WAITING, State.ACCEPTED):
        await store.waiting.due(state, 900.0, 100)
    await store.waiting.seconds_until_due([State.WAITING, State.ACCEPTED])


async def damage_once(seed: int, folder: Path, verdict: Verdict) -> None:
    """Make an outbox, damage it, open it again, and record the result."""
    random = Random(seed)
    situation = random.choice(_SITUATIONS)
    scene, store = await build(folder / "outbox.db", random)
    trial = _Trial(scene, random, f"seed {seed}: {situation}", [], set())
    try:
        rows, is_same = await _go_through(trial, situation, store)
    except NewerOutboxError:
        # The version number was damaged: this is reported, and nothing is changed.
        if _parts_of(scene.path) == trial.spoilt:
            verdict.intact += 1
        else:
            verdict.silent.append(f"{trial.what}: refused as newer, and changed")
    except OutboxError as error:
        verdict.silent.append(f"{trial.what}: {error!r} although only bytes changed")
    except Exception:  # noqa: BLE001 - any exception is a result
        verdict.tracebacks.append(f"{trial.what}:\n{traceback.format_exc()}")
    else:
        _judge(trial, rows, verdict, is_same=is_same)


async def _go_through(
    trial: _Trial, situation: Situation, store: Store
) -> tuple[dict[str, Row], bool]:
    """Damage and heal; return the rows, and whether everything is as it was."""
    scene, random = trial.scene, trial.random
    if situation is Situation.OPEN:
        if random.random() < 0.5:
            await _forget_pages(store)
        trial.spoil(random.choice((scene.path, log_of(scene.path))))
        store = await trial.use(store)
    else:
        if situation is Situation.CLOSED:
            await store.close()
        else:
            await kill(scene, store)
        if situation is Situation.MENDING:
            trial.expected = interrupt_mending(scene)
        log = log_of(scene.path)
        parts = [scene.path, *([log] if _has_content(log) else [])]
        is_mending = situation is Situation.MENDING
        trial.spoil(scene.path if is_mending else random.choice(parts))
        store = await trial.open()
    await store.close()
    store = await trial.open()
    rows, facts = await contents(store)
    is_same = scene.is_as_written(rows, facts)
    await _look(store)
    await scene.append(store)
    await store.close()
    before = len(trial.reports)
    store = await trial.open()
    await store.close()
    assert len(trial.reports) == before, "salvaged again without another damage"
    return rows, is_same


def _parts_of(path: Path) -> dict[str, bytes]:
    """Return the bytes of an outbox's file and of its log."""
    parts = (path, log_of(path))
    return {part.name: part.read_bytes() for part in parts if _has_content(part)}


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


async def _forget_pages(store: Store) -> None:
    """Make the next read come from the disk."""
    await store._database.read(  # noqa: SLF001
        lambda connection: connection.execute("PRAGMA shrink_memory").fetchall()
    )


def _judge(
    trial: _Trial, rows: dict[str, Row], verdict: Verdict, *, is_same: bool
) -> None:
    strange = [one for one, row in rows.items() if not trial.scene.is_known(row)]
    if strange:
        verdict.altered.append(f"{trial.what}: {strange}")
    elif trial.reports and trial.expected <= rows.keys():
        verdict.salvaged += 1
    elif is_same:
        verdict.intact += 1
    else:
        verdict.silent.append(
            f"{trial.what}: rows are gone or old, and nobody was told"
        )
