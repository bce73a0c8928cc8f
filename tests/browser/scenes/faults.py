"""Faults: a lost connection, a copied tab, a hold, what is removed while it is shown."""

from typing import Final

from playwright.async_api import Locator

from tests.browser.browser import PHONE, Device, Tab
from tests.browser.card import Card
from tests.browser.house import House
from tests.browser.users import log_in_as
from tests.e2e.json_value import JsonObject
from tests.e2e.scenarios.stage import require

_LONG: Final = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen"
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
_CUT_FOR_LONG: Final = """
() => {
  const { connection } = document.querySelector("home-assistant").hass;
  const { socket } = connection;
  const send = socket.send.bind(socket);
  socket.send = (text) => {
    send(text);
    if (!text.includes("add_transaction")) return;
    connection.suspendReconnectUntil(new Promise((resolve) => { window.reconnect = resolve; }));
    socket.close();
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


async def given_up(house: House) -> None:
    """What was given up and changed is another transaction; the first one may be logged."""
    before = await house.sent()
    async with house.card() as card:
        await card.amount.fill("6.70")
        await card.tab.page.evaluate(_CUT_FOR_LONG)
        await card.log.click()
        stop = card.element.locator(".stop")
        await stop.click()
        await card.amount.fill("6.71")
        await card.tab.page.evaluate("window.reconnect()")
        await card.rows.nth(0).wait_for()
        await _log_as_well(card, "6.71")
    sent = await house.sent() - before
    require(sent == 2, f"Both are sent once, but together {sent}")


async def copied_tab(house: House) -> None:
    """A copy of a tab has the same text in it, but logs a transaction of its own."""
    before = await house.sent()
    async with house.card() as card:
        await card.amount.fill("6.72")
        async with card.tab.page.expect_popup() as opened:
            await card.tab.page.evaluate("window.open(location.href)")
        copy = await house.card_of(Tab(page=await opened.value, url=house.url))
        await copy.chips.first.wait_for()
        require(await copy.amount.input_value() == "6.72", "What is typed is copied")
        await card.log.click()
        await card.until("waiting", "6.72")
        await copy.amount.fill("6.73")
        await _log_as_well(copy, "6.73")
    sent = await house.sent() - before
    require(sent == 2, f"Both are sent once, but together {sent}")


async def _log_as_well(card: Card, amount: str) -> None:
    """Log what has the message id of something else: only the second tap does it."""
    await card.log.click()
    await card.error.wait_for()
    text = await card.error.inner_text()
    require("something else was logged" in text, f"It says: {text}")
    require(await card.amount.input_value() == amount, "It stays to be logged")
    await card.log.click()
    await card.until("waiting", amount)


async def preset_removed(house: House) -> None:
    """A preset that is removed while it is chosen is chosen no more."""
    entry = house.stage.household.entry
    async with house.stage.api() as api:
        step = await api.start_subentry(entry, "preset")
        template: JsonObject = {"type": "expense", "name": _LONG, "has_number": False}
        await api.submit(step, template)
        presets = await api.subentries(entry)
    phone = Device(size=PHONE, is_touched=True)
    async with house.card(device=phone) as card, house.stage.api() as api:
        chip = card.chip(_LONG)
        await chip.tap()
        is_cut = "chip => chip.scrollWidth > chip.clientWidth"
        require(not await chip.evaluate(is_cut), "A long name is shown as a whole")
        await card.amount.fill("2.30")
        await api.command(
            "config_entries/subentries/delete",
            entry_id=entry.entry_id,
            subentry_id=presets[_LONG],
        )
        await chip.wait_for(state="detached")
        require(await card.amount.input_value() == "2.30", "What is typed stays")
        await card.log.tap()
        await card.until("waiting", "2.30")


async def hold(house: House) -> None:
    """A hold says why; administrators get a way to the repairs, others whom to ask."""
    house.server.disable_token()
    member = await log_in_as(house.stage, "member", "system-users")
    async with house.card(token=member) as card:
        await card.enter("2.21")
        reason = await _reason(card)
        text = await reason.inner_text()
        require("Ask an administrator" in text, f"It says: {text}")
        require(await reason.get_by_role("link").count() == 0, "No link")
    async with house.card() as card:
        await card.enter("2.22")
        reason = await _reason(card)
        text = await reason.inner_text()
        require("Push token refused" in text, f"It says: {text}")
        await reason.get_by_role("link").click()
        await card.tab.page.wait_for_url("**/config/repairs**")
    house.server.enable_token()
    await house.stage.send_now()
    await house.stage.until_waiting(0)


async def _reason(card: Card) -> Locator:
    """Return where the newest transaction says why it waits, when it does."""
    reason = card.row("waiting").first.locator(".hold")
    await reason.wait_for(timeout=60_000)
    return reason


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
