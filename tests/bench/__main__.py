"""Run the benchmarks: `scripts/bench`."""

import argparse
import sys

from . import accept, drain, push, seal, set_up
from .result import Result, to_json, to_table
from .size import FULL, QUICK

ROWS = {
    "seal": seal.measure,
    "push": push.measure,
    "accept": accept.measure,
    "drain": drain.measure,
    "set-up": set_up.measure,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure the engine side by side with what one would do without it.",
    )
    parser.add_argument(
        "row", nargs="*", choices=[[], *ROWS], help="what to measure (default: all)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="only see that it runs; no figures"
    )
    parser.add_argument(
        "--json", action="store_true", help="one line of JSON for each figure"
    )
    return parser.parse_args()


def main() -> None:
    """Measure and print, JSON as it comes and the table at the end."""
    arguments = _arguments()
    results: list[Result] = []
    for row in arguments.row or ROWS:
        print(f"{row} ...", file=sys.stderr, flush=True)
        found = ROWS[row](QUICK if arguments.quick else FULL)
        if arguments.json:
            print("\n".join(map(to_json, found)), flush=True)
        results += found
    if not arguments.json:
        print(to_table(results))


if __name__ == "__main__":
    main()
