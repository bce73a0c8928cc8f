"""Barriers: stop a function until a test lets it go on."""

import asyncio
from collections.abc import Awaitable, Callable
import threading
from typing import Final

import pytest

_PATIENCE: Final = 10.0
"""Time after which a thread goes on although its test has failed, in seconds."""


class Barrier:
    """Stops a coroutine."""

    def __init__(self) -> None:
        """Start closed."""
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    def before[**P, R](
        self, function: Callable[P, Awaitable[R]]
    ) -> Callable[P, Awaitable[R]]:
        """Return the function with the barrier before it."""

        async def held_up(*args: P.args, **kwargs: P.kwargs) -> R:
            self.reached.set()
            await self.opened.wait()
            return await function(*args, **kwargs)

        return held_up

    def after[**P, R](
        self, function: Callable[P, Awaitable[R]]
    ) -> Callable[P, Awaitable[R]]:
        """Return the function with the barrier after it."""

        async def held_up(*args: P.args, **kwargs: P.kwargs) -> R:
            result = await function(*args, **kwargs)
            self.reached.set()
            await self.opened.wait()
            return result

        return held_up

    def hold_up(
        self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
    ) -> None:
        """Put the barrier before a function of a module or class."""
        monkeypatch.setattr(owner, name, self.before(getattr(owner, name)))

    def hold_back(
        self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
    ) -> None:
        """Put the barrier behind a function of a module or class."""
        monkeypatch.setattr(owner, name, self.after(getattr(owner, name)))


class ThreadBarrier:
    """Stops a function that runs in a thread, such as a commit."""

    def __init__(self) -> None:
        """Start closed."""
        self.reached = threading.Event()
        self.opened = threading.Event()

    def hold_up(
        self, monkeypatch: pytest.MonkeyPatch, owner: object, name: str
    ) -> None:
        """Put the barrier before a function of a module or class."""
        function = getattr(owner, name)

        def held_up(*args: object) -> object:
            self.reached.set()
            self.opened.wait(_PATIENCE)
            return function(*args)

        monkeypatch.setattr(owner, name, held_up)
