"""Finds what is wrong with a preset that was valid when it was made."""

from typing import Final

from .engine.names import Kind
from .engine.preset import Preset
from .engine.preset_draft import check_preset
from .engine.push.errors import InputProblem, InvalidInputError
from .models import BudgeroConfigEntry
from .name_directory import NameDirectory
from .presets import CONF_AMOUNT

GONE: Final = "gone"
"""Problem of a field: its id is not among the names that were read."""


def find_problems(entry: BudgeroConfigEntry, preset: Preset) -> dict[str, str]:
    """Return the problems of a preset by the field of its form; none if it is fine.

    The entry is loaded, or is about to be.
    """
    data = entry.runtime_data
    ids = {
        Kind.ACCOUNT: preset.account,
        Kind.CATEGORY: preset.category,
        Kind.BUDGET: preset.budget,
    }
    problems: dict[str, str] = {
        kind: GONE
        for kind, number in ids.items()
        if number is not None and _is_gone(data.names, kind, number)
    }
    try:
        check_preset(preset, data.defaults, data.names.index)
    except InvalidInputError as error:
        is_amount = error.problem is InputProblem.PRESET_CURRENCY
        problems[CONF_AMOUNT if is_amount else error.field] = error.problem
    return problems


def _is_gone(names: NameDirectory, kind: Kind, number: int) -> bool:
    """Return whether an id is missing from names that were read completely.

    Only names that were read from Budgero are complete; names by hand are not.
    """
    is_known = names.index.get(kind, number) is not None
    return not is_known and bool(names.read.entries(kind))
