"""Names of the Budgero integration."""

import logging
from typing import Final

DOMAIN: Final = "budgero"
LOGGER = logging.getLogger(__package__)

CONF_SPACE_KEY: Final = "space_key"

CONF_ACCOUNT: Final = "account"
CONF_BUDGET: Final = "budget"
CONF_CATEGORY: Final = "category"
CONF_CURRENCY: Final = "currency"
