"""When this version was released."""

from datetime import date
from typing import Final

RELEASED: Final = date(2026, 11, 1)
"""The day of the release: a clock that shows an earlier day is wrong. `scripts/release`
compares it with the changelog."""
