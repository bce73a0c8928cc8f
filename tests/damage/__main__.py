"""Run the trials: `python -m tests.damage`."""

import argparse
import asyncio
from pathlib import Path
import random
import sys
import tempfile
from typing import Final

from scripts.console import say
from tests.engine.outbox.helpers import MEMORY

from .trial import damage_once
from .verdict import Verdict

_DEFAULT: Final = 200
_MOST_DETAILS: Final = 20
_INTERRUPTED: Final = 130


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/damage-test",
        description="Damage the files of an outbox at random, and look whether every"
        " row is as it was written, or a person is told what was saved.",
    )
    parser.add_argument(
        "damages",
        metavar="N",
        type=int,
        nargs="?",
        default=_DEFAULT,
        help=f"how often (default: {_DEFAULT})",
    )
    parser.add_argument(
        "--seed",
        type=int,
        help="begin with this number, as a line about an earlier run names it",
    )
    arguments = parser.parse_args()
    if arguments.damages < 1:
        parser.error("N is at least 1")
    if arguments.seed is None:
        arguments.seed = random.randrange(10**9)
    return arguments


async def _run(arguments: argparse.Namespace) -> Verdict:
    verdict = Verdict()
    seeds = range(arguments.seed, arguments.seed + arguments.damages)
    for seed in seeds:
        with tempfile.TemporaryDirectory(dir=MEMORY, prefix="damage-test-") as folder:
            await damage_once(seed, Path(folder), verdict)
    return verdict


def main() -> int:
    """Run a number of trials; the last line is the result."""
    arguments = _arguments()
    try:
        verdict = asyncio.run(_run(arguments))
    except KeyboardInterrupt:
        return _INTERRUPTED
    details = [*verdict.altered, *verdict.silent, *verdict.tracebacks]
    for line in details[:_MOST_DETAILS]:
        say(line)
    if len(details) > _MOST_DETAILS:
        say(f"... and {len(details) - _MOST_DETAILS} more")
    sys.stdout.write(f"{verdict.in_words()}\n")
    return 0 if verdict.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
