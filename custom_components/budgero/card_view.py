"""What the dashboard card needs to know of an entry, for one user."""

from dataclasses import dataclass
from typing import Final

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.loader import async_get_loaded_integration

from .const import DOMAIN
from .default_entry import all_entries, find_default
from .engine.names import Account, Budget, Category, CategoryGroup
from .engine.outbox import State
from .engine.places import Places
from .engine.preset import Preset
from .engine.push import Direction, currency_decimals
from .models import BudgeroConfigEntry
from .own_entries import OwnEntry, async_own_entries
from .permissions import may_log, may_see_payees
from .presets import presets_of

MAX_VERSION: Final = 40
"""The longest version that a card may send, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryChoice:
    """An entry that a user may choose."""

    config_entry_id: str
    title: str
    is_default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetChoice:
    """A preset; fields that it leaves out are `None`.

    Attributes:
        preset: what the action takes.
        name: of the preset.
        direction: expense or income.
        has_amount: whether it has an amount, so that it can be logged as it is.
        account: id of the account.
        category: id of the category.
        payee: the payee; `None` if the user may not see payees.
    """

    preset: str
    name: str
    direction: Direction
    has_amount: bool
    account: int | None
    category: int | None
    payee: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoice:
    """An account in which money can be booked."""

    id: int
    name: str
    currency: str
    decimals: int
    budget: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """The answer for a card.

    Attributes:
        version: of the integration.
        entries: all entries in which the user may log.
        config_entry_id: the entry that the rest is about; `None` if there is none.
        is_admin: whether the user is an administrator.
    """

    version: str
    entries: list[EntryChoice]
    config_entry_id: str | None = None
    is_admin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView(CardView):
    """The answer for a card that shows an entry. Names come in Budgero's order.

    Attributes:
        may_log: whether the user may log; others get an error.
        may_see_payees: whether the user may search for payees.
        currency: ISO 4217 code of the default account's currency.
        decimals: how many decimals amounts in it have.
        default_account: id of the account that is used if none is named.
        default_category: the same of the category.
        default_budget: the same of the budget.
        presets: the presets.
        accounts: the accounts in which money can be booked.
        groups: the groups of categories.
        categories: the categories.
        budgets: the budgets.
        mine: what the user has logged, newest first.
        entities: entity ids of the entry by key; they differ with the language.
    """

    may_log: bool
    may_see_payees: bool
    currency: str
    decimals: int
    default_account: int | None
    default_category: int | None
    default_budget: int | None
    presets: list[PresetChoice]
    accounts: list[AccountChoice]
    groups: list[CategoryGroup]
    categories: list[Category]
    budgets: list[Budget]
    mine: list[OwnEntry]
    entities: dict[str, str]


@callback
def version_of(hass: HomeAssistant) -> str:
    """Return the version of the integration."""
    return str(async_get_loaded_integration(hass, DOMAIN).version)


@callback
def choices_of(hass: HomeAssistant, user: User) -> list[EntryChoice]:
    """Return the entries in which a user may log; disabled ones are left out."""
    default = find_default(hass)
    return [
        EntryChoice(
            config_entry_id=entry.entry_id,
            title=entry.title,
            is_default=entry is default,
        )
        for entry in all_entries(hass)
        if not entry.disabled_by and may_log(hass, entry, user)
    ]


async def async_describe_entry(
    hass: HomeAssistant, entry: BudgeroConfigEntry, user: User
) -> EntryView:
    """Return what a card shows of a loaded entry to a user who may log.

    Raises:
        OutboxError: the outbox was closed meanwhile, or cannot be read.
    """
    data = entry.runtime_data
    mine = await async_own_entries(data, user.id)
    defaults, names = data.defaults, data.names
    places = Places(names.index, defaults.budget, defaults.currency)
    currency = places.currency_of(defaults.account)
    sees_payees = may_see_payees(entry, user)
    directory = names.directory
    return EntryView(
        version=version_of(hass),
        entries=choices_of(hass, user),
        config_entry_id=entry.entry_id,
        is_admin=user.is_admin,
        may_log=True,
        may_see_payees=sees_payees,
        currency=currency,
        decimals=currency_decimals(currency),
        default_account=defaults.account,
        default_category=defaults.category,
        default_budget=defaults.budget,
        presets=[
            _describe_preset(hass, entry, preset, sees_payees=sees_payees)
            for preset in presets_of(entry)
        ],
        accounts=[
            _describe_account(account, places)
            for account in directory.accounts
            if account.name and not (account.is_archived or account.is_crypto)
        ],
        groups=list(directory.groups),
        categories=[each for each in directory.categories if each.name],
        budgets=[each for each in directory.budgets if each.name],
        mine=[own for own in mine if own.state is not State.REMOVED],
        entities=_entities_of(hass, entry),
    )


def _describe_preset(
    hass: HomeAssistant, entry: BudgeroConfigEntry, preset: Preset, *, sees_payees: bool
) -> PresetChoice:
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, preset.preset_id), entry.entry_id
    )
    return PresetChoice(
        # A new preset has no device for a moment; the action also takes its name.
        preset=device.id if device is not None else preset.preset_id,
        name=preset.name,
        direction=preset.direction,
        has_amount=preset.amount is not None,
        account=preset.account,
        category=preset.category,
        payee=preset.payee if sees_payees else None,
    )


def _describe_account(account: Account, places: Places) -> AccountChoice:
    currency = places.currency_of(account.id)
    return AccountChoice(
        id=account.id,
        name=account.name,
        currency=currency,
        decimals=currency_decimals(currency),
        budget=account.budget,
    )


def _entities_of(hass: HomeAssistant, entry: BudgeroConfigEntry) -> dict[str, str]:
    """Return the entity ids of an entry, without those of its presets, by key."""
    prefix = f"{entry.entry_id}_"
    return {
        known.unique_id.removeprefix(prefix): known.entity_id
        for known in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if known.config_subentry_id is None and not known.disabled_by
    }
