"""Words that are put together here, and not in the user's browser."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN


async def async_words(hass: HomeAssistant, category: str, place: str) -> dict[str, str]:
    """Return the texts in one place by their last key, in Home Assistant's language.

    Args:
        hass: Home Assistant.
        category: of the texts, such as selectors.
        place: the keys that lead there, with dots between them.
    """
    texts = await async_get_translations(hass, hass.config.language, category, {DOMAIN})
    prefix = f"component.{DOMAIN}.{category}.{place}."
    return {
        key.removeprefix(prefix): text
        for key, text in texts.items()
        if key.startswith(prefix)
    }
