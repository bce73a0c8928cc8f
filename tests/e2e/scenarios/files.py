"""The file of the outbox is damaged, or copied to a second machine."""

import shutil
from typing import Final

from tests.e2e.home_assistant import HomeAssistant, free_port
from tests.e2e.household import Household
from tests.e2e.json_value import JsonObject
from tests.e2e.repairs import answer_issue
from tests.e2e.seed import seed

from .stage import Stage, require, until

_WAITING: Final = 10
_HEADER: Final = 100
"""Bytes at the start without which the file is no database."""


async def damaged(stage: Stage) -> None:
    """Intact rows are salvaged, shown, and delivered after a person's decision."""
    ids = await _wait_and_stop(stage)
    with stage.outbox.open("r+b") as file:
        file.write(bytes(_HEADER))
    await stage.server.start()
    await stage.household.home_assistant.start_and_wait()
    salvaged = await stage.until_issue("salvaged")
    saved = salvaged.placeholders["count"]
    require(saved == str(_WAITING), f"{saved} of {_WAITING} transactions were saved")
    await _deliver_what_is_held(stage, ids)
    async with stage.api() as api:
        await answer_issue(api, salvaged)
    await stage.until_no_issue()
    await stage.until_all_booked_once(ids)


async def cloned(stage: Stage) -> None:
    """The clone sends nothing by itself, and books nothing twice when it is told to."""
    ids = await _wait_and_stop(stage)
    household = stage.household
    folder = household.installation.folder.with_name("clone")
    shutil.copytree(household.installation.folder, folder, symlinks=True)
    await stage.server.start()
    await household.home_assistant.start_and_wait()
    await stage.until_all_booked_once(ids)
    installation = seed(folder, free_port(), is_alone=True)
    async with HomeAssistant(installation) as home_assistant:
        await home_assistant.start_and_wait()
        clone = Stage(
            household=Household(
                installation=installation,
                home_assistant=home_assistant,
                stand_in=None,
                page=household.page,
                address=household.address,
                entry=household.entry,
            ),
            server=stage.server,
        )
        await _deliver_what_is_held(clone, ids)
        await clone.until_all_booked_once(ids)


async def _wait_and_stop(stage: Stage) -> list[str]:
    """Let transactions wait for the server, and stop Home Assistant."""
    await stage.server.stop()
    ids = await stage.log(_WAITING)
    await until(lambda: _has_tried(stage), "The first try should be over")
    code = await stage.household.home_assistant.stop()
    require(code == 0, f"Home Assistant ended with {code}")
    return ids


async def _deliver_what_is_held(stage: Stage, ids: list[str]) -> None:
    """Check that all rows are held and not sent; then deliver them."""
    pushed = len(stage.server.requests)
    held = await stage.until_issue("held_restored")
    await stage.send_now()
    rows = await stage.unfinished()
    require(rows.keys() == set(ids), f"Other transactions are there: {rows.keys()}")
    require(all(map(_is_restored, rows.values())), "Not all of them are held")
    asked = [request.message_id for request in stage.server.requests[pushed:]]
    require(not any(asked), f"Held, and sent all the same: {asked}")
    async with stage.api() as api:
        await answer_issue(api, held, "release")
    await stage.until_waiting(0)


async def _has_tried(stage: Stage) -> bool:
    """Return whether it was tried to send something, and nothing is in doubt."""
    rows = (await stage.unfinished()).values()
    tried = [row for row in rows if row["last_error"] == "unreachable"]
    return bool(tried) and not any(row["in_doubt"] for row in rows)


def _is_restored(row: JsonObject) -> bool:
    return row["held"] == "restored"
