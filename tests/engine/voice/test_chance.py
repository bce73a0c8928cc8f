"""Words thrown together: whatever is heard is what stands there, and no more."""

from decimal import Decimal
import random
import re

import pytest

from custom_components.budgero.engine.voice.language import Language
from custom_components.budgero.engine.voice.languages import LANGUAGES
from custom_components.budgero.engine.voice.money import Heard, hear_money

_DIGITS = ("12", "50", "5", "12.50", "12,50", "1.234", "1,234", "1 234", "05", "-5")
_OTHER = ("lunch", "Lidl", ".", ",", "-", "€", "$", "EUR", "R$")
_CURRENCIES = {"pl": "PLN", "pt": "BRL"}


def _words(language: Language) -> list[list[str]]:
    """Return what a sentence is thrown together from, a list for each kind of word."""
    numbers, money = language.numbers, language.money
    inside = f"{numbers.hundred} {numbers.thousand} {numbers.point} {numbers.ohs}"
    kinds = [
        [word for words in numbers.values.values() for word in words.split()],
        list(_DIGITS),
        " ".join(money.units.values()).split(),
        " ".join(money.hundredths.values()).split(),
        [*inside.split(), *numbers.half_endings, *numbers.halves],
        money.prepositions.split(),
        money.following.split(),
        f"{money.joins} {money.operators}".split(),
        list(_OTHER),
    ]
    return [*kinds, kinds[0], kinds[0], kinds[1]]


@pytest.mark.parametrize("code", LANGUAGES)
def test_an_amount_is_the_words_that_it_consists_of(code: str) -> None:
    """Alone, the words of an amount mean the same; none stands beside a number."""
    language = LANGUAGES[code]
    currency = _CURRENCIES.get(code, "EUR")
    kinds = _words(language)
    chance = random.Random(code)
    heard = 0
    for _ in range(1500):
        some = [
            chance.choice(chance.choice(kinds)) for _ in range(chance.randint(2, 6))
        ]
        text = " ".join(some)
        result = hear_money(text, language, None, currency)
        if not isinstance(result, Heard):
            continue
        heard += 1
        said = text[result.start : result.end]
        assert result.amount > 0, text
        assert result.amount == round(result.amount, 2), text
        alone = hear_money(said, language, None, currency)
        assert isinstance(alone, Heard), (text, said, alone)
        assert alone.amount == result.amount, (text, said)
        assert not re.search(r"[0-9][.,]?$", text[: result.start]), text
        assert not re.match(r"[.,]?[0-9]", text[result.end :]), text
    assert heard > 150


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("currency", ["JPY", "KRW", "ISK"])
def test_currencies_without_hundredths_are_never_scaled(
    code: str, currency: str
) -> None:
    """What is heard in them is a whole number that somebody said or wrote."""
    language = LANGUAGES[code]
    kinds = _words(language)
    chance = random.Random(code)
    for _ in range(400):
        text = " ".join(chance.choice(chance.choice(kinds)) for _ in range(4))
        result = hear_money(text, language, None, currency)
        if isinstance(result, Heard):
            assert result.amount == result.amount.to_integral_value(), text


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_name_of_money_means_something_else(code: str) -> None:
    """Without accents, no currency looks like an hour, a preposition or a number."""
    numbers, money = LANGUAGES[code].numbers, LANGUAGES[code].money
    names = set(money.currencies) | set(money.currencies_of_hundredths)
    assert not names & money.common_words
    both = {"cents"} if code == "fr" else set()
    assert names & numbers.atoms == both


@pytest.mark.parametrize("code", LANGUAGES)
def test_long_texts_take_no_time(code: str) -> None:
    """A text that is too long is not listened to, and a long one is nothing special."""
    language = LANGUAGES[code]
    word = next(iter(language.numbers.values[20].split()))
    for text in (f"{word} " * 60, "1 " * 200, word * 60, f"{Decimal(12)}{word}" * 30):
        assert not isinstance(hear_money(text, language, None, "EUR"), Heard)
    assert not isinstance(hear_money("12 " + "x" * 500, language, None, "EUR"), Heard)
