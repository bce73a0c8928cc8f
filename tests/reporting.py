"""What `scripts/test` adds to pytest: the tests of this environment only, and how far.

Some tests run where there is no Home Assistant and the others beside it, whatever is
chosen. How far they are goes, line by line, into the file that a variable names.
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
    """Keep of what was chosen what runs here; there is nothing to do without any."""
    folder = config.invocation_params.dir
    config.args = [
        chosen
        for chosen in config.args
        if _runs_here((folder / chosen.partition("::")[0]).resolve())
    ]
    return None if config.args else pytest.ExitCode.NO_TESTS_COLLECTED


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out what runs in the other environment."""
    return None if _runs_here(collection_path) else True


def _runs_here(path: Path) -> bool:
    """Tell whether something is ours; what does not exist is for pytest to say."""
    return has_tests_for(_ENVIRONMENT, path) or not path.exists()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell how many tests there are."""
    _tell(f"{COLLECTED} {len(session.items)}")


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Tell of a file that cannot be read."""
    if report.failed:
        _tell(f"error {report.nodeid}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Tell how a test ended; its parts are told of by its own end."""
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
