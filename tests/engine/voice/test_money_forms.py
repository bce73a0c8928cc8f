"""Every amount that is said or written reads back as itself."""

from collections.abc import Iterator
from decimal import Decimal
import os
import random

import pytest

from custom_components.budgero.engine.voice.languages import find_language
from custom_components.budgero.engine.voice.money import Heard, Refused, hear_money

from .spelling import unaccented
from .spoken import TONGUES, Tongue, bare, in_digits, in_words

MANY = int(os.environ.get("BUDGERO_AMOUNTS", "20"))
"""How many amounts at random; more for a thorough run."""


@pytest.fixture(scope="module", name="hundredths")
def _hundredths() -> list[int]:
    """Small amounts in hundredths, a grid up to 9,999.99, and some at random."""
    chance = random.Random(MANY)
    grid = [whole * 100 + part for whole in (1, 4, 12) for part in range(0, 100, 3)]
    return [
        *range(1, 130, 2),
        *grid,
        *range(101, 1_000_000, 15_919),
        999_999,
        *(chance.randrange(1, 1_000_000) for _ in range(MANY)),
    ]


def heard(tongue: Tongue, text: str) -> Heard | Refused:
    """Hear an amount in the tongue's own currency."""
    found = find_language(tongue.tag)
    assert found is not None
    return hear_money(text, *found, tongue.currency)


@pytest.fixture(params=TONGUES, ids=lambda tongue: tongue.tag)
def tongue(request: pytest.FixtureRequest) -> Tongue:
    """Every language, and the regions that differ."""
    spoken: Tongue = request.param
    return spoken


def assert_reads_back(tongue: Tongue, hundredths: int, forms: Iterator[str]) -> None:
    """Each form alone and in a sentence is exactly this amount, and nothing more."""
    amount = Decimal(hundredths).scaleb(-2)
    for form in forms:
        sentence = tongue.frame.format(form)
        result = heard(tongue, sentence)
        assert isinstance(result, Heard), (sentence, result)
        assert result.amount == amount, (sentence, result)
        assert sentence[result.start : result.end] == form, (sentence, result)


def test_amounts_in_words_read_back(tongue: Tongue, hundredths: list[int]) -> None:
    """With the name of the currency, words are certain."""
    for amount in hundredths:
        assert_reads_back(tongue, amount, in_words(tongue, amount))


def test_amounts_in_digits_read_back(tongue: Tongue, hundredths: list[int]) -> None:
    """Digits, with the currency as sign, code and name."""
    for amount in hundredths[::6]:
        assert_reads_back(tongue, amount, in_digits(tongue, amount))


def test_amounts_without_a_name_read_back(
    tongue: Tongue, hundredths: list[int]
) -> None:
    """Hundredths from ten on need no name, where no other number is said alike."""
    for amount in hundredths:
        assert_reads_back(tongue, amount, bare(tongue, amount))


def test_careless_writing_changes_nothing(
    tongue: Tongue, hundredths: list[int]
) -> None:
    """Accents, capitals and hyphens may be missing."""
    for amount in hundredths[::7]:
        for form in in_words(tongue, amount):
            result = heard(tongue, unaccented(form.upper()).replace("-", " "))
            assert isinstance(result, Heard), (form, result)
            assert result.amount == Decimal(amount).scaleb(-2), (form, result)


def test_small_hundredths_without_a_name_are_never_another_amount(
    tongue: Tongue, hundredths: list[int]
) -> None:
    """Said without a name they are the whole number that is said alike, or refused."""
    for amount in hundredths:
        whole, part = divmod(amount, 100)
        if not (whole and 1 < part < 10):
            continue
        text = f"{tongue.words(whole)} {tongue.words(part)}"
        result = heard(tongue, text)
        if isinstance(result, Heard):
            assert result.amount in {Decimal(amount).scaleb(-2), whole + part}, text
