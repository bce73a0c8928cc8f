"""A phone's shortcut and its automation, as in docs/examples.md."""

from collections.abc import Mapping
from secrets import token_hex

import aiohttp
import yaml

from tests.documentation import automations
from tests.e2e.json_value import JsonObject
from tests.e2e.seed import Installation

_PAGE = "examples.md"


def _example() -> Mapping[str, object]:
    """Return the automation for a phone of docs/examples.md."""
    [found] = [
        example.content
        for example in automations()
        if example.page == _PAGE
        and "trigger: webhook" in yaml.safe_dump(example.content)
    ]
    assert isinstance(found, Mapping)
    return found


def automation() -> str:
    """Return it as Home Assistant's editor would store it."""
    return yaml.safe_dump([{"id": "phone", **_example()}], sort_keys=False)


def address(installation: Installation) -> str:
    """Return where the phone sends to."""
    [trigger] = yaml.safe_load(automation())[0]["triggers"]
    return f"{installation.url}/api/webhook/{trigger['webhook_id']}"


def expense(amount: str, payee: str) -> JsonObject:
    """Return what the phone sends for an expense."""
    return {"amount": amount, "payee": payee, "id": token_hex(8)}


async def log(installation: Installation, sent: JsonObject) -> None:
    """Send an expense to the webhook, which needs no login.

    Raises:
        OSError: Home Assistant did not accept it.
    """
    async with (
        aiohttp.ClientSession() as session,
        session.post(address(installation), json=sent) as response,
    ):
        if response.status != 200:
            raise OSError(f"The phone was answered {response.status}")
