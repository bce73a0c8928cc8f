"""The two forms in which Budgero's server writes a time."""

from datetime import UTC, datetime
import time


def now_in_seconds() -> str:
    """Give the present time in whole seconds, as its database stores it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now_in_nanoseconds() -> str:
    """Give the present time as Go prints it: up to nine digits, no end zeros."""
    seconds, fraction = divmod(time.time_ns(), 1_000_000_000)
    stamp = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{stamp}.{fraction:09d}".rstrip("0").rstrip(".") + "Z"
