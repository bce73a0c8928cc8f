"""Which tests run in which environment, and how they are divided among processes.

Standard library only and Python 3.11, because it is also used outside the environments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.environment import ROOT

ENGINE = "engine"
TEST = "test"

# Folders of tests that need no Home Assistant.
ALONE = (
    "tests/engine",
    "tests/budgero_server_tests",
    "tests/bench",
    "tests/crash",
    "tests/damage",
    "tests/simulation",
)

# Much of a test is waiting, for sockets and the disk.
PARTS = 2


@dataclass(frozen=True, kw_only=True)
class Share:
    """The tests that one process runs."""

    name: str
    environment: str
    files: tuple[str, ...]


def shares() -> list[Share]:
    """Divide all test files."""
    alone = _test_files(*ALONE)
    beside = [file for file in _test_files("tests") if file not in alone]
    return [
        Share(
            name=f"{environment}{number}",
            environment=environment,
            files=tuple(part),
        )
        for environment, files in ((TEST, beside), (ENGINE, alone))
        for number, part in enumerate(_deal_out(files))
        if part
    ]


def has_tests_for(environment: str, path: Path) -> bool:
    """Tell whether a file or a folder has tests that run in this environment."""
    alone = [ROOT / folder for folder in ALONE]
    is_alone = any(path.is_relative_to(folder) for folder in alone)
    if environment == TEST:
        return not is_alone
    return is_alone or any(folder.is_relative_to(path) for folder in alone)


def _deal_out(files: Sequence[str]) -> list[list[str]]:
    """Return the parts: files in order of size, each to the smallest part so far."""
    parts: list[list[str]] = [[] for _ in range(PARTS)]
    lengths = [0] * PARTS
    for file in sorted(files, key=_length, reverse=True):
        least = lengths.index(min(lengths))
        parts[least].append(file)
        lengths[least] += _length(file)
    return parts


def _length(file: str) -> int:
    return (ROOT / file).stat().st_size


def _test_files(*folders: str) -> list[str]:
    """Return the files of tests below these folders."""
    return sorted(
        str(file.relative_to(ROOT))
        for folder in folders
        for file in (ROOT / folder).rglob("test_*.py")
    )
