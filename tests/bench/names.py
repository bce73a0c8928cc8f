"""Names: reading them from a large database, keeping the loop free, finding one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
import random
import sqlite3
import time
from typing import Final
import uuid

from aiohttp import ClientSession
import lz4.frame

from custom_components.budgero.engine.names import (
    Directory,
    Kind,
    NameIndex,
    Payee,
    fetch_database,
    read_blob,
)
from custom_components.budgero.engine.names.lz4 import unpack_frame
from custom_components.budgero.engine.names.problems import Patience
from custom_components.budgero.engine.push import ServerUser
from tests.budgero_server import BudgeroServer
from tests.budgero_server.envelope import seal_envelope

from .harness import Round, middle, ratio, side_by_side
from .result import Aim, Result, Summary, at_most
from .size import Size
from .stall import longest_stall
from .subjects import KEY

_IN_ONE: Final = 100
"""Names under one look at the clock."""

_BLOB: Final = "/api/v1/database/blob"
_TRANSACTIONS: Final = """
DROP TABLE transactions;
CREATE TABLE transactions (
    ID INTEGER PRIMARY KEY, UUID TEXT NOT NULL, AccountID INTEGER, CategoryID INTEGER,
    BudgetID INTEGER, Date TEXT, Inflow INTEGER, Outflow INTEGER, Memo TEXT,
    Payee TEXT, Cleared INTEGER, CreatedAt TEXT, UpdatedAt TEXT,
    Month TEXT GENERATED ALWAYS AS (substr(Date, 1, 7)) STORED
);
CREATE INDEX by_account ON transactions (AccountID, Date);
CREATE INDEX by_category ON transactions (CategoryID, Date);
CREATE UNIQUE INDEX by_uuid ON transactions (UUID);
"""
_ADD: Final = "INSERT INTO transactions VALUES (?, ?, ?, ?, 1, ?, 0, ?, ?, ?, 1, ?, ?)"
_ADD_PAYEE: Final = "INSERT INTO payees (BudgetID, Name) VALUES (1, ?)"


@dataclass(frozen=True, slots=True)
class _Subject:
    """A large database, packed as the app packs it."""

    packed: bytes
    size: int
    blob: bytes


def measure(size: Size) -> list[Result]:
    """Read from a blob, ask for it again, and find names among many."""
    subject = _subject(size.booked, size.names)
    return [
        *asyncio.run(_measure_reading(size, subject)),
        *asyncio.run(_measure_unpacking(size, subject)),
        asyncio.run(_measure_asking_again()),
        *_measure_finding(size),
    ]


async def _measure_reading(size: Size, subject: _Subject) -> list[Result]:
    """Read in a thread beside the loop, and see how long the loop stands still."""
    seconds, above = [], []
    for number in range(size.rounds + 1):
        async with longest_stall() as stall:
            start = time.perf_counter()
            await asyncio.to_thread(read_blob, subject.blob, KEY)
            took = time.perf_counter() - start
        async with longest_stall() as idle_stall:
            await asyncio.sleep(took)
        if number:
            seconds.append(took)
            above.append((stall() - idle_stall()) * 1000)
    what = f"names from a blob, {size.booked:,} transactions"
    return [
        _result(what, "", "s in the executor", seconds, at_most(1)),
        _result(what, "an idle loop", "ms longer stall", above, at_most(5)),
    ]


async def _measure_unpacking(size: Size, subject: _Subject) -> list[Result]:
    async def ours() -> Round:
        return [_time(lambda: unpack_frame(subject.packed, subject.size, Patience()))]

    async def library() -> Round:
        return [_time(lambda: lz4.frame.decompress(subject.packed))]

    ours_took, library_took = await side_by_side(size.rounds, ours, library)
    return [
        Result(
            what=f"unpack {subject.size / 1e6:.1f} MB",
            against="the lz4 library",
            measure="times its time",
            figure=ratio(ours_took, library_took),
            ours=Summary.of(ours_took),
            theirs=Summary.of(library_took),
        )
    ]


async def _measure_asking_again() -> Result:
    """Ask ten times while the version stays the same."""
    async with BudgeroServer() as server, ClientSession() as session:
        known = server.credentials
        user = ServerUser(session, server.url, known.username, known.password)
        database = await fetch_database(user)
        assert database is not None
        again = [await fetch_database(user, database.version) for _ in range(10)]
        blobs = [each for each in server.requests if each.path.startswith(_BLOB)]
    fetched = len(blobs) - 1 + sum(each is not None for each in again)
    return _result(
        "ask 10 times for the same version", "", "fetched again", [fetched], at_most(0)
    )


def _measure_finding(size: Size) -> list[Result]:
    directory = Directory(
        payees=tuple(
            Payee(id=number, name=name, budget=1)
            for number, name in enumerate(_names(size.names), start=1)
        )
    )
    index = NameIndex(directory)
    written = [payee.name.upper() for payee in directory.payees]
    several = [written[start::_IN_ONE] for start in range(min(_IN_ONE, len(written)))]
    found = [_time(partial(_find, index, names)) for names in several]
    each = [took / len(names) * 1e6 for took, names in zip(found, several, strict=True)]
    built = [_time(lambda: NameIndex(directory)) * 1000 for _ in range(size.rounds)]
    what = f"among {size.names:,} names"
    return [
        _result(f"find one {what}", "", "µs, in other letters", each, at_most(50)),
        _result(f"index {size.names:,} names", "", "ms", built),
    ]


def _find(index: NameIndex, names: Sequence[str]) -> None:
    for name in names:
        index.find(Kind.PAYEE, name, 1, "payee")


def _time(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def _result(
    what: str, against: str, measure_: str, values: Round, aim: Aim | None = None
) -> Result:
    return Result(
        what=what, against=against, measure=measure_, figure=middle(values), aim=aim
    )


def _names(number: int) -> list[str]:
    """Make names of two words, no two of which are the same."""
    choose = random.Random(number)
    return [
        f"{''.join(choose.choices('aeiouéklmnprst', k=7)).title()} Market {each}"
        for each in range(number)
    ]


def _subject(transactions: int, payees: int) -> _Subject:
    """Make a database as large as a household's after years."""
    choose = random.Random(transactions)
    names = _names(payees)
    words = [uuid.UUID(int=choose.getrandbits(128)).hex[:8] for _ in range(4000)]
    database = sqlite3.connect(":memory:", autocommit=True)
    database.deserialize(BudgeroServer().export_database())
    database.executescript(_TRANSACTIONS)
    database.execute("BEGIN")
    database.executemany(_ADD_PAYEE, [(name,) for name in names])
    database.executemany(
        _ADD,
        [
            (
                number,
                str(uuid.UUID(int=choose.getrandbits(128))),
                choose.randint(1, 3),
                choose.randint(1, 9),
                f"20{choose.randint(20, 26)}-{choose.randint(1, 12):02}-15",
                choose.randint(1, 10**6),
                " ".join(choose.choices(words, k=choose.randint(0, 6))),
                choose.choice(names),
                f"2026-{choose.randint(1, 12):02}-02T10:00:{number % 60:02}.123Z",
                f"2026-{choose.randint(1, 12):02}-03T11:00:{number % 60:02}.456Z",
            )
            for number in range(transactions)
        ],
    )
    database.execute("COMMIT")
    content = database.serialize()
    database.close()
    packer = lz4.frame.LZ4FrameCompressor(
        block_size=lz4.frame.BLOCKSIZE_MAX4MB, block_linked=True
    )
    packed = packer.begin() + packer.compress(content) + packer.flush()
    return _Subject(packed, len(content), seal_envelope(packed, KEY.export()))
