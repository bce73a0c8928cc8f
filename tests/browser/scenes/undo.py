"""Taking back what was logged."""

from typing import Final

from tests.browser.browser import PHONE, Device
from tests.browser.house import House
from tests.e2e.scenarios.stage import require

_PHONE: Final = Device(size=PHONE, is_touched=True)


async def too_late(house: House) -> None:
    """What the server has cannot be taken back from here, and the card says so."""
    async with house.card() as card:
        await card.enter("9.98")
        await card.until("accepted", "9.98", patience=30)
        await card.row("accepted").first.get_by_role("button").click()
        await card.said.filter(has_text="cannot be taken back").wait_for()
        await card.until("accepted", "9.98")


async def with_the_page_closed(house: House) -> None:
    """What is taken back within six seconds is never sent, on another device too."""
    before = await house.sent()
    async with house.card() as card:
        await card.enter("9.99")
        await card.until("waiting", "9.99")
    async with house.card(device=_PHONE) as card:
        undo = card.row("waiting").get_by_role("button").first
        require("Undo" in await undo.inner_text(), "It can be undone from elsewhere")
        await undo.tap()
        await card.until("removed")
        said = await card.said.inner_text()
        require("Nothing was sent" in said, f"It says: {said}")
        await card.tab.page.wait_for_timeout(7000)
    require(len(house.server.queue) == before, "It must not be sent")
