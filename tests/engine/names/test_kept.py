"""Names on disk: sealed, whole or not at all, and read back as they were."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
import json
import os
from pathlib import Path
import stat
import time

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    CategoryGroup,
    Directory,
    KeptNames,
    NamesError,
    NamesProblem,
    Payee,
    Source,
    open_names,
    read_kept,
    remove_kept,
    seal_names,
    write_kept,
)
from custom_components.budgero.engine.push import SpaceKey

KEY = SpaceKey(bytes(range(32)))
OTHER = SpaceKey(bytes(32))
READ_AT = datetime(2026, 11, 28, 8, 30, tzinfo=UTC)

ids = st.integers(1, 2**53 - 1)
budgets = st.none() | ids
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
codes = st.none() | st.sampled_from(["EUR", "BTC"])
directories = st.builds(
    Directory,
    budgets=st.lists(st.builds(Budget, id=ids, name=names, currency=codes)).map(tuple),
    accounts=st.lists(
        st.builds(
            Account,
            id=ids,
            name=names,
            budget=budgets,
            currency=codes,
            is_archived=st.booleans(),
        )
    ).map(tuple),
    groups=st.lists(st.builds(CategoryGroup, id=ids, name=names, budget=budgets)).map(
        tuple
    ),
    categories=st.lists(
        st.builds(Category, id=ids, name=names, budget=budgets, group=budgets)
    ).map(tuple),
    payees=st.lists(st.builds(Payee, id=ids, name=names, budget=budgets)).map(tuple),
    spaces=st.frozensets(names),
)
KEPT = KeptNames(
    directory=Directory(
        spaces=frozenset({"Canary space"}),
        accounts=(Account(id=1, name="Canary account", budget=1, currency="EUR"),),
        payees=(Payee(id=2, name="Canary payee"),),
    ),
    source=Source.SERVER,
    read_at=READ_AT,
    version="5e" * 32,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a file of names may lie."""
    return tmp_path / "names"


def problem_of(sealed: str, key: SpaceKey = KEY) -> NamesProblem:
    """Return why names cannot be read back; fail if they can."""
    with pytest.raises(NamesError) as caught:
        open_names(sealed, key)
    return caught.value.problem


@given(
    kept=st.builds(
        KeptNames,
        directory=directories,
        source=st.sampled_from(Source),
        read_at=st.datetimes(timezones=st.just(UTC)),
        version=st.none() | names,
    )
)
def test_round_trip(kept: KeptNames) -> None:
    """Whatever was read comes back."""
    assert open_names(seal_names(kept, KEY), KEY) == kept


def test_nothing_is_in_clear(path: Path) -> None:
    """Neither a name, nor where it was read; and the file is for its owner only."""
    write_kept(path, KEPT, KEY)
    content = path.read_bytes()
    for text in (b"Canary", b"account", b"server", b"2026", b"5e5e"):
        assert text not in content
        assert text not in base64.b64decode(content)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_kept(path, KEY) == KEPT


def test_another_key(path: Path) -> None:
    """It says so."""
    write_kept(path, KEPT, OTHER)
    with pytest.raises(NamesError) as caught:
        read_kept(path, KEY)
    assert caught.value.problem is NamesProblem.WRONG_KEY


@given(place=st.integers(44, 300), bit=st.integers(0, 7))
def test_damage(place: int, bit: int) -> None:
    """Nothing wrong is ever read."""
    sealed = bytearray(seal_names(KEPT, KEY).encode())
    sealed[place] ^= 1 << bit
    damaged = sealed.decode("ascii", "replace")
    assert problem_of(damaged) in {NamesProblem.UNREADABLE, NamesProblem.WRONG_KEY}


@pytest.mark.parametrize("content", [b"", b"\xff\x00", b"{}"])
def test_a_file_of_something_else(content: bytes, path: Path) -> None:
    """It was not sealed with this key, that is all that can be told."""
    path.write_bytes(content)
    with pytest.raises(NamesError) as caught:
        read_kept(path, KEY)
    assert caught.value.problem is NamesProblem.WRONG_KEY


GOOD = {
    "format": 1,
    "source": "file",
    "read_at": READ_AT.isoformat(),
    "version": None,
    "spaces": [["01H"]],
    "budgets": [],
    "accounts": [],
    "groups": [],
    "categories": [],
    "payees": [],
}


@pytest.mark.parametrize(
    "change",
    [
        {"payees": [[1, "Baker"]]},
        {"payees": [[1, "Baker", "two"]]},
        {"payees": [["1", "Baker", None]]},
        {"payees": [1]},
        {"payees": None},
        {"spaces": [[1]]},
        {"spaces": None},
        {"source": "elsewhere"},
        {"read_at": "yesterday"},
        {"read_at": 7},
        {"version": 7},
    ],
)
def test_another_form(change: dict[str, object]) -> None:
    """Sealed with the right key, but not as names are kept."""
    assert open_names(KEY.seal(json.dumps(GOOD).encode()), KEY).version is None
    sealed = KEY.seal(json.dumps(GOOD | change).encode())
    assert problem_of(sealed) is NamesProblem.UNREADABLE


@pytest.mark.parametrize("content", [b"[]", b"7", b"not JSON", b"{}", b"[" * 100_000])
def test_no_names_at_all(content: bytes) -> None:
    """A transaction, say, that somebody copied there."""
    assert problem_of(KEY.seal(content)) is NamesProblem.UNREADABLE


def test_a_later_version_wrote_it() -> None:
    """It says so."""
    sealed = KEY.seal(json.dumps(GOOD | {"format": 2}).encode())
    assert problem_of(sealed) is NamesProblem.NEWER


def test_there_is_none(path: Path) -> None:
    """Before the first reading, and after they were removed."""
    assert read_kept(path, KEY) is None
    write_kept(path, KEPT, KEY)
    path.with_name("names.new").touch()
    remove_kept(path)
    assert list(path.parent.iterdir()) == []
    remove_kept(path)


def test_the_disk_refuses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there stays, whenever the new file breaks off."""
    write_kept(path, KEPT, KEY)
    newer = KeptNames(directory=Directory(), source=Source.FILE, read_at=READ_AT)

    def fail(_: int) -> None:
        raise OSError

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(NamesError) as caught:
        write_kept(path, newer, KEY)
    assert caught.value.problem is NamesProblem.STORAGE
    monkeypatch.undo()
    assert read_kept(path, KEY) == KEPT
    write_kept(path, newer, KEY)
    assert read_kept(path, KEY) == newer


def test_a_folder_in_its_place(path: Path) -> None:
    """The disk's own words stay out of it."""
    path.mkdir()
    calls: tuple[Callable[[], object], ...] = (
        partial(read_kept, path, KEY),
        partial(write_kept, path, KEPT, KEY),
        partial(remove_kept, path),
    )
    for call in calls:
        with pytest.raises(NamesError) as caught:
            call()
        assert caught.value.problem is NamesProblem.STORAGE
        assert str(path) not in str(caught.value)


def test_two_thousand_names_are_read_within_milliseconds(path: Path) -> None:
    """At every start; a wide margin for a busy machine."""
    payees = tuple(Payee(id=n, name=f"Payee {n}", budget=1) for n in range(1, 2001))
    kept = KeptNames(
        directory=Directory(payees=payees), source=Source.FILE, read_at=READ_AT
    )
    write_kept(path, kept, KEY)
    start = time.perf_counter()
    assert read_kept(path, KEY) == kept
    assert time.perf_counter() - start < 0.2
