"""The trial itself: a short run, and faults that it must notice."""

from pathlib import Path
from random import Random
import re
import subprocess
import sys
import zlib

import pytest

from custom_components.budgero.engine.outbox.errors import StorageError
from custom_components.budgero.engine.outbox.salvage import wal
from tests.engine.outbox.helpers import owner_of

from .harm import harm
from .trial import damage_once
from .verdict import Verdict

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(240)
def test_every_damage_ends_well() -> None:
    """Nothing goes without a word, nothing comes out altered, and the line says so."""
    run = subprocess.run(
        [sys.executable, "-m", __package__, "40"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    line = run.stdout.splitlines()[-1]
    found = re.fullmatch(
        r"40 damages, (\d+) intact, (\d+) salvaged,"
        r" 0 silent, 0 tracebacks, 0 altered",
        line,
    )
    assert found, line
    assert int(found[1]) + int(found[2]) == 40
    assert int(found[2]) > 10


def test_harm_changes_something() -> None:
    """Whatever it does, and however small the file is."""
    random = Random(1)
    for size in (1, 100, 4096, 9000):
        data = random.randbytes(size)
        kinds = set()
        for _ in range(200):
            kind, changed = harm(data, random)
            assert changed != data
            kinds.add(kind)
        assert {"bits", "bytes", "block", "cut"} <= kinds


@pytest.mark.parametrize(
    ("verdict", "outcome", "is_good"),
    [
        (Verdict(intact=1, salvaged=2), "3 damages, 1 intact, 2 salvaged", True),
        (Verdict(silent=["a"]), "1 silent, 0 tracebacks, 0 altered", False),
        (Verdict(tracebacks=["a"]), "0 silent, 1 tracebacks, 0 altered", False),
        (Verdict(altered=["a"]), "0 silent, 0 tracebacks, 1 altered", False),
    ],
)
def test_verdict(verdict: Verdict, outcome: str, *, is_good: bool) -> None:
    """One bad ending is enough."""
    assert outcome in verdict.in_words()
    assert verdict.is_good is is_good


async def _run(folder: Path, number: int) -> Verdict:
    verdict = Verdict()
    for seed in range(number):
        place = folder / str(seed)
        place.mkdir()
        await damage_once(seed, place, verdict)
    return verdict


async def test_sees_what_is_altered_or_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without checksums most of it would be."""
    monkeypatch.setattr(zlib, "crc32", lambda data: 7)
    monkeypatch.setattr(wal, "_read_index", lambda path: None)
    verdict = await _run(tmp_path, 60)
    assert verdict.altered
    assert not verdict.is_good


async def test_sees_other_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A traceback is one, and a disk that is said to refuse is no answer."""
    for error, wrong in ((ValueError, "tracebacks"), (StorageError, "silent")):
        with monkeypatch.context() as patch:

            async def refuse(*_: object, error: type[Exception] = error) -> None:
                raise error

            patch.setattr(owner_of("overview"), "overview", refuse)
            folder = tmp_path / wrong
            folder.mkdir()
            assert getattr(await _run(folder, 2), wrong)
