"""The whole view, which is ready to paste."""

from pathlib import Path
from typing import Final

import yaml

from tests.browser.browser import Tab
from tests.browser.card import Card
from tests.browser.house import House, credentials_of
from tests.browser.users import log_in_as
from tests.budgero_server import BudgeroServer
from tests.e2e.api import Api, Entry
from tests.e2e.json_value import JsonObject
from tests.e2e.main_job import DOMAIN, add_entry
from tests.e2e.scenarios.stage import DEFAULTS, require

_VIEW: Final = Path(__file__).parents[3] / "dashboards" / "budgero.yaml"
_DASHBOARD: Final = "pasted-view"
_TILES: Final = 6
"""Four numbers, the connection, and what sends now; no problem is shown."""


async def whole_view(house: House) -> None:
    """Shows everything, whatever the entities are called; each user what they may see."""
    async with house.stage.api() as api:
        await api.command(
            "lovelace/dashboards/create",
            url_path=_DASHBOARD,
            title="Pasted",
            icon="mdi:wallet",
            mode="storage",
            require_admin=False,
            show_in_sidebar=False,
        )
        config: JsonObject = {"views": yaml.safe_load(_VIEW.read_text())}
        await api.command("lovelace/config/save", url_path=_DASHBOARD, config=config)
        entities = await api.entity_ids(house.stage.household.entry.entry_id)
        renamed = "sensor.geld_wartend"
        await api.command(
            "config/entity_registry/update",
            entity_id=entities["waiting"],
            new_entity_id=renamed,
        )
    try:
        for path in (f"/{_DASHBOARD}", "/budgero-demo"):  # in storage, and in YAML
            async with house.chromium.tab(house.url, house.token) as tab:
                await tab.go(path)
                await _check_view(house, tab)
    finally:
        async with house.stage.api() as api:
            await api.command(
                "config/entity_registry/update",
                entity_id=renamed,
                new_entity_id=entities["waiting"],
            )
    token = await log_in_as(house.stage, "visitor", "system-read-only")
    async with house.chromium.tab(house.url, token) as tab:
        await tab.go(f"/{_DASHBOARD}")
        card = await house.card_of(tab)
        await card.notices.first.wait_for()
        require(await tab.page.locator("hui-tile-card").count() == 0, "Only the card")
        require(not tab.our_problems, f"In the console: {tab.our_problems}")


async def without_default(house: House) -> None:
    """Without a default entry every entry is shown, and a card lets one be chosen."""
    own = house.stage.household.entry
    async with (
        BudgeroServer() as first_other,
        BudgeroServer() as second_other,
        house.stage.api() as api,
    ):
        other = await add_entry(api, credentials_of(first_other), DEFAULTS)
        await _disable(api, own, "user")
        await _choose_default(house, api, other)
        await _disable(api, own, None)
        third = await add_entry(api, credentials_of(second_other), DEFAULTS)
        await api.remove_entry(other)
        try:
            async with house.chromium.tab(house.url, house.token) as tab:
                await tab.go("/budgero-demo")
                for card in await _cards(tab, 2):
                    await card.amount.wait_for()
                tiles = await tab.page.locator("hui-tile-card").count()
                require(tiles == 2 * _TILES, f"There are {tiles} tiles")
                for entry in (own, third):
                    words = f"Delivery · {entry.title}"
                    await tab.page.get_by_text(words, exact=True).first.wait_for()
                require(not tab.our_problems, f"In the console: {tab.our_problems}")
            async with house.card() as card:
                await card.notices.filter(
                    has_text="Choose the Budgero entry"
                ).wait_for()
                await card.chips.filter(has_text=third.title).last.click()
                await card.enter("5.06")
                await card.until("accepted", "5.06", patience=30)
                require(len(second_other.queue) == 1, "The chosen one has it")
        finally:
            await _choose_default(house, api, own)
            await api.remove_entry(third)


async def _disable(api: Api, entry: Entry, by: str | None) -> None:
    await api.command("config_entries/disable", entry_id=entry.entry_id, disabled_by=by)


async def _choose_default(house: House, api: Api, entry: Entry) -> None:
    """Answer the repair."""
    issue = await house.stage.until_issue("default_entry")
    step = await api.start_fix(DOMAIN, issue)
    await api.submit(step, {"config_entry_id": entry.entry_id})


async def _cards(tab: Tab, number: int) -> list[Card]:
    """Return the cards of a page, when all of them are there."""
    cards = tab.page.locator("budgero-card")
    await cards.nth(number - 1).wait_for()
    return [Card(tab, index) for index in range(number)]


async def _check_view(house: House, tab: Tab) -> None:
    card = await house.card_of(tab)
    await card.chips.first.wait_for()
    tiles = tab.page.locator("hui-tile-card")
    log = tab.page.locator("hui-logbook-card")
    await log.get_by_text("Connected").first.wait_for()  # from the first minute
    await tab.page.locator("hui-history-graph-card").wait_for()
    shown = await tiles.count()
    require(shown == _TILES, f"There are {shown} tiles")
    for name in ("Waiting", "Pending", "Processed", "Failed", "Connection", "Send now"):
        require(await tiles.filter(has_text=name).count() == 1, f"A tile says {name}")
    for words in ("Delivery", "The last 24 hours", "Last events"):
        await tab.page.get_by_text(words, exact=True).wait_for()
    for fault in ("hui-error-card", "hui-warning"):
        require(await tab.page.locator(fault).count() == 0, f"No {fault}")
    require(not tab.our_problems, f"In the console: {tab.our_problems}")
