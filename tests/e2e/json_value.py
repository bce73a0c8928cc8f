"""What JSON can hold, and reading it without guessing."""

from collections.abc import Mapping, Sequence

type Json = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
type JsonObject = Mapping[str, Json]


class UnexpectedAnswerError(Exception):
    """An answer does not have the form that it should have."""


def to_object(value: Json) -> JsonObject:
    """Return an object, or refuse what is none."""
    if not isinstance(value, Mapping):
        raise UnexpectedAnswerError(f"an object was expected, not {value!r}")
    return value


def to_objects(value: Json) -> list[JsonObject]:
    """Return a list of objects, or refuse what is none."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise UnexpectedAnswerError(f"a list was expected, not {value!r}")
    return [to_object(item) for item in value]


def to_text(value: Json) -> str:
    """Return a text, or refuse what is none."""
    if not isinstance(value, str):
        raise UnexpectedAnswerError(f"a text was expected, not {value!r}")
    return value


def to_number(value: Json) -> int:
    """Return a whole number, or refuse what is none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnexpectedAnswerError(f"a whole number was expected, not {value!r}")
    return value
