"""Running many households, each in an event loop of its own."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.bench.skipping_loop import AloneLoop

from .household import Household, Outcome
from .report import Report

_KINDS = {"with the push token alone": False, "with a signed-in user": True}
_AT_ONCE = 25


def live(has_user: bool, seed: int) -> Outcome:
    """Run one household.

    Raises:
        AssertionError: it ended with an error; the message names the seed.
    """
    with asyncio.Runner(loop_factory=AloneLoop) as runner:
        try:
            return runner.run(Household(seed, has_user).live())
        except Exception as error:
            msg = f"household {seed}, signed in: {has_user}"
            raise AssertionError(msg) from error


def simulate(number: int, jobs: int) -> Iterable[Report]:
    """Run a number of households, half of each kind; yield a report of each kind.

    Args:
        number: of all households.
        jobs: how many processes work on it.
    """
    seeds = range(max(1, number // len(_KINDS)))
    for name, has_user in _KINDS.items():
        work = partial(live, has_user)
        if jobs == 1:
            outcomes = tuple(map(work, seeds))
        else:
            with ProcessPoolExecutor(jobs) as pool:
                outcomes = tuple(pool.map(work, seeds, chunksize=_AT_ONCE))
        yield Report(name, outcomes)
