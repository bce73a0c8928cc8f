"""The tools of AI agents."""

import asyncio
from dataclasses import replace
import json
from typing import Any

from probatio import to_openapi  # noqa: TID251 - what models are shown tools with
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero import agent_log as agent_log_module, intake
from custom_components.budgero.const import (
    CONF_ACCOUNT,
    CONF_AI_AGENTS,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
)
from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    Directory,
    Payee,
)
from custom_components.budgero.engine.outbox import Hold, State
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.push import Direction
from homeassistant.components.llm import async_get_tools
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.llm import LLMContext, ToolInput, ToolResult
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer

from .agents import (
    ADD_TOOL,
    ASKED,
    STATUS_TOOL,
    UNDO_TOOL,
    WAITING,
    agent_of,
    allow_agents,
    until_sent,
    use,
)
from .assist import LUNCH, say
from .preset_helpers import COFFEE, DIRECTORY, add_preset, know
from .support import let_the_app_work, raising, running, unreadable
from .test_permissions import nothing_is_kept
from .test_presets import logged

KITCHEN = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


@pytest.fixture
async def allowed(hass: HomeAssistant, loaded: MockConfigEntry) -> MockConfigEntry:
    """The entry, with the names, and with agents allowed."""
    await know(loaded, DIRECTORY)
    await allow_agents(hass, loaded)
    return loaded


async def test_no_tools_until_they_are_chosen(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """They are there once the option is on, for Assist only, and go with it."""
    await allow_agents(hass, loaded, **{CONF_AI_AGENTS: False})
    assert not await names_of_tools(hass)
    await allow_agents(hass, loaded)
    assert await names_of_tools(hass) == [ADD_TOOL, STATUS_TOOL, UNDO_TOOL]
    assert not await names_of_tools(hass, "another_api")
    await hass.config_entries.async_unload(loaded.entry_id)
    assert not await names_of_tools(hass)


async def names_of_tools(hass: HomeAssistant, api_id: str = "assist") -> list[str]:
    """Return which tools of Budgero an agent gets."""
    context = LLMContext("test", Context(), "*", "conversation", None)
    found = await async_get_tools(hass, context, api_id)
    return [tool.name for tool in found.tools if tool.integration == "budgero"]


async def test_tool_of_a_conversation_that_began_earlier(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """It does nothing once the option is off."""
    agent = await agent_of(hass)
    await allow_agents(hass, allowed, **{CONF_AI_AGENTS: False})
    tools = {tool.name: tool for tool in agent.tools}
    for name in (ADD_TOOL, STATUS_TOOL, UNDO_TOOL):
        result = await tools[name].async_call(
            hass, ToolInput(name, {}), agent.llm_context
        )
        assert isinstance(result, ToolResult)
        assert result.error
        assert result.data["error"] == "turned_off"
    assert await nothing_is_kept(allowed)


async def test_what_a_model_is_told(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """Schemas can be shown to every model, say what they mean, and name nobody."""
    agent = await agent_of(hass)
    tools = [tool for tool in agent.tools if tool.integration == "budgero"]
    shown = agent.api_prompt
    for tool in tools:
        for version in ("3.0", "3.1.0"):
            schema = to_openapi(
                tool.parameters,
                custom_serializer=agent.custom_serializer,
                openapi_version=version,
            )
            assert schema["type"] == "object"
            assert all(
                field.get("description") for field in schema["properties"].values()
            )
            shown += json.dumps(schema)
        assert tool.title
        assert tool.description
        shown += tool.description
    add = to_openapi(tools[0].parameters, custom_serializer=agent.custom_serializer)
    kinds = [each["type"] for each in add["properties"]["amount"]["anyOf"]]
    assert kinds == ["string", "integer", "number"]
    assert add["properties"]["type"]["enum"] == ["expense", "income"]
    assert "Amounts are in EUR" in agent.api_prompt
    for name in ("Checking", "Cash", "Café", "Groceries", "Kiosk", "Household"):
        assert name not in shown


@pytest.mark.parametrize(
    ("name", "annotations"),
    [
        (ADD_TOOL, (False, False, False, True)),
        (STATUS_TOOL, (True, False, True, False)),
        (UNDO_TOOL, (False, True, True, True)),
    ],
)
async def test_annotations(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    name: str,
    annotations: tuple[bool, ...],
) -> None:
    """Agents over MCP are told what each tool does."""
    [tool] = [tool for tool in (await agent_of(hass)).tools if tool.name == name]
    found = tool.annotations
    assert annotations == (
        found.read_only,
        found.destructive,
        found.idempotent,
        found.open_world,
    )


async def test_logs_and_is_booked_once(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A transaction goes the way of all others; no word of the answer means booked."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.0)
    result = await use(
        hass,
        ADD_TOOL,
        amount=12.5,
        payee="Lidl",
        memo="Lunch",
        account="checking",
        category="cafe",
        date="2026-01-31",
    )
    assert not result.error
    message = result.data.pop("message")
    assert result.data == {
        "status": WAITING,
        "amount": "12.50",
        "currency": "EUR",
        "type": "expense",
        "date": "2026-01-31",
        "payee": "Lidl",
        "memo": "Lunch",
        "account": "Checking",
    }
    assert "not booked" in str(message)
    await until_sent(allowed)
    await let_the_app_work(allowed, server)
    [booking] = server.bookings
    assert (booking.outflow, booking.inflow, booking.payee) == (12_500, 0, "Lidl")
    assert (booking.account_id, booking.category_id, booking.memo) == (1, 5, "Lunch")


@pytest.mark.parametrize(
    ("amount", "exact"),
    [
        (12.5, "12.50"),
        (12, "12.00"),
        ("12.50", "12.50"),
        ("12,50 €", "12.50"),
        (0.1, "0.10"),
    ],
)
async def test_amounts(
    hass: HomeAssistant, allowed: MockConfigEntry, amount: Any, exact: str
) -> None:
    """Numbers and texts are exact."""
    result = await use(hass, ADD_TOOL, amount=amount)
    assert result.data["amount"] == exact


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"amount": 12.345}, "invalid_too_precise"),
        ({"amount": "12.345"}, "invalid_ambiguous"),
        ({"amount": "1,234"}, "invalid_ambiguous"),
        ({"amount": -5}, "invalid_not_positive"),
        ({"amount": 0}, "invalid_not_positive"),
        ({"amount": "5 USD"}, "invalid_other_currency"),
        ({"amount": True}, "invalid_not_a_number"),
        ({"amount": 1e300}, "invalid_too_large"),
        ({"amount": float("nan")}, "invalid_no_value"),
        ({"amount": "about ten"}, "invalid_not_a_number"),
        ({"amount": None}, "missing_amount"),
        ({"amount": "  "}, "missing_amount"),
        ({}, "missing_amount"),
        ({"amount": 5, "nonsense": 1}, "invalid_arguments"),
        ({"amount": [5]}, "invalid_arguments"),
        ({"amount": 5, "type": "transfer"}, "invalid_arguments"),
        ({"amount": 5, "account": 2}, "invalid_arguments"),
        ({"amount": 5, "another": "yes"}, "invalid_arguments"),
        ({"amount": 5, "date": "yesterday"}, "invalid_not_a_date"),
        ({"amount": 5, "payee": "x" * 300}, "invalid_too_long"),
        ({"amount": 5, "memo": "{{ states('x') }}"}, "invalid_not_rendered"),
        ({"amount": 5, "account": "Yen"}, "invalid_other_budget"),
        ({"amount": 5, "account": "Cash"}, "invalid_ambiguous_name"),
        ({"amount": 5, "account": "2"}, "not_a_name"),
        ({"amount": 5, "category": "99"}, "not_a_name"),
        ({"amount": 5, "preset": "Coffee"}, "invalid_unknown_name"),
    ],
)
async def test_refusals(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    arguments: dict[str, Any],
    error: str,
) -> None:
    """What is not exact is refused as an error, with a sentence; nothing is kept."""
    result = await use(hass, ADD_TOOL, **arguments)
    assert result.error
    assert result.data["error"] == error
    message = str(result.data["message"])
    assert message.startswith("Nothing was done. ")
    for advice in ("Round it", "the ID", "get_names", "give the amount"):
        assert advice not in message
    assert await nothing_is_kept(allowed)


async def test_blanks_are_not_given(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Models write null or "" for what they leave out."""
    async with idle:
        result = await use(
            hass, ADD_TOOL, amount=5, payee="", memo=None, account=" ", type=None
        )
        assert result.data["status"] == WAITING
        [transaction] = await logged(allowed)
    assert (transaction.payee, transaction.memo) == (None, "")
    assert transaction.direction is Direction.EXPENSE


async def test_income_by_preset(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """A preset completes what was said, and is not told; income is income."""
    await add_preset(hass, allowed, "Coffee", COFFEE)
    async with idle:
        coffee = await use(hass, ADD_TOOL, preset="espresso")
        salary = await use(hass, ADD_TOOL, amount="100", type="income", payee="Work")
        [transaction, _] = await logged(allowed)
    assert (transaction.payee, transaction.memo) == ("Kiosk", "Black")
    assert (coffee.data["amount"], coffee.data["payee"]) == ("3.50", None)
    assert coffee.data["memo"] is None
    assert salary.data["payee"] == "Work"
    assert salary.data["type"] == "income"


async def test_names_that_may_be_meant(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """An unknown name is answered with those that exist and can be used."""
    await add_preset(hass, allowed, "Coffee", COFFEE)
    account = await use(hass, ADD_TOOL, amount=5, account="Check")
    assert account.error
    assert account.data["choices"] == ["Checking", "Cash"]
    assert account.data["there_are_more"] is False
    category = await use(hass, ADD_TOOL, amount=5, category="Lebensmittel")
    assert category.data["choices"] == ["Groceries", "Café"]
    preset = await use(hass, ADD_TOOL, preset="Cofee")
    assert preset.data["choices"] == ["Coffee"]
    assert "Kiosk" not in json.dumps([account.data, category.data, preset.data])


async def test_many_names(hass: HomeAssistant, allowed: MockConfigEntry) -> None:
    """An answer has twenty names at most, and says that there are more."""
    many = Directory(
        budgets=(Budget(id=1, name="Household"),),
        accounts=(Account(id=1, name="Checking", budget=1),),
        categories=tuple(
            Category(id=100 + number, name=f"Category {number}", budget=1)
            for number in range(50)
        ),
        payees=(Payee(id=1, name="Kiosk", budget=1),),
    )
    await know(allowed, many)
    result = await use(hass, ADD_TOOL, amount=5, category="Rent")
    choices = result.data["choices"]
    assert isinstance(choices, list)
    assert len(choices) == 20
    assert result.data["there_are_more"] is True


async def test_no_names_are_known(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """A name is refused with a sentence that says so."""
    await allow_agents(hass, loaded)
    result = await use(hass, ADD_TOOL, amount=5, account="Cash")
    assert result.data["error"] == "invalid_not_an_id"
    assert "choices" not in result.data


async def test_no_account(hass: HomeAssistant, allowed: MockConfigEntry) -> None:
    """Without a default account the agent is told which there are."""
    hass.config_entries.async_update_entry(
        allowed, options={**allowed.options, CONF_ACCOUNT: None}
    )
    await hass.async_block_till_done()
    result = await use(hass, ADD_TOOL, amount=5)
    assert result.data["error"] == "missing_account"
    assert result.data["choices"] == ["Checking", "Cash"]


async def test_who_may_only_look(
    hass: HomeAssistant, allowed: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """May not log through an agent either, and is told no names."""
    context = Context(user_id=hass_read_only_user.id)
    arguments = ({"amount": 5}, {"amount": 5, "account": "X"}, {"account": "2"})
    for given in arguments:
        result = await use(hass, ADD_TOOL, context=context, **given)
        assert result.data["error"] == "may_not_log"
        assert "choices" not in result.data
    for tool in (STATUS_TOOL, UNDO_TOOL):
        result = await use(hass, tool, context=context)
        assert result.data["error"] == "may_not_log"
    assert await nothing_is_kept(allowed)


async def test_the_same_again(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    idle: asyncio.Lock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Within ten minutes it is one, however it is written, unless it is another."""
    async with idle:
        await use(hass, ADD_TOOL, amount=3, memo="Coffee")
        today = dt_util.now().date().isoformat()
        for same in (
            {"amount": 3, "memo": "Coffee"},
            {"amount": "3.00", "memo": " coffee "},
            {"amount": "3 €", "memo": "Coffee", "type": "expense", "date": today},
            {"amount": 3, "memo": "Coffee", "account": "Checking"},
        ):
            again = await use(hass, ADD_TOOL, **same)
            assert not again.error
            assert again.data["status"] == "already_logged"
        assert len(await logged(allowed)) == 1
        context = Context()
        for _ in range(2):  # two more, in one run
            more = await use(
                hass, ADD_TOOL, context=context, amount=3, memo="Coffee", another=True
            )
            assert more.data["status"] == WAITING
        assert len(await logged(allowed)) == 3
        monkeypatch.setattr(agent_log_module, "REPEATED_WITHIN", 0.0)
        later = await use(hass, ADD_TOOL, amount=3, memo="Coffee")
        assert later.data["status"] == WAITING
        assert len(await logged(allowed)) == 4


async def test_side_by_side(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Agents call tools at once; the same is logged once."""
    async with idle:
        results = await asyncio.gather(
            *(use(hass, ADD_TOOL, amount=3, memo="Coffee") for _ in range(5))
        )
        assert len(await logged(allowed)) == 1
    statuses = sorted(str(result.data["status"]) for result in results)
    assert statuses == ["already_logged"] * 4 + [WAITING]


async def test_the_same_at_another_device(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Is another one."""
    async with idle:
        await use(hass, ADD_TOOL, amount=3)
        other = await use(hass, ADD_TOOL, device_id=KITCHEN, amount=3)
    assert other.data["status"] == WAITING


async def test_said_before_the_agent_heard_of_it(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """A sentence that was logged is not logged again by an agent that reads it."""
    async with idle:
        await say(hass, LUNCH, device_id=KITCHEN)
        result = await use(hass, ADD_TOOL, device_id=KITCHEN, amount=12.5, memo="Lunch")
        assert result.data["status"] == "already_logged"
        assert len(await logged(allowed)) == 1


async def test_caller_that_goes_away(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    idle: asyncio.Lock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it has asked for is logged; asked for again, it is known."""
    outbox = running(allowed).outbox
    began, go_on = asyncio.Event(), asyncio.Event()
    append = outbox.append

    async def slowly(*args: Any, **kwargs: Any) -> Any:
        began.set()
        await go_on.wait()
        return await append(*args, **kwargs)

    monkeypatch.setattr(outbox, "append", slowly)
    async with idle:
        call = asyncio.create_task(use(hass, ADD_TOOL, amount=3))
        await began.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        async with asyncio.timeout(10):  # while it is being written
            again = await use(hass, ADD_TOOL, amount=3)
        assert again.data["status"] == "already_logged"
        go_on.set()
        await hass.async_block_till_done()
        assert len(await logged(allowed)) == 1


async def test_not_written(
    hass: HomeAssistant, allowed: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that fails is an error, and a second try is no repetition."""
    with monkeypatch.context() as patch:
        patch.setattr(running(allowed).outbox, "append", unreadable)
        failed = await use(hass, ADD_TOOL, amount=3)
    assert failed.error
    assert failed.data["error"] == "storage_failed"
    assert (await use(hass, ADD_TOOL, amount=3)).data["status"] == WAITING


@pytest.mark.allowed_warnings("A tool for AI agents failed: ValueError")
async def test_what_nobody_expects(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An unknown error is told as such; its text goes nowhere."""
    monkeypatch.setattr(
        running(allowed).outbox, "append", raising(ValueError("12.34 Payee"))
    )
    failed = await use(hass, ADD_TOOL, amount=3)
    assert failed.error
    assert failed.data["error"] == "failed"
    assert "ValueError" in caplog.text
    assert "12.34 Payee" not in caplog.text + json.dumps(failed.data)


async def test_held(
    hass: HomeAssistant, allowed: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that is not sent is not called on its way."""
    monkeypatch.setattr(Sender, "hold_of", lambda *_: Hold.TOKEN)
    result = await use(hass, ADD_TOOL, amount=1)
    assert result.data["status"] == "kept_but_not_sent"
    assert result.data["held_because_of"] == "token"
    assert "Repairs" in str(result.data["message"])


async def test_undo(
    hass: HomeAssistant, allowed: MockConfigEntry, server: BudgeroServer
) -> None:
    """Takes back what was logged last; the same can be logged again then."""
    nothing = await use(hass, UNDO_TOOL, device_id=KITCHEN)
    assert nothing.error
    assert nothing.data["error"] == "nothing_to_take_back"
    await use(hass, ADD_TOOL, device_id=KITCHEN, amount=3, payee="Kiosk")
    for _ in range(2):
        undone = await use(hass, UNDO_TOOL, device_id=KITCHEN)
        assert undone.data["status"] == "taken_back"
        assert (undone.data["amount"], undone.data["payee"]) == ("3.00", "Kiosk")
    again = await use(hass, ADD_TOOL, device_id=KITCHEN, amount=3, payee="Kiosk")
    assert again.data["status"] == WAITING


async def test_undo_too_late(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was sent stays, and the answer says so."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.0)
    await use(hass, ADD_TOOL, device_id=KITCHEN, amount=3)
    await until_sent(allowed)
    await let_the_app_work(allowed, server)
    undone = await use(hass, UNDO_TOOL, device_id=KITCHEN)
    assert undone.data["status"] == "too_late"
    assert await state_of_only(allowed) is State.PROCESSED


async def state_of_only(entry: MockConfigEntry) -> State:
    """Return the state of the only transaction in the outbox."""
    counts = await running(entry).store.review.counts()
    [state] = [each for each in State if getattr(counts, each, 0)]
    return state


async def test_queue_status(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counts, without any content, and what became of one's own last one."""
    nothing = await use(hass, STATUS_TOOL, device_id=KITCHEN)
    assert nothing.data == {
        "waiting_to_be_sent": 0,
        "sent_but_not_booked_yet": 0,
        "need_a_person": 0,
        "wait_for_an_administrator": 0,
        "nothing_is_sent_because_of": None,
        "last_logged": None,
    }
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.0)
    await server.stop()
    await use(hass, ADD_TOOL, device_id=KITCHEN, amount=3, payee="Kiosk")
    status = await use(hass, STATUS_TOOL, device_id=KITCHEN)
    assert status.data["waiting_to_be_sent"] == 1
    assert status.data["last_logged"] == WAITING
    assert "Kiosk" not in json.dumps(status.data)
    elsewhere = await use(hass, STATUS_TOOL)
    assert elsewhere.data["last_logged"] is None


async def test_limits(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """The limit of a call and that of a day hold; what was taken back is free again."""
    async with idle:
        for number in range(2):
            largest = await use(hass, ADD_TOOL, amount=200, memo=str(number))
            assert largest.data["status"] == WAITING
        above = await use(hass, ADD_TOOL, amount="200.01")
        assert above.data["status"] == ASKED
        assert not above.error
        assert "NOT logged" in str(above.data["message"])
        rest = await use(hass, ADD_TOOL, device_id=KITCHEN, amount=100, memo="Rest")
        assert rest.data["status"] == WAITING
        more = await use(hass, ADD_TOOL, amount="0.01")
        assert more.data["status"] == ASKED
        await use(hass, UNDO_TOOL, device_id=KITCHEN)
        within = await use(hass, ADD_TOOL, amount="0.02")
        assert within.data["status"] == WAITING
        assert len(await logged(allowed)) == 3


async def test_limits_side_by_side(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Agents that call at once share one day."""
    async with idle:
        await use(hass, ADD_TOOL, amount=200)
        results = await asyncio.gather(
            *(use(hass, ADD_TOOL, amount=150, memo=str(each)) for each in range(4))
        )
    statuses = sorted(str(result.data["status"]) for result in results)
    assert statuses == [ASKED] * 2 + [WAITING] * 2


async def test_limits_by_currency(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Each currency has a day of its own."""
    dollars = Account(id=7, name="Dollars", budget=1, currency="USD")
    await know(allowed, replace(DIRECTORY, accounts=(*DIRECTORY.accounts, dollars)))
    async with idle:
        for number in range(3):
            await use(hass, ADD_TOOL, amount=160, memo=str(number))
        other = await use(hass, ADD_TOOL, amount=160, account="Dollars")
        assert (other.data["status"], other.data["currency"]) == (WAITING, "USD")
        assert (await use(hass, ADD_TOOL, amount=160)).data["status"] == ASKED


async def test_limits_of_a_day_end(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    idle: asyncio.Lock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A day later there is room again."""
    async with idle:
        for number in range(3):
            await use(hass, ADD_TOOL, amount=160, memo=str(number))
        asked = await use(hass, ADD_TOOL, amount=160, memo="3")
        assert asked.data["status"] == ASKED
        monkeypatch.setattr(agent_log_module, "_DAY", 0.0)
        assert (await use(hass, ADD_TOOL, amount=160)).data["status"] == WAITING


async def test_limits_in_another_currency(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Yen are counted in thousands."""
    hass.config_entries.async_update_entry(
        allowed,
        options={
            **allowed.options,
            CONF_ACCOUNT: 4,
            CONF_BUDGET: 2,
            CONF_CATEGORY: None,
            CONF_CURRENCY: "JPY",
        },
    )
    await hass.async_block_till_done()
    async with idle:
        assert (await use(hass, ADD_TOOL, amount=20_000)).data["status"] == WAITING
        assert (await use(hass, ADD_TOOL, amount=20_001)).data["status"] == ASKED


async def test_another_household(
    hass: HomeAssistant, allowed: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Agents log in the default entry only, and the other one's option is its own."""
    assert (await use(hass, ADD_TOOL, amount=3)).data["status"] == WAITING
    assert await nothing_is_kept(other)
