"""The pytest plugin of `scripts/test`: selects tests by environment, reports progress.

Tests of the engine run without Home Assistant and all others with it, whatever was
chosen. Each result is a line in the file that an environment variable names.
"""

import os
from pathlib import Path
from typing import Final

import pytest

from scripts.progress import COLLECTED
from scripts.shares import ENGINE, TEST, has_tests_for
from tests.engine_alone import HAS_HOME_ASSISTANT

_ENVIRONMENT: Final = TEST if HAS_HOME_ASSISTANT else ENGINE
_FILE: Final = os.environ.get("BUDGERO_TEST_PROGRESS")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> pytest.ExitCode | None:
    """Keep the chosen tests of this environment; end if there are none."""
    folder = config.invocation_params.dir
    config.args = [
        chosen
        for chosen in config.args
        if _runs_here((folder / chosen.partition("::")[0]).resolve())
    ]
    return None if config.args else pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out tests of the other environment."""
    return None if _runs_here(collection_path) else True


def _runs_here(path: Path) -> bool:
    """Return whether a path has tests of this environment, or does not exist."""
    return has_tests_for(_ENVIRONMENT, path) or not path.exists()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Report the number of tests."""
    _tell(f"{COLLECTED} {len(session.items)}")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Report a file that cannot be imported."""
    if report.failed:
        _tell(f"error {report.nodeid}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Report the result of a test; subtests are part of it."""
    if isinstance(report, pytest.SubtestReport):
        return
    if report.failed:
        _tell(f"{'failed' if report.when == 'call' else 'error'} {report.nodeid}")
    elif report.skipped or report.when == "call":
        _tell(report.outcome)


def _tell(line: str) -> None:
    if _FILE is not None:
        with Path(_FILE).open("a") as file:
            file.write(f"{line}\n")
