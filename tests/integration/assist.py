"""How tests talk to Assist."""

from homeassistant.components.conversation import async_converse
from homeassistant.core import Context, HomeAssistant
from homeassistant.setup import async_setup_component

LUNCH = "I spent twelve fifty on lunch"
NOT_UNDERSTOOD = "Sorry"


async def set_up_assist(hass: HomeAssistant) -> None:
    """Set Assist up, with the built-in agent."""
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "conversation", {})


async def say(
    hass: HomeAssistant,
    text: str,
    *,
    language: str = "en",
    context: Context | None = None,
    device_id: str | None = None,
    satellite_id: str | None = None,
) -> str:
    """Say something to Assist, and return what it says."""
    result = await async_converse(
        hass,
        text,
        None,
        context or Context(),
        language,
        device_id=device_id,
        satellite_id=satellite_id,
    )
    return str(result.response.speech["plain"]["speech"])
