"""Trying something that may be refused, or that may be too much."""

from collections.abc import Callable
import threading

from custom_components.budgero.engine.push.errors import InvalidInputError


def attempt[**P, T](
    call: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | InvalidInputError:
    """Return what a call returns, or how it refuses; anything else is raised."""
    try:
        return call(*args, **kwargs)
    except InvalidInputError as error:
        return error


def on_a_small_stack[T](call: Callable[[], T]) -> list[T]:
    """Return what a call returns that can nest only so deep; nothing if it fails."""
    outcome: list[T] = []
    usual = threading.stack_size(128 * 1024)
    try:
        thread = threading.Thread(target=lambda: outcome.append(call()))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(usual)
    return outcome
