"""Dataclasses described as JSON by whoever controls the stand-in."""

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from .errors import ApiError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def read_fields(
    kind: type[DataclassInstance], described: Mapping[str, object]
) -> dict[str, Any]:
    """Read values for the fields of a dataclass; texts become its enumerations.

    Raises:
        ApiError: 400 for an unknown field or a value of another type.
    """
    hints = get_type_hints(kind)
    names = {field.name for field in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in described.items():
        if name not in names:
            raise ApiError(400, f"there is no {name}")
        values[name] = _read(name, value, hints[name])
    return values


def _read(name: str, value: object, hint: Any) -> object:
    """Compare with the type of a field, or with one part of a union."""
    for part in get_args(hint) or (hint,):
        kind = get_origin(part) or part
        if issubclass(kind, StrEnum) and value in list(kind):
            return kind(value)
        if _is_a(value, kind):
            return value
    raise ApiError(400, f"{name} cannot be this")


def _is_a(value: object, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)
