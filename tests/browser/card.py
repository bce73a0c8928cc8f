"""The card as somebody sees it."""

from typing import Final

from playwright.async_api import Locator

from tests.browser.browser import Tab

_MEASURE: Final = """
card => {
  const rows = card.shadowRoot.querySelector(".rows");
  window.tapTimes = [];
  let start = 0;
  card.shadowRoot.addEventListener("click", (event) => {
    if (event.target.closest(".log")) start = performance.now();
  }, true);
  new MutationObserver(() => {
    if (start && rows.querySelector("[data-state=waiting]")) {
      window.tapTimes.push(performance.now() - start);
      start = 0;
    }
  }).observe(rows, { childList: true, subtree: true, attributes: true });
}
"""


class Card:
    """A Budgero card of a page, the first one unless it is said which."""

    def __init__(self, tab: Tab, index: int = 0) -> None:
        """Take the page."""
        self.tab = tab
        self.element = tab.page.locator("budgero-card").nth(index)
        self.heading = self.element.locator("h2")
        self.amount = self.element.locator(".amount")
        self.log = self.element.locator(".log")
        self.more = self.element.locator("summary")
        self.chips = self.element.locator(".chip")
        self.rows = self.element.locator(".rows li")
        self.error = self.element.locator(".error")
        self.said = self.element.locator(".said")
        self.notices = self.element.locator(".notices p")
        self.keypad = self.element.locator(".keypad")

    def chip(self, name: str) -> Locator:
        """Return the chip of a preset."""
        return self.chips.filter(has_text=name)

    def field(self, caption: str) -> Locator:
        """Return the visible control of a folded field."""
        field = self.element.locator(".field").filter(has_text=caption).first
        return field.locator("input:visible, select:visible")

    def row(self, state: str) -> Locator:
        """Return the rows in a state."""
        return self.element.locator(f'.rows li[data-state="{state}"]')

    async def until(self, state: str, label: str = "", patience: float = 15) -> None:
        """Wait until a logged transaction shows a state."""
        row = self.row(state).filter(has_text=label).first
        await row.wait_for(timeout=patience * 1000)

    async def enter(self, amount: str) -> None:
        """Type an amount and log it with the key Enter."""
        await self.amount.fill(amount)
        await self.amount.press("Enter")

    async def measure(self) -> None:
        """Measure from now on how long it takes from the tap to "waiting"."""
        await self.element.evaluate(_MEASURE)

    async def measured(self) -> list[float]:
        """Return the times that were measured, in milliseconds."""
        times: list[float] = await self.tab.page.evaluate("window.tapTimes")
        return times
