"""Asks on a phone whether to log what an AI agent wants to log.

The notification has no amount and no names: it passes through servers of others, and
Home Assistant records it.
"""

from enum import StrEnum
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.json import JsonObjectType

from .const import CONF_AGENT_PHONE, LOGGER
from .words import async_words

EVENT_NOTIFICATION_ACTION: Final = "mobile_app_notification_action"
"""Fired by the companion app for a button of a notification."""

_NOTIFY: Final = "notify"
_PHONES: Final = "mobile_app_"
_REPAIRS: Final = "/config/repairs"
_CLEAR: Final = "clear_notification"
"""The message that removes a notification from a phone."""


class PhoneAnswer(StrEnum):
    """The buttons of the notification: the names of their actions in the app."""

    LOG = "BUDGERO_LOG"
    DISCARD = "BUDGERO_DISCARD"


@callback
def phones(hass: HomeAssistant) -> list[str]:
    """Return the notify actions of the phones with the companion app."""
    known = hass.services.async_services_for_domain(_NOTIFY)
    return sorted(name for name in known if name.startswith(_PHONES))


@callback
def async_ask_phone(hass: HomeAssistant, entry: ConfigEntry, message_id: str) -> None:
    """Ask on the phone that was chosen, if there is one."""
    if (phone := _phone_of(hass, entry)) is not None:
        hass.async_create_task(_async_ask(hass, phone, entry.title, message_id))


@callback
def async_clear_phone(hass: HomeAssistant, entry: ConfigEntry, message_id: str) -> None:
    """Remove a question from the phone."""
    if (phone := _phone_of(hass, entry)) is not None:
        content: JsonObjectType = {"message": _CLEAR, "data": {"tag": message_id}}
        hass.async_create_task(_async_send(hass, phone, content))


@callback
def read_phone_answer(event: Event) -> tuple[PhoneAnswer, str] | None:
    """Return an answer and its message id; `None` if the event is no such answer."""
    text = event.data.get("action")
    if not isinstance(text, str):
        return None
    for answer in PhoneAnswer:
        if text.startswith(f"{answer}_"):
            return answer, text.removeprefix(f"{answer}_")
    return None


def _phone_of(hass: HomeAssistant, entry: ConfigEntry) -> str | None:
    phone = entry.options.get(CONF_AGENT_PHONE)
    return phone if phone and hass.services.has_service(_NOTIFY, phone) else None


async def _async_ask(
    hass: HomeAssistant, phone: str, title: str, message_id: str
) -> None:
    words = await async_words(hass, "selector", "agent_phone.options")
    content: JsonObjectType = {
        "title": title,
        "message": words["message"],
        "data": {
            "tag": message_id,
            "url": _REPAIRS,
            "clickAction": _REPAIRS,
            "actions": [
                {"action": f"{PhoneAnswer.LOG}_{message_id}", "title": words["log"]},
                {
                    "action": f"{PhoneAnswer.DISCARD}_{message_id}",
                    "title": words["discard"],
                },
                {"action": "URI", "title": words["look"], "uri": _REPAIRS},
            ],
        },
    }
    await _async_send(hass, phone, content)


async def _async_send(hass: HomeAssistant, phone: str, content: JsonObjectType) -> None:
    """Send a notification; without it the repair still asks."""
    try:
        await hass.services.async_call(_NOTIFY, phone, content, blocking=True)
    except HomeAssistantError as error:
        name = type(error).__name__
        LOGGER.warning("A phone was not asked about a transaction: %s", name)
