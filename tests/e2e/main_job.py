"""The main job, from outside: set up, log, and follow the transaction."""

import asyncio
from dataclasses import asdict, dataclass

from tests.e2e.api import Api, Entry, FlowStep
from tests.e2e.json_value import JsonObject, to_text
from tests.e2e.stand_in import Credentials

DOMAIN = "budgero"
_SETTLE_SECONDS = 30.0


class MainJobError(Exception):
    """A check failed; the text says which."""


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """Where a transaction goes that names nothing else; Budgero's own ids."""

    account: int
    budget: int
    category: int | None
    currency: str = "EUR"

    @property
    def typed(self) -> JsonObject:
        """What is entered in the form: ids are texts there."""
        values = asdict(self).items()
        return {name: str(value) for name, value in values if value is not None}


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The four sensors."""

    waiting: int
    pending: int
    processed: int
    failed: int


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What `budgero.add_transaction` answers."""

    message_id: str
    status: str
    queue_id: str | None


async def set_up(api: Api, credentials: Credentials, defaults: Defaults) -> Entry:
    """Add the integration as a person does, or return the entry that there is.

    Raises:
        MainJobError: A step of the flow went another way.
    """
    if entries := await api.entries(DOMAIN):
        return entries[0]
    return await add_entry(api, credentials, defaults)


async def add_entry(api: Api, credentials: Credentials, defaults: Defaults) -> Entry:
    """Add the integration as a person does, also beside another entry.

    Raises:
        MainJobError: A step of the flow went another way.
    """
    step = await api.start_flow(DOMAIN)
    _expect(step, "menu", "user")
    step = await api.choose(step, "own_server")
    _expect(step, "form", "own_server")
    step = await api.submit(step, {"url": credentials.url, "verify_ssl": True})
    if step.step_id == "plain_http":
        step = await api.submit(step, {})  # another machine's; we know what we do
    _expect(step, "form", "credentials")
    secrets = {"token": credentials.token, "space_key": credentials.space_key}
    step = await api.submit(step, secrets)
    if step.step_id == "cannot_connect":
        raise MainJobError(f"No Budgero answers at {credentials.url}")
    if step.step_id == "server_user":
        step = await _enter_user(api, step, credentials)
    if step.step_id == "account":  # names are known
        step = await api.submit(step, {"account": str(defaults.account)})
        _expect(step, "form", "category")
    else:
        _expect(step, "form", "defaults")
    step = await api.submit(
        step,
        {name: value for name, value in defaults.typed.items() if name in step.fields},
    )
    if step.entry is None:
        raise MainJobError(f"The integration was not set up: {_outcome(step)}")
    return step.entry


async def _enter_user(api: Api, step: FlowStep, credentials: Credentials) -> FlowStep:
    """Sign in, which brings the names; or go on without both."""
    if credentials.username:
        step = await api.choose(step, "sign_in")
        _expect(step, "form", "sign_in")
        user = {"username": credentials.username, "password": credentials.password}
        return await api.submit(step, {**user})
    step = await api.choose(step, "names")
    _expect(step, "menu", "names")
    return await api.choose(step, "defaults")


def _expect(step: FlowStep, kind: str, step_id: str) -> None:
    if (step.kind, step.step_id) != (kind, step_id) or step.errors:
        raise MainJobError(
            f"The config flow should show {step_id}, but: {_outcome(step)}"
        )


def _outcome(step: FlowStep) -> str:
    parts = [step.kind, step.step_id or "", step.reason or ""]
    parts += [f"{field}: {error}" for field, error in step.errors.items()]
    return ", ".join(part for part in parts if part)


async def add_transaction(api: Api, fields: JsonObject) -> Answer:
    """Log a transaction and return what the action answers."""
    answer = await api.ask(DOMAIN, "add_transaction", fields)
    queue_id = answer.get("queue_id")
    return Answer(
        message_id=to_text(answer["message_id"]),
        status=to_text(answer["status"]),
        queue_id=None if queue_id is None else to_text(queue_id),
    )


async def read_counts(api: Api, entry: Entry) -> Counts:
    """Read the four sensors as they stand."""
    entities = await api.entity_ids(entry.entry_id)
    return Counts(
        waiting=await _count(api, entities["waiting"]),
        pending=await _count(api, entities["pending"]),
        processed=await _count(api, entities["processed"]),
        failed=await _count(api, entities["failed"]),
    )


async def _count(api: Api, entity_id: str) -> int:
    state = await api.state(entity_id)
    if not state.isdecimal():
        raise MainJobError(f"{entity_id} is {state}, not a number")
    return int(state)


async def wait_for_counts(api: Api, entry: Entry, expected: Counts) -> Counts:
    """Let the integration ask Budgero until the sensors show what they should.

    Raises:
        MainJobError: They still do not after half a minute.
    """
    entities = await api.entity_ids(entry.entry_id)
    update: JsonObject = {"entity_id": entities["pending"]}
    seen = await read_counts(api, entry)
    try:
        async with asyncio.timeout(_SETTLE_SECONDS):
            while seen != expected:
                await api.call("homeassistant", "update_entity", update)
                await asyncio.sleep(1)
                seen = await read_counts(api, entry)
    except TimeoutError as error:
        raise MainJobError(
            f"The sensors should be {expected}, but are {seen}"
        ) from error
    return seen
