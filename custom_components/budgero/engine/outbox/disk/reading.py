"""Reading rows from the disk; damaged values are refused."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from typing import Any, Final, get_args

from ..errors import UnreadableOutboxError
from ..rows import Row
from .columns import Fields, Value
from .schema import TRANSACTIONS


def _word_of(kind: object) -> type[StrEnum] | None:
    """Return the enumeration of a field whose values are members of one."""
    kinds = get_args(kind) or (kind,)
    return next(
        (one for one in kinds if isinstance(one, type) and issubclass(one, StrEnum)),
        None,
    )


WORDS: Final[Mapping[str, type[StrEnum]]] = {
    field.name: word
    for field in fields(Row)
    if (word := _word_of(field.type)) is not None
}
"""The columns that hold one of a few words. A new word needs a new version of the
file, or a downgrade takes it for damage."""

_FLAGS: Final = tuple(field.name for field in fields(Row) if field.type is bool)
_OF_A_ROW: Final = tuple(field.name for field in fields(Row))


def read_fields(values: Sequence[Value]) -> Fields:
    """Return the fields of a transaction as they lie on the disk.

    Raises:
        UnreadableOutboxError: they are damaged.
    """
    found = TRANSACTIONS.read(values)
    check_words(found)
    return found


def check_words(found: Fields) -> None:
    """Check that this version knows each word.

    Raises:
        UnreadableOutboxError: one of them is damaged.
    """
    for name, word in WORDS.items():
        if found.get(name) is not None:
            read_word(word, found[name])


def read_row(values: Sequence[Value]) -> Row:
    """Return a transaction; the values are in the order of the table.

    Raises:
        UnreadableOutboxError: they are damaged.
    """
    found = read_fields(values)
    row: dict[str, Any] = {name: found[name] for name in _OF_A_ROW}
    for name, word in WORDS.items():
        if row.get(name) is not None:
            row[name] = word(row[name])
    for name in _FLAGS:
        row[name] = bool(row[name])
    return Row(**row)


def read_word[W: StrEnum](kind: type[W], value: object) -> W:
    """Return which word a text is.

    Raises:
        UnreadableOutboxError: it is none of them.
    """
    try:
        return kind(str(value))
    except ValueError:
        raise UnreadableOutboxError("A word in the outbox is damaged") from None


def read_number(value: object) -> float | None:
    """Return a number that may be missing.

    Raises:
        UnreadableOutboxError: it is something else.
    """
    if value is None or isinstance(value, int | float):
        return value
    raise UnreadableOutboxError("A number in the outbox is damaged")
