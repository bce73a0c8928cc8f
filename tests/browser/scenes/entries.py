"""Several entries, and a card and an integration of different versions."""

from typing import Final

from playwright.async_api import WebSocketRoute

from tests.browser.house import CARD, House, credentials_of
from tests.budgero_server import BudgeroServer
from tests.e2e.main_job import add_entry
from tests.e2e.scenarios.stage import DEFAULTS, require, until

_A_VIEW: Final = '"may_see_payees"'
_VERSION: Final = '"version":"'
_COMMAND: Final = '"type":"budgero/card'
_NO_COMMAND: Final = '"type":"budgero/nothing'
_RECONNECT: Final = (
    "document.querySelector('home-assistant').hass.connection.reconnect(true)"
)


async def two_entries(house: House) -> None:
    """A card logs in the entry that is configured; else in the default one."""
    before = await house.sent()
    async with BudgeroServer() as second, house.stage.api() as api:
        entry = await add_entry(api, credentials_of(second), DEFAULTS)

        async def is_there() -> bool:
            return len(second.queue) == 1

        config = {"config_entry_id": entry.entry_id}
        async with house.card(config=config) as card:
            await card.enter("5.05")
            await card.until("accepted", "5.05", patience=30)
            await until(is_there, "The second server should have it")
        async with house.card() as card:
            await card.chip("Coffee").click()
            await card.until("accepted", "Coffee", patience=30)
        require(len(second.queue) == 1, "Only one belongs to the second entry")
        await api.remove_entry(entry)
    require(len(house.server.queue) == before + 1, "The other one is the default's")


async def other_version(house: House) -> None:
    """A card of another version than the integration says so, and works."""

    def route(page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            text = message if isinstance(message, str) else message.decode()
            if _A_VIEW in text:
                text = text.replace(_VERSION, f"{_VERSION}9.")
            page.send(text)

        server.on_message(pass_on)

    path = await house.put_cards(CARD)
    async with house.chromium.tab(house.url, house.token) as tab:
        await tab.page.route_web_socket("**/api/websocket", route)
        await tab.go(path)
        card = await house.card_of(tab)
        await card.notices.first.wait_for()
        text = await card.notices.first.inner_text()
        require("9.0.1.0" in text and "Restart" in text, f"It says: {text}")
        await card.enter("4.04")
        await card.until("waiting", "4.04")


async def integration_missing(house: House) -> None:
    """A card without its integration keeps what it shows for a while, then says so."""
    is_there = True

    def route(page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            text = message if isinstance(message, str) else message.decode()
            server.send(text if is_there else text.replace(_COMMAND, _NO_COMMAND))

        page.on_message(pass_on)

    path = await house.put_cards(CARD)
    async with house.chromium.tab(house.url, house.token) as tab:
        await tab.page.route_web_socket("**/api/websocket", route)
        await tab.go(path)
        card = await house.card_of(tab)
        await card.amount.fill("4.05")
        is_there = False
        await tab.page.evaluate(_RECONNECT)
        await tab.page.wait_for_timeout(3000)
        require(await card.amount.is_visible(), "It may be a restart")
        await card.notices.first.wait_for(timeout=60_000)
        text = await card.notices.first.inner_text()
        require("Restart Home Assistant" in text, f"It says: {text}")
        is_there = True
        await card.amount.wait_for(timeout=60_000)
        require(await card.amount.input_value() == "4.05", "Nothing typed is lost")
