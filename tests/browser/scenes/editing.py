"""The card in the picker, in its editor, and while a page loads."""

from typing import Final

from playwright.async_api import Locator

from tests.browser.browser import Tab, open_tab
from tests.browser.card import Card
from tests.browser.house import CARD, House
from tests.e2e.scenarios.stage import require

_LOADS: Final = 12


async def preview(house: House) -> None:
    """The picker shows the card, also for our entities; its previews log nothing."""
    before = await house.stage.unfinished()
    path = await house.put_cards()
    async with house.chromium.tab(house.url, house.token) as tab:
        picker = await _open_picker(tab, path)
        await picker.get_by_text("By card", exact=True).click()
        await picker.locator("input").first.fill("budgero")
        card = await house.card_of(tab)
        await card.chips.first.wait_for()
        shown = await tab.page.locator("budgero-card").count()
        require(shown == 1, f"The picker has it {shown} times")
        await _tap_everything(card)
        await picker.get_by_text("By entity", exact=True).click()
        await picker.locator("input").first.fill("oldest waiting")
        await picker.get_by_text("Oldest waiting", exact=True).first.click()
        card = await house.card_of(tab)
        await card.chips.first.wait_for()
        await _tap_everything(card)
        require(not tab.our_problems, f"In the console: {tab.our_problems}")
    after = await house.stage.unfinished()
    require(after.keys() == before.keys(), "A preview logs nothing")


async def _open_picker(tab: Tab, path: str) -> Locator:
    """Edit a dashboard and open the picker."""
    await tab.go(f"{path}/0?edit=1")
    await tab.page.get_by_role("button", name="Add card").first.click()
    return tab.page.locator("hui-dialog-create-card")


async def _tap_everything(card: Card) -> None:
    notices = await card.notices.all_inner_texts()
    require(any("preview" in notice for notice in notices), f"It says: {notices}")
    await card.chip("Coffee").evaluate("chip => chip.click()")
    await card.amount.evaluate(
        "input => { input.value = '5'; input.dispatchEvent(new Event('input')); }"
    )
    await card.log.evaluate("button => button.click()")
    await card.tab.page.wait_for_timeout(300)
    require(await card.rows.count() == 0, "A preview logs nothing")


async def editor(house: House) -> None:
    """The editor offers all settings; its preview logs nothing; what it saves is used."""
    before = await house.stage.unfinished()
    path = await house.put_cards()
    async with house.chromium.tab(house.url, house.token) as tab:
        picker = await _open_picker(tab, path)
        await picker.get_by_text("By card", exact=True).click()
        await picker.locator("input").first.fill("budgero")
        await (await house.card_of(tab)).chips.first.wait_for()
        await picker.locator(".overlay").first.click()
        dialog = tab.page.locator("hui-dialog-edit-card")
        form = dialog.locator("hui-form-editor")
        await form.locator("ha-selector-text input").first.fill("Quick money")
        for word in ("Budgero entry", "Presets", "Fields", "Number pad"):
            await form.get_by_text(word).first.wait_for()
        await form.get_by_text("Memo", exact=True).first.click()
        card = await house.card_of(tab)
        await card.chips.first.wait_for()
        await _tap_everything(card)
        await dialog.get_by_role("button", name="Save").click()
        await dialog.locator("ha-dialog").wait_for(state="hidden")
        require(not tab.our_problems, f"In the console: {tab.our_problems}")
    # A page of its own: in the first one a closed dialog may still go back in history.
    async with house.chromium.tab(house.url, house.token) as tab:
        await tab.go(f"{path}/0")
        card = await house.card_of(tab)
        await card.more.click()
        require(await card.heading.inner_text() == "Quick money", "The title is used")
        require(await card.field("Memo").count() == 1, "The memo is shown")
        require(await card.field("Payee").count() == 0, "Only the memo is shown")
    after = await house.stage.unfinished()
    require(after.keys() == before.keys(), "A preview logs nothing")


async def bad_configuration(house: House) -> None:
    """What is wrong in a card's configuration is said in the card."""
    for config, words in (
        ({"config_entry_id": "01JUNKNOWN"}, "no longer exists"),
        ({"config_entry_id": 5}, "no longer exists"),
        ({"presets": ["gone"]}, "preset"),
    ):
        async with house.card(config=config) as card:
            await card.notices.first.wait_for()
            text = await card.notices.first.inner_text()
            require(words in text, f"It says: {text}")
            errors = await card.tab.page.locator("hui-error-card").count()
            require(errors == 0, "No red card")


async def cold_loads(house: House) -> str:
    """In empty profiles no element is ever missing; other pages fetch the stub only."""
    path = await house.put_cards(CARD)
    for number in range(_LOADS):
        async with house.chromium.context(house.url, house.token) as context:
            tab = await open_tab(context, house.url)
            await tab.go(path)
            card = await house.card_of(tab)
            await card.chips.first.wait_for()
            errors = await tab.page.locator("hui-error-card").count()
            require(errors == 0, f"The element is missing in load {number + 1}")
            require(not tab.our_problems, f"In the console: {tab.our_problems}")
    async with house.chromium.context(house.url, house.token) as context:
        tab = await open_tab(context, house.url)
        fetched: list[str] = []
        tab.page.on("request", lambda request: fetched.append(request.url))
        for other in ("/config", "/history"):
            await tab.go(other)
            await tab.page.wait_for_timeout(1000)
        ours = [url for url in fetched if "/budgero" in url and ".js" in url]
        require(ours, "The stub is on every page")
        require(all("budgero-card.js" in url for url in ours), f"Only the stub: {ours}")
    return f"{_LOADS} cold loads, 0 without the card"
