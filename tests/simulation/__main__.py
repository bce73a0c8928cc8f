"""Run the simulation: `scripts/simulate`."""

import argparse
import os
import sys

from .run import simulate


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/simulate",
        description="Let a server forget what it had taken, again and again, and count"
        " what that costs: leftovers, questions, doubles.",
    )
    parser.add_argument(
        "households",
        metavar="N",
        type=int,
        nargs="?",
        default=2000,
        help="how many, half of them with a signed-in user (default: %(default)s)",
    )
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=int,
        default=os.cpu_count() or 1,
        help="how many processes work on it (default: %(default)s)",
    )
    return parser.parse_args()


def main() -> int:
    """Simulate and print; return whether something went wrong."""
    arguments = _arguments()
    is_good = True
    for report in simulate(arguments.households, arguments.jobs):
        sys.stdout.writelines(f"{line}\n" for line in report.lines())
        sys.stdout.flush()
        is_good &= report.is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
