"""Nothing that the integration itself writes carries secrets, money or names."""

from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
import voluptuous as vol

from custom_components.budgero import backup
from custom_components.budgero.agent_log import agent_log
from custom_components.budgero.const import DOMAIN
from custom_components.budgero.diagnostics import async_get_config_entry_diagnostics
from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    Directory,
    Payee,
)
from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import transport
from custom_components.budgero.preset_repairs import ISSUE
from homeassistant.components.trace.const import DATA_TRACE
from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import EVENT_CALL_SERVICE, EVENT_LOGGING_CHANGED, MATCH_ALL
from homeassistant.core import Context, Event, HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, intent, issue_registry as ir
from homeassistant.helpers.json import ExtendedJSONEncoder
from homeassistant.setup import async_setup_component
from tests.budgero_server import (
    BudgeroServer,
    CaptivePortal,
    Drop,
    Fault,
    GzipBomb,
    HugeBody,
    Redirect,
    Reply,
    StalledBody,
    TruncatedBody,
)

from .actions import call
from .agents import ADD_TOOL, ASKED, STATUS_TOOL, UNDO_TOOL, allow_agents, use
from .assist import set_up_assist
from .barriers import Barrier
from .preset_helpers import DIRECTORY, know, open_form, press, send_form
from .repair_dialogs import ask, choose, confirm, listed, manager, submit
from .support import (
    ADD,
    Call,
    entity_id_of,
    in_state,
    issues_of,
    let_the_app_work,
    make_entry,
    outbox_path,
    raising,
    running,
    set_up,
    unreadable,
    until,
)

TOKEN = "c0ffee" * 10 + "beef"
SPACE_KEY = "CanaryKeyCanaryKeyCanaryKeyCanaryKeyCanary0="
EARLIER_KEY = "EarlierKeyEarlierKeyEarlierKeyEarlierKeyEa8="
CONTENT = {
    "amount": "98765.43",
    "payee": "Payee-Canary",
    "memo": "Memo-Canary",
    "transfer_id": "Leg-Canary",
}
MONEY = ("98765.43", "98765,43", "98765430", "9876543")
CANARIES = (
    *(TOKEN, SPACE_KEY, SPACE_KEY.rstrip("=")),
    *(EARLIER_KEY, EARLIER_KEY.rstrip("=")),
    *(*MONEY, "Payee-Canary", "Memo-Canary", "Leg-Canary"),
    *("Account-Canary", "Category-Canary", "Budget-Canary"),
)
FAULTS: tuple[Fault, ...] = (
    Drop(),
    Drop(after_commit=True),
    TruncatedBody(),
    StalledBody(),
    CaptivePortal(times=3),
    Redirect(location="https://budgero.example.org", times=3),
    HugeBody(size=1 << 20),
    GzipBomb(size=1 << 20),
    Reply(status=400, json={"message": f"{TOKEN} {CONTENT}"}),
    Reply(status=403, html=f"<p>{TOKEN}</p>"),
    Reply(status=409, json={"message": f"existing item {TOKEN} ({TOKEN})"}),
    Reply(status=426, json={"message": TOKEN}),
    Reply(status=429, json={"message": TOKEN}, retry_after=TOKEN),
    Reply(status=500, json={"message": "token validation failed"}, times=3),
    Reply(status=503, html=TOKEN),
)


def canaries_in(text: str) -> set[str]:
    """Return what must not be in a text, and is."""
    return {canary for canary in CANARIES if canary.lower() in text.lower()}


def texts_of(error: BaseException) -> Iterator[str]:
    """Return everything that an exception and those behind it say."""
    seen: BaseException | None = error
    while seen is not None:
        yield f"{seen} {seen!r} {vars(seen)}"
        seen = seen.__cause__ or seen.__context__


class Watch:
    """What was written anywhere while Budgero worked."""

    def __init__(self, hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> None:
        """Listen to every event, and to every logger at every level."""
        self.events: list[Event] = []
        self._hass = hass
        self._caplog = caplog
        caplog.set_level(logging.DEBUG)
        for logger in (f"custom_components.{DOMAIN}", "homeassistant.core"):
            caplog.set_level(logging.DEBUG, logger)
        hass.bus.async_fire(EVENT_LOGGING_CHANGED)
        hass.bus.async_listen(MATCH_ALL, self._note)

    @callback
    def _note(self, event: Event) -> None:
        self.events.append(event)

    def log_of(self, logger: str) -> str:
        """Return what a logger and those below it wrote, with its exceptions."""
        formatter = logging.Formatter("%(name)s %(message)s")
        return "\n".join(
            f"{formatter.format(record)} {record.args}"
            for record in self._caplog.records
            if f"{record.name}.".startswith(f"{logger}.")
        )

    def loggers(self) -> set[tuple[str, int]]:
        """Return the loggers, and their levels, that wrote a canary."""
        return {
            (record.name, record.levelno)
            for record in self._caplog.records
            if canaries_in(record.getMessage())
        }

    def calls(self) -> str:
        """Return the events of calls, as the recorder stores them."""
        return self._events(of_calls=True)

    def other_events(self) -> str:
        """Return all other events, as the recorder stores them."""
        return self._events(of_calls=False)

    def _events(self, *, of_calls: bool) -> str:
        found = [
            event
            for event in self.events
            if (event.event_type == EVENT_CALL_SERVICE) is of_calls
        ]
        return json.dumps(found, cls=ExtendedJSONEncoder)

    async def until_told(
        self, hass: HomeAssistant, entry: MockConfigEntry, kind: str
    ) -> None:
        """Wait until the event entity has told of a move."""
        entity_id = entity_id_of(hass, entry, "transaction", "event")

        def is_told() -> bool:
            state = hass.states.get(entity_id)
            return state is not None and state.attributes["event_type"] == kind

        await until(is_told)

    async def check(self, entry: MockConfigEntry) -> None:
        """Fail if a canary is in anything that is the integration's own."""
        hass = self._hass
        diagnostics = await async_get_config_entry_diagnostics(hass, entry)
        issues = [issue.to_json() for issue in ir.async_get(hass).issues.values()]
        placeholders = [
            issue.translation_placeholders
            for issue in ir.async_get(hass).issues.values()
        ]
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
        written = {
            "log": self.log_of(f"custom_components.{DOMAIN}"),
            "aiohttp's log": self.log_of("aiohttp") + self.log_of("asyncio"),
            "states": repr(hass.states.async_all()),
            "events": self.other_events(),
            "issues": f"{issues} {placeholders}",
            "devices": repr(devices),
            "diagnostics": repr(diagnostics),
            "running parts": repr(running(entry)),
        }
        for place, text in written.items():
            assert not canaries_in(text), place
        for path in _files(hass):
            content = path.read_bytes()
            assert not canaries_in(content.decode("latin-1")), path.name
            assert not canaries_in(path.name)


def _files(hass: HomeAssistant) -> list[Path]:
    """Return every file of Budgero's."""
    return sorted(outbox_path(hass, "").parent.glob(f"{DOMAIN}.*"))


@pytest.fixture
def watch(hass: HomeAssistant, caplog: pytest.LogCaptureFixture) -> Watch:
    """Watch from the beginning."""
    return Watch(hass, caplog)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncGenerator[BudgeroServer]:
    """A stand-in whose secrets are canaries."""
    async with BudgeroServer(
        api_limit=None, token=TOKEN, space_key=SPACE_KEY
    ) as server:
        yield server


async def test_success(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """From the call to the booking nothing is told to anybody else."""
    response = await add(**CONTENT, wait=True)
    await watch.check(loaded)
    await let_the_app_work(loaded, server)
    await in_state(hass, loaded, processed="1")
    await watch.until_told(hass, loaded, "processed")
    await watch.check(loaded)
    assert not canaries_in(repr(response))
    assert server.bookings[0].payee == "Payee-Canary"
    await hass.config_entries.async_reload(loaded.entry_id)
    await watch.check(loaded)


async def test_a_preset(
    hass: HomeAssistant, watch: Watch, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """What is in it is in Home Assistant's configuration, and nowhere else."""
    preset = {name: CONTENT[name] for name in ("amount", "payee", "memo")}
    form = await open_form(hass, loaded)
    await send_form(hass, form, name="Coffee", account="2", **preset)
    coffee, *_ = loaded.subentries
    await watch.check(loaded)
    await press(hass, loaded, coffee)
    await know(loaded, replace(DIRECTORY, accounts=DIRECTORY.accounts[:1]))
    assert ISSUE in issues_of(hass)
    await watch.check(loaded)
    await in_state(hass, loaded, pending="1")
    await let_the_app_work(loaded, server)
    await watch.check(loaded)
    assert server.bookings[0].payee == "Payee-Canary"


async def test_what_tells_of_a_failure(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """Neither event, trigger and its trace, nor the states of a problem."""
    assert await async_setup_component(hass, "trace", {})
    automation = {
        "id": "tell",
        "triggers": [{"trigger": f"{DOMAIN}.transaction_failed"}],
        "actions": [
            {"event": "told", "event_data": {"what": "{{ trigger | string }}"}},
        ],
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await add(**CONTENT, account=999, wait=True)
    await let_the_app_work(loaded, server)
    await watch.until_told(hass, loaded, "failed")
    await until(lambda: "told" in {event.event_type for event in watch.events})
    await watch.check(loaded)
    [trace] = hass.data[DATA_TRACE]["automation.tell"].all_traces()
    assert not canaries_in(repr(trace.as_dict()))
    problem = hass.states.get(entity_id_of(hass, loaded, "problem", "binary_sensor"))
    assert problem is not None
    assert problem.attributes["reason"] == "held_key"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
async def test_every_fault(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    watchful: None,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """Whatever the network or the server does, and repeats of what it was sent."""
    monkeypatch.setattr(transport, "EXCHANGE_SECONDS", 0.3)
    server.faults.add(fault)
    response = await add(**CONTENT, wait=False)
    sender = running(loaded).sender
    row = await sender.until_settled(str(response["message_id"]))
    assert row is not None
    await watch.check(loaded)


REFUSED: tuple[dict[str, object], ...] = (
    {"amount": "98765.4321"},
    {"amount": "98765,431"},
    {"amount": "98765.43 $"},
    {"amount": "98765.43 €€"},
    {"amount": ["98765.43"]},
    {"amount": "-98765.43"},
    {"amount": 98765.431},
    {"outflow": 98765.43},
    {"type": "Payee-Canary"},
    {"payee": "Payee-Canary" * 99},
    {"payee": {"name": "Payee-Canary"}},
    {"memo": "Memo-Canary\x07"},
    {"memo": ["Memo-Canary"]},
    {"transfer_id": "Leg-Canary" * 99},
    {"date": "98765.43"},
    {"account": "Payee-Canary"},
    {"message_id": "known"},
    {"message_id": "Payee-Canary!"},
    {"payeee": "Payee-Canary"},
)


async def test_every_refusal(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    add: Call,
    subtests: pytest.Subtests,
) -> None:
    """The refusal itself repeats no value."""
    await add(amount=1, message_id="known")
    for said in REFUSED:
        with subtests.test(said=said):
            with pytest.raises((HomeAssistantError, vol.Invalid)) as caught:
                await add(**CONTENT | said)
            assert not canaries_in("".join(texts_of(caught.value)))
            await watch.check(loaded)


NAMES = Directory(
    budgets=(Budget(id=1, name="Budget-Canary"),),
    accounts=(
        Account(id=1, name="Account-Canary", budget=1, currency="EUR"),
        Account(id=2, name="Account-Canary 2", budget=1, is_archived=True),
        Account(id=3, name="Account-Canary 3", budget=1, currency="BTC"),
        Account(id=4, name="Account-Canary 4", budget=2),
    ),
    categories=(
        Category(id=5, name="Category-Canary", budget=1),
        *(Category(id=id_, name="Category-Canary 2", budget=1) for id_ in (6, 7)),
    ),
    payees=(Payee(id=1, name="Payee-Canary", budget=1),),
)
BY_NAME = {
    "account": "Account-Canary",
    "category": "Category-Canary",
    "budget": "Budget-Canary",
}
REFUSED_NAMES = (
    {"account": "Account-Canary 2"},
    {"account": "Account-Canary 3"},
    {"account": "Account-Canary 4"},
    {"account": "Account-Canary 5"},
    {"category": "Category-Canary 2"},
    {"budget": "Budget-Canary 2"},
)


async def test_names(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """What is given, refused and shown by name is written nowhere, and nothing near it."""
    await running(loaded).names.async_put_by_hand(NAMES)
    for said in REFUSED_NAMES:
        with pytest.raises(HomeAssistantError) as caught:
            await add(**CONTENT | BY_NAME | said)
        assert not canaries_in("".join(texts_of(caught.value)))
    response = await add(**CONTENT | BY_NAME, wait=True)
    assert not canaries_in(repr(response))
    assert canaries_in(repr(await call(hass, "get_names", search="canary")))
    assert canaries_in(repr(await call(hass, "get_queue")))
    await let_the_app_work(loaded, server)
    await watch.check(loaded)


@pytest.mark.parametrize("message", ["disk I/O error", "database is locked"])
async def test_disk_that_refuses(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
    message: str,
) -> None:
    """Neither does the error of a disk."""
    monkeypatch.setattr(Store, "append", raising(StorageError(message)))
    with pytest.raises(HomeAssistantError) as caught:
        await add(**CONTENT)
    assert not canaries_in("".join(texts_of(caught.value)))
    await watch.check(loaded)


async def test_config_flow(
    hass: HomeAssistant, watch: Watch, server: BudgeroServer
) -> None:
    """Setting a space up says nothing of token and key, whatever goes wrong.

    Only the fields of the form hold again what was typed into them.
    """
    for fault in (Drop(), CaptivePortal(), Reply(status=500, json={"message": TOKEN})):
        server.faults.add(fault)
        flow = await hass.config_entries.flow.async_init(
            DOMAIN, context={"source": SOURCE_USER}
        )
        for values in (
            {"next_step_id": "own_server"},
            {"url": server.url, "verify_ssl": True},
            {"token": SPACE_KEY, "space_key": "too short"},
            {"token": SPACE_KEY, "space_key": TOKEN},
            {},
        ):
            flow = await hass.config_entries.flow.async_configure(
                flow["flow_id"], values
            )
            told = {
                name: shown for name, shown in flow.items() if name != "data_schema"
            }
            assert not canaries_in(repr(told))
        assert flow["type"] is not FlowResultType.CREATE_ENTRY
        hass.config_entries.flow.async_abort(flow["flow_id"])
    assert not canaries_in(watch.log_of(f"custom_components.{DOMAIN}"))
    assert not canaries_in(watch.other_events())


@pytest.fixture
async def rekeyed(
    hass: HomeAssistant, server: BudgeroServer, add: Call
) -> MockConfigEntry:
    """An entry whose key was another one before; one transaction waits in it."""
    await server.stop()
    entry = make_entry(server, space_key=EARLIER_KEY)
    await set_up(hass, entry)
    await add(**CONTENT)
    assert await hass.config_entries.async_unload(entry.entry_id)
    data = {"space_key": SPACE_KEY, "previous_space_keys": [EARLIER_KEY]}
    hass.config_entries.async_update_entry(entry, data={**entry.data, **data})
    await set_up(hass, entry)
    return entry


async def _walk_through(hass: HomeAssistant, key: str, option: str) -> str:
    """Answer a repair; return all that its dialog shows, but for the lines of a list."""
    first = await ask(hass, key)
    step = await choose(hass, first, option)
    last = await confirm(hass, step) if step["type"] is FlowResultType.FORM else step
    return f"{first} {step} {last}"


@pytest.mark.parametrize("option", ["release", "discard"])
async def test_backup_damage_and_repairs(
    hass: HomeAssistant,
    watch: Watch,
    rekeyed: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
) -> None:
    """Neither the logs of a backup, nor kept files, repairs and their dialogs."""
    with monkeypatch.context() as patch:
        patch.setattr(Store, "begin_backup", unreadable)
        patch.setattr(Store, "end_backup", unreadable)
        await backup.async_pre_backup(hass)
        await backup.async_post_backup(hass)
    assert "The outbox goes into the backup as it is" in watch.log_of(
        f"custom_components.{DOMAIN}"
    )
    await watch.check(rekeyed)
    assert await hass.config_entries.async_unload(rekeyed.entry_id)
    path = outbox_path(hass, rekeyed.entry_id)
    with path.open("r+b") as file:  # the first page, which shows what it is
        file.write(b"damaged")
    await set_up(hass, rekeyed)
    assert {"salvaged", "held_restored"} <= set(issues_of(hass))
    assert len([file for file in _files(hass) if ".damaged" in file.name]) == 1
    await watch.check(rekeyed)
    shown = await _walk_through(hass, "held_restored", option)
    form = await ask(hass, "salvaged")
    shown += f"{form} {await confirm(hass, form)}"
    assert not canaries_in(shown)
    await watch.check(rekeyed)


@pytest.mark.parametrize("option", ["booked", "retry", "remove"])
async def test_repairs_of_what_failed(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    option: str,
) -> None:
    """Only the lines of a dialog, as long as it is open, say what failed."""
    await add(**CONTENT, account=999, wait=True)
    await let_the_app_work(loaded, server)
    await until(lambda: {"failed", "held_key"} == set(issues_of(hass)))
    await watch.check(loaded)
    shown = await _walk_through(hass, "held_key", "key")
    shown += await _walk_through(hass, "held_key", "release")
    form = await ask(hass, "failed")
    [line] = listed(form).values()
    assert {"98765.43", "Payee-Canary"} <= canaries_in(line)
    assert not canaries_in(f"{form['description_placeholders']} {form['errors']}")
    await watch.check(loaded)
    (await manager(hass)).async_abort(form["flow_id"])
    shown += await _walk_through(hass, "failed", option)
    assert not canaries_in(shown)
    await watch.check(loaded)


@pytest.mark.allowed_warnings("^Work whose caller was cancelled failed")
async def test_failure_that_no_caller_hears_of(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The log names the kind of the error, whatever its text says."""
    barrier = Barrier()
    fail = raising(ValueError(f"{CONTENT}"))
    monkeypatch.setattr(Store, "append", barrier.before(fail))
    call = hass.async_create_task(add(**CONTENT))
    await barrier.reached.wait()
    call.cancel()
    barrier.opened.set()
    await hass.async_block_till_done()
    assert "ValueError" in watch.log_of(f"custom_components.{DOMAIN}")
    await watch.check(loaded)


async def test_what_home_assistant_itself_records(
    hass: HomeAssistant,
    watch: Watch,
    rekeyed: MockConfigEntry,
    hass_storage: dict[str, dict[str, object]],
) -> None:
    """Core keeps what it is told: docs/privacy.md says where, and how to exclude it.

    The content is in the event of the call (the recorder stores it), in the trace of the
    script, and in core's log if that is set to debug. What "Get queue" answers is in the
    trace of the script that asked, and nowhere else. Token and keys, earlier ones too,
    are in the stored config entry. That is all.
    """
    assert await async_setup_component(hass, "trace", {})
    config = {
        "log": {"sequence": [{"action": f"{DOMAIN}.{ADD}", "data": CONTENT}]},
        "look": {
            "sequence": [
                {"action": f"{DOMAIN}.get_queue", "response_variable": "queue"}
            ]
        },
    }
    assert await async_setup_component(hass, "script", {"script": config})
    await hass.services.async_call("script", "log", blocking=True)
    await hass.async_block_till_done()

    content = {"Payee-Canary", "Memo-Canary", "Leg-Canary", "98765.43"}
    assert canaries_in(watch.calls()) == content
    assert canaries_in(watch.other_events()) == set()
    [trace] = hass.data[DATA_TRACE]["script.log"].all_traces()
    assert canaries_in(repr(trace.as_dict())) == content
    assert watch.loggers() == {("homeassistant.core", logging.DEBUG)}

    seen = len(watch.events)
    await hass.services.async_call("script", "look", blocking=True)
    await hass.async_block_till_done()
    later = json.dumps(watch.events[seen:], cls=ExtendedJSONEncoder)
    assert canaries_in(later) == set()
    [trace] = hass.data[DATA_TRACE]["script.look"].all_traces()
    assert canaries_in(repr(trace.as_dict())) == content
    assert watch.loggers() == {("homeassistant.core", logging.DEBUG)}

    await hass.config_entries._store.async_save(  # noqa: SLF001
        hass.config_entries._data_to_save()  # noqa: SLF001
    )
    stored = json.dumps(hass_storage["core.config_entries"], cls=ExtendedJSONEncoder)
    assert {TOKEN, SPACE_KEY, EARLIER_KEY} <= canaries_in(stored)
    assert not canaries_in(stored) & content


async def test_kept_file_and_its_repair(
    hass: HomeAssistant, watch: Watch, server: BudgeroServer, add: Call, impatient: None
) -> None:
    """What is left of a removed entry is sealed, and its name says nothing."""
    entry = make_entry(server)
    await set_up(hass, entry)
    await server.stop()
    await add(**CONTENT)
    await until(lambda: running(entry).sender.last_error is not None)
    await hass.config_entries.async_remove(entry.entry_id)
    issues = [issue.to_json() for issue in ir.async_get(hass).issues.values()]
    assert len(issues) == 1
    assert not canaries_in(repr(issues))
    kept = _files(hass)
    assert kept
    for path in kept:
        assert not canaries_in(path.read_bytes().decode("latin-1"))
        assert not canaries_in(path.name)


async def test_an_ai_agent(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
) -> None:
    """What it logs, and what waits for a person, is told to nobody but these two."""
    told = async_mock_service(hass, "notify", "mobile_app_pixel")
    await running(loaded).names.async_put_by_hand(NAMES)
    await allow_agents(hass, loaded, agent_phone="mobile_app_pixel")
    content: dict[str, Any] = {
        name: CONTENT[name] for name in ("amount", "payee", "memo")
    }
    wrong: tuple[dict[str, Any], ...] = (
        *REFUSED_NAMES[:5],
        {"amount": "98765.432"},
        {"nonsense": "Memo-Canary"},
    )
    for said in wrong:
        assert (await use(hass, ADD_TOOL, **content | said)).error
    await watch.check(loaded)
    asked = await use(hass, ADD_TOOL, **content)
    assert asked.data["status"] == ASKED
    assert not canaries_in(repr(vars(agent_log(hass))))
    await hass.async_block_till_done()
    await watch.check(loaded)
    form = await ask(hass, "agent_asks")
    assert canaries_in(repr(form["data_schema"].schema["answer"].config))
    await watch.check(loaded)
    await submit(hass, form, {"answer": "log"})
    small = await use(hass, ADD_TOOL, **content | {"amount": 5})
    assert small.data["payee"] == "Payee-Canary"
    await use(hass, UNDO_TOOL)
    await use(hass, STATUS_TOOL)
    await hass.async_block_till_done()
    assert len(told) == 2
    assert not canaries_in(watch.calls())
    await watch.check(loaded)


@pytest.mark.allowed_warnings("A spoken sentence was not carried out")
async def test_an_intent(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Logged, refused, or failed: only the answer tells what was said."""
    await set_up_assist(hass)
    slots = {name: {"value": CONTENT[name]} for name in ("payee", "memo")}

    async def say(text: str) -> str:
        response = await intent.async_handle(
            hass, "test", "BudgeroAddExpense", slots, text, Context(), "en"
        )
        return repr(response.speech)

    assert canaries_in(await say("Kitty 98765.43"))
    await say("Kitty 98765.432")
    await say("Kitty 98765.43 dollars")
    await watch.check(loaded)
    error = ValueError(f"{CONTENT}")
    monkeypatch.setattr(running(loaded).outbox, "append", raising(error))
    assert not canaries_in(await say("Kitty 98765.43"))
    await watch.check(loaded)
