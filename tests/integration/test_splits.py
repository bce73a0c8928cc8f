"""Divided and cleared transactions, on servers that know them."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox.rows import Counts
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer, Split

from .actions import call, check_refusal, queue, refused
from .newer import NEWER, until_asked
from .support import ADD, Call, running, set_up

LINES: list[dict[str, object]] = [
    {"amount": "8,50", "category": 2, "memo": "milk", "payee": "Stall"},
    {"amount": 4, "transfer_account": 3},
]


@pytest.fixture
def release() -> str:
    """A newer server."""
    return NEWER


async def test_lines_are_booked(
    asked: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """One transaction, two parts, and the money that goes to the other account."""
    await add(amount=12.5, splits=LINES, cleared=True, wait=True)
    assert server.apply().failed == 0
    parent, leg = server.bookings
    assert (parent.outflow, parent.cleared) == (12_500, True)
    assert [
        (split.outflow, split.category_id, split.transfer_account_id, split.memo)
        for split in parent.splits
    ] == [(8_500, 2, None, "milk"), (4_000, None, 3, "")]
    assert isinstance(parent.splits[0], Split)
    assert parent.splits[0].payee == "Stall"
    assert (leg.account_id, leg.inflow) == (3, 4_000)


async def test_lines_of_income(
    asked: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Every line goes the way of the whole."""
    await add(inflow=12.5, splits=LINES, wait=True)
    assert server.apply().failed == 0
    parent, leg = server.bookings
    assert [split.inflow for split in parent.splits] == [8_500, 4_000]
    assert (leg.account_id, leg.outflow) == (3, 4_000)


@pytest.mark.parametrize(
    "lines",
    [
        [
            {"amount": "{{ '8,50' }}", "category": "{{ 2 }}"},
            {"amount": "{{ 12.5 - 8.5 }}", "transfer_account": "{{ '3' }}"},
        ],
        "{{ [{'amount': 8.5, 'category': 2}, {'amount': 4, 'transfer_account': 3}] }}",
    ],
)
async def test_lines_of_a_script(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, lines: object
) -> None:
    """As templates give them, one by one or as a whole."""
    data = {"amount": "{{ '12,50' }}", "splits": lines, "wait": True}
    step = {"action": f"{DOMAIN}.{ADD}", "data": data}
    config = {"script": {"log": {"sequence": [step]}}}
    assert await async_setup_component(hass, "script", config)
    await hass.services.async_call("script", "log", blocking=True)
    assert server.apply().processed == 1
    assert [split.outflow for split in server.bookings[0].splits] == [8_500, 4_000]


REFUSED: list[tuple[dict[str, object], str, str]] = [
    ({"splits": "x987"}, "invalid_not_splits", "splits"),
    ({"splits": LINES[:1]}, "invalid_not_splits", "splits"),
    ({"splits": ["x987", 1]}, "invalid_not_splits", "splits line 1"),
    ({"splits": [LINES[0], {"x987": 1}]}, "invalid_not_splits", "splits line 2"),
    (
        {"splits": [LINES[0], {**LINES[1], "amount": "x987"}]},
        "invalid_not_a_number",
        "splits line 2 amount",
    ),
    ({"splits": [LINES[0]] * 2}, "invalid_does_not_add_up", "splits"),
    ({"splits": LINES, "category": 5}, "invalid_not_with_splits", "category"),
    ({"splits": LINES, "transfer_id": 7}, "invalid_not_with_splits", "transfer_id"),
    ({"splits": LINES, "account": 3}, "invalid_same_account", "splits"),
    ({"cleared": "x987"}, "invalid_not_yes_or_no", "cleared"),
]


async def test_refused(
    hass: HomeAssistant, asked: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """The text names the line, never a value, and nothing is kept."""
    for said, key, named in REFUSED:
        with subtests.test(said=said):
            await check_refusal(hass, ADD, {"amount": 12.5} | said, key, named)
            assert await running(asked).store.review.counts() == Counts()


async def test_known_message_id(
    hass: HomeAssistant, asked: MockConfigEntry, add: Call
) -> None:
    """The same lines are the same transaction, other lines are another one."""
    said = {"amount": 12.5, "message_id": "shop-1"}
    await add(**said, splits=LINES)
    assert (await add(**said, splits=LINES))["status"] == "already_known"
    for other in ({}, {"splits": LINES[::-1]}, {"splits": LINES, "cleared": True}):
        error = await refused(hass, ADD, **said, **other)
        assert error.translation_key == "different_content"


async def test_shown_in_the_queue(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A person sees what waits, line by line."""
    await server.stop()
    await add(amount=12.5, splits=LINES, cleared=True)
    content = (await queue(hass))[0]["transaction"]
    assert content["cleared"] is True
    assert content["category"] is None
    assert content["splits"] == [
        {
            "amount": 8.5,
            "category": 2,
            "transfer_account": None,
            "memo": "milk",
            "payee": "Stall",
        },
        {
            "amount": 4.0,
            "category": None,
            "transfer_account": 3,
            "memo": "",
            "payee": None,
        },
    ]


@pytest.mark.parametrize(
    "said",
    [{"splits": LINES}, {"cleared": True}, {"cleared": True, "splits": LINES}],
    ids=", ".join,
)
async def test_older_server(
    hass: HomeAssistant, other: MockConfigEntry, said: dict[str, object]
) -> None:
    """It would book the whole amount uncategorised, and never tell."""
    await until_asked(other)
    error = await refused(hass, ADD, amount=12.5, **said)
    assert error.translation_key == "field_not_supported"
    assert error.translation_placeholders == {"fields": ", ".join(said)}
    assert f"{', '.join(said)}." in str(error)
    assert await running(other).store.review.counts() == Counts()
    assert (await call(hass, ADD, amount=12.5, cleared=False))["status"] == "waiting"


async def test_server_that_was_never_asked(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """Nobody knows yet; that is another text."""
    await server.stop()
    await set_up(hass, entry)
    error = await refused(hass, ADD, amount=12.5, splits=LINES)
    assert error.translation_key == "not_asked_yet"
    assert (await call(hass, ADD, amount=12.5))["status"] == "waiting"
