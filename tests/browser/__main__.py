"""Run the scenes in a browser: `python -m tests.browser`."""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
import shutil
import sys
import tempfile
import time
from typing import Final

from playwright.async_api import Error

from scripts.chromium import environ, provide
from scripts.console import SetupError, say
from scripts.environment import ENVIRONMENTS
from tests.browser.browser import Chromium, chromium
from tests.browser.house import House, house
from tests.browser.pictures import take_pictures
from tests.browser.scenes import SCENES, SHORT
from tests.e2e.api import ApiError
from tests.e2e.home_assistant import StartError, unexpected_in_log
from tests.e2e.json_value import UnexpectedAnswerError
from tests.e2e.main_job import MainJobError

_FAILURES: Final = (
    ApiError,
    AssertionError,
    Error,
    MainJobError,
    OSError,
    SetupError,
    StartError,
    UnexpectedAnswerError,
    ValueError,
)
_INTERRUPTED: Final = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontend:
    """A version of Home Assistant's interface.

    Attributes:
        name: of its release.
        folder: that has its package; `None` for the installed one.
    """

    name: str
    folder: Path | None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/browser-test",
        description="Use the card and the dialogs in Chromium, with a real Home Assistant and a"
        " stand-in for Budgero, with the interfaces of 2026.11 and 2026.10.",
    )
    parser.add_argument(
        "scenes",
        metavar="NAME",
        nargs="*",
        choices=SCENES,
        help=f"what to do (default: all): {', '.join(SCENES)}",
    )
    parser.add_argument(
        "--short", action="store_true", help="half a minute, the newest interface only"
    )
    parser.add_argument(
        "--pictures", action="store_true", help="take film and pictures in docs/images/"
    )
    return parser.parse_args()


async def _play(name: str, house: House) -> bool:
    """Play a scene and print the result."""
    start = time.monotonic()
    try:
        figure = await SCENES[name](house)
    except _FAILURES as error:
        seconds = time.monotonic() - start
        sys.stdout.write(f"{name}: FAILED after {seconds:.0f} s\n")
        say(f"{type(error).__name__}: {error}")
        return False
    seconds = time.monotonic() - start
    sys.stdout.write(f"{name}: {seconds:.0f} s{f', {figure}' if figure else ''}\n")
    sys.stdout.flush()
    return True


async def _run(
    frontend: Frontend, browser: Chromium, names: Sequence[str], folder: Path
) -> list[str]:
    """Play scenes in one household; return those that failed."""
    sys.stdout.write(f"--- Interface of {frontend.name}\n")
    async with house(folder, browser, frontend.folder) as home:
        failed = [name for name in names if not await _play(name, home)]
        log = home.stage.household.home_assistant.log
        if unexpected := unexpected_in_log(log):
            say("Unexpected in the log:\n" + "\n".join(unexpected))
            failed.append("log")
    return [f"{name} ({frontend.name})" for name in failed]


def _previous() -> Path:
    """Return the folder that has the interface of 2026.10."""
    folder = ENVIRONMENTS["previous_frontend"].folder
    return next(folder.glob("lib/python3*/site-packages"))


async def _main(arguments: argparse.Namespace, folder: Path) -> list[str]:
    frontends = [Frontend(name="2026.11", folder=None)]
    if not arguments.short:
        frontends.append(Frontend(name="2026.10", folder=_previous()))
    names = arguments.scenes or (SHORT if arguments.short else list(SCENES))
    failed: list[str] = []
    async with chromium(provide(), environ()) as browser:
        if arguments.pictures:
            async with house(folder / "pictures", browser) as home:
                for path in await take_pictures(home):
                    sys.stdout.write(f"{path}: {path.stat().st_size / 1000:.0f} kB\n")
            return []
        for frontend in frontends:
            failed += await _run(frontend, browser, names, folder / frontend.name)
    return failed


def main() -> int:
    """Run the scenes one after the other, also after a failure."""
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="browser-test-"))
    try:
        failed = asyncio.run(_main(arguments, folder))
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
        return _INTERRUPTED
    except _FAILURES as error:
        say(f"{error}\nEverything is kept for a look in {folder}")
        return 1
    if failed:
        sys.stdout.write(f"FAILED: {', '.join(failed)}\n")
        say(f"Everything is kept for a look in {folder}")
        return 1
    shutil.rmtree(folder)
    sys.stdout.write("Everything works.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
