"""The form of a preset: its fields, and reading the input."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

import voluptuous as vol

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)

from .const import CONF_ACCOUNT, CONF_BUDGET, CONF_CATEGORY, CONF_CURRENCY
from .engine.draft_fields import read_remark
from .engine.names import Kind, NameIndex
from .engine.places import Places
from .engine.preset import Preset, read_names
from .engine.push import MAX_MEMO, MAX_PAYEE, Direction, parse_amount
from .engine.push.errors import InputProblem, InvalidInputError
from .name_selectors import (
    account_selector,
    budget_selector,
    category_selector,
    near_names,
    parse_choice,
    payee_selector,
    suggest_choice,
)
from .presets import (
    CONF_AMOUNT,
    CONF_HAS_NUMBER,
    CONF_MEMO,
    CONF_PAYEE,
    CONF_SPOKEN_NAMES,
    CONF_TYPE,
    index_of,
)

_TEXT: Final = TextSelector()
_NAMED: Final = (Kind.ACCOUNT, Kind.CATEGORY, Kind.BUDGET)


@dataclass(frozen=True, slots=True)
class PresetForm:
    """The form of a preset, with the known names.

    Attributes:
        index: the names; empty if there are none.
        budget: id of the budget that is used for a preset without one.
        currency: the currency of accounts whose own is not known.
        default_account: id of the account that is used for a preset without one.
        account: id of the account of the preset that is changed.
    """

    index: NameIndex
    budget: int | None
    currency: str
    default_account: int | None
    account: int | None

    @classmethod
    def of(cls, hass: HomeAssistant, entry: ConfigEntry, known: Preset | None) -> Self:
        """Return the form for the presets of an entry."""
        return cls(
            index_of(entry),
            entry.options.get(CONF_BUDGET),
            entry.options.get(CONF_CURRENCY, hass.config.currency),
            entry.options.get(CONF_ACCOUNT),
            known.account if known is not None else None,
        )

    @property
    def schema(self) -> vol.Schema:
        """The fields."""
        names = self.index.directory
        return vol.Schema(
            {
                vol.Required(CONF_NAME): _TEXT,
                vol.Optional(CONF_SPOKEN_NAMES): TextSelector(
                    TextSelectorConfig(multiple=True)
                ),
                vol.Required(CONF_TYPE, default=Direction.EXPENSE): SelectSelector(
                    SelectSelectorConfig(
                        options=list(Direction),
                        mode=SelectSelectorMode.LIST,
                        translation_key="transaction_type",
                    )
                ),
                vol.Optional(CONF_ACCOUNT): account_selector(names, keep=self.account),
                vol.Optional(CONF_CATEGORY): category_selector(names),
                vol.Optional(CONF_BUDGET): budget_selector(names),
                vol.Optional(CONF_PAYEE): payee_selector(names),
                vol.Optional(CONF_MEMO): TextSelector(
                    TextSelectorConfig(multiline=True)
                ),
                vol.Optional(CONF_AMOUNT): _TEXT,
                vol.Required(CONF_HAS_NUMBER, default=False): BooleanSelector(),
            }
        )

    def suggest(self, preset: Preset) -> dict[str, Any]:
        """Return a preset as the form shows it."""
        ids = {
            Kind.ACCOUNT: preset.account,
            Kind.CATEGORY: preset.category,
            Kind.BUDGET: preset.budget,
        }
        return {
            CONF_NAME: preset.name,
            CONF_SPOKEN_NAMES: list(preset.spoken_names),
            CONF_TYPE: preset.direction,
            **{
                kind: suggest_choice(kind, number, self.index.directory)
                for kind, number in ids.items()
                if number is not None
            },
            CONF_PAYEE: preset.payee,
            CONF_MEMO: preset.memo,
            CONF_AMOUNT: preset.amount,
            CONF_HAS_NUMBER: preset.has_number,
        }

    def parse(
        self, user_input: Mapping[str, Any], others: Iterable[Preset]
    ) -> tuple[str, dict[str, Any]]:
        """Return title and data of a preset, without empty fields.

        Args:
            user_input: the input of the form.
            others: the presets that must have other names.

        Raises:
            InvalidInputError: a field cannot be read, or a name is taken.
        """
        name, spoken_names = read_names(
            user_input[CONF_NAME], user_input.get(CONF_SPOKEN_NAMES, ()), others
        )
        ids = self._parse_ids(user_input)
        data: dict[str, object] = {
            CONF_SPOKEN_NAMES: spoken_names,
            CONF_TYPE: Direction(user_input[CONF_TYPE]).value,
            **ids,
            CONF_PAYEE: read_remark(user_input.get(CONF_PAYEE), CONF_PAYEE, MAX_PAYEE),
            CONF_MEMO: read_remark(user_input.get(CONF_MEMO), CONF_MEMO, MAX_MEMO),
        }
        if amount := user_input.get(CONF_AMOUNT, "").strip():
            currency = self._currency_of(ids[CONF_ACCOUNT])
            parse_amount(amount, currency, CONF_AMOUNT)
            data |= {CONF_AMOUNT: amount, CONF_CURRENCY: currency}
        kept = {field: value for field, value in data.items() if value}
        return name, {**kept, CONF_HAS_NUMBER: user_input[CONF_HAS_NUMBER]}

    def near(self, field: str, user_input: Mapping[str, Any]) -> dict[str, str]:
        """Return the placeholder for an error about a name: similar names."""
        if field not in _NAMED:
            return {}
        return near_names(Kind(field), user_input.get(field, ""), self.index, None)

    def _parse_ids(self, user_input: Mapping[str, Any]) -> dict[str, int | None]:
        """Return the ids that were chosen or typed.

        If no budget was chosen, the account's budget is stored if it is known and
        differs from the entry's own.

        Raises:
            InvalidInputError: a name is unknown, an account or category is in another
                budget, or the account is missing because the default one is in another
                budget.
        """

        def parse(kind: Kind, budget: int | None) -> int | None:
            text = user_input.get(kind, "")
            return parse_choice(kind, text, self.index, budget, kind)

        budget = parse(Kind.BUDGET, None)
        account = parse(Kind.ACCOUNT, budget)
        if budget is None and account is not None:
            known = self.index.get(Kind.ACCOUNT, account)
            if known is not None and known.budget != self.budget:
                budget = known.budget
        if account is None and budget not in (None, self.budget):
            raise InvalidInputError(CONF_ACCOUNT, InputProblem.MISSING)
        return {
            CONF_ACCOUNT: account,
            CONF_CATEGORY: parse(Kind.CATEGORY, budget or self.budget),
            CONF_BUDGET: budget,
        }

    def _currency_of(self, account: int | None) -> str:
        """Return the currency of an account, or of the default one."""
        places = Places(self.index, None, self.currency)
        return places.currency_of(account or self.default_account)
