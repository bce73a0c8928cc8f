"""The film at the top of the README: an expense on its way, beside Budgero's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
import io
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw
from playwright.async_api import Locator, Page

from tests.browser.browser import Device, Tab
from tests.browser.card import Card
from tests.browser.house import CARD, House
from tests.e2e.scenarios.stage import require

_CARD: Final = Device(size=(380, 720))
_PAGE: Final = Device(size=(580, 720))
_GAP: Final = 8
_COLOURS: Final = 128
_LARGEST: Final = 1_500_000
_FINGER: Final = 22
_SCHEMES: Final = ("light", "dark")
_SETTLE: Final = 700.0
"""Until the page beside has asked, and buttons stand still, in milliseconds."""

_SECOND: Final = 1000.0
_GREY: Final = (128, 128, 128)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """One picture, and how long it is shown, in milliseconds."""

    image: Image.Image
    shown_for: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Camera:
    """Takes both pages in light and in dark colours."""

    card: Page
    budgero: Page
    frames: Mapping[str, list[_Frame]] = field(
        default_factory=lambda: {scheme: [] for scheme in _SCHEMES}
    )

    async def take(self, shown_for: int, tapped: Locator | None = None) -> None:
        """Take a frame; a finger is drawn where somebody is about to tap."""
        finger = await self._middle_of(tapped) if tapped else None
        for scheme in _SCHEMES:
            image = await self._both(scheme)
            if finger is not None:
                _draw_finger(image, finger)
            self.frames[scheme].append(_Frame(image=image, shown_for=shown_for))

    async def _both(self, scheme: str) -> Image.Image:
        width = _CARD.size[0] + _GAP + _PAGE.size[0]
        both = Image.new("RGB", (width, _CARD.size[1]), _GREY)
        for page, left in ((self.card, 0), (self.budgero, _CARD.size[0] + _GAP)):
            await page.emulate_media(
                color_scheme="dark" if scheme == "dark" else "light"
            )
            screenshot = await page.screenshot(animations="disabled")
            both.paste(Image.open(io.BytesIO(screenshot)), (left, 0))
        return both

    async def _middle_of(self, element: Locator) -> tuple[float, float]:
        box = await element.bounding_box()
        require(box is not None, "What is tapped must be visible")
        assert box is not None
        left = 0 if element.page is self.card else _CARD.size[0] + _GAP
        return left + box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _draw_finger(image: Image.Image, middle: tuple[float, float]) -> None:
    x, y = middle
    corners = (x - _FINGER, y - _FINGER, x + _FINGER, y + _FINGER)
    ImageDraw.Draw(image, "RGBA").ellipse(
        corners, fill=(240, 120, 40, 120), outline=(240, 120, 40, 255), width=2
    )


async def take_film(house: House, folder: Path) -> list[Path]:
    """Log a coffee and let the app apply it; return the files of film and stills."""
    path = await house.put_cards(CARD)
    async with (
        house.chromium.tab(house.url, house.token, _CARD) as tab,
        house.chromium.tab(house.server.url, "", _PAGE) as beside,
    ):
        await tab.go(path)
        await beside.page.goto(house.server.url)
        camera = _Camera(card=tab.page, budgero=beside.page)
        await _act(house, camera, await house.card_of(tab), beside)
    return [path for scheme in _SCHEMES for path in _write(folder, scheme, camera)]


async def _act(house: House, camera: _Camera, card: Card, beside: Tab) -> None:
    """Play what is seen."""
    coffee = card.chip("Coffee")
    await beside.page.get_by_text("Nothing has been booked yet.").wait_for()
    await coffee.wait_for()
    await card.tab.page.wait_for_timeout(_SETTLE)
    await camera.take(800)
    await camera.take(400, coffee)
    await coffee.click()
    await card.until("waiting", "Coffee")
    while await card.row("waiting").count():
        await camera.take(300)
        await card.tab.page.wait_for_timeout(_SETTLE)
    await card.until("accepted", "Coffee")
    await beside.page.wait_for_timeout(_SECOND + _SETTLE)
    await camera.take(1500)
    button = beside.page.get_by_role("button", name="Open the Budgero app")
    await camera.take(500, button)
    await button.click()
    await beside.page.get_by_text("Corner Café").first.wait_for()
    await beside.page.wait_for_timeout(_SETTLE)
    await camera.take(700)
    await house.ask_again()
    await card.until("processed", "Coffee")
    await card.tab.page.wait_for_timeout(_SETTLE)
    await camera.take(2000)


def _write(folder: Path, scheme: str, camera: _Camera) -> Sequence[Path]:
    """Write a film with few colours, and its last frame for whoever wants no motion."""
    frames = camera.frames[scheme]
    last = frames[-1].image.quantize(_COLOURS, dither=Image.Dither.NONE)
    palette = _palette_of([each.image for each in frames])
    images = [
        each.image.quantize(palette=palette, dither=Image.Dither.NONE)
        for each in frames
    ]
    film, still = folder / f"film-{scheme}.gif", folder / f"still-{scheme}.png"
    images[0].save(
        film,
        save_all=True,
        append_images=images[1:],
        duration=[each.shown_for for each in frames],
        loop=0,
    )
    last.save(still, optimize=True)
    require(film.stat().st_size <= _LARGEST, f"{film.name} is too large")
    return film, still


def _palette_of(images: Sequence[Image.Image]) -> Image.Image:
    """Return a picture with the colours of all: one palette keeps what stands still."""
    width, height = images[0].size
    all_of_them = Image.new("RGB", (width, height * len(images)))
    for number, image in enumerate(images):
        all_of_them.paste(image, (0, height * number))
    return all_of_them.quantize(_COLOURS, dither=Image.Dither.NONE)
