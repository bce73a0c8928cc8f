"""Run the trial: `python -m tests.crash`."""

import argparse
import asyncio
from collections import Counter
from pathlib import Path
import shutil
import sys
import tempfile

from scripts.console import say

from . import trial
from .place import Place
from .verdict import Verdict

_SHORT, _LONG = 50, 5
_MOST_DETAILS = 20
_INTERRUPTED = 130


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/crash-test",
        description="Kill the process that delivers transactions, again and again,"
        " and compare what callers were told with what Budgero booked.",
    )
    parser.add_argument(
        "kills",
        metavar="N",
        type=int,
        nargs="?",
        help=f"how often (default: {_SHORT}, with --home-assistant {_LONG})",
    )
    parser.add_argument(
        "--home-assistant",
        action="store_true",
        help="kill a real Home Assistant; it rests as long as in real life, so this"
        " takes some minutes",
    )
    arguments = parser.parse_args()
    if arguments.kills is None:
        arguments.kills = _LONG if arguments.home_assistant else _SHORT
    if arguments.kills < 1:
        parser.error("N is at least 1")
    return arguments


async def _try_out(
    arguments: argparse.Namespace, folder: Path
) -> tuple[Verdict, Counter[Place]]:
    if not arguments.home_assistant:
        return await trial.run(arguments.kills, folder)
    from . import home_assistant_trial  # noqa: PLC0415 - it is not everywhere

    return await home_assistant_trial.run(arguments.kills, folder)


def main() -> int:
    """Run the trial; its folder is deleted, unless an error was found."""
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="crash-test-"))
    try:
        verdict, places = asyncio.run(_try_out(arguments, folder))
    except KeyboardInterrupt:
        shutil.rmtree(folder)
        return _INTERRUPTED
    say(", ".join(f"{times} {place}" for place, times in sorted(places.items())))
    for line in verdict.details(_MOST_DETAILS):
        say(line)
    sys.stdout.write(f"{verdict.in_words()}\n")
    if not verdict.is_good:
        say(f"Everything is kept for a look in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
