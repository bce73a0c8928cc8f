"""Presets: their names, and what they fill in."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
import json
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.draft import Defaults, Draft, resolve
from custom_components.budgero.engine.names import clean_name
from custom_components.budgero.engine.names.spelling import fold
from custom_components.budgero.engine.preset import Preset, find_by_name, read_names
from custom_components.budgero.engine.preset_draft import resolve_with
from custom_components.budgero.engine.push import Direction
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError

from .named import NO_NAMES

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=ZoneInfo("Europe/Berlin"))
DEFAULTS = Defaults(account=1, category=9, budget=1, currency="EUR")
COFFEE = Preset(
    preset_id="coffee",
    name="Coffee",
    spoken_names=("espresso", "Kaffee"),
    account=2,
    category=5,
    payee="Kiosk",
    memo="Black",
    amount="3,50",
)
SALARY = Preset(preset_id="salary", name="Salary", direction=Direction.INCOME)
PRESETS = (COFFEE, SALARY)


def problem_of(error: pytest.ExceptionInfo[InvalidInputError]) -> tuple[str, str]:
    """Return field and problem of a refusal."""
    return error.value.field, error.value.problem


@pytest.mark.parametrize("text", ["Coffee", "COFFEE", " es presso", "kaffee", "Kafféé"])
def test_finds_a_name_however_it_is_written(text: str) -> None:
    """Case, accents and blanks do not matter."""
    assert find_by_name(PRESETS, text) is COFFEE


def test_an_exact_name_comes_first() -> None:
    """Another one's that differs by an accent only is no obstacle."""
    accented = Preset(preset_id="other", name="Coffée")
    assert find_by_name((*PRESETS, accented), "Coffée") is accented
    assert find_by_name((*PRESETS, accented), "Coffee") is COFFEE
    with pytest.raises(InvalidInputError) as refused:
        find_by_name((*PRESETS, accented), "coffee")
    assert problem_of(refused) == ("preset", InputProblem.AMBIGUOUS_NAME)


@pytest.mark.parametrize("given", ["Coff", "Coffee with milk", "", 7, True, None, []])
def test_guesses_nothing(given: object) -> None:
    """The beginning of a name is no name."""
    with pytest.raises(InvalidInputError) as refused:
        find_by_name(PRESETS, given)
    assert problem_of(refused) == ("preset", InputProblem.UNKNOWN_NAME)


@given(st.lists(st.text(max_size=6), unique=True, max_size=6), st.text(max_size=6))
def test_finds_the_right_one_or_none(names: list[str], wanted: str) -> None:
    """Presets that `read_names` lets be are never mistaken for each other."""
    presets: list[Preset] = []
    for number, text in enumerate(names):
        try:
            name, spoken = read_names(text, [text * 2], presets)
        except InvalidInputError:
            continue
        presets.append(
            Preset(preset_id=str(number), name=name, spoken_names=tuple(spoken))
        )
    for preset in presets:
        for name in preset.names:
            assert find_by_name(presets, name) is preset
    with suppress(InvalidInputError):
        found = find_by_name(presets, wanted)
        wanted_alike = fold(clean_name(wanted))
        assert wanted_alike in map(fold, found.names)


def test_divided_by_the_caller() -> None:
    """The lines take the place of the preset's category."""
    lines = [{"amount": 1, "category": 3}, {"amount": 2.5, "category": 4}]
    draft = Draft(preset="Coffee", splits=lines)
    resolved = resolve_with(COFFEE, draft, DEFAULTS, NO_NAMES, NOW)
    assert resolved.transaction.category is None
    assert resolved.transaction.amount == Decimal("3.5")
    assert len(resolved.transaction.splits) == 2


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"amount": 7},
        {"outflow": 7},
        {"type": "income"},
        {"payee": "Bar"},
        {"account": 3, "memo": "x", "date": "2026-01-01", "cleared": True},
    ],
)
def test_what_was_given_is_what_the_caller_gave(said: dict[str, Any]) -> None:
    """Nothing of the preset but its id is in it, however it is filled in."""
    changed = Preset(preset_id="coffee", name="x", amount="9", payee="y", account=8)
    ways = [
        resolve_with(preset, Draft(preset="x", **said), DEFAULTS, NO_NAMES, NOW).given
        for preset in (COFFEE, changed)
    ]
    assert ways[0] == ways[1]
    told = json.loads(ways[0])
    assert told.pop("preset") == "coffee"
    if {"amount", "outflow"} & set(said):
        whole = json.loads(resolve(Draft(**said), DEFAULTS, NO_NAMES, NOW).given)
        whole["direction"] = told["direction"]
        assert told == whole
    else:
        assert told["milliunits"] is None


def test_its_repr_tells_no_money() -> None:
    """Reprs get into logs."""
    assert "3,50" not in repr(COFFEE)
    assert "Kiosk" not in repr(COFFEE)
    assert "Black" not in repr(COFFEE)
