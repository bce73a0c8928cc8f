"""Logging with the card."""

from datetime import UTC, datetime
from typing import Final

from playwright.async_api import Locator

from tests.browser.browser import DESKTOP, PHONE, TABLET, Device
from tests.browser.card import Card
from tests.browser.house import CARD, House
from tests.e2e.main_job import DOMAIN
from tests.e2e.scenarios.stage import require, until

_SAMPLES: Final = 10
_ROUNDS: Final = 3
"""Other programs may use the machine during one of them."""

_LONGEST: Final = 100.0
"""From the tap to "waiting" in 95 of 100 cases, in milliseconds."""

_YEAR: Final = datetime.now(UTC).year
_DOUBLE_TAP: Final = 1100.0
_BETWEEN_TAPS: Final = 150.0
_PHONE: Final = Device(size=PHONE, is_touched=True)


async def three_taps(house: House) -> str:
    """Preset, amount, log; from the tap to "waiting" nobody notices a delay."""
    before = await house.sent()
    async with house.card() as card:
        await card.measure()
        for _ in range(_ROUNDS):
            times = await _log_often(card)
            if times[-1] <= _LONGEST:
                break
        logged = len(await card.measured())
        await until(lambda: _arrived(house, before + logged), "All should arrive")
        await card.until("accepted")
        house.server.apply()
        await house.ask_again()
        await card.until("processed", patience=60)
        require(not card.tab.our_problems, f"In the console: {card.tab.our_problems}")
    highest = times[int(0.95 * len(times))]
    require(highest <= _LONGEST, f'From the tap to "waiting": {highest:.0f} ms')
    middle = times[len(times) // 2]
    return f'tap to "waiting": median {middle:.0f} ms, p95 {highest:.0f} ms'


async def _log_often(card: Card) -> list[float]:
    """Log some expenses; return the times from the tap to "waiting", sorted."""
    known = len(await card.measured())
    for number in range(known, known + _SAMPLES):
        await card.chip("Groceries").click()
        await card.tab.page.keyboard.type(f"{number + 1},25")
        await card.log.click()
        await card.until("waiting", f"{number + 1},25 EUR · Groceries")
        await card.tab.page.wait_for_timeout(_DOUBLE_TAP)
    times = sorted((await card.measured())[known:])
    require(len(times) == _SAMPLES, f"Measured {len(times)} of {_SAMPLES}")
    return times


async def _arrived(house: House, number: int) -> bool:
    return len(house.server.queue) >= number


async def one_tap(house: House) -> None:
    """A preset with an amount logs at once, and twice only if it is meant."""
    before = await house.sent()
    async with house.card(device=_PHONE) as card:
        await card.chip("Coffee").tap()
        await card.until("waiting", "Coffee")
        await card.tab.page.wait_for_timeout(_DOUBLE_TAP)
        await card.chip("Coffee").tap()
        await until(lambda: _arrived(house, before + 2), "Two coffees should arrive")


async def several_cards(house: House) -> None:
    """Cards on one page all have their texts, and show the same transactions."""
    path = await house.put_cards(CARD, CARD, {**CARD, "title": "Other"})
    async with house.chromium.tab(house.url, house.token) as tab:
        await tab.go(path)
        one, same, other = (Card(tab, index) for index in range(3))
        await other.chips.first.wait_for()
        await one.amount.fill("7.06")
        require(await same.amount.input_value() == "7.06", "Both are one form")
        require(await other.amount.input_value() == "", "The other is one of its own")
        await same.log.click()
        for card in (one, same, other):
            await card.until("waiting")
            state = await card.row("waiting").first.locator(".state").inner_text()
            require(state == "Waiting in Home Assistant", f"It says: {state}")
        await other.row("waiting").first.get_by_role("button").click()
        for card in (one, same, other):
            await card.row("removed").filter(has_text="Taken back").first.wait_for()
        require(not tab.our_problems, f"In the console: {tab.our_problems}")


async def double_tap(house: House) -> None:
    """Two quick taps log once, on the button and on a preset; what is typed is not lost."""
    before = await house.sent()
    async with house.card() as card:
        await _tap_twice(card.chip("Groceries"))
        chosen = await card.chip("Groceries").get_attribute("aria-pressed")
        require(chosen == "true", "The second tap does not undo the choice")
        await card.amount.fill("7.07")
        await _tap_twice(card.log)
        await card.until("waiting", "7.07")
        require(not await card.error.is_visible(), "The second tap is no mistake")
        await card.tab.page.wait_for_timeout(_DOUBLE_TAP)
        await _tap_twice(card.chip("Salary"))
        await card.until("waiting", "Salary")
        await card.enter("7.08")  # at once, but none of the double tap
        await card.until("waiting", "7.08")
    sent = await house.sent() - before
    require(sent == 3, f"A double tap logs once, but together {sent}")


async def _tap_twice(button: Locator) -> None:
    """Tap twice as quickly as a finger does; the first is answered by then."""
    await button.click()
    await button.page.wait_for_timeout(_BETWEEN_TAPS)
    await button.click()


async def names(house: House) -> None:
    """Payee, category and account are chosen by name; markup is never interpreted."""
    async with house.card() as card:
        await card.more.click()
        await card.amount.fill("3.21")
        await card.field("Payee").fill("<b>Corner</b> <img src=x onerror=alert(1)>")
        await card.field("Category").select_option(label="Eating Out")
        await card.field("Account").select_option(label="Cash")
        await card.field("Memo").fill("two buns")
        await card.log.click()
        await card.until("waiting", "<b>Corner</b>")
        require(await card.element.locator("b, img").count() == 0, "No markup")
        await card.until("accepted", "<b>Corner</b>", patience=30)
    house.server.apply()
    booked = [each for each in house.server.bookings if each.memo == "two buns"]
    require(len(booked) == 1, f"Booked {len(booked)} times")


async def another_budget(house: House) -> None:
    """An account takes the transaction into its own budget, with its categories."""
    async with house.card() as card:
        await card.more.click()
        for memo, category in (("pens", "Office"), ("unsorted", None)):
            await card.amount.fill("4.50")
            await card.field("Account").select_option(label="Business Checking")
            choices = await card.field("Category").locator("option").all_inner_texts()
            require("Software" in choices, f"It offers {choices}")
            require("Groceries" not in choices, f"It offers {choices}")
            require(not choices[0].isdigit(), f"It offers {choices[0]}")
            if category:
                await card.field("Category").select_option(label=category)
            await card.field("Memo").fill(memo)
            await card.log.click()
            await card.until("accepted", "4.50", patience=30)
            await card.tab.page.wait_for_timeout(_DOUBLE_TAP)
    await house.sent()
    house.server.apply()
    booked = {each.memo: each for each in house.server.bookings}
    for memo, category_id in (("pens", 11), ("unsorted", None)):
        one = booked[memo]
        found = (one.budget_id, one.account_id)
        require(found == (2, 4), f"Booked in budget and account {found}")
        if category_id:
            require(one.category_id == category_id, f"Booked as {one.category_id}")


async def payees(house: House) -> None:
    """Payees are suggested while one types, and chosen with keys or a tap."""
    house.server.apply()
    async with house.stage.api() as api:
        await api.ask(DOMAIN, "add_transaction", {"preset": "Coffee"})
        await house.sent()
        house.server.apply()
        await api.reload_entry(house.stage.household.entry)

        async def are_known() -> bool:
            names = await api.ask(DOMAIN, "get_names", {"kind": "payee"})
            return "Corner Café" in str(names["payees"])

        await until(are_known, "The payee should be known")
    async with house.card() as card:
        await card.more.click()
        options = card.element.locator(".suggestions").get_by_role("option")
        payee = card.field("Payee")
        for choose in ("key", "tap"):
            await payee.fill("")
            await payee.press_sequentially("corner")
            await options.first.wait_for()
            expanded = await payee.get_attribute("aria-expanded")
            require(expanded == "true", "Screen readers hear of the list")
            if choose == "key":
                names = await options.all_inner_texts()
                for _ in range(names.index("Corner Café") + 1):
                    await payee.press("ArrowDown")
                await payee.press("Enter")
            else:
                await options.filter(has_text="Café").click()
            require(
                await payee.input_value() == "Corner Café", f"Chosen with a {choose}"
            )
            require(await options.count() == 0, "The list is closed")
            expanded = await payee.get_attribute("aria-expanded")
            require(expanded == "false", "Screen readers hear that it is closed")
        require(
            await card.rows.filter(has_text="Café").count() == 0, "Nothing is logged"
        )
        await card.enter("3.33")
        await card.until("waiting", "3.33 EUR · Corner Café")


async def refused_amount(house: House) -> None:
    """What the engine refuses is said at the field, and can be corrected."""
    before = await house.sent()
    async with house.card() as card:
        for amount in ("1,234", "twelve", "-3", "1.005"):
            await card.enter(amount)
            await card.error.wait_for()
            require(await card.amount.input_value() == amount, "It stays to correct")
            invalid = await card.amount.get_attribute("aria-invalid")
            require(invalid == "true", f"{amount} is marked")
        text = await card.error.inner_text()
        require("Amount" in text, f"The field is named in the user's words: {text}")
        await card.log.focus()
        await card.enter("1234.00")
        await card.until("waiting", "1234.00")
        require(not await card.error.is_visible(), "The complaint is gone")
        await until(lambda: _arrived(house, before + 1), "It should arrive")


async def keyboard_only(house: House) -> None:
    """Everything is reached with the keyboard, and the focus is always visible."""
    async with house.card() as card:
        await card.more.focus()
        await card.tab.page.keyboard.press("Enter")
        await card.field("Memo").wait_for()
        await card.chips.first.focus()
        press = card.tab.page.keyboard.press
        await press("Tab")
        await press("Space")  # Groceries; the focus goes on to the amount
        await card.tab.page.keyboard.type("4.44")
        focused = "document.querySelector('home-assistant').hass && (() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement; return e.className || e.name || e.tagName; })()"
        require(await card.tab.page.evaluate(focused) == "amount", "The amount is next")
        await press("Tab")
        require(await card.tab.page.evaluate(focused) == "log", "Then the button")
        await press("Tab")
        require(await card.tab.page.evaluate(focused) == "type", "Then the type")
        await press("ArrowRight")
        income = card.element.locator("input[value=income]")
        require(await income.is_checked(), "The arrow chooses income")
        await press("Shift+Tab")
        await press("Enter")
        await card.until("waiting", "4.44")
        require(card.tab.page.url.endswith("browser-test/0"), "No shortcut was run")


async def keypad(house: House) -> None:
    """The number pad is there on tablets, or as configured, and fills in the amount."""
    tablet = Device(size=TABLET, is_touched=True)
    for setting, device, is_there in (
        ("auto", tablet, True),
        ("auto", _PHONE, False),
        ("auto", Device(size=DESKTOP), False),
        ("off", tablet, False),
        ("on", _PHONE, True),
    ):
        config = {**CARD, "keypad": setting}
        async with house.card(config=config, device=device) as card:
            await card.amount.wait_for()
            shown = await card.keypad.is_visible()
            require(shown == is_there, f"{setting} at {device.size}: {shown}")
            if not is_there:
                continue
            for key in ("5", ".", "1", "2", "3"):
                await card.keypad.get_by_role("button", name=key, exact=True).tap()
            await card.keypad.get_by_role("button").last.tap()
            require(await card.amount.input_value() == "5.12", "As it was tapped")
            mode = await card.amount.get_attribute("inputmode")
            require(mode == "none", "The system's keyboard stays away")


async def dates(house: House) -> None:
    """A day to come is booked as such; one that is too far away is said at its field."""
    async with house.card() as card:
        await card.more.click()
        await card.amount.fill("8.08")
        await card.field("Date").fill(f"{_YEAR + 9}-01-31")
        await card.more.click()  # folded, it opens again where something is wrong
        await card.log.click()
        await card.error.wait_for()
        text = await card.error.inner_text()
        require(text.startswith("Date must lie"), f"It says: {text}")
        require(await card.field("Date").is_visible(), "The field is shown")
        await card.field("Date").fill(f"{_YEAR + 1}-01-31")
        await card.log.click()
        await card.until("accepted", "8.08", patience=30)
    await house.sent()
    house.server.apply()
    [one] = [each for each in house.server.bookings if each.outflow == 8080]
    require(one.date == f"{_YEAR + 1}-01-31", f"Booked on {one.date}")
