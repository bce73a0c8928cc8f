"""Trying something that may be refused, or that may be too much."""

from collections.abc import Callable
import threading

import pytest

from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError


def attempt[**P, T](
    call: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T | InvalidInputError:
    """Return what a call returns, or how it refuses; anything else is raised."""
    try:
        return call(*args, **kwargs)
    except InvalidInputError as error:
        return error


def refusal[**P](
    call: Callable[P, object], *args: P.args, **kwargs: P.kwargs
) -> tuple[str, InputProblem]:
    """Return which field a call refuses, and why; fail if it takes it."""
    with pytest.raises(InvalidInputError) as caught:
        call(*args, **kwargs)
    return caught.value.field, caught.value.problem


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
