"""What somebody types is never lost, whatever happens meanwhile."""

import asyncio
from typing import Final

from playwright.async_api import WebSocketRoute

from tests.browser.house import CARD, House
from tests.e2e.json_value import JsonObject
from tests.e2e.main_job import DOMAIN
from tests.e2e.scenarios.stage import require

_SLOW: Final = 1.5
"""Until an answer to an action arrives, in seconds."""

_TRAM: Final[JsonObject] = {"type": "expense", "name": "Tram", "has_number": False}

_UNFOLD_WHILE_DRAWING: Final = """input => {
  input.getRootNode().querySelector("summary").click();
  input.dispatchEvent(new Event("input"));
}"""


async def while_the_house_goes_on(house: House) -> None:
    """Nothing moves or folds when something is logged or a preset is added."""
    entry = house.stage.household.entry
    async with house.card() as card, house.stage.api() as api:
        await card.amount.fill("12")
        await card.amount.evaluate(
            "input => { input.isTheSame = true; input.setSelectionRange(1, 1); }"
        )
        await api.ask(DOMAIN, "add_transaction", {"amount": "1.23"})
        await card.rows.first.wait_for()
        await api.submit(await api.start_subentry(entry, "preset"), _TRAM)
        await card.chip("Tram").wait_for()
        await card.tab.page.keyboard.type("5")
        typed = await card.amount.input_value()
        require(typed == "152", f"It goes on where it was: {typed}")
        is_the_same = await card.amount.evaluate("input => input.isTheSame")
        require(is_the_same, "The field was not made anew")
        await card.amount.evaluate(_UNFOLD_WHILE_DRAWING)
        await card.field("Memo").wait_for()
        presets = await api.subentries(entry)
        await api.command(
            "config_entries/subentries/delete",
            entry_id=entry.entry_id,
            subentry_id=presets["Tram"],
        )


async def slow_answer(house: House) -> None:
    """What is typed while a transaction is on its way is not lost."""

    def route(page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            delay = _SLOW if '"response"' in str(message) else 0
            asyncio.get_running_loop().call_later(delay, page.send, message)

        server.on_message(pass_on)

    path = await house.put_cards(CARD)
    async with house.chromium.tab(house.url, house.token) as tab:
        await tab.page.route_web_socket("**/api/websocket", route)
        await tab.go(path)
        card = await house.card_of(tab)
        await card.amount.fill("6.74")
        await card.log.click()
        await card.amount.fill("6.75")
        await card.until("waiting", "6.74")
        require(await card.amount.input_value() == "6.75", "It is kept")
        await card.log.click()
        await card.until("waiting", "6.75")
        require(await card.amount.input_value() == "", "A new one begins")


async def restart_while_typing(house: House) -> None:
    """After a restart of Home Assistant everything typed is still there."""
    async with house.card() as card:
        await card.more.click()
        await card.chip("Groceries").click()
        await card.amount.fill("8,88")
        await card.field("Memo").fill("for the party")
        program = house.stage.household.home_assistant
        await program.stop()
        await card.tab.page.wait_for_timeout(500)
        require(await card.amount.is_visible(), "The card stays")
        await program.start_and_wait()
        await card.tab.page.wait_for_timeout(6000)
        require(await card.amount.input_value() == "8,88", "The amount is there")
        memo = await card.field("Memo").input_value()
        require(memo == "for the party", f"The memo is there: {memo}")
        chosen = await card.chip("Groceries").get_attribute("aria-pressed")
        require(chosen == "true", "The preset is still chosen")
        await card.tab.page.reload()
        await card.chips.first.wait_for()
        require(await card.amount.input_value() == "8,88", "After a reload, too")
        await card.log.click()
        await card.until("waiting", "8,88")
        await card.tab.page.reload()
        await card.chips.first.wait_for()
        require(await card.amount.input_value() == "", "A new one begins")
