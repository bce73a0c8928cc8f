"""Who may log, and who may see the names of payees.

Home Assistant lets all users, even read-only ones, run every action that does not
belong to an entity (seen in 2026.11). So permissions are checked here.
"""

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import entity_registry as er

from .const import CONF_PAYEES_FOR_EVERYBODY, DOMAIN
from .models import BudgeroConfigEntry


@callback
def may_log(hass: HomeAssistant, entry: BudgeroConfigEntry, user: User) -> bool:
    """Return whether a user may log: who may control an entity of the entry.

    A user who may log also sees the names of accounts, categories and presets.
    """
    entities = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    check = user.permissions.check_entity
    return any(check(entity.entity_id, POLICY_CONTROL) for entity in entities)


@callback
def may_see_payees(entry: BudgeroConfigEntry, user: User) -> bool:
    """Return whether a user who may log sees the names of payees as well."""
    return user.is_admin or bool(entry.options.get(CONF_PAYEES_FOR_EVERYBODY))


async def async_may_log(
    hass: HomeAssistant, entry: BudgeroConfigEntry, context: Context
) -> bool:
    """Return whether a call may log; a call without a user (an automation) may."""
    if context.user_id is None:
        return True
    user = await hass.auth.async_get_user(context.user_id)
    return user is not None and may_log(hass, entry, user)


async def async_may_see_payees(
    hass: HomeAssistant, entry: BudgeroConfigEntry, context: Context
) -> bool:
    """Return whether a call that may log may also see payees."""
    if context.user_id is None:
        return True
    user = await hass.auth.async_get_user(context.user_id)
    return user is not None and may_see_payees(entry, user)


async def async_check_may_log(
    hass: HomeAssistant, entry: BudgeroConfigEntry, context: Context
) -> None:
    """Refuse a call of a user who may not log.

    Raises:
        ServiceValidationError: the user may control no entity of the entry.
    """
    if not await async_may_log(hass, entry, context):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="may_not_log"
        )
