"""What Home Assistant's templates make of a name still means that name."""

import random

import pytest

from custom_components.budgero.engine.names import (
    Category,
    Directory,
    Kind,
    NameIndex,
    clean_name,
)
from custom_components.budgero.engine.push.errors import InvalidInputError
from homeassistant.core import HomeAssistant
from homeassistant.helpers.template import Template

NAMES = (
    *("2026", "007", "+7", "7.0", "1.50", "1.5", "1e5", "1_000", "٣", "-1", "0", "0.5"),
    *("True", "true", "False", "1,2", "1, 2", "(1,2)", "[1, 2]", "1,", ".5"),
    *("Rent, Flat", "[Bills]", "No", "Café", "<b>x</b>", "5.", "--1", "1j", "''"),
)
LETTERS = "0123456789.,+-()[] eTrue"


def _random_names() -> set[str]:
    choose = random.Random(20261128)
    texts = (
        "".join(choose.choices(LETTERS, k=choose.randint(1, 5))) for _ in range(800)
    )
    return {clean_name(text) for text in texts} - {""}


def _index(*names: str) -> NameIndex:
    categories = [
        Category(id=10**9 + number, name=name) for number, name in enumerate(names)
    ]
    return NameIndex(Directory(categories=tuple(categories)))


def _render(hass: HomeAssistant, name: str) -> object:
    """Return what an action gets for a name out of a template."""
    return Template("{{ name }}", hass).async_render({"name": name})


def _found(index: NameIndex, given: object) -> str | None:
    try:
        return index.find(Kind.CATEGORY, given, None, "category").name
    except InvalidInputError:
        return None


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_out_of_a_template(hass: HomeAssistant, name: str) -> None:
    """It is found where it is the only one; digits are an ID, and are refused."""
    given = _render(hass, name)
    is_id = type(given) in (int, float) and given in range(1, 10_000)
    assert _found(_index(name), given) == (None if is_id else name)


async def test_never_another_name(hass: HomeAssistant) -> None:
    """Among names that look like numbers and lists: the right one, or an error."""
    names = sorted({*NAMES, *_random_names()})
    index = _index(*names)
    found = {name: _found(index, _render(hass, name)) for name in names}
    wrong = {name: other for name, other in found.items() if other not in (None, name)}
    assert wrong == {}
    assert sum(other is not None for other in found.values()) > len(names) // 3
