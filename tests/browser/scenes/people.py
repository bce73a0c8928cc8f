"""Users with fewer rights."""

from tests.browser.house import House
from tests.browser.users import log_in_as
from tests.e2e.scenarios.stage import require


async def read_only(house: House) -> None:
    """Who may only look is told so; who may log sees no repairs."""
    token = await log_in_as(house.stage, "guest", "system-read-only")
    async with house.card(token=token) as card:
        await card.notices.first.wait_for()
        text = await card.notices.first.inner_text()
        require("not log in it" in text, f"It says: {text}")
        require(not await card.amount.is_visible(), "Nothing can be typed")
        require(not card.tab.our_problems, f"In the console: {card.tab.our_problems}")
    token = await log_in_as(house.stage, "child", "system-users")
    async with house.card(token=token) as card:
        await card.enter("1.10")
        await card.until("waiting", "1.10")
        rows = await card.rows.count()
        require(rows == 1, f"Only their own: {rows}")
