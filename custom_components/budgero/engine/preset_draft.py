"""A draft that names a preset, which completes it before the defaults do."""

from dataclasses import replace
from datetime import datetime
import json
from typing import Final

from .draft import Defaults, Draft, Resolved, complete, fitting
from .draft_fields import read_remark, read_value
from .names import NameIndex
from .preset import Preset
from .push.fields import MAX_MEMO, MAX_PAYEE

_FLOWS: Final = ("amount", "outflow", "inflow")

_NOT_GIVEN: Final[dict[str, tuple[str, str | None]]] = {
    "amount": ("milliunits", None),
    "type": ("direction", None),
    "payee": ("payee", None),
    "memo": ("memo", ""),
}
"""How what was given says that a field was not."""


def resolve_with(
    preset: Preset, draft: Draft, defaults: Defaults, names: NameIndex, now: datetime
) -> Resolved:
    """Complete a draft with a preset, then with defaults; check every field.

    What the draft says itself wins. What was given is the preset's id and that, so a
    repeated call is known again also after the preset was changed.

    Raises:
        InvalidInputError: as `draft.resolve`.
    """
    added = _lacking(draft, preset)
    filled = replace(draft, **added)
    fallback = _defaults(fitting(draft, defaults, names), preset)
    resolved = complete(filled, fallback, names, now)
    given = json.loads(resolved.given) | {"preset": preset.preset_id}
    given |= dict(_NOT_GIVEN[field] for field in added)
    return replace(resolved, given=json.dumps(given, sort_keys=True).encode())


def _lacking(draft: Draft, preset: Preset) -> dict[str, str]:
    """Return what the preset has and the draft has not, beside the ids."""
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


def _defaults(defaults: Defaults, preset: Preset) -> Defaults:
    """Return defaults with the preset's ids; those of another budget are of no use."""
    if preset.budget in (None, defaults.budget):
        return replace(
            defaults,
            account=preset.account or defaults.account,
            category=preset.category or defaults.category,
        )
    return replace(
        defaults,
        account=preset.account,
        category=preset.category,
        budget=preset.budget,
    )
