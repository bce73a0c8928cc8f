"""Names of the Budgero integration."""

import logging
from typing import Final

from homeassistant.util.hass_dict import HassKey

DOMAIN: Final = "budgero"
LOGGER = logging.getLogger(__package__)

DATA_IN_BACKUP: HassKey[bool] = HassKey(f"{DOMAIN}_in_backup")
"""Whether Home Assistant is making a backup right now."""

CONF_SPACE_KEY: Final = "space_key"
CONF_PREVIOUS_SPACE_KEYS: Final = "previous_space_keys"

CONF_ACCOUNT: Final = "account"
CONF_BUDGET: Final = "budget"
CONF_CATEGORY: Final = "category"
CONF_CURRENCY: Final = "currency"

CONF_IS_DEFAULT: Final = "is_default"
"""Option: this entry is used by actions that name no entry."""

CONF_PAYEES_FOR_EVERYBODY: Final = "payees_for_everybody"
"""Whether everybody who may log sees the names of payees, not administrators only."""

CONF_NAMES: Final = "names"
"""The names that a person gave to ids."""

CONF_SPOKEN_SENTENCES: Final = "spoken_sentences"
"""Option: Assist understands sentences about money; on unless it is turned off."""

CONF_AI_AGENTS: Final = "ai_agents"
"""Option: AI agents may add transactions; off unless it is turned on."""

CONF_AGENT_PHONE: Final = "agent_phone"
"""Option: the notify action of a phone that is asked about an agent's large amounts."""
