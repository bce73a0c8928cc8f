"""The transaction that benchmarks use, sealed or not."""

from dataclasses import replace
import time
from typing import Final

from custom_components.budgero.engine.push import Sealed, SpaceKey
from tests.engine import lunch

LUNCH: Final = replace(lunch.LUNCH, memo="with Zo\u00eb", payee="Caf\u00e9 Ri\u010d")
RAW_KEY: Final = bytes(range(32))
KEY: Final = SpaceKey(RAW_KEY)
DIGEST: Final = KEY.mac(b"what the caller said")


def sealed(number: int) -> list[Sealed]:
    """Seal a number of lunches, each with a new message id."""
    payload = KEY.seal(LUNCH.to_wire())
    start = time.time_ns()
    return [Sealed(f"bench-{start}-{index}", payload) for index in range(number)]
