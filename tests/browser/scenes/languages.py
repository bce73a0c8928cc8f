"""The interface in other languages: nothing of ours is English, and nothing is cut off."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
import json
from pathlib import Path
import re
from typing import Final

from playwright.async_api import Locator

from tests.browser.browser import PHONE, Device, Tab
from tests.browser.card import Card
from tests.browser.house import House
from tests.browser.scenes.looks import require_fit
from tests.budgero_server.seed import DEFAULT_BUDGETS
from tests.e2e.api import Api
from tests.e2e.json_value import Json, JsonObject
from tests.e2e.main_job import DOMAIN
from tests.e2e.scenarios.stage import require

_FOLDER: Final = (
    Path(__file__).parents[3] / "custom_components" / DOMAIN / "translations"
)
_ADD: Final = f"/config/integrations/dashboard/add?domain={DOMAIN}"
_LANGUAGES: Final = sorted(
    file.stem for file in _FOLDER.glob("*.json") if file.stem != "en"
)
_WHOLE: Final = ("de", "pl")
"""In these all of it is looked at; Polish is long."""

_FROM_RIGHT_TO_LEFT: Final = "he"
"""We have no texts in it, so they are English; Home Assistant's come from the right."""

_MARKS: Final = {"en": ".", "es-419": "."}
"""Decimal marks, where it is no comma."""

_NOTATIONS: Final = {
    "decimal_comma": ",",
    "comma_decimal": ".",
    "space_comma": ",",
    "quote_decimal": ".",
    "none": ".",
    "system": ",",
    "language": ".",
}

_NAMES: Final = {
    category.name for budget in DEFAULT_BUDGETS for category in budget.categories
}
"""Which the user has chosen; one of them is also a word of ours."""

_PLACEHOLDER: Final = re.compile(r"\\{\w+\\}")
_ALL_TEXTS: Final = """
root => {
  const found = new Set();
  const take = (text) => text?.trim() && found.add(text.trim());
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) take(node.textContent);
    if (["STYLE", "SCRIPT", "HA-SIDEBAR"].includes(node.tagName)) return;
    for (const name of ["aria-label", "placeholder", "title", "alt", "label"])
      take(node.getAttribute?.(name));
    for (const child of node.shadowRoot?.childNodes ?? []) walk(child);
    for (const child of node.childNodes) walk(child);
  };
  walk(root);
  return [...found];
}
"""


async def languages(house: House) -> str:
    """An expense in three taps, its states and an error, in every language."""
    for language in _LANGUAGES:
        device = Device(size=PHONE, is_touched=True, language=language)
        async with house.card(config={"keypad": "on"}, device=device) as card:
            await _log(card, language)
    for language in _WHOLE:
        device = Device(language=language)
        async with (
            _home_speaks(house, language),
            house.chromium.tab(house.url, house.token, device) as tab,
        ):
            await _look_at_the_view(house, tab, language)
            await _look_at_the_picker(house, tab, language)
            await _look_at_the_set_up(tab, language)
    await _look_from_right_to_left(house)
    await _look_at_the_notations(house)
    return f"{len(_LANGUAGES)} languages"


@asynccontextmanager
async def _home_speaks(house: House, language: str) -> AsyncIterator[None]:
    """Let Home Assistant have a language: names of entities are in this one."""
    async with house.stage.api() as api:
        await _speak(house, api, language)
        try:
            yield
        finally:
            await _speak(house, api, "en")


async def _speak(house: House, api: Api, language: str) -> None:
    await api.command("config/core/update", language=language)
    await api.reload_entry(house.stage.household.entry)


async def _log(card: Card, language: str) -> None:
    texts = _texts(language)
    await card.more.click()
    await card.chip("Groceries").tap()
    for key in ("1", _MARKS.get(language, ","), "2", "5"):
        await card.keypad.get_by_role("button", name=key, exact=True).tap()
    label = _MARKS.get(language, ",").join(("1", "25 EUR · Groceries"))
    require(await card.log.inner_text() == texts["common.card_log"], "The button")
    await card.log.tap()
    await card.until("waiting", label)
    state = await card.row("waiting").first.locator(".state").inner_text()
    require(state == texts["common.card_state_waiting"], f"The state is: {state}")
    await require_fit(card)
    await card.amount.fill("1,234")
    await card.log.tap()
    await card.error.wait_for()
    error = await card.error.inner_text()
    field = texts["common.card_amount"]
    ambiguous = texts["exceptions.invalid_ambiguous.message"]
    require(error == ambiguous.replace("{field}", field), f"It says: {error}")
    await card.amount.fill("")
    await require_fit(card)
    await _require_no_english(card.element, language)
    await card.row("waiting").first.get_by_role("button").tap()
    await card.until("removed", label)
    await _require_no_english(card.element, language)
    require(not card.tab.our_problems, f"In the console: {card.tab.our_problems}")


async def _look_at_the_view(house: House, tab: Tab, language: str) -> None:
    await tab.go("/budgero-demo/budgero")
    await (await house.card_of(tab)).chips.first.wait_for()
    await tab.page.locator("hui-logbook-card").wait_for()
    heading = tab.page.locator("hui-heading-card")
    await heading.filter(has_text=_texts(language)["common.view_events"]).wait_for()
    await _require_no_english(tab.page.locator("hui-view"), language)


async def _look_at_the_picker(house: House, tab: Tab, language: str) -> None:
    """The dialog in which a card is chosen, and the form of its settings."""
    path = await house.put_cards()
    await tab.go(f"{path}/0?edit=1")
    await tab.page.locator("hui-grid-section button.add").first.click()
    picker = tab.page.locator("hui-dialog-create-card")
    await picker.locator("ha-tab-group-tab").nth(1).click()
    await picker.locator("input").first.fill(DOMAIN)
    await (await house.card_of(tab)).chips.first.wait_for()
    await _require_no_english(picker, language)
    await picker.locator(".overlay").first.click()
    dialog = tab.page.locator("hui-dialog-edit-card")
    await dialog.locator("hui-form-editor ha-selector-text").first.wait_for()
    await _require_no_english(dialog, language)


async def _look_at_the_set_up(tab: Tab, language: str) -> None:
    await tab.go(_ADD)
    await tab.page.locator("dialog-box ha-button:visible").last.click()
    flow = tab.page.locator("dialog-data-entry-flow")
    own_server = _texts(language)["config.step.user.menu_options.own_server"]
    await flow.get_by_text(own_server, exact=True).first.wait_for()
    await _require_no_english(flow, language)
    await flow.get_by_text(own_server, exact=True).first.click()
    await flow.locator("input[name=url]").wait_for()
    await _require_no_english(flow, language)


async def _look_from_right_to_left(house: House) -> None:
    device = Device(size=PHONE, is_touched=True, language=_FROM_RIGHT_TO_LEFT)
    async with house.card(config={"keypad": "on"}, device=device) as card:
        await card.more.click()
        await card.enter("nothing")
        await card.error.wait_for()
        direction = await card.element.evaluate(
            "card => getComputedStyle(card).direction"
        )
        require(direction == "rtl", f"Home Assistant shows it {direction}")
        places = [
            await card.keypad.get_by_role("button", name=digit).bounding_box()
            for digit in "12"
        ]
        left = [place["x"] for place in places if place]
        require(left == sorted(left), "Number pads go from the left everywhere")
        await require_fit(card)


async def _look_at_the_notations(house: House) -> None:
    """The number pad has the decimal mark of the user, also when it is changed."""
    device = Device(locale="de-DE")
    async with house.card(config={"keypad": "on"}, device=device) as card:
        await card.chips.first.wait_for()
        for notation, mark in _NOTATIONS.items():
            value: JsonObject = {"language": "en", "number_format": notation}
            command = "frontend/set_user_data"
            await card.tab.ask({"type": command, "key": "language", "value": value})
            key = card.keypad.get_by_role("button").nth(9)
            await key.filter(has_text=mark).wait_for()


async def _require_no_english(place: Locator, language: str) -> None:
    """Check that no text of ours is shown in English that has another form."""
    shown: list[str] = await place.first.evaluate(_ALL_TEXTS)
    require(len(shown) > 1, "There is something to read")
    english, texts = _texts("en"), _texts(language)
    translated = set(texts.values())
    left = {
        each
        for key, text in english.items()
        if texts[key] != text and text not in translated
        for each in shown
        if each not in _NAMES and _pattern(text).fullmatch(each)
    }
    require(not left, f"Not {language}: {left}")


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".+".join(map(re.escape, _PLACEHOLDER.split(text))), re.DOTALL)


def _texts(language: str) -> Mapping[str, str]:
    """Return all texts of a language by their place."""
    tree: Json = json.loads((_FOLDER / f"{language}.json").read_text("utf-8"))
    return dict(_leaves(tree))


def _leaves(tree: Json, *path: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, Mapping):
        for key, branch in tree.items():
            yield from _leaves(branch, *path, key)
    else:
        yield ".".join(path), str(tree)
