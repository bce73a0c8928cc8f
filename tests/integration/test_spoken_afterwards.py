"""After something was said: taking it back, changing it, asking about it."""

import asyncio
from decimal import Decimal
import re
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero import intake, spoken_log
from custom_components.budgero.const import CONF_ACCOUNT
from custom_components.budgero.engine.draft import Draft
from custom_components.budgero.engine.outbox import Hold, Outbox, State, StorageError
from custom_components.budgero.engine.outbox.sender import Sender
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant
from tests.budgero_server import BudgeroServer, Drop
from tests.engine.outbox.helpers import unfinished

from .assist import LUNCH, say, set_up_assist
from .newer import NEWER, until_asked
from .support import (
    in_state,
    let_the_app_work,
    raising,
    running,
    set_up,
    state_of,
    unreadable,
    until,
)
from .test_permissions import limited, nothing_is_kept
from .test_presets import logged

UNDO: Final = "Take back that expense"
CHANGE: Final = "Change that to 15"
LAST: Final = "What did I log last?"
WAITING: Final = "How many transactions are waiting?"
NOT_SINCE_THE_START: Final = "Nothing was logged here since Home Assistant started."
NOTHING: Final = "There is nothing to take back"

KITCHEN: Final = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
BEDROOM: Final = "b1b2c3d4e5f60718293a4b5c6d7e8f90"
PUSH: Final = "/api/v1/push"


@pytest.fixture(autouse=True)
async def assist(hass: HomeAssistant) -> None:
    """Assist, with the built-in agent."""
    await set_up_assist(hass)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send what was said at once."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.0)


async def in_kitchen(hass: HomeAssistant, text: str) -> str:
    """Say something to the satellite in the kitchen."""
    return await say(
        hass, text, device_id=KITCHEN, satellite_id="assist_satellite.kitchen"
    )


async def state_of_last(entry: MockConfigEntry, who: str = KITCHEN) -> State:
    """Return the state of what somebody logged last."""
    return (await running(entry).outbox.logged_by(who, 3600.0))[0].state


async def until_last_is(entry: MockConfigEntry, state: State) -> None:
    """Wait until what the kitchen logged last has a state."""
    async with asyncio.timeout(20):
        while await state_of_last(entry) is not state:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("language", "log", "change", "last", "undo", "waiting"),
    [
        ("en", LUNCH, CHANGE, LAST, UNDO, WAITING),
        (
            "de",
            "Ich habe zwölf Euro fünfzig für Mittagessen ausgegeben",
            "Ändere das auf 15",
            "Was habe ich zuletzt gebucht?",
            "Nimm die Buchung zurück",
            "Wie viele Buchungen warten?",
        ),
        (
            "fr",
            "J'ai dépensé 12,50 € pour le déjeuner",
            "Change ça en 15",
            "Qu'est-ce que j'ai noté en dernier ?",
            "Annule cette dépense",
            "Combien de transactions sont en attente ?",
        ),
        (
            "es",
            "He gastado 12,50 € en comida",
            "Cámbialo a 15",
            "¿Qué anoté por última vez?",
            "Anula ese gasto",
            "¿Cuántas transacciones están pendientes?",
        ),
        (
            "it",
            "Ho speso 12,50 € per il pranzo",
            "Cambiala a 15",
            "Cosa ho registrato per ultimo?",
            "Annulla questa spesa",
            "Quante transazioni sono in attesa?",
        ),
        (
            "nl",
            "Ik heb 12,50 € uitgegeven aan lunch",
            "Verander dat naar 15",
            "Wat heb ik het laatst genoteerd?",
            "Neem die uitgave terug",
            "Hoeveel transacties wachten?",
        ),
        (
            "pl",
            "Wydałem 12,50 zł na obiad",
            "Zmień to na 15",
            "Co zapisałem ostatnio?",
            "Cofnij ten wydatek",
            "Ile transakcji czeka?",
        ),
        (
            "pt",
            "Gastei 12,50 € no almoço",
            "Mude isso para 15",
            "O que anotei por último?",
            "Anule essa despesa",
            "Quantas transações estão à espera?",
        ),
        (
            "pt-BR",
            "Gastei 12,50 no almoço",
            "Muda isso para 15",
            "O que registrei por último?",
            "Cancela essa despesa",
            "Quantas transações estão aguardando?",
        ),
    ],
)
async def test_in_every_language(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    idle: asyncio.Lock,
    *,
    language: str,
    log: str,
    change: str,
    last: str,
    undo: str,
    waiting: str,
) -> None:
    """One is logged, changed, named, counted and taken back; Budgero hears nothing."""
    options = {**entry.options, "currency": "PLN" if language == "pl" else "EUR"}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.config.async_update(language=language)
    await set_up(hass, entry)
    async with idle:
        for text, expected in (
            (log, "12[.,]50"),
            (change, "15"),
            (last, "15"),
            (waiting, "1"),
            (undo, "15"),
            (last, "15"),
        ):
            answer = await say(hass, text, language=language, device_id=KITCHEN)
            assert re.search(expected, answer), answer
    answer = await say(hass, waiting, language=language, device_id=KITCHEN)
    assert "1" not in answer
    rows = await running(entry).outbox.logged_by(KITCHEN, 60.0)
    assert [row.state for row in rows] == [State.REMOVED, State.REMOVED]
    assert not server.queue


async def test_taken_back_in_time(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Certain; said twice, it is the same one, and then the same is no repetition."""
    await in_kitchen(hass, "I spent 3 euros at Kiosk")
    await in_kitchen(hass, LUNCH)
    for _ in range(2):
        answer = await in_kitchen(hass, UNDO)
        assert answer == "Taken back: 12.50 € for lunch. It was not sent."
    assert (await in_kitchen(hass, LAST)).startswith("Taken back: 12.50 €")
    assert (await in_kitchen(hass, CHANGE)).startswith(NOTHING)
    assert len(await logged(loaded)) == 1
    assert "second" not in await in_kitchen(hass, LUNCH)
    assert "second" in await in_kitchen(hass, LUNCH)


async def test_only_for_whom_has_logged_it(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_owner_user: MockUser,
) -> None:
    """A satellite, else a user; each has a memory of its own."""
    await in_kitchen(hass, LUNCH)
    admin, owner = hass_admin_user.id, hass_owner_user.id
    others: list[dict[str, Any]] = [
        {"device_id": BEDROOM},
        {"satellite_id": "assist_satellite.attic"},
        {"context": Context(user_id=admin)},
        {},
    ]
    for who in others:
        for text in (UNDO, CHANGE, LAST):
            answer = await say(hass, text, **who)
            # An automation is nobody, but it may have logged something.
            nothing = NOTHING if not who and text != LAST else NOT_SINCE_THE_START
            assert answer.startswith(nothing)
        assert await say(hass, WAITING, **who) == "Transactions waiting: 1."
    await say(hass, "I spent 3 euros at Kiosk", context=Context(user_id=admin))
    answer = await say(hass, UNDO, context=Context(user_id=owner))
    assert answer == NOT_SINCE_THE_START
    assert (await in_kitchen(hass, UNDO)).startswith("Taken back: 12.50 €")
    answer = await say(hass, UNDO, context=Context(user_id=admin))
    assert answer.startswith("Taken back: 3 €")


async def test_a_user_who_names_a_satellite(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    """They take back what they said there, not what others did, nor said elsewhere."""

    async def say_at(place: str | None, text: str) -> str:
        context = Context(user_id=hass_admin_user.id)
        return await say(hass, text, device_id=place, context=context)

    await in_kitchen(hass, LUNCH)
    for place in (KITCHEN, None):
        assert "aken back" not in await say_at(place, UNDO)
    await say_at(KITCHEN, LUNCH)
    for place in (BEDROOM, None):
        assert "aken back" not in await say_at(place, UNDO)
    assert (await say_at(KITCHEN, UNDO)).startswith("Taken back")
    assert await state_of_last(loaded) is State.WAITING


async def test_nobody(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    idle: asyncio.Lock,
) -> None:
    """Without user and device, as from an automation, it is sent at once."""
    async with idle:
        assert (await say(hass, LUNCH)).startswith("Noted")
        [row] = await unfinished(running(loaded).store)
        assert row.not_before == 0.0
        assert row.logged_by is None
    await until(lambda: len(server.queue) == 1)
    assert (await say(hass, UNDO)).startswith(NOTHING)


async def test_after_five_minutes(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is known what was logged, but "that" is something else."""
    await in_kitchen(hass, LUNCH)
    monkeypatch.setattr(spoken_log, "UNDO_WITHIN", -1.0)
    assert (await in_kitchen(hass, UNDO)).startswith(NOTHING)
    assert (await in_kitchen(hass, CHANGE)).startswith(NOTHING)
    assert await in_kitchen(hass, LAST) == "You last logged 12.50 € for lunch."
    assert len(await logged(loaded)) == 1


async def test_again_in_the_same_run(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """As an AI agent may do: what was taken back and then logged again is there."""
    author = spoken_log.Author(context=Context(), device_id=KITCHEN)
    log = spoken_log.spoken_log(hass)
    draft = Draft(amount="3", type="expense")
    first = await log.async_log(loaded, draft, author)
    assert (await log.async_log(loaded, draft, author)).logged == first.logged
    await log.async_take_back(author)
    again = await log.async_log(loaded, draft, author)
    assert again.logged.message_id != first.logged.message_id
    assert not again.is_again
    assert len(await logged(loaded)) == 1


async def test_changed(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Everything else stays as it was said; what was changed can be changed again."""
    async with idle:
        await in_kitchen(hass, "Yesterday I spent 12.50 at Kiosk on a newspaper")
        [before] = await logged(loaded)
        answer = await in_kitchen(hass, "no, change that to 15")
        assert answer.startswith("Changed. Noted now: 15 € for a newspaper at Kiosk")
        assert answer.endswith("yesterday, on its way to Budgero.")
        await in_kitchen(hass, "Change that to 15.20")
        [after] = await logged(loaded)
    assert after.amount == Decimal("15.20")
    assert (after.payee, after.memo, after.date, after.direction) == (
        before.payee,
        before.memo,
        before.date,
        before.direction,
    )
    assert (await in_kitchen(hass, LAST)).startswith("You last logged 15.20 €")


async def test_half_changed(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is taken back and the second cannot be saved: both is said."""
    await in_kitchen(hass, LUNCH)
    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "append", unreadable)
        answer = await in_kitchen(hass, CHANGE)
    assert answer.startswith("Taken back: 12.50 € for lunch. It was not sent. Nothing")
    assert "could not be saved" in answer
    assert (await in_kitchen(hass, LAST)).startswith("Taken back: 12.50 €")
    assert await logged(loaded) == []


@pytest.mark.usefixtures("at_once")
async def test_too_late(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """What Budgero has is neither taken back nor changed, and nothing is said of that."""
    await in_kitchen(hass, LUNCH)
    await until_last_is(loaded, State.ACCEPTED)
    for text in (UNDO, CHANGE, UNDO):
        answer = await in_kitchen(hass, text)
        assert answer == (
            "It was sent already: 12.50 € for lunch."
            " If it shows up in Budgero, change or delete it there."
        )
    assert await in_kitchen(hass, LAST) == "You last logged 12.50 € for lunch."
    assert len(await logged(loaded)) == 1


@pytest.mark.usefixtures("at_once")
async def test_in_doubt(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """It may have arrived: nobody can promise anything."""
    server.faults.add(Drop(path=PUSH, after_commit=True))
    await in_kitchen(hass, LUNCH)
    await until(lambda: bool(server.queue))
    for text in (UNDO, CHANGE):
        assert (await in_kitchen(hass, text)).startswith("It was sent already: 12.50 €")
    assert await state_of_last(loaded) is State.WAITING


@pytest.mark.usefixtures("at_once")
async def test_refused_by_the_app(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """It is removed here; an app may have booked it, so it is not changed."""
    options = {**entry.options, CONF_ACCOUNT: 999_999}
    hass.config_entries.async_update_entry(entry, options=options)
    await set_up(hass, entry)
    await in_kitchen(hass, LUNCH)
    await until_last_is(entry, State.ACCEPTED)
    await let_the_app_work(entry, server)
    await until_last_is(entry, State.FAILED)
    assert (await in_kitchen(hass, CHANGE)).startswith("It was sent already: 12.50 €")
    answer = await in_kitchen(hass, UNDO)
    assert answer.startswith("Removed here: 12.50 € for lunch. If it shows up")
    assert await state_of_last(entry) is State.REMOVED
    assert (await in_kitchen(hass, LAST)).startswith("Removed here: 12.50 €")


class TestNewer:
    """A server that can delete."""

    @pytest.fixture
    def release(self) -> str:
        """A newer server."""
        return NEWER

    @pytest.mark.usefixtures("at_once")
    async def test_deleted(
        self, hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
    ) -> None:
        """Budgero is asked, once."""
        await until_asked(loaded)
        await in_kitchen(hass, LUNCH)
        await until_last_is(loaded, State.ACCEPTED)
        assert (await in_kitchen(hass, CHANGE)).startswith("It was sent already")
        for _ in range(2):
            answer = await in_kitchen(hass, UNDO)
            assert answer.endswith("12.50 € for lunch. Budgero is asked to delete it.")
        await until(lambda: len(server.queue) == 2)
        server.apply()
        assert server.bookings == []


@pytest.mark.usefixtures("impatient")
async def test_at_the_last_moment(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whenever it is said: Budgero has it, or it was taken back, and that is said."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.5)

    async def log_and_take_back(number: int) -> tuple[str, bool]:
        who = f"satellite {number}"
        await say(hass, f"I spent {number}.50 on lunch", device_id=who)
        [row] = await running(loaded).outbox.logged_by(who, 60.0)
        await asyncio.sleep(number / 30)
        answer = await say(hass, UNDO, device_id=who)
        is_taken_back = answer.startswith("Taken back: ")
        assert is_taken_back or answer.startswith("It was sent already: ")
        return row.message_id, is_taken_back

    answers = dict(await asyncio.gather(*map(log_and_take_back, range(1, 31))))
    assert {*answers.values()} == {True, False}
    await until(lambda: state_of(hass, loaded, "waiting") == "0")
    arrived = sorted(str(item.message_id) for item in server.queue)
    assert arrived == sorted(each for each, is_back in answers.items() if not is_back)


async def test_removed_elsewhere(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """As by an administrator's action: nothing is left to take back."""
    await in_kitchen(hass, LUNCH)
    [row] = await running(loaded).outbox.logged_by(KITCHEN, 60.0)
    await running(loaded).outbox.remove(row.message_id)
    for text in (CHANGE, UNDO):
        assert (await in_kitchen(hass, text)).startswith(NOTHING)
    assert "second" not in await in_kitchen(hass, LUNCH)


async def test_held(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Said so; it can be changed and taken back for certain, and is counted."""
    monkeypatch.setattr(Sender, "hold_of", lambda *_: Hold.TOKEN)
    answer = await in_kitchen(hass, LUNCH)
    assert answer.startswith("Noted: 12.50 € for lunch. Nothing is sent until")
    answer = await in_kitchen(hass, CHANGE)
    assert answer.startswith(
        "Taken back: 12.50 € for lunch. It was not sent. Noted: 15 €"
    )
    assert "Nothing is sent until" in answer
    assert await in_kitchen(hass, WAITING) == "Transactions waiting: 1."
    assert (await in_kitchen(hass, UNDO)).startswith("Taken back: 15 €")
    assert await in_kitchen(hass, WAITING) == "No transactions are waiting."


async def test_after_a_restart(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """What was said is forgotten, and the answer says since when."""
    await in_kitchen(hass, LUNCH)
    del hass.data[spoken_log._SPOKEN_LOG]  # noqa: SLF001 - as a restart does
    assert await hass.config_entries.async_reload(loaded.entry_id)
    for text in (LAST, UNDO, CHANGE):
        assert await in_kitchen(hass, text) == NOT_SINCE_THE_START
    assert len(await logged(loaded)) == 1


async def test_after_a_reload(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """What was said is known all the same."""
    await in_kitchen(hass, LUNCH)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert (await in_kitchen(hass, UNDO)).startswith("Taken back: 12.50 €")
    assert await logged(loaded) == []


@pytest.mark.allowed_warnings("^Config entry 'Budgero' for budgero .* not ready yet")
async def test_not_loaded(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is done, and that is said."""
    await in_kitchen(hass, LUNCH)
    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "open", unreadable)
        assert not await hass.config_entries.async_reload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.SETUP_RETRY
    for text in (UNDO, CHANGE, WAITING):
        assert (await in_kitchen(hass, text)).startswith("That is not possible")
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert (await in_kitchen(hass, UNDO)).startswith("Taken back: 12.50 €")


@pytest.mark.parametrize(
    ("error", "warns"),
    [
        (StorageError("The disk refused (SQLITE_IOERR)"), False),
        (ZeroDivisionError(), True),
    ],
)
@pytest.mark.allowed_warnings("A spoken sentence was not carried out: ZeroDivision")
async def test_something_goes_wrong(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    error: Exception,
    warns: bool,
) -> None:
    """No exception reaches Assist; afterwards everything is as before."""
    await in_kitchen(hass, LUNCH)
    with monkeypatch.context() as patch:
        patch.setattr(Outbox, "take_back", raising(error))
        for text in (UNDO, CHANGE):
            assert (await in_kitchen(hass, text)).startswith("That is not possible")
    assert ("was not carried out" in caplog.text) is warns
    assert await in_kitchen(hass, LAST) == "You last logged 12.50 € for lunch."
    assert (await in_kitchen(hass, UNDO)).startswith("Taken back: 12.50 €")


@pytest.mark.allowed_warnings("^Error requesting budgero data: The disk refused")
async def test_waiting_cannot_be_counted(
    hass: HomeAssistant,
    asked: MockConfigEntry,
    idle: asyncio.Lock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No number is said that may be wrong."""
    async with idle:
        await in_state(hass, asked, waiting="0")
        await hass.async_block_till_done()
        with monkeypatch.context() as patch:
            patch.setattr(Outbox, "overview", unreadable)
            assert (await in_kitchen(hass, WAITING)).startswith("That is not possible")


async def test_who_may_not_log(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """Hears so, whatever the question."""
    context = Context(user_id=limited(hass_read_only_user).id)
    for text in (LUNCH, UNDO, CHANGE, LAST, WAITING):
        answer = await say(hass, text, context=context)
        assert answer.startswith("You may not log transactions"), text
    assert await nothing_is_kept(loaded)


async def test_nothing_of_it_is_logged(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No amount, no payee and no memo, whatever goes right or wrong."""
    caplog.set_level("DEBUG")
    spend = "I spent 7341.29 at Zanzibar on quicksilver"
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.05)
    for text in (spend, "Change that to 7342.31", UNDO, spend, spend, LAST):
        await in_kitchen(hass, text)
    for method in ("append", "take_back"):
        with monkeypatch.context() as patch:
            patch.setattr(Outbox, method, unreadable)
            for text in (spend, "Change that to 7342.31", UNDO, LAST, WAITING):
                await in_kitchen(hass, text)
    await until(lambda: bool(server.queue))
    said = re.compile("734[12]|Zanzibar|quicksilver", re.IGNORECASE)
    own = [record for record in caplog.records if "budgero" in record.name]
    assert any(said.search(record.getMessage()) for record in caplog.records)  # core's
    for record in own:
        assert not said.search(record.getMessage()), record.getMessage()
        assert record.exc_info is None
