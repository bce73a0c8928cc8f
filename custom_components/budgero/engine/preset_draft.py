"""A draft that names a preset, which completes it before the defaults do."""

from dataclasses import replace
from datetime import datetime
import json
from typing import Final

from .draft import Defaults, Draft, Resolved, complete, fitting
from .draft_fields import read_remark, read_value
from .names import Kind, NameIndex
from .places import Places, read_budget
from .preset import Preset
from .push.errors import InputProblem, InvalidInputError
from .push.fields import MAX_MEMO, MAX_PAYEE

_FLOWS: Final = ("amount", "outflow", "inflow")

_NOT_GIVEN: Final[dict[str, tuple[str, str | None]]] = {
    "amount": ("milliunits", None),
    "type": ("direction", None),
    "payee": ("payee", None),
    "memo": ("memo", ""),
}
"""For each field of a preset, a field of what was given, and the value that means that
the draft leaves it out."""


def resolve_with(
    preset: Preset, draft: Draft, defaults: Defaults, names: NameIndex, now: datetime
) -> Resolved:
    """Complete a draft with a preset, then with defaults; check every field.

    The values of the draft win. `given` consists of them and the preset's id, so a
    repeated call is recognised even after the preset was changed.

    Raises:
        InvalidInputError: as `draft.resolve`.
    """
    own = _defaults(defaults, preset, names)
    _refuse_other_budget(preset, draft, own.budget, names)
    added = _lacking(draft, preset)
    filled = replace(draft, **added)
    resolved = complete(filled, fitting(draft, own, names), names, now)
    if "amount" in added:
        _refuse_other_currency(preset, resolved.transaction.account, defaults, names)
    given = json.loads(resolved.given) | {"preset": preset.preset_id}
    given |= dict(_NOT_GIVEN[field] for field in added)
    return replace(resolved, given=json.dumps(given, sort_keys=True).encode())


def check_preset(preset: Preset, defaults: Defaults, names: NameIndex) -> None:
    """Refuse a preset with which nothing can be logged as it is.

    Raises:
        InvalidInputError: its account or category is known to be unusable, or its
            amount was written in another currency than that of the account.
    """
    own = _defaults(defaults, preset, names)
    places = Places(names, own.budget, own.currency)
    places.default(Kind.ACCOUNT, preset.account, "account")
    places.default(Kind.CATEGORY, preset.category, "category")
    if preset.amount is not None and own.account is not None:
        _refuse_other_currency(preset, own.account, own, names)


def _lacking(draft: Draft, preset: Preset) -> dict[str, str]:
    """Return the fields other than ids that the preset has and the draft has not."""
    offered: dict[str, str | None] = {}
    if all(read_value(getattr(draft, flow), flow) is None for flow in _FLOWS):
        offered["amount"] = preset.amount
    if all(read_value(getattr(draft, flow), flow) is None for flow in _FLOWS[1:]):
        if read_value(draft.type, "type") is None:
            offered["type"] = preset.direction
    if not read_remark(draft.payee, "payee", MAX_PAYEE):
        offered["payee"] = preset.payee
    if not read_remark(draft.memo, "memo", MAX_MEMO):
        offered["memo"] = preset.memo
    return {field: value for field, value in offered.items() if value is not None}


def _defaults(defaults: Defaults, preset: Preset, names: NameIndex) -> Defaults:
    """Return defaults with the preset's ids; ids of another budget are dropped.

    The budget of a preset without one is that of its account, if it is known, because
    the entry may have had another default budget when the preset was made.
    """
    known = names.get(Kind.ACCOUNT, preset.account or 0)
    budget = preset.budget or (known.budget if known else None) or defaults.budget
    is_same = budget == defaults.budget
    return replace(
        defaults,
        account=preset.account or (defaults.account if is_same else None),
        category=preset.category or (defaults.category if is_same else None),
        budget=budget,
    )


def _refuse_other_budget(
    preset: Preset, draft: Draft, own: int | None, names: NameIndex
) -> None:
    """Refuse a draft in another budget that lacks an account or category.

    Those of the preset would not fit, and leaving them out unnoticed would be wrong.

    Raises:
        InvalidInputError: the draft is such a one, or its budget cannot be read.
    """
    budget = read_budget(names, draft.budget)
    if budget is None or own in (None, budget):
        return
    is_divided = read_value(draft.splits, "splits") is not None
    for kind, number, given in (
        (Kind.ACCOUNT, preset.account, draft.account),
        (Kind.CATEGORY, None if is_divided else preset.category, draft.category),
    ):
        is_needed = number is not None and read_value(given, kind) is None
        if is_needed and not names.is_of(kind, number, budget):
            raise InvalidInputError(kind, InputProblem.OTHER_BUDGET)


def _refuse_other_currency(
    preset: Preset, account: int, defaults: Defaults, names: NameIndex
) -> None:
    """Refuse the preset's amount on an account in another currency.

    Raises:
        InvalidInputError: the account is in another one than the amount was written in.
    """
    currency = Places(names, None, defaults.currency).currency_of(account)
    if preset.currency not in (None, currency):
        raise InvalidInputError("preset", InputProblem.PRESET_CURRENCY)
