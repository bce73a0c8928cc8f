"""Reading the server's names again: only when there is another database."""

from dataclasses import replace
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import name_directory
from custom_components.budgero.engine.names import NamesError, NamesProblem, read_blob
from custom_components.budgero.name_directory import NameDirectory
from tests.budgero_server import BudgeroServer, Damage, Reply

from .support import running

STATE = "/api/v1/database/state"
BLOB = "/api/v1/database/blob"

pytestmark = pytest.mark.usefixtures("quick")


def fetched(server: BudgeroServer) -> int:
    """Return how often the whole database was sent since the last look."""
    blobs = [each for each in server.requests if each.path.startswith(BLOB)]
    server.forget_requests()
    return sum(each.status == 200 for each in blobs)


def problem_of(names: NameDirectory) -> str | None:
    """Return what is wrong now; a type checker takes it for what was wrong before."""
    return names.problem


@pytest.fixture
async def names(server: BudgeroServer, signed_in: MockConfigEntry) -> NameDirectory:
    """Return the names of an entry, as they were read from the server."""
    server.blob = replace(server.blob, iterations=100_000)
    names = running(signed_in).names
    await names.async_refresh()
    assert names.problem is None
    assert len(names.directory.budgets) == 2
    fetched(server)
    return names


async def test_the_same_database(server: BudgeroServer, names: NameDirectory) -> None:
    """It is neither sent nor read again."""
    with patch.object(name_directory, "read_blob") as read:
        await names.async_refresh()
    assert (fetched(server), read.call_count, names.problem) == (0, 0, None)


async def test_a_damaged_database_is_read_once(
    server: BudgeroServer, names: NameDirectory
) -> None:
    """The last names stay, and so does the reason, also after other troubles."""
    before = names.directory
    good = server.blob
    server.blob = replace(good, damage=Damage.GARBLED)
    for expected in (1, 0, 0):
        await names.async_refresh()
        assert fetched(server) == expected
        assert names.problem == NamesProblem.UNREADABLE
    server.faults.add(Reply(method="GET", path=STATE, status=503, json={"message": ""}))
    await names.async_refresh()
    assert names.problem == "server_trouble"
    await names.async_refresh()
    assert names.problem == NamesProblem.UNREADABLE
    assert names.directory == before
    server.blob = replace(good, iterations=100_001)
    await names.async_refresh()
    assert fetched(server) == 1
    assert problem_of(names) is None


async def test_a_database_that_took_too_long_is_tried_again(
    server: BudgeroServer, names: NameDirectory
) -> None:
    """The machine may have been busy."""
    server.blob = replace(server.blob, iterations=100_001)
    slow = NamesError(NamesProblem.TOO_SLOW)
    with patch.object(name_directory, "read_blob", side_effect=[slow]):
        await names.async_refresh()
    assert names.problem == NamesProblem.TOO_SLOW
    with patch.object(name_directory, "read_blob", side_effect=read_blob) as read:
        await names.async_refresh()
    assert read.call_count == 1
    assert problem_of(names) is None
