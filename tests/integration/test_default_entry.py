"""The default entry: a second one breaks nothing, and none takes its place by itself."""

import asyncio
import errno

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components import budgero
from custom_components.budgero.const import CONF_IS_DEFAULT, DOMAIN
from custom_components.budgero.engine.outbox import closed_file
from homeassistant.config_entries import (
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from tests.budgero_server import BudgeroServer

from .actions import call_which, refused
from .barriers import Barrier
from .flows import (
    TYPED,
    address,
    credentials,
    finish,
    start,
    submit,
    suggested,
    until_defaults,
)
from .options import fill_in, open_defaults, send
from .repair_dialogs import ask, submit as submit_repair
from .support import ADD, Call, issues_of, make_second_entry, set_up, until

NOT_READY = "^Config entry 'Budgero' for budgero .* not ready yet"
KEY = "default_entry"


async def used(hass: HomeAssistant) -> str:
    """Return the entry that a call which names none ends up in."""
    entry_id, _ = await call_which(hass, ADD, amount=1)
    return entry_id


async def expect_refusal(hass: HomeAssistant) -> None:
    """Check that nothing is logged anywhere, and that a person is asked."""
    error = await refused(hass, ADD, amount=1)
    assert isinstance(error, ServiceValidationError)
    assert error.translation_key == "no_default_entry"
    issue = issues_of(hass)[KEY]
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, True)


async def choose_in_repair(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Choose an entry in the dialog of the repair."""
    form = await ask(hass, KEY)
    form = await submit_repair(hass, form, {})
    assert form["errors"] == {"config_entry_id": "entry_missing"}
    step = await submit_repair(hass, form, {"config_entry_id": entry.entry_id})
    assert step["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert not issues_of(hass)
    assert await used(hass) == entry.entry_id


def defaults(hass: HomeAssistant) -> list[str]:
    """Return which entries say that they are the default one."""
    return [
        entry.entry_id
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.options[CONF_IS_DEFAULT]
    ]


# Which one it is


async def _add(hass: HomeAssistant, server: BudgeroServer) -> ConfigFlowResult:
    form = await submit(hass, await start(hass, "own_server"), address(server))
    menu = await submit(hass, form, credentials(server))
    return await until_defaults(hass, menu)


async def test_only_entry(hass: HomeAssistant, server: BudgeroServer) -> None:
    """It is the default one without a question, also when it is added once more."""
    for _ in range(2):
        form = await _add(hass, server)
        assert CONF_IS_DEFAULT not in suggested(form)
        entry = await finish(hass, form)
        assert await used(hass) == entry.entry_id
        form = await open_defaults(hass, entry)
        assert CONF_IS_DEFAULT not in suggested(form)
        await fill_in(hass, form, TYPED)
        await hass.async_block_till_done()
        assert await used(hass) == entry.entry_id
        await hass.config_entries.async_remove(entry.entry_id)
        assert KEY not in issues_of(hass)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("chosen", [False, True])
async def test_second_entry_asks(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other_server: BudgeroServer,
    add: Call,
    chosen: bool,
) -> None:
    """The first one stays it unless the person says otherwise; no call fails."""
    form = await _add(hass, other_server)
    assert suggested(form)[CONF_IS_DEFAULT] is False
    done = False

    async def keep_logging() -> None:
        while not done:
            await add(amount=1)
            await asyncio.sleep(0.02)

    logging = asyncio.create_task(keep_logging())
    second = await finish(hass, form, **{CONF_IS_DEFAULT: chosen})
    done = True
    await logging
    assert await used(hass) == (second if chosen else loaded).entry_id
    assert defaults(hass) == [await used(hass)]
    assert not issues_of(hass)


async def test_first_entry_beside_a_disabled_one_after_a_restart(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    other_server: BudgeroServer,
) -> None:
    """Nothing of Budgero runs yet; what the person chooses holds all the same."""
    object.__setattr__(entry, "disabled_by", ConfigEntryDisabler.USER)
    assert DOMAIN not in hass.config.components
    form = await _add(hass, other_server)
    second = await finish(hass, form, **{CONF_IS_DEFAULT: True})
    assert defaults(hass) == [second.entry_id]
    assert await used(hass) == second.entry_id


async def test_switch_in_the_options(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Turned on at one entry it is turned off at the other one, and never at both."""
    form = await open_defaults(hass, loaded)
    assert suggested(form)[CONF_IS_DEFAULT] is True
    values = TYPED | {CONF_IS_DEFAULT: False}
    form = await fill_in(hass, form, values)
    assert form["errors"] == {CONF_IS_DEFAULT: "is_default_needed"}
    assert await used(hass) == loaded.entry_id

    form = await open_defaults(hass, other)
    assert suggested(form)[CONF_IS_DEFAULT] is False
    result = await fill_in(hass, form, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    assert await used(hass) == loaded.entry_id

    form = await open_defaults(hass, other)
    values = TYPED | {CONF_IS_DEFAULT: True}
    result = await fill_in(hass, form, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert await used(hass) == other.entry_id  # both are reloaded: it is waited for
    await hass.async_block_till_done()
    assert defaults(hass) == [other.entry_id]


async def test_survives_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """It is stored in the entries themselves."""
    form = await open_defaults(hass, other)
    values = TYPED | {CONF_IS_DEFAULT: True}
    await fill_in(hass, form, values)
    await hass.async_block_till_done()
    stored = {
        entry.entry_id: entry.as_dict()["options"]
        for entry in hass.config_entries.async_entries(DOMAIN)
    }
    assert stored[other.entry_id][CONF_IS_DEFAULT] is True
    assert stored[loaded.entry_id][CONF_IS_DEFAULT] is False


# When it cannot be used


async def test_removed(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    other_server: BudgeroServer,
) -> None:
    """The one that is left does not take its place until a person says so."""
    await hass.config_entries.async_remove(loaded.entry_id)
    await expect_refusal(hass)
    await hass.config_entries.async_reload(other.entry_id)
    await expect_refusal(hass)
    assert other_server.counts.pending == 0
    await choose_in_repair(hass, other)


async def test_removed_and_the_switch_turned_on(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """The options of the one that is left answer the repair, too."""
    await hass.config_entries.async_remove(loaded.entry_id)
    form = await open_defaults(hass, other)
    assert suggested(form)[CONF_IS_DEFAULT] is False
    values = TYPED | {CONF_IS_DEFAULT: True}
    await fill_in(hass, form, values)
    await hass.async_block_till_done()
    assert not issues_of(hass)
    assert await used(hass) == other.entry_id


async def test_disabled(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Enabled again it is used again; the repair ends by itself."""
    config_entries = hass.config_entries
    await config_entries.async_set_disabled_by(
        loaded.entry_id, ConfigEntryDisabler.USER
    )
    await expect_refusal(hass)
    await config_entries.async_set_disabled_by(loaded.entry_id, None)
    await hass.async_block_till_done()
    assert not issues_of(hass)
    assert await used(hass) == loaded.entry_id


@pytest.mark.allowed_warnings(NOT_READY)
async def test_broken(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its disk refuses: nothing goes elsewhere until it is well or another is chosen."""

    def refuse(_: object) -> bool:
        raise OSError(errno.EIO, "refused")

    with monkeypatch.context() as patch:
        patch.setattr(closed_file, "is_there", refuse)
        await hass.config_entries.async_reload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.SETUP_RETRY
    await expect_refusal(hass)
    await hass.config_entries.async_reload(loaded.entry_id)
    assert KEY not in issues_of(hass)
    assert await used(hass) == loaded.entry_id


async def test_nothing_to_choose(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Without another entry that is enabled nobody is asked."""
    for entry in (loaded, other):
        await hass.config_entries.async_set_disabled_by(
            entry.entry_id, ConfigEntryDisabler.USER
        )
    assert KEY not in issues_of(hass)
    error = await refused(hass, ADD, amount=1)
    assert error.translation_key == "no_default_entry"


async def test_other_one_is_disabled_or_removed(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """What is not the default one is missed by nobody."""
    await hass.config_entries.async_set_disabled_by(
        other.entry_id, ConfigEntryDisabler.USER
    )
    assert await used(hass) == loaded.entry_id
    await hass.config_entries.async_remove(other.entry_id)
    assert await used(hass) == loaded.entry_id
    assert not issues_of(hass)


# The dialog of the repair


async def test_chosen_one_is_removed_meanwhile(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    tls_server: BudgeroServer,
) -> None:
    """The dialog says so, and the repair stays."""
    third = make_second_entry(tls_server)
    await set_up(hass, third)
    await hass.config_entries.async_remove(loaded.entry_id)
    form = await ask(hass, KEY)
    await hass.config_entries.async_remove(other.entry_id)
    step = await submit_repair(hass, form, {"config_entry_id": other.entry_id})
    assert step["type"] is FlowResultType.ABORT
    assert step["reason"] == "entry_removed"
    await expect_refusal(hass)
    await choose_in_repair(hass, third)


async def test_chosen_one_is_disabled_meanwhile(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    tls_server: BudgeroServer,
) -> None:
    """A repair whose reason stays is open again after its dialog."""
    third = make_second_entry(tls_server)
    await set_up(hass, third)
    await hass.config_entries.async_remove(loaded.entry_id)
    form = await ask(hass, KEY)
    await hass.config_entries.async_set_disabled_by(
        other.entry_id, ConfigEntryDisabler.USER
    )
    await submit_repair(hass, form, {"config_entry_id": other.entry_id})
    await expect_refusal(hass)


# Calls that wait


async def _waiting(
    hass: HomeAssistant, barrier: Barrier, entry: MockConfigEntry
) -> asyncio.Task[str]:
    """Return a call that waits for the reload of the default entry."""
    hass.async_create_task(hass.config_entries.async_reload(entry.entry_id))
    await barrier.reached.wait()
    call = hass.async_create_task(used(hass))
    await asyncio.sleep(0.05)
    assert not call.done()
    return call


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Barrier:
    """Hold the set-up of entries up."""
    barrier = Barrier()
    barrier.hold_up(monkeypatch, budgero, "async_open_outbox")
    return barrier


@pytest.fixture
async def two(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> tuple[MockConfigEntry, MockConfigEntry]:
    """The default entry and another one, both loaded."""
    return loaded, other


async def test_reloaded_while_a_call_waits(
    hass: HomeAssistant,
    two: tuple[MockConfigEntry, MockConfigEntry],
    held_up: Barrier,
) -> None:
    """It is waited for; nothing goes to the other one, and nobody is asked."""
    first, _ = two
    call = await _waiting(hass, held_up, first)
    assert not issues_of(hass)
    held_up.opened.set()
    assert await call == first.entry_id


async def test_removed_while_a_call_waits(
    hass: HomeAssistant,
    two: tuple[MockConfigEntry, MockConfigEntry],
    held_up: Barrier,
) -> None:
    """The call is refused, although another entry is there."""
    first, _ = two
    hass.async_create_task(hass.config_entries.async_reload(first.entry_id))
    await held_up.reached.wait()
    removal = hass.async_create_task(hass.config_entries.async_remove(first.entry_id))
    call = hass.async_create_task(used(hass))
    await asyncio.sleep(0.05)
    assert not call.done()
    held_up.opened.set()
    await removal
    with pytest.raises(ServiceValidationError) as caught:
        await call
    assert caught.value.translation_key == "no_default_entry"
    await until(lambda: KEY in issues_of(hass))


async def test_another_is_chosen_while_a_call_waits(
    hass: HomeAssistant,
    two: tuple[MockConfigEntry, MockConfigEntry],
    held_up: Barrier,
) -> None:
    """The call goes where it went when it was made; the next one to the new default."""
    first, second = two
    call = await _waiting(hass, held_up, first)
    form = await open_defaults(hass, second)
    values = TYPED | {CONF_IS_DEFAULT: True}
    await send(hass, form, values)
    held_up.opened.set()
    assert await call == first.entry_id
    assert await used(hass) == second.entry_id
    await hass.async_block_till_done()
