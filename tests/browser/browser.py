"""A browser that is logged in to a Home Assistant."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
import os
from pathlib import Path
import time
from typing import Final

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    async_playwright,
)

from tests.e2e.json_value import JsonObject

_ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
)
_PATIENCE: Final = 15_000.0
_OURS: Final = "budgero"

PHONE: Final = (390, 844)
TABLET: Final = (1024, 768)
DESKTOP: Final = (1280, 900)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What somebody uses.

    Attributes:
        size: of the screen, in CSS pixels.
        is_touched: whether with fingers.
        is_dark: whether dark colours are preferred.
        language: of the interface.
        locale: of the browser.
    """

    size: tuple[int, int] = DESKTOP
    is_touched: bool = False
    is_dark: bool = False
    language: str = "en"
    locale: str = "en-GB"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A page of Home Assistant.

    Attributes:
        page: Playwright's page.
        url: Home Assistant's address.
        problems: what the browser complained about, ours and others'.
    """

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)

    @property
    def card(self) -> Locator:
        """The first Budgero card."""
        return self.page.locator("budgero-card").first

    @property
    def our_problems(self) -> list[str]:
        """What the browser complained about that is ours."""
        return [problem for problem in self.problems if _OURS in problem.lower()]

    async def go(self, path: str) -> None:
        """Open a page of Home Assistant, and wait until it shows."""
        await self.page.goto(self.url + path, wait_until="commit")
        await self.page.locator("home-assistant-main").wait_for(state="attached")
        await self.page.locator("#ha-launch-screen").wait_for(state="detached")

    async def ask(self, message: JsonObject) -> JsonObject:
        """Send a command through the page's own connection."""
        answer: JsonObject = await self.page.evaluate(
            "message => document.querySelector('home-assistant').hass.callWS(message)",
            message,
        )
        return answer


class Chromium:
    """The browser."""

    def __init__(self, browser: Browser) -> None:
        """Take the running program."""
        self._browser = browser

    @asynccontextmanager
    async def tab(
        self, url: str, token: str, device: Device | None = None
    ) -> AsyncIterator[Tab]:
        """Open a page with an empty cache, logged in with a token."""
        async with self.context(url, token, device) as context:
            yield await open_tab(context, url)

    @asynccontextmanager
    async def context(
        self, url: str, token: str, device: Device | None = None
    ) -> AsyncIterator[BrowserContext]:
        """Make a profile that is logged in with a token."""
        device = device or Device()
        width, height = device.size
        context = await self._browser.new_context(
            viewport={"width": width, "height": height},
            has_touch=device.is_touched,
            is_mobile=device.is_touched,
            color_scheme="dark" if device.is_dark else "light",
            locale=device.locale,
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
        )
        context.set_default_timeout(_PATIENCE)
        await context.add_init_script(_log_in(url, token, device.language))
        try:
            yield context
        finally:
            await context.close()


async def open_tab(context: BrowserContext, url: str) -> Tab:
    """Open a page that writes down what the browser complains about."""
    tab = Tab(page=await context.new_page(), url=url)

    def page_error(error: Error) -> None:
        tab.problems.append(f"{error.message} {error.stack or ''}")

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            tab.problems.append(f"{message.text} {message.location.get('url', '')}")

    def failed(request: Request) -> None:
        tab.problems.append(f"{request.url}: {request.failure}")

    tab.page.on("pageerror", page_error)
    tab.page.on("console", console)
    tab.page.on("requestfailed", failed)
    return tab


def _log_in(url: str, token: str, language: str) -> str:
    """Return a script that stores what the frontend looks for."""
    ten_years = 315_360_000
    tokens = {
        "access_token": token,
        "token_type": "Bearer",
        "refresh_token": "",
        "expires_in": ten_years,
        "expires": int((time.time() + ten_years) * 1000),
        "hassUrl": url,
        "clientId": f"{url}/",
    }
    stored = {
        "hassTokens": json.dumps(tokens),
        "selectedLanguage": json.dumps(language),
    }
    return (
        f"if (location.origin === {json.dumps(url)})"
        f" Object.assign(localStorage, {json.dumps(stored)});"
    )


@asynccontextmanager
async def chromium(
    program: Path, environ: Mapping[str, str]
) -> AsyncIterator[Chromium]:
    """Run the browser for as long as the block, with some more variables."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            args=_ARGUMENTS,
            env={**os.environ, **environ},
        )
        try:
            yield Chromium(browser)
        finally:
            await browser.close()
