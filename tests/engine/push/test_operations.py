"""What a server says that it knows."""

import pytest

from custom_components.budgero.engine.push import Client, Feature
from custom_components.budgero.engine.push.answers import to_features
from custom_components.budgero.engine.push.errors import InputProblem
from custom_components.budgero.engine.push.fields import parse_flag
from tests.budgero_server import BudgeroServer

from .attempts import refusal


async def test_a_server_of_today(client: Client) -> None:
    """It adds transactions, and knows neither splits nor cleared."""
    assert (await client.spec()).features == {Feature.ADD}


async def test_a_newer_server(client: Client, server: BudgeroServer) -> None:
    """It lists operations, and with transactions.add the arguments that are new."""
    await server.update("1.16")
    assert (await client.spec()).features == set(Feature)


@pytest.mark.parametrize(
    ("operations", "known"),
    [
        ({}, set()),
        ({"transactions.add": None}, {Feature.ADD}),
        ({"transactions.add": {"args": []}}, {Feature.ADD}),
        ({"transactions.add": {"args": {"memo": {}}}}, {Feature.ADD}),
        (
            {"transactions.add": {"args": {"splits": {}}}},
            {Feature.ADD, Feature.SPLITS},
        ),
        ({"other.op": {"args": {"splits": {}}}}, set()),
        ({"transactions.deleteByRef": None, "x" * 9_000: 1}, {Feature.DELETE}),
        ({"transactions.add.splits": {}}, {Feature.SPLITS}),
    ],
)
def test_specs(operations: object, known: set[Feature]) -> None:
    """Only what is listed counts."""
    found = to_features({"supported_operations": operations})
    assert found is not None
    assert set(found) == known


@pytest.mark.parametrize("operations", [None, [], "transactions.add"])
def test_no_spec(operations: object) -> None:
    """Something else answers at this address."""
    assert to_features({"supported_operations": operations}) is None


@pytest.mark.parametrize("word", [True, "true", "Yes", " on ", "enable", "1", 1, 1.0])
def test_yes(word: object) -> None:
    """As YAML and people write it."""
    assert parse_flag(word, "cleared") is True


@pytest.mark.parametrize(
    "word", [False, "false", "No", "off ", "disable", "0", 0, -0.0]
)
def test_no(word: object) -> None:
    """As YAML and people write it."""
    assert parse_flag(word, "cleared") is False


@pytest.mark.parametrize(
    "word",
    [None, "", "maybe", 2, -1, 0.5, [], "unavailable", "10", float("nan"), 1 << 99],
)
def test_neither(word: object) -> None:
    """What may mean anything is refused."""
    assert refusal(parse_flag, word, "cleared") == (
        "cleared",
        InputProblem.NOT_YES_OR_NO,
    )
