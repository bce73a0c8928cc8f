"""The push token is refused while transactions wait."""

from tests.e2e.main_job import DOMAIN

from .stage import Stage, require, until

_WAITING = 10


async def enabled_again(stage: Stage) -> None:
    """A token that was disabled and enabled again is used with the next transaction."""
    ids = await _wait_for_a_token(stage)
    stage.server.enable_token()
    ids += await stage.log(1)
    await stage.until_waiting(0)
    await _until_no_dialog(stage)
    await stage.until_all_booked_once(ids)


async def replaced(stage: Stage) -> None:
    """A new token is entered in the dialog that Home Assistant has opened."""
    proven = await stage.log(1)
    await stage.until_all_booked_once(proven)
    ids = await _wait_for_a_token(stage)
    stage.server.regenerate_token()
    async with stage.api() as api:
        [flow_id] = await api.open_flows(DOMAIN)
        menu = await api.resume_flow(flow_id)
        step = await api.choose(menu, "new_token")
        step = await api.submit(step, {"token": "0" * len(stage.server.token)})
        require(step.errors == {"token": "wrong_token"}, f"A wrong token: {step}")
        step = await api.submit(step, {"token": stage.server.token})
        require(step.reason == "reauth_successful", f"The new token: {step}")
    await stage.until_waiting(0)
    await _until_no_dialog(stage)
    await stage.until_all_booked_once(proven + ids)


async def _wait_for_a_token(stage: Stage) -> list[str]:
    """Let transactions wait until Home Assistant asks for another token."""
    stage.server.disable_token()
    ids = await stage.log(_WAITING)

    async def is_asked_for() -> bool:
        await stage.send_now()  # do not wait for the next regular try
        async with stage.api() as api:
            return bool(await api.open_flows(DOMAIN))

    await until(is_asked_for, "Home Assistant should ask for another token")
    await stage.until_waiting(_WAITING)
    require(not stage.server.counts.pending, "Nothing can have arrived")
    return ids


async def _until_no_dialog(stage: Stage) -> None:
    async def is_closed() -> bool:
        async with stage.api() as api:
            return not await api.open_flows(DOMAIN)

    await until(is_closed, "The dialog for a token should close by itself")
