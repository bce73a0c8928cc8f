"""Translated words for texts that the integration composes, not the browser."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN


async def async_words(hass: HomeAssistant, category: str, place: str) -> dict[str, str]:
    """Return the texts below a key, in Home Assistant's language.

    Args:
        hass: Home Assistant.
        category: the category of the texts, for example `selector`.
        place: the keys above the texts, separated by dots.
    """
    texts = await async_get_translations(hass, hass.config.language, category, {DOMAIN})
    prefix = f"component.{DOMAIN}.{category}.{place}."
    return {
        key.removeprefix(prefix): text
        for key, text in texts.items()
        if key.startswith(prefix)
    }
