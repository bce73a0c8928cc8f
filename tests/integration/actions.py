"""Calling actions in tests: responses and errors."""

from typing import Any

import pytest

from custom_components.budgero.const import DOMAIN
from homeassistant.auth.models import User
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError


async def call(hass: HomeAssistant, name: str, **data: object) -> dict[str, object]:
    """Call an action as Home Assistant does; return its response.

    The entry that every response names is left out.
    """
    _, answer = await call_which(hass, name, **data)
    return answer


async def call_which(
    hass: HomeAssistant, name: str, **data: object
) -> tuple[str, dict[str, object]]:
    """Call an action; return which entry answers, and the rest of its response."""
    return await _call(hass, name, data, None)


async def call_as(
    user: User, hass: HomeAssistant, name: str, **data: object
) -> dict[str, object]:
    """Call an action as a user; return its response."""
    _, answer = await _call(hass, name, data, Context(user_id=user.id))
    return answer


async def queue(hass: HomeAssistant) -> list[dict[str, Any]]:
    """Return the transactions that are not finished, as a person sees them."""
    transactions = (await call(hass, "get_queue"))["transactions"]
    assert isinstance(transactions, list)
    return transactions


async def refused(hass: HomeAssistant, name: str, **data: object) -> HomeAssistantError:
    """Call an action that raises a translated error; return the error."""
    return await _refused(hass, name, data, None)


async def refused_as(
    user: User, hass: HomeAssistant, name: str, **data: object
) -> HomeAssistantError:
    """Call an action as a user who is refused, in words; return the error."""
    return await _refused(hass, name, data, Context(user_id=user.id))


async def _refused(
    hass: HomeAssistant, name: str, data: dict[str, object], context: Context | None
) -> HomeAssistantError:
    with pytest.raises(HomeAssistantError) as caught:
        await _call(hass, name, data, context)
    assert caught.value.translation_domain == DOMAIN
    text = str(caught.value)
    assert text != caught.value.translation_key
    assert "developers" not in text
    assert "{" not in text
    return caught.value


async def check_refusal(
    hass: HomeAssistant, name: str, data: dict[str, object], key: str, named: str
) -> None:
    """Check that a call is refused for a reason, and which field the text names.

    The text must not repeat a value: values that must not appear contain 987.
    """
    error = await refused(hass, name, **data)
    assert isinstance(error, ServiceValidationError)
    assert error.translation_key == key
    assert named in str(error)
    assert "987" not in str(error)


async def _call(
    hass: HomeAssistant, name: str, data: dict[str, object], context: Context | None
) -> tuple[str, dict[str, object]]:
    response = await hass.services.async_call(
        DOMAIN, name, data, blocking=True, return_response=True, context=context
    )
    answer: dict[str, object] = dict(response or {})
    return str(answer.pop("config_entry_id")), answer
