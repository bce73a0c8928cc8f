"""Keeping the names on disk, sealed with the space key.

They are read at every start, before there is a network. The file has the names as JSON,
sealed like a transaction, so nobody can read them without the key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
import json
from pathlib import Path
from types import UnionType
from typing import Any, Final

from ..private_files import sync_folder, write
from ..push import SpaceKey
from ..push.errors import CannotOpenError
from .directory import Account, Budget, Category, CategoryGroup, Directory, Payee
from .problems import NamesError, NamesProblem

_FORMAT: Final = 1


class Source(StrEnum):
    """Where names were read."""

    SERVER = "server"
    """In the encrypted database on an own server."""

    FILE = "file"
    """In a file that somebody exported and uploaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptNames:
    """The names that were read last.

    Attributes:
        directory: the names, without those given by hand.
        source: where they were read.
        read_at: when, with a zone.
        version: of the database on the server, to notice a newer one.
    """

    directory: Directory
    source: Source
    read_at: datetime
    version: str | None = None


def seal_names(kept: KeptNames, key: SpaceKey) -> str:
    """Return the names as a sealed text."""
    known = kept.directory
    content = {
        "format": _FORMAT,
        "source": kept.source,
        "read_at": kept.read_at.isoformat(),
        "version": kept.version,
        "spaces": [[space] for space in sorted(known.spaces)],
        "budgets": [(each.id, each.name, each.currency) for each in known.budgets],
        "accounts": [
            (each.id, each.name, each.budget, each.currency, each.is_archived)
            for each in known.accounts
        ],
        "groups": [(each.id, each.name, each.budget) for each in known.groups],
        "categories": [
            (each.id, each.name, each.budget, each.group) for each in known.categories
        ],
        "payees": [(each.id, each.name, each.budget) for each in known.payees],
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return key.seal(text.encode())


def open_names(sealed: str, key: SpaceKey) -> KeptNames:
    """Read names back.

    Raises:
        NamesError: `WRONG_KEY`, they were sealed with another key; `NEWER`, a later
            version of this integration wrote them; `UNREADABLE`.
    """
    try:
        text = key.open(sealed)
    except CannotOpenError:
        is_ours = key.has_sealed(sealed)
        problem = NamesProblem.UNREADABLE if is_ours else NamesProblem.WRONG_KEY
        raise NamesError(problem) from None
    try:
        content: dict[str, Any] = json.loads(text)
        if content["format"] != _FORMAT:
            raise NamesError(NamesProblem.NEWER)
        return KeptNames(
            directory=_to_directory(content),
            source=Source(content["source"]),
            read_at=datetime.fromisoformat(content["read_at"]),
            version=_to_version(content["version"]),
        )
    except KeyError, TypeError, ValueError, RecursionError:
        raise NamesError(NamesProblem.UNREADABLE) from None


def read_kept(path: Path, key: SpaceKey) -> KeptNames | None:
    """Read the names in a file; `None` if there is none. Call it in an executor.

    Raises:
        NamesError: as `open_names`, or `STORAGE`, the file cannot be read.
    """
    with _storage_errors():
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:
            return None
    return open_names(sealed.decode("ascii", "replace"), key)


def write_kept(path: Path, kept: KeptNames, key: SpaceKey) -> None:
    """Put names into a file, in place of what was there. Call it in an executor.

    Raises:
        NamesError: `STORAGE`, the file cannot be written; it is as before.
    """
    sealed = seal_names(kept, key).encode()
    new = _new(path)
    with _storage_errors():
        write(new, sealed)
        new.replace(path)
        sync_folder(path)


def remove_kept(path: Path) -> None:
    """Remove a file of names, if there is one. Call it in an executor.

    Raises:
        NamesError: `STORAGE`, the file cannot be deleted.
    """
    with _storage_errors():
        for each in (path, _new(path)):
            each.unlink(missing_ok=True)


def _new(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


@contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise NamesError(NamesProblem.STORAGE) from None


def _to_directory(content: dict[str, Any]) -> Directory:
    """Return the directory that the stored lists describe.

    Raises:
        KeyError, TypeError, ValueError: the lists have another form.
    """
    spaces = _rows(content["spaces"], str)
    budgets = _rows(content["budgets"], int, str, str | None)
    accounts = _rows(content["accounts"], int, str, int | None, str | None, bool)
    groups = _rows(content["groups"], int, str, int | None)
    categories = _rows(content["categories"], int, str, int | None, int | None)
    payees = _rows(content["payees"], int, str, int | None)
    return Directory(
        spaces=frozenset(space for (space,) in spaces),
        budgets=tuple(
            Budget(id=number, name=name, currency=currency)
            for number, name, currency in budgets
        ),
        accounts=tuple(
            Account(
                id=number,
                name=name,
                budget=budget,
                currency=currency,
                is_archived=is_archived,
            )
            for number, name, budget, currency, is_archived in accounts
        ),
        groups=tuple(
            CategoryGroup(id=number, name=name, budget=budget)
            for number, name, budget in groups
        ),
        categories=tuple(
            Category(id=number, name=name, budget=budget, group=group)
            for number, name, budget, group in categories
        ),
        payees=tuple(
            Payee(id=number, name=name, budget=budget)
            for number, name, budget in payees
        ),
    )


def _to_version(value: object) -> str | None:
    """Return a version.

    Raises:
        TypeError: the value is no version.
    """
    if not isinstance(value, str | None):
        raise TypeError
    return value


def _rows(rows: list[list[Any]], *types: type | UnionType) -> Iterator[list[Any]]:
    """Return rows whose fields have these types.

    Raises:
        TypeError, ValueError: a row has other types.
    """
    for row in rows:
        if not all(map(isinstance, row, types, strict=True)):
            raise TypeError
        yield row
