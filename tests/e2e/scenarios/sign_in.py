"""A user of the own server signs in while the integration is added."""

import base64
import secrets

from tests.e2e.api import Api, Entry, FlowStep
from tests.e2e.json_value import JsonObject
from tests.e2e.main_job import (
    DOMAIN,
    Counts,
    MainJobError,
    read_counts,
    wait_for_counts,
)

from .stage import Stage, require, until


async def wrong_key(stage: Stage) -> None:
    """A wrong space key is found out before the first transaction."""
    async with stage.api() as api:
        await api.remove_entry(stage.household.entry)
        step = await _enter_wrong_credentials(api, stage)
        entry = await _correct_them(api, stage, step)
        await until(lambda: _is_known(api, entry), "The server's numbers are not shown")
        [message_id] = await stage.log(1)
        pending = Counts(waiting=0, pending=1, processed=0, failed=0)
        await wait_for_counts(api, entry, pending)
        stage.server.apply()
        processed = Counts(waiting=0, pending=0, processed=1, failed=0)
        await wait_for_counts(api, entry, processed)
    stage.check_booked_once([message_id])


async def _enter_wrong_credentials(api: Api, stage: Stage) -> FlowStep:
    """Enter a wrong password and an unknown key; check that the key is refused."""
    server = stage.server
    step = await api.start_flow(DOMAIN)
    step = await api.choose(step, "own_server")
    step = await api.submit(step, {"url": server.url, "verify_ssl": True})
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    step = await api.submit(step, {"token": server.token, "space_key": key})
    step = await api.choose(step, "sign_in")
    user: JsonObject = {"username": server.credentials.username}
    step = await api.submit(step, {**user, "password": "not this one"})
    _expect(step, "sign_in", {"password": "wrong_password"})
    step = await api.submit(step, {**user, "password": server.credentials.password})
    _expect(step, "credentials", {"space_key": "space_key_wrong"})
    return step


async def _correct_them(api: Api, stage: Stage, step: FlowStep) -> Entry:
    """Enter the right key, and choose by name."""
    server = stage.server
    secret: JsonObject = {"token": server.token, "space_key": server.space_key}
    step = await api.submit(step, secret)
    _expect(step, "account", {})
    step = await api.submit(step, {"account": "checking"})
    _expect(step, "category", {})
    step = await api.submit(step, {"category": "Groceries", "currency": "EUR"})
    require(step.entry is not None, f"There should be an entry: {step}")
    assert step.entry is not None
    return step.entry


async def _is_known(api: Api, entry: Entry) -> bool:
    """Return whether the sensors have numbers yet."""
    try:
        await read_counts(api, entry)
    except MainJobError:
        return False
    return True


def _expect(step: FlowStep, step_id: str, errors: JsonObject) -> None:
    is_so = (step.step_id, step.errors) == (step_id, errors)
    require(is_so, f"The dialog should show {step_id} with {errors}, not {step}")
