"""Put into a process from outside: at a named place it kills itself."""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
import os
import signal
import sqlite3
import sys
from typing import Any, Final, override

from custom_components.budgero.engine.outbox import Store
from custom_components.budgero.engine.push import Client

from .place import Place

_METHODS: Final[dict[Place, tuple[type, str]]] = {
    Place.ATTEMPT_WRITTEN: (Store, "begin_attempt"),
    Place.ANSWER_RECEIVED: (Client, "push"),
    Place.SETTLED: (Store, "accept"),
    Place.QUESTION_WRITTEN: (Store, "begin_question"),
    Place.QUESTION_ANSWERED: (Client, "ask_state"),
    Place.FINISHED: (Store, "finish"),
}
_ENGINE: Final = Store.__module__.rpartition(".outbox.")[0]


def install(place: Place, visits: int) -> None:
    """Let this process die at its so-manyth visit to a place."""
    remaining = visits

    def visit() -> None:
        nonlocal remaining
        remaining -= 1
        if not remaining:
            os.kill(os.getpid(), signal.SIGKILL)

    if place in (Place.BEFORE_COMMIT, Place.AFTER_COMMIT):
        _watch_commits(visit, before=place is Place.BEFORE_COMMIT)
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


def _watch_commits(visit: Callable[[], None], *, before: bool) -> None:
    class Connection(sqlite3.Connection):
        @override
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            if sql == "COMMIT" and before:
                visit()
            cursor = super().execute(sql, *values)
            if sql == "COMMIT" and not before:
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
