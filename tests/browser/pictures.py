"""The pictures of the documentation: taken from what runs, never by hand."""

from collections.abc import Awaitable, Callable, Mapping
import io
from pathlib import Path
import re
from typing import Final

from PIL import Image

from tests.browser.browser import Device, Tab
from tests.browser.film import take_film
from tests.browser.house import House
from tests.e2e.household import NO_ACCOUNT
from tests.e2e.json_value import JsonObject
from tests.e2e.main_job import DOMAIN
from tests.e2e.scenarios.stage import require

FOLDER: Final = Path(__file__).parents[2] / "docs" / "images"
_LARGEST: Final = 120_000
_COLOURS: Final = 128
_PHONE: Final = (390, 1080)
_SETTLE: Final = 1500.0
"""Until dialogs, graphs and icons stand still, in milliseconds."""

type Picture = Callable[[House, Tab], Awaitable[None]]


async def _dashboard(house: House, tab: Tab) -> None:
    await tab.go("/budgero-demo/budgero")
    card = await house.card_of(tab)
    await card.chip("Coffee").click()
    await card.until("waiting", "Coffee")


async def _card(house: House, tab: Tab) -> None:
    await tab.go(await house.put_cards({"type": "custom:budgero-card"}))
    card = await house.card_of(tab)
    await card.more.click()
    await card.chip("Groceries").click()
    await card.amount.fill("24.90")
    await card.field("Memo").fill("for the party")


async def _set_up(house: House, tab: Tab) -> None:
    await tab.go("/config/integrations/dashboard/add?domain=budgero")
    await tab.page.get_by_role("button", name=re.compile("^(OK|Yes)$")).first.click()
    flow = tab.page.locator("dialog-data-entry-flow")
    await flow.get_by_text("Own server", exact=True).first.click()
    await flow.locator("input[name=url]").fill(house.server.url)
    await flow.get_by_role("button", name=re.compile("^(Submit|Next)$")).last.click()
    await flow.locator("input[name=token]").wait_for()


async def _device(house: House, tab: Tab) -> None:
    async with house.stage.api() as api:
        devices = await api.devices()
    device = devices[house.stage.household.entry.title]
    await tab.go(f"/config/devices/device/{device}")
    await tab.page.locator("ha-config-device-page h1").first.wait_for()


async def _repair(house: House, tab: Tab) -> None:
    await tab.go("/config/repairs")
    issue = tab.page.locator("ha-config-repairs").get_by_text("failed").first
    await issue.click()
    await tab.page.locator("dialog-data-entry-flow ha-dialog").wait_for(
        state="attached"
    )


async def _assist(house: House, tab: Tab) -> None:
    await tab.go("/budgero-demo/budgero")
    await tab.page.get_by_role("button", name=re.compile(r"^Assist( \(A\))?$")).click()
    box = tab.page.get_by_role("textbox", name="Enter a request")
    for sentence in ("I spent 12.50 on lunch", "change that to 15"):
        await box.fill(sentence)
        await box.press("Enter")
        await tab.page.wait_for_timeout(_SETTLE)


PICTURES: Final[Mapping[str, tuple[Picture, tuple[int, int]]]] = {
    "card": (_card, _PHONE),
    "set-up": (_set_up, (760, 640)),
    "repair": (_repair, (760, 560)),
    "assist": (_assist, (1000, 700)),
    "dashboard": (_dashboard, (1280, 800)),
    "device": (_device, (1280, 960)),
}
"""What is shown, and the size of the screen."""


async def take_pictures(house: House) -> list[Path]:
    """Take film and pictures in light and dark colours; return the files."""
    FOLDER.mkdir(exist_ok=True)
    taken = await take_film(house, FOLDER)
    await _prepare(house)
    for is_dark in (False, True):
        for name, (picture, size) in PICTURES.items():
            device = Device(size=size, is_dark=is_dark, is_touched=size == _PHONE)
            async with house.chromium.tab(house.url, house.token, device) as tab:
                await picture(house, tab)
                await tab.page.wait_for_timeout(_SETTLE)
                path = FOLDER / f"{name}-{'dark' if is_dark else 'light'}.png"
                _write(path, await tab.page.screenshot())
                taken.append(path)
    return taken


async def _prepare(house: House) -> None:
    """Log some expenses, one of which fails in the app."""
    expenses: list[JsonObject] = [
        {"preset": "Groceries", "amount": "31.80"},
        {"preset": "Coffee"},
        {"amount": "54.00", "payee": "Water works"},
        {"amount": 1, "payee": "Nobody", "account": NO_ACCOUNT},
    ]
    async with house.stage.api() as api:
        for expense in expenses:
            await api.ask(DOMAIN, "add_transaction", expense)
    await house.stage.until_waiting(0)
    house.server.apply()
    await house.ask_again()
    await house.stage.until_issue("failed")
    async with house.stage.api() as api:
        await api.ask(DOMAIN, "add_transaction", {"preset": "Coffee"})
    await house.stage.until_waiting(0)
    await house.ask_again()


def _write(path: Path, screenshot: bytes) -> None:
    """Write a picture with few colours: it is part of every clone."""
    image = Image.open(io.BytesIO(screenshot)).convert("RGB")
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    require(size <= _LARGEST, f"{path.name} has {size} bytes")
