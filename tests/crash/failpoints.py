"""Failpoints: a process kills itself at a named place."""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
import os
import signal
import sqlite3
import sys
import time
from typing import Any, Final, override

from custom_components.budgero.engine.outbox.accepted import AcceptedRows
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.outbox.waiting import WaitingRows
from custom_components.budgero.engine.push import Client

from .place import COMMITS, Place

_METHODS: Final[dict[Place, tuple[type, str]]] = {
    Place.ATTEMPT_WRITTEN: (WaitingRows, "begin_attempt"),
    Place.ANSWER_RECEIVED: (Client, "push"),
    Place.SETTLED: (WaitingRows, "accept"),
    Place.QUESTION_WRITTEN: (AcceptedRows, "begin_question"),
    Place.QUESTION_ANSWERED: (Client, "ask_state"),
    Place.FINISHED: (AcceptedRows, "finish"),
}
_SLOW: Final = 0.02
"""Duration of the last visit in seconds, so that an early answer would be noticed."""

_ENGINE: Final = Store.__module__.rpartition(".outbox.")[0]


def install(place: Place, visits: int) -> None:
    """Let this process kill itself at a certain visit to a place."""
    remaining = visits

    def visit() -> None:
        nonlocal remaining
        remaining -= 1
        if not remaining:
            time.sleep(_SLOW)
            os.kill(os.getpid(), signal.SIGKILL)

    if place in COMMITS:
        _watch_commits(place, visit)
    else:
        _watch_method(*_METHODS[place], visit)


def shorten(**seconds: float) -> None:
    """Give constants of the engine other values, in every module that uses them.

    Raises:
        LookupError: there is no such constant.
    """
    engine = [
        module for name, module in sys.modules.items() if name.startswith(_ENGINE)
    ]
    for name, value in seconds.items():
        users = [module for module in engine if hasattr(module, name)]
        if not users:
            raise LookupError(name)
        for module in users:
            setattr(module, name, value)


def _watch_commits(place: Place, visit: Callable[[], None]) -> None:
    before = place in (Place.BEFORE_COMMIT, Place.APPEND_BEFORE_COMMIT)
    appends_only = place in (Place.APPEND_BEFORE_COMMIT, Place.APPEND_AFTER_COMMIT)

    class Connection(sqlite3.Connection):
        _counts = not appends_only

        @override
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql.startswith("INSERT INTO transactions"):
                self._counts = True
            is_visit = sql == "COMMIT" and self._counts
            if is_visit and before:
                visit()
            cursor = super().execute(sql, *values)
            if is_visit:
                self._counts = not appends_only
                if not before:
                    visit()
            return cursor

    vars(sqlite3)["connect"] = partial(sqlite3.connect, factory=Connection)


def _watch_method(owner: type, name: str, visit: Callable[[], None]) -> None:
    original: Callable[..., Awaitable[object]] = getattr(owner, name)

    @wraps(original)
    async def watched(*values: Any, **named: Any) -> object:
        result = await original(*values, **named)
        visit()
        return result

    setattr(owner, name, watched)
