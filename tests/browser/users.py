"""Users of Home Assistant beside its owner."""

from typing import Final

import aiohttp

from tests.e2e.json_value import to_object, to_text
from tests.e2e.scenarios.stage import Stage

_PASSWORD: Final = "browser-test"


async def log_in_as(stage: Stage, name: str, group: str) -> str:
    """Make a user of a group; return an access token."""
    async with stage.api() as api:
        made = to_object(
            await api.command("config/auth/create", name=name, group_ids=[group])
        )
        await api.command(
            "config/auth_provider/homeassistant/create",
            user_id=to_object(made["user"])["id"],
            username=name,
            password=_PASSWORD,
        )
    return await _log_in(stage.household.installation.url, name)


async def _log_in(url: str, name: str) -> str:
    client = {"client_id": f"{url}/"}
    handler = ["homeassistant", None]
    async with aiohttp.ClientSession(url, raise_for_status=True) as session:
        begin = {**client, "handler": handler, "redirect_uri": f"{url}/"}
        async with session.post("/auth/login_flow", json=begin) as response:
            flow = to_text((await response.json())["flow_id"])
        known = {**client, "username": name, "password": _PASSWORD}
        async with session.post(f"/auth/login_flow/{flow}", json=known) as response:
            code = to_text((await response.json())["result"])
        form = {**client, "grant_type": "authorization_code", "code": code}
        async with session.post("/auth/token", data=form) as response:
            return to_text((await response.json())["access_token"])
