"""Sentences about money in Assist: when they are there, and what they do."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_fire_time_changed,
)

from custom_components.budgero.const import CONF_SPOKEN_SENTENCES
from custom_components.budgero.engine.outbox import OutboxFullError
from custom_components.budgero.engine.push import Direction
from homeassistant.components.assist_pipeline import (
    async_create_default_pipeline,
    async_get_pipelines,
    async_update_pipeline,
)
from homeassistant.components.conversation.agent_manager import get_agent_manager
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import owner_of, unfinished

from .assist import LUNCH, NOT_UNDERSTOOD, say, set_up_assist
from .options import choose_option, fill_in, open_options
from .preset_helpers import COFFEE, add_preset
from .support import raising, running, set_up, unreadable, until
from .test_permissions import limited, nothing_is_kept
from .test_presets import logged


@pytest.fixture(autouse=True)
async def assist(hass: HomeAssistant) -> None:
    """Assist, with the built-in agent."""
    await set_up_assist(hass)


def sentences(hass: HomeAssistant) -> list[str]:
    """Return the sentences that are registered."""
    return get_agent_manager(hass).trigger_sentences


async def test_logged(
    hass: HomeAssistant, named: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """What was said is on disk, and the answer says what it is, and where it goes."""
    async with idle:
        answer = await say(hass, "Yesterday I spent 12.50 at Kiosk on a newspaper")
        [transaction] = await logged(named)
    assert answer == (
        "Noted: 12.50 € for a newspaper at Kiosk, account Checking, yesterday,"
        " on its way to Budgero."
    )
    assert transaction.amount == Decimal("12.50")
    assert transaction.direction is Direction.EXPENSE
    assert transaction.payee == "Kiosk"
    assert transaction.memo == "a newspaper"
    assert transaction.date == dt_util.now().date() - timedelta(days=1)
    [row] = await unfinished(running(named).store)
    assert row.not_before is not None


async def test_in_a_preset_or_another_account(
    hass: HomeAssistant, named: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """They are said by name, and their account decides the currency."""
    await add_preset(hass, named, "Coffee", COFFEE)
    async with idle:
        assert "for espresso, account Cash" in await say(
            hass, "please log 2.80 for an espresso"
        )
        answer = await say(hass, "I received 20 euros from Anna into checking")
        assert answer.startswith("Noted: an income of 20 € from Anna, account Checking")
        coffee, income = await logged(named)
    assert (coffee.payee, coffee.memo, coffee.account) == ("Kiosk", "Black", 2)
    assert (income.payee, income.direction) == ("Anna", Direction.INCOME)


async def test_two_coffees(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """The same in one run is one transaction; in another run it is a second."""
    context = Context()
    async with idle:
        for _ in range(2):
            assert "second" not in await say(hass, LUNCH, context=context)
        assert len(await logged(loaded)) == 1
        assert "a second time" in await say(hass, LUNCH)
        assert len(await logged(loaded)) == 2


async def test_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """The answer has a sentence that works, in the language of the one that did not."""
    async with idle:
        answer = await say(hass, "I spent four twenty on lunch")
        assert await nothing_is_kept(loaded)
        _, example = answer.split("Say, for example: ")
        assert (await say(hass, example)).startswith("Noted: 12.50 €")


async def test_who_may_not_log(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """Hears so; nothing is stored, and nothing is raised."""
    user = limited(hass_read_only_user)
    answer = await say(hass, LUNCH, context=Context(user_id=user.id))
    assert answer.startswith("You may not log transactions")
    assert await nothing_is_kept(loaded)


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (OutboxFullError(), "could not be saved"),
        (ZeroDivisionError(), "something went wrong"),
    ],
)
@pytest.mark.allowed_warnings(
    "A spoken sentence was not carried out: ZeroDivisionError"
)
async def test_something_goes_wrong(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    answer: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The household hears so; after that the same is no repetition."""
    outbox = running(loaded).outbox
    with monkeypatch.context() as patch:
        patch.setattr(type(outbox), "append", raising(error))
        assert answer in await say(hass, LUNCH)
    own = [each for each in caplog.records if each.name.startswith("custom_components")]
    assert not any("lunch" in each.getMessage() for each in own)
    assert "second" not in await say(hass, LUNCH)


async def test_another_languages_sentence(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Is not there in a household that does not speak it; then it is answered in it."""
    text = "Ich habe 12,50 € für Mittagessen ausgegeben"
    assert NOT_UNDERSTOOD in await say(hass, text)
    await hass.config.async_update(language="de-CH")
    await hass.async_block_till_done()
    async with idle:
        answer = await say(hass, text, language="en")
        assert answer.startswith("Notiert: 12.50 € für Mittagessen")
        assert len(await logged(loaded)) == 1
    assert NOT_UNDERSTOOD in await say(hass, LUNCH)


async def test_spanish_of_latin_america(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Home Assistant has one for all of it; the country decides how amounts are read."""
    await hass.config.async_update(language="es-419", country="MX")
    await hass.async_block_till_done()
    async with idle:
        answer = await say(hass, "Gasté 1,250 en comida", language="es-419")
        [transaction] = await logged(loaded)
    assert answer.startswith("Anotado: 1250 €")
    assert transaction.amount == Decimal(1250)


async def test_reloaded(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """The sentences stay as they are: each change costs all sentences of the house."""
    registered = get_agent_manager(hass)._trigger_callbacks.copy()  # noqa: SLF001
    assert registered
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done()
    assert get_agent_manager(hass)._trigger_callbacks == registered  # noqa: SLF001
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1))
    await hass.async_block_till_done()
    assert get_agent_manager(hass)._trigger_callbacks == registered  # noqa: SLF001


async def test_unloaded(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """They go with the default entry, and come back with it."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    await hass.async_block_till_done()
    assert sentences(hass) == []
    assert NOT_UNDERSTOOD in await say(hass, LUNCH)
    await set_up(hass, loaded)
    assert sentences(hass)
    assert await nothing_is_kept(other)


@pytest.mark.allowed_warnings("^Config entry 'Budgero' for budgero .* not ready yet")
async def test_the_default_entry_does_not_load(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The household hears so; the money does not go to another space."""
    with monkeypatch.context() as patch:
        patch.setattr(owner_of("open"), "open", unreadable)
        assert not await hass.config_entries.async_reload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.SETUP_RETRY
    assert (await say(hass, LUNCH)).startswith("Budgero is not ready")
    assert await nothing_is_kept(other)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert (await say(hass, LUNCH)).startswith("Noted")


async def test_disabled(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """As unloaded."""
    await hass.config_entries.async_set_disabled_by(
        loaded.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert sentences(hass) == []


async def test_turned_off(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """By an option, without a reload."""
    names = running(loaded).names
    for is_on in (False, True):
        form = await choose_option(hass, await open_options(hass, loaded), "voice")
        await fill_in(hass, form, {CONF_SPOKEN_SENTENCES: is_on})
        assert bool(sentences(hass)) is is_on
    assert running(loaded).names is names


async def test_sent(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After the time in which it could be taken back it is what Budgero books."""
    monkeypatch.setattr("custom_components.budgero.intake.UNDO_SECONDS", 0.01)
    await say(hass, LUNCH)
    await until(lambda: bool(server.queue))
    [item] = server.queue
    [row] = await unfinished(running(loaded).store)
    assert item.message_id == row.message_id


@pytest.mark.allowed_warnings("FFmpeg fails", "Error starting FFmpeg")
async def test_languages_of_pipelines(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A pipeline brings its languages along, an hour after it was made at the latest."""
    assert await async_setup_component(hass, "assist_pipeline", {})
    await async_create_default_pipeline(hass, "stt.none", "tts.none", "none")
    [pipeline] = async_get_pipelines(hass)
    await async_update_pipeline(
        hass, pipeline, language="pt-BR", conversation_language="*", tts_language="de"
    )
    assert not any("gastei" in text for text in sentences(hass))
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(hours=1, seconds=1))
    await hass.async_block_till_done()
    for verb in ("spen", "gastei", "ausgegeben"):
        assert any(verb in text for text in sentences(hass)), verb
    assert not any("dépens" in text for text in sentences(hass))
