"""The dialogs of names and presets: by list, by file, and the button of a preset."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
import re
import sqlite3
from typing import Final

from playwright.async_api import FilePayload, Locator

from tests.browser.browser import Tab
from tests.browser.house import House, credentials_of
from tests.e2e.json_value import JsonObject, to_object, to_objects
from tests.e2e.main_job import DOMAIN
from tests.e2e.scenarios.stage import require, until

_ENTRY: Final = f"/config/integrations/integration/{DOMAIN}"
_ADD: Final = f"/config/integrations/dashboard/add?domain={DOMAIN}"
_PRESET: Final = "Bus ticket"


class Dialog:
    """A dialog that asks for something."""

    def __init__(self, tab: Tab) -> None:
        """Take the page."""
        self.tab = tab
        self.element = tab.page.locator("dialog-data-entry-flow")

    async def fill(self, field: str, value: str) -> None:
        """Type into a field."""
        await self.element.locator(f"input[name={field}]").fill(value)

    async def choose(self, text: str) -> None:
        """Choose an entry of a menu."""
        await self.element.get_by_text(text, exact=True).first.click()

    async def pick(self, label: str, text: str) -> None:
        """Choose from the list with a label."""
        selectors = self.element.locator("ha-selector-select")
        field = selectors.filter(has_text=re.compile(label)).first
        await field.locator("ha-generic-picker, ha-select, ha-combo-box").first.click()
        await self.tab.page.get_by_text(text, exact=True).last.click()
        await field.get_by_text(text, exact=True).first.wait_for()

    async def upload(self, name: str, content: bytes) -> None:
        """Choose a file, and wait until Home Assistant has it."""
        file: FilePayload = {
            "name": name,
            "mimeType": "application/octet-stream",
            "buffer": content,
        }
        async with self.tab.page.expect_response(re.compile("/api/file_upload")):
            await self.element.locator("input[type=file]").set_input_files(file)
        await self.element.get_by_text(name).first.wait_for()

    async def submit(self) -> None:
        """Send the form."""
        button = self.element.get_by_role("button", name=re.compile("^(Submit|Next)$"))
        await button.last.click()

    def text(self, text: str) -> Locator:
        """Return where the dialog says something."""
        return self.element.get_by_text(text).first


@asynccontextmanager
async def _opened(house: House, path: str) -> AsyncIterator[Dialog]:
    """Open a page, and complain about what the browser does afterwards."""
    async with house.chromium.tab(house.url, house.token) as tab:
        await tab.go(path)
        yield Dialog(tab)
        require(not tab.our_problems, f"In the console: {tab.our_problems}")


async def preset(house: House) -> None:
    """A preset is made by lists of names; its button logs it, and a second press not."""
    before = set(await house.stage.unfinished())
    async with _opened(house, _ENTRY) as dialog:
        page = dialog.tab.page
        await page.get_by_role("button", name="Add preset").first.click()
        await dialog.fill("name", "Coffee")
        await dialog.submit()
        await dialog.text("Another preset already has this name").wait_for()
        await dialog.fill("name", _PRESET)
        await dialog.fill("amount", "2,20")
        await dialog.pick("Account", "Cash (Household)")
        await dialog.pick("Category", "Everyday: Transport (Household)")
        await dialog.submit()
        await dialog.text("Created configuration").wait_for()
        await dialog.element.get_by_role("button", name="Finish").click()
        await page.get_by_text(_PRESET, exact=True).last.click()
        press = page.get_by_role("button", name="Press").first
        await press.click()
        await _logged_once(house, before)
        await press.click()
        await page.get_by_text("you pressed this button a moment ago").first.wait_for()
    await asyncio.sleep(0.5)
    await _logged_once(house, before)


async def _logged_once(house: House, before: set[str]) -> None:
    """Check that the preset is logged, and nothing else."""

    async def is_logged() -> bool:
        return (await house.stage.unfinished()).keys() - before != set()

    await until(is_logged, "The button should log the preset")
    rows = await house.stage.unfinished()
    [logged] = (row for message_id, row in rows.items() if message_id not in before)
    transaction = to_object(logged["transaction"])
    found = {name: transaction[name] for name in ("amount", "account", "category")}
    require(
        found == {"amount": 2.2, "account": 2, "category": 3}, f"It is logged: {found}"
    )


async def upload(house: House) -> None:
    """A file that is none is refused in words; the exported one gives the names.

    One of another workspace is asked about.
    """
    exported = house.server.export_database()
    async with _opened(house, _ENTRY) as dialog:
        row = dialog.tab.page.locator("ha-config-entry-row").first
        await row.get_by_role("button", name="Configure").first.click()
        await dialog.text("Names: read from your server").wait_for()
        await dialog.choose("Names from an exported file")
        await dialog.upload("recipes.db", b"x" * 200)
        await dialog.submit()
        await dialog.text("This file cannot be read").wait_for()
        await dialog.upload("budgero-other.db", _of_another_workspace(exported))
        await dialog.submit()
        await dialog.text("This looks like the file of another workspace").wait_for()
        await dialog.upload("budgero-export.db", exported)
        await dialog.submit()
        await dialog.text("Names: read from an exported file").wait_for()
        await dialog.choose("Finish")
        await dialog.text("Options successfully saved").wait_for()


def _of_another_workspace(exported: bytes) -> bytes:
    with closing(sqlite3.connect(":memory:", autocommit=True)) as connection:
        connection.deserialize(exported)
        connection.execute("UPDATE budgets SET SpaceID = 'another'")
        return connection.serialize()


async def set_up(house: House) -> None:
    """Account and category are chosen by name, and the currency follows the account."""
    async with house.stage.api() as api:
        for entry in await api.entries(DOMAIN):
            await api.remove_entry(entry)
    async with _opened(house, _ADD) as dialog:
        start = dialog.tab.page.get_by_role("button", name=re.compile("^(OK|Yes)$"))
        await start.first.click()
        known = credentials_of(house.server)
        await dialog.choose("Own server")
        await dialog.fill("url", known.url)
        await dialog.submit()
        await dialog.fill("token", known.token)
        await dialog.fill("space_key", known.space_key)
        await dialog.submit()
        await dialog.choose("Sign in")
        await dialog.fill("username", known.username)
        await dialog.fill("password", known.password)
        await dialog.submit()
        await dialog.pick("Account", "Business Checking (Side Business)")
        await dialog.submit()
        await dialog.element.get_by_text("USD", exact=True).last.wait_for()
        await dialog.pick("Category", "Work: Office")
        await dialog.submit()
        end = dialog.element.get_by_role(
            "button", name=re.compile("finish$", re.IGNORECASE)
        )
        await end.first.click()
    async with house.stage.api() as api:
        [entry] = await api.entries(DOMAIN)
        fields: JsonObject = {
            "amount": "$3.50",
            "config_entry_id": entry.entry_id,
            "message_id": "set-up",
        }
        await api.ask(DOMAIN, "add_transaction", fields)
        queue = await api.ask(DOMAIN, "get_queue", {"config_entry_id": entry.entry_id})
    rows = to_objects(queue["transactions"])  # other scenes have logged before
    [row] = [each for each in rows if each["message_id"] == "set-up"]
    transaction = to_object(row["transaction"])
    found = {name: transaction[name] for name in ("account", "category", "budget")}
    require(
        found == {"account": 4, "category": 11, "budget": 2}, f"It is logged: {found}"
    )
