"""Run the scenarios: `python -m tests.e2e`."""

import argparse
import asyncio
from pathlib import Path
import shutil
import sys
import tempfile
import time
from typing import Final

from scripts.console import say
from tests.e2e.api import ApiError
from tests.e2e.home_assistant import StartError, unexpected_in_log
from tests.e2e.json_value import UnexpectedAnswerError
from tests.e2e.main_job import MainJobError
from tests.e2e.scenarios import SCENARIOS, Scenario, stage

_INTERRUPTED: Final = 130
_FAILURES: Final = (
    ApiError,
    MainJobError,
    OSError,
    StartError,
    UnexpectedAnswerError,
)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/e2e",
        description="Play what befalls a household, with a real Home Assistant and a"
        " stand-in for Budgero: every transaction must be booked once.",
    )
    parser.add_argument(
        "scenarios",
        metavar="NAME",
        nargs="*",
        choices=SCENARIOS,
        help=f"what to play (default: all): {', '.join(SCENARIOS)}",
    )
    return parser.parse_args()


async def _play(scenario: Scenario, folder: Path) -> None:
    """Run a scenario in a household of its own.

    Raises:
        MainJobError: a check failed.
    """
    async with stage(folder) as household:
        await scenario(household)
        log = household.household.home_assistant.log
        if unexpected := unexpected_in_log(log):
            raise MainJobError("Unexpected in the log:\n" + "\n".join(unexpected))


def _is_good(name: str) -> bool:
    """Run a scenario and print the result; its folder is kept after a failure."""
    folder = Path(tempfile.mkdtemp(prefix=f"e2e-{name}-"))
    start = time.monotonic()
    try:
        asyncio.run(_play(SCENARIOS[name], folder))
    except _FAILURES as error:
        seconds = time.monotonic() - start
        sys.stdout.write(f"{name}: FAILED after {seconds:.0f} s\n")
        say(
            f"{type(error).__name__}: {error}\nEverything is kept for a look in {folder}"
        )
        return False
    except KeyboardInterrupt:
        shutil.rmtree(folder)
        raise
    seconds = time.monotonic() - start
    sys.stdout.write(f"{name}: {seconds:.0f} s\n")
    sys.stdout.flush()
    shutil.rmtree(folder)
    return True


def main() -> int:
    """Run the scenarios one after the other, also after a failure."""
    names = _arguments().scenarios or list(SCENARIOS)
    try:
        failed = [name for name in names if not _is_good(name)]
    except KeyboardInterrupt:
        return _INTERRUPTED
    sys.stdout.write(f"{len(names)} scenarios, {len(failed)} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
