"""The sentences that the documentation shows are understood."""

from datetime import date
import re

import pytest

from custom_components.budgero.engine.push import Direction
from custom_components.budgero.engine.voice import Household, Spoken, listen
from tests.documentation import ROOT

from .matcher import Matcher

PAGE = (ROOT / "docs" / "voice.md").read_text()
ROW = re.compile(r"^\| (\w+) \| \*(.+)\* \| \*(.+)\* \| \*(.+)\* \|$", re.MULTILINE)
TAGS = {
    "English": "en",
    "German": "de",
    "French": "fr",
    "Spanish": "es",
    "Italian": "it",
    "Dutch": "nl",
    "Polish": "pl",
    "Portuguese": "pt-BR",
}
CURRENCIES = {"Polish": "PLN", "Portuguese": "BRL"}


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """A matcher with all sentences."""
    return Matcher.of_all_languages()


async def test_what_to_say(matcher: Matcher) -> None:
    """Each is an amount that is logged, as an expense or an income."""
    rows = ROW.findall(PAGE)
    assert {language for language, *_ in rows} == {*TAGS}
    for language, *sentences in rows:
        household = Household(
            currency=CURRENCIES.get(language, "EUR"),
            today=date(2026, 11, 28),
            tags=(TAGS[language],),
        )
        for text in sentences:
            template = await matcher.match(text)
            assert template is not None, text
            understood, _ = listen(text, template, household)
            assert isinstance(understood, Spoken), (text, understood)
            is_income = text == sentences[-1]
            assert (understood.direction is Direction.INCOME) is is_income, text
