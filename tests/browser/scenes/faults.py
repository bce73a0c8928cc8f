"""Faults: a lost connection, a restart, a hold, a removed entry."""

from typing import Final

from tests.browser.house import House
from tests.e2e.scenarios.stage import require, until

_CUT_AFTER_SENDING: Final = """
() => {
  const { socket } = document.querySelector("home-assistant").hass.connection;
  const send = socket.send.bind(socket);
  socket.send = (text) => {
    send(text);
    if (text.includes("add_transaction")) socket.close();
  };
}
"""
_DISCONNECT: Final = """
() => {
  const { connection } = document.querySelector("home-assistant").hass;
  connection.suspendReconnectUntil(new Promise((resolve) => { window.reconnect = resolve; }));
  connection.suspend();
}
"""


async def lost_connection(house: House) -> None:
    """Without an answer the same message id is sent again, after a reload as well."""
    before = await house.sent()
    async with house.card() as card:
        await card.amount.fill("6.66")
        await card.tab.page.evaluate(_CUT_AFTER_SENDING)
        await card.log.click()
        await (
            card.row("waiting")
            .or_(card.row("accepted"))
            .filter(has_text="6.66")
            .first.wait_for(timeout=30_000)
        )
        await card.tab.page.evaluate(_DISCONNECT)
        await card.amount.fill("6.67")
        await card.tab.page.wait_for_timeout(1100)
        await card.log.click()
        stop = card.element.locator(".stop")
        await stop.wait_for()
        require(await card.amount.input_value() == "6.67", "Nothing typed is lost")
        await card.tab.page.evaluate("window.reconnect()")
        await (
            card.row("waiting")
            .or_(card.row("accepted"))
            .filter(has_text="6.67")
            .first.wait_for(timeout=30_000)
        )
        require(not await stop.is_visible(), "Everything was answered")
        await card.tab.page.wait_for_timeout(1100)
        await card.tab.page.evaluate(_DISCONNECT)
        await card.amount.fill("6.68")
        await card.log.click()
        await stop.wait_for()
        await card.tab.page.reload()
        await card.until("waiting", "6.68")
    sent = await house.sent() - before
    require(sent == 3, f"Each is sent once, but together {sent}")


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


async def hold(house: House) -> None:
    """A hold says why; administrators get a way to the repairs."""
    house.server.disable_token()
    async with house.card() as card:
        await card.enter("2.22")
        reason = card.row("waiting").first.locator(".hold")
        await until(reason.is_visible, "The card should say why it waits", 60)
        text = await reason.inner_text()
        require("Push token refused" in text, f"It says: {text}")
        await reason.get_by_role("link").click()
        await card.tab.page.wait_for_url("**/config/repairs**")
    house.server.enable_token()
    await house.stage.send_now()
    await house.stage.until_waiting(0)


async def removed(house: House) -> None:
    """When the entry is removed the card says so, before and after a reload."""
    async with house.card() as card:
        async with house.stage.api() as api:
            await api.remove_entry(house.stage.household.entry)
        await card.notices.first.wait_for()
        text = await card.notices.first.inner_text()
        require("not set up" in text, f"It says: {text}")
        require(not await card.amount.is_visible(), "Nothing can be typed")
        require(not card.tab.our_problems, f"In the console: {card.tab.our_problems}")
        await card.tab.page.reload()
        gone = card.tab.page.locator("hui-error-card, budgero-card")
        await gone.first.wait_for(state="attached")
