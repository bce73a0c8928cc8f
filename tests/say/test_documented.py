"""The sentences that the documentation shows are understood."""

from datetime import date
from decimal import Decimal
import re

import pytest

from custom_components.budgero.engine.push import Direction
from custom_components.budgero.engine.voice import (
    Household,
    Question,
    Spoken,
    Task,
    listen,
)
from tests.documentation import ROOT

from .matcher import Matcher

PAGE = (ROOT / "docs" / "voice.md").read_text()
README = (ROOT / "README.md").read_text()
ROW = re.compile(r"^\| (\w+)((?: \| \*[^*|]+\*)+) \|$", re.MULTILINE)
AFTERWARDS = [Task.UNDO, Task.CHANGE, Task.LAST, Task.WAITING]
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


def rows(number: int, page: str = PAGE) -> list[tuple[str, list[str]]]:
    """Return languages and sentences of the tables with so many sentences."""
    found = [(name, re.findall(r"\*(.+?)\*", rest)) for name, rest in ROW.findall(page)]
    return [(name, texts) for name, texts in found if len(texts) == number]


def household(language: str) -> Household:
    """Return a household that speaks a language."""
    return Household(
        currency=CURRENCIES.get(language, "EUR"),
        today=date(2026, 11, 28),
        tags=(TAGS[language],),
    )


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """A matcher with all sentences."""
    return Matcher.of_all_languages()


async def test_what_the_readme_says(matcher: Matcher) -> None:
    """It has one sentence for each language, and each is an expense of 12.50."""
    said = rows(1, README)
    assert [language for language, _ in said] == [*TAGS]
    for language, (text,) in said:
        template = await matcher.match(text)
        assert template is not None, text
        understood, _ = listen(text, template, household(language))
        assert isinstance(understood, Spoken), (text, understood)
        assert understood.direction is Direction.EXPENSE, text
        assert understood.amount == Decimal("12.50"), text


async def test_what_to_say(matcher: Matcher) -> None:
    """Each is an amount that is logged, as an expense or an income."""
    assert {language for language, _ in rows(3)} == {*TAGS}
    for language, sentences in rows(3):
        for text in sentences:
            template = await matcher.match(text)
            assert template is not None, text
            understood, _ = listen(text, template, household(language))
            assert isinstance(understood, Spoken), (text, understood)
            is_income = text == sentences[-1]
            assert (understood.direction is Direction.INCOME) is is_income, text


async def test_afterwards(matcher: Matcher) -> None:
    """Each column of the table asks for the same in every language."""
    assert {language for language, _ in rows(4)} == {*TAGS}
    for language, sentences in rows(4):
        for text, task in zip(sentences, AFTERWARDS, strict=True):
            template = await matcher.match(text)
            assert template is not None, text
            understood, _ = listen(text, template, household(language))
            assert isinstance(understood, Question), (text, understood)
            assert understood.task is task, text
            amount = Decimal(15) if task is Task.CHANGE else None
            assert understood.amount == amount, text
