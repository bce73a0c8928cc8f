"""How it looks: small, dark, magnified, and for screen readers."""

from pathlib import Path
from typing import Final

import axe_playwright_python

from tests.browser.browser import DESKTOP, PHONE, Device
from tests.browser.card import Card
from tests.browser.house import House
from tests.e2e.json_value import JsonObject, to_objects, to_text
from tests.e2e.scenarios.stage import require

_PHONE: Final = Device(size=PHONE, is_touched=True, is_dark=True)
_MAGNIFIED: Final = Device(size=(320, 256))
"""A screen of 1280 by 1024 pixels at 400 %."""

_DEVICES: Final = (Device(size=DESKTOP), _PHONE, _MAGNIFIED)
_AXE: Final = Path(axe_playwright_python.__file__).with_name("axe.min.js")
_SERIOUS: Final = ("serious", "critical")
_ABOVE_THE_KEYBOARD: Final = 420
"""What is left of a phone's screen above its keyboard, in CSS pixels."""


async def looks(house: House) -> str:
    """No serious finding of axe, nothing sticks out, and Log is above the keyboard."""
    findings = 0
    for device in _DEVICES:
        async with house.card(config={"keypad": "on"}, device=device) as card:
            await card.more.click()
            await card.enter("nothing")
            await card.error.wait_for()
            await require_fit(card)
            findings += await _audit(card)
    async with house.card(device=_PHONE) as card:
        await card.more.click()
        width = PHONE[0]
        await card.tab.page.set_viewport_size(
            {"width": width, "height": _ABOVE_THE_KEYBOARD}
        )
        for field in (card.amount, card.field("Payee"), card.field("Memo")):
            await field.focus()
            await card.tab.page.wait_for_timeout(300)
            box = await card.log.bounding_box()
            is_visible = (
                box is not None
                and box["y"] >= 0
                and box["y"] + box["height"] <= _ABOVE_THE_KEYBOARD
            )
            require(is_visible, f"Log is above the keyboard, but at {box}")
    return f"axe: {findings} lesser findings, none serious"


async def require_fit(card: Card) -> None:
    """Check that nothing can be scrolled sideways."""
    too_wide = await card.element.evaluate(
        """card => [...card.shadowRoot.querySelectorAll("*")]
             .filter((each) => !each.matches(".unseen, .types input"))
             .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
                            || each.getBoundingClientRect().left < -1)
             .map((each) => each.className || each.tagName)"""
    )
    require(not too_wide, f"Sticks out: {too_wide}")


async def _audit(card: Card) -> int:
    """Run axe on the card; return how many lesser findings there are."""
    await card.tab.page.evaluate(_AXE.read_text())
    result: JsonObject = await card.element.evaluate("card => axe.run(card)")
    violations = to_objects(result["violations"])
    serious = [
        f"{to_text(each['id'])}: {each['nodes']}"
        for each in violations
        if each["impact"] in _SERIOUS
    ]
    require(not serious, f"axe: {serious}")
    return len(violations)
