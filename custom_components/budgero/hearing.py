"""Understands a sentence with the names, accounts and currencies of a household."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .engine.names import Budget, Kind
from .engine.places import Places
from .engine.push.errors import InvalidInputError
from .engine.voice import (
    Details,
    Household,
    Speaker,
    Spoken,
    Template,
    Understood,
    Vocabulary,
    listen,
)
from .models import BudgeroConfigEntry
from .presets import find_preset, presets_of


def stranger(hass: HomeAssistant, language: str) -> Household:
    """Return a household without names, for when there is no entry.

    Args:
        hass: Home Assistant.
        language: the language of the conversation, such as "de-CH".
    """
    own = hass.config.language
    return Household(
        currency=hass.config.currency,
        today=dt_util.now().date(),
        # The likeliest language comes first.
        tags=(language, own, f"{own}-{hass.config.country or ''}"),
    )


def household_of(
    entry: BudgeroConfigEntry, stranger: Household, account: int | None
) -> Household:
    """Return the household of an entry, with its names and currencies.

    Args:
        entry: the Budgero space.
        stranger: the household without the entry.
        account: id of the account that is used if the sentence names none.
    """
    presets = presets_of(entry)
    return replace(
        stranger,
        currency=_places(entry).currency_of(account),
        vocabulary=Vocabulary(
            presets=tuple(
                name
                for preset in presets
                for name in (preset.name, *preset.spoken_names)
            ),
            payees=_names(entry, Kind.PAYEE),
            accounts=_names(entry, Kind.ACCOUNT),
            categories=_names(entry, Kind.CATEGORY),
        ),
    )


def understand_in(
    entry: BudgeroConfigEntry,
    household: Household,
    account: int | None,
    template: Template,
    text: str,
) -> tuple[Understood, Speaker]:
    """Understand a sentence in the currency of the account that it names, if any.

    Args:
        entry: the Budgero space.
        household: the household, with the currency of the default account.
        account: id of the account that is used if the sentence names none.
        template: the sentence template that matched.
        text: as it was said or typed.

    Returns:
        What was understood, and who answers in the same language and currency.
    """

    def currency_of(spoken: Spoken) -> str:
        return currency_for(entry, spoken.details, account)

    understood, speaker = listen(text, template, household)
    if isinstance(understood, Spoken):
        currencies = {currency_of(understood)}
    else:
        currencies = _currencies(entry)
    for currency in sorted(currencies - {household.currency}):
        other = replace(household, currency=currency)
        again, its_speaker = listen(text, template, other)
        if isinstance(again, Spoken) and currency_of(again) == currency:
            return again, its_speaker
    return understood, speaker


def currency_for(
    entry: BudgeroConfigEntry, details: Details, account: int | None
) -> str:
    """Return the currency of the account that was said, or of its preset's.

    Args:
        entry: the Budgero space.
        details: what was said besides the amount.
        account: id of the account that is used if none was said.
    """
    return _places(entry).currency_of(_account_of(entry, details) or account)


def _places(entry: BudgeroConfigEntry) -> Places:
    data = entry.runtime_data
    return Places(data.names.index, data.defaults.budget, data.defaults.currency)


def _names(entry: BudgeroConfigEntry, kind: Kind) -> tuple[str, ...]:
    """Return the names of one kind in the budget in use."""
    data = entry.runtime_data
    return tuple(
        each.name
        for each in data.names.directory.entries(kind)
        if not isinstance(each, Budget) and each.budget in (None, data.defaults.budget)
    )


def _currencies(entry: BudgeroConfigEntry) -> set[str]:
    """Return the currencies of the accounts that are known."""
    accounts = entry.runtime_data.names.directory.accounts
    return {account.currency for account in accounts if account.currency}


def _account_of(entry: BudgeroConfigEntry, details: Details) -> int | None:
    """Return the id of the account that a sentence or its preset names."""
    try:
        said = _places(entry).read(Kind.ACCOUNT, details.account, "account")
        if said is None and details.preset is not None:
            return find_preset(entry, details.preset).account
    except InvalidInputError:
        return None  # `intake` will refuse the name
    return said
