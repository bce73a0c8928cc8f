"""Scripts that log an expense and are stopped meanwhile."""

import asyncio
from typing import Final

from tests.budgero_server import Delay
from tests.e2e.api import Api
from tests.e2e.main_job import DOMAIN
from tests.e2e.seed import Installation

from .stage import Stage, require, until

_SCRIPT: Final = """
{mode}:
  mode: {mode}
  sequence:
    - action: {domain}.add_transaction
      data:
        amount: 1
        message_id: "{{{{ message_id }}}}"
        wait: true
    - action: input_text.set_value
      target:
        entity_id: {after}
      data:
        value: "{{{{ (states('{after}') ~ ' ' ~ message_id) | trim }}}}"
"""
_AFTER: Final = "input_text.expense_payee"
"""Entity that shows which runs were completed."""

_RUNS: Final = 5
_SLOW: Final = Delay(seconds=8, times=None)
"""Shorter than the action waits, and long enough to end the script meanwhile."""


async def restarted(stage: Stage) -> None:
    """With `mode: restart` every run ends the one before; each was logged."""
    ids = [f"restart-{number}" for number in range(_RUNS)]
    stage.server.faults.add(_SLOW)
    async with stage.api() as api:
        await _write(api, stage.household.installation, "restart")
        for message_id in ids:
            await _run(api, "restart", message_id)
            await _until_pushed(stage, message_id)
        stage.server.faults.clear()
        await until(lambda: _has_ended(api, "restart"), "The last script should end")
        ended = await api.state(_AFTER)
    require(ended == ids[-1], f"The last run should come to its end, not {ended}")
    await stage.until_all_booked_once(ids)


async def turned_off(stage: Stage) -> None:
    """With `mode: single` a second run is refused; turning it off takes nothing back."""
    stage.server.faults.add(_SLOW)
    async with stage.api() as api:
        await _write(api, stage.household.installation, "single")
        await _run(api, "single", "single-0")
        await _until_pushed(stage, "single-0")
        async with asyncio.TaskGroup() as group:
            # Refused at once; this call is answered only when the script has ended.
            group.create_task(_run(api, "single", "single-1"))
            await until(lambda: _is_refused(stage), "A second run should be refused")
            await api.call("script", "turn_off", {"entity_id": "script.single"})
        await until(lambda: _has_ended(api, "single"), "The script should end")
        ended = await api.state(_AFTER)
    require(not ended, f"The script should have been ended: {ended}")
    stage.server.faults.clear()
    await stage.until_all_booked_once(["single-0"])
    asked = {request.message_id for request in stage.server.requests}
    require("single-1" not in asked, "The refused run was delivered")


async def _write(api: Api, installation: Installation, mode: str) -> None:
    """Add a script of this mode, which has its name."""
    with (installation.folder / "scripts.yaml").open("a") as file:
        file.write(_SCRIPT.format(mode=mode, domain=DOMAIN, after=_AFTER))
    await api.call("script", "reload", {})


async def _run(api: Api, script: str, message_id: str) -> None:
    """Start a script, and do not wait for it."""
    await api.call(
        "script",
        "turn_on",
        {
            "entity_id": f"script.{script}",
            "variables": {"message_id": message_id},
        },
    )


async def _until_pushed(stage: Stage, message_id: str) -> None:
    async def is_so() -> bool:
        return message_id in {each.message_id for each in stage.server.requests}

    await until(is_so, f"{message_id} should be under way")


async def _is_refused(stage: Stage) -> bool:
    return "Already running" in stage.household.home_assistant.log.read_text()


async def _has_ended(api: Api, script: str) -> bool:
    return await api.state(f"script.{script}") == "off"
