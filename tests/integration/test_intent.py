"""Intents for sentences that people write themselves."""

import ast
import asyncio
from decimal import Decimal
import importlib
from pathlib import Path
import pkgutil
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
import yaml

from custom_components import budgero
from custom_components.budgero.engine.push import Direction
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.intent import (
    IntentResponse,
    IntentResponseType,
    InvalidSlotInfo,
    async_handle,
)
from tests.documentation import examples

from .assist import say, set_up_assist
from .preset_helpers import COFFEE, DIRECTORY, add_preset, know
from .support import raising, running
from .test_permissions import nothing_is_kept
from .test_presets import logged

EXPENSE = "BudgeroAddExpense"
INCOME = "BudgeroAddIncome"


@pytest.fixture(autouse=True)
async def assist(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Assist, and an entry that knows the names."""
    await know(loaded, DIRECTORY)
    await set_up_assist(hass)
    await hass.async_block_till_done()


async def handle(
    hass: HomeAssistant,
    intent_type: str,
    text: str | None,
    *,
    language: str = "en",
    context: Context | None = None,
    **slots: object,
) -> IntentResponse:
    """Let an intent be handled, as a sentence of one's own does."""
    return await async_handle(
        hass,
        "test",
        intent_type,
        {name: {"value": value} for name, value in slots.items()},
        text,
        context or Context(),
        language,
    )


def spoken(response: IntentResponse) -> str:
    """Return what is said."""
    return str(response.speech["plain"]["speech"])


@pytest.mark.parametrize(
    ("language", "text", "amount", "answer"),
    [
        ("en", "Kitty 12.50 for lunch", "12.50", "Noted: 12.50 € for lunch"),
        ("en", "Kitty twelve fifty for lunch", "12.50", "Noted: 12.50 €"),
        ("de", "Kasse 12,50 für Mittag", "12.50", "Notiert: 12,50 € für "),
        ("de-CH", "Kasse zwölf Euro fünfzig", "12.50", "Notiert: 12.50 €"),
        ("pl", "Kasa 12,50", "12.50", "Zapisane: 12,50 €"),
        ("sv", "Kassan 12,50 till lunch", "12.50", "Noted: 12.50 €"),
    ],
)
async def test_the_amount_is_heard_in_the_text(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    idle: asyncio.Lock,
    language: str,
    text: str,
    amount: str,
    answer: str,
) -> None:
    """Whatever the slot has; the answer is that of the sentences."""
    async with idle:
        response = await handle(
            hass, EXPENSE, text, language=language, amount="50", memo="lunch"
        )
        [transaction] = await logged(loaded)
    assert spoken(response).startswith(answer.split(" für ", maxsplit=1)[0])
    assert response.response_type is IntentResponseType.ACTION_DONE
    assert transaction.amount == Decimal(amount)
    assert transaction.memo == "lunch"
    assert transaction.direction is Direction.EXPENSE


async def test_all_slots(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Names mean what they mean elsewhere."""
    async with idle:
        await handle(
            hass,
            INCOME,
            "Got 20 back",
            payee="Anna",
            memo="Trip",
            account="checking",
            category="cafe",
        )
        [transaction] = await logged(loaded)
    assert (transaction.payee, transaction.memo) == ("Anna", "Trip")
    assert (transaction.account, transaction.category) == (1, 5)
    assert transaction.direction is Direction.INCOME


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kitty for lunch"),
        ("en", "Kitty 1.234 for lunch"),
        ("en", "Kitty 12 or 13 for lunch"),
        ("en", "Kitty 12 dollars"),
        ("en", "Kitty four twenty"),
        ("en", ""),
        ("sv", "Kassan 1,234 till lunch"),
        ("sv", "Kassan 1.234 till lunch"),
    ],
)
async def test_an_amount_that_is_not_clear(
    hass: HomeAssistant, loaded: MockConfigEntry, language: str, text: str
) -> None:
    """Is refused with a sentence, though the slot has a number."""
    response = await handle(
        hass, EXPENSE, text, language=language, amount=5, memo="lunch"
    )
    assert response.response_type is IntentResponseType.ERROR
    assert "Say, for example" in spoken(response)
    assert await nothing_is_kept(loaded)


@pytest.mark.parametrize(
    ("amount", "exact"),
    [(12.5, "12.5"), (12, "12"), ("12.50", "12.5"), ("12,5", "12.5")],
)
async def test_without_a_text(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    idle: asyncio.Lock,
    amount: object,
    exact: str,
) -> None:
    """A program gives the amount itself."""
    async with idle:
        await handle(hass, EXPENSE, None, amount=amount)
        [transaction] = await logged(loaded)
    assert transaction.amount == Decimal(exact)


async def test_with_a_preset(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Its amount is used if none was said; one that is not clear is refused."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    async with idle:
        usual = await handle(hass, EXPENSE, "Kitty coffee", preset="coffee")
        other = await handle(hass, EXPENSE, "Kitty 4.20 coffee", preset="coffee")
        amounts = [transaction.amount for transaction in await logged(loaded)]
    assert spoken(usual).startswith("Noted: 3.50 €")
    assert spoken(other).startswith("Noted: 4.20 €")
    assert amounts == [Decimal("3.5"), Decimal("4.2")]
    unclear = await handle(hass, EXPENSE, "Kitty four twenty coffee", preset="coffee")
    assert unclear.response_type is IntentResponseType.ERROR


async def test_who_may_only_look(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """Is refused in words."""
    context = Context(user_id=hass_read_only_user.id)
    response = await handle(hass, EXPENSE, "Kitty 5 euros", context=context)
    assert spoken(response).startswith("You may not log transactions.")
    assert await nothing_is_kept(loaded)


async def test_unknown_name(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Is refused in words."""
    response = await handle(hass, EXPENSE, "Kitty 5 euros", account="Nowhere")
    assert response.response_type is IntentResponseType.ERROR
    assert await nothing_is_kept(loaded)


@pytest.mark.allowed_warnings("A spoken sentence was not carried out: ValueError")
async def test_what_nobody_expects(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its text goes nowhere."""
    monkeypatch.setattr(
        running(loaded).outbox, "append", raising(ValueError("5 euros Kiosk"))
    )
    response = await handle(hass, EXPENSE, "Kitty 5 euros")
    assert response.response_type is IntentResponseType.ERROR
    assert "5 euros Kiosk" not in caplog.text + spoken(response)


@pytest.mark.allowed_warnings("Received invalid slot info")
async def test_slot_that_is_none(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Home Assistant is told so."""
    with pytest.raises(InvalidSlotInfo):
        await handle(hass, EXPENSE, "Kitty 5 euros", memo=["a", "b"])
    assert await nothing_is_kept(loaded)


async def test_the_documented_sentence(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """The file of the documentation works, decimals and all."""
    [documented] = [
        example.content
        for example in examples()
        if isinstance(example.content, dict) and EXPENSE in str(example.content)
    ]
    folder = Path(hass.config.path("custom_sentences", "en"))
    await hass.async_add_executor_job(write, folder, documented)
    async with idle:
        answer = await say(hass, "kitty 12.50 for lunch")
        [transaction] = await logged(loaded)
    assert answer.startswith("Noted: 12.50 € for lunch")
    assert transaction.memo == "lunch"


def write(folder: Path, content: Any) -> None:
    """Write a file of sentences."""
    folder.mkdir(parents=True)
    (folder / "budgero.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")


def test_no_module_hides_a_name() -> None:
    """A submodule, once loaded, takes the place of its name in the package.

    So the package must not import anything called like one, such as `intent` or `llm`
    of Home Assistant.
    """
    modules = {module.name for module in pkgutil.iter_modules(budgero.__path__)}
    assert {"intent", "llm", "trigger"} <= modules
    source = Path(budgero.__path__[0], "__init__.py").read_text(encoding="utf-8")
    bound = {
        alias.asname or alias.name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert bound & modules == set()
    for name in ("intent", "llm"):
        module = importlib.import_module(f"{budgero.__name__}.{name}")
        assert getattr(budgero, name) is module
