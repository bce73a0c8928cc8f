"""What people say and type, with the amount that they mean, or why it is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from custom_components.budgero.engine.voice.languages import find_language
from custom_components.budgero.engine.voice.money import Heard, hear_money

_FOLDER = Path(__file__).parent / "utterances"
_LINES = [
    line
    for file in sorted(_FOLDER.glob("*.txt"))
    for line in file.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("line", _LINES)
def test_hears(line: str) -> None:
    """An amount is heard exactly, or refused for the right reason."""
    context, text, meant = line.split(" | ")
    tag, currency = context.split()
    found = find_language(tag)
    assert found is not None
    heard = hear_money(text, *found, currency)
    if isinstance(heard, Heard):
        assert heard.amount == Decimal(meant)
    else:
        assert heard.problem == meant
