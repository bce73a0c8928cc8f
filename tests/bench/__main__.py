"""Run the benchmarks: `scripts/bench`."""

import argparse
from collections.abc import Callable
import sys
from typing import Final

from scripts.console import say

from . import accept, drain, names, push, seal, set_up, voice
from .result import Result, to_json, to_table
from .size import FULL, QUICK, Size

ROWS: Final[dict[str, Callable[[Size], list[Result]]]] = {
    "seal": seal.measure,
    "push": push.measure,
    "accept": accept.measure,
    "drain": drain.measure,
    "set-up": set_up.measure,
    "names": names.measure,
    "voice": voice.measure,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure the engine side by side with what one would do without it.",
    )
    parser.add_argument(
        "row",
        nargs="*",
        choices=ROWS,
        default=ROWS,
        help="what to measure (default: all)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="only see that it runs; no figures"
    )
    parser.add_argument(
        "--json", action="store_true", help="one line of JSON for each figure"
    )
    return parser.parse_args()


def main() -> None:
    """Measure and print: JSON line by line, or the table at the end."""
    arguments = _arguments()
    results: list[Result] = []
    for row in arguments.row:
        say(f"{row} ...")
        found = ROWS[row](QUICK if arguments.quick else FULL)
        if arguments.json:
            sys.stdout.writelines(f"{to_json(result)}\n" for result in found)
            sys.stdout.flush()
        results += found
    if not arguments.json:
        sys.stdout.write(f"{to_table(results)}\n")


if __name__ == "__main__":
    main()
