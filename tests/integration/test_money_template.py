"""The money in sentence templates, through Home Assistant's own matcher."""

from hassil import Intents, recognize_all
import pytest

from custom_components.budgero.engine.voice.language import Language
from custom_components.budgero.engine.voice.languages import LANGUAGES, find_language
from custom_components.budgero.engine.voice.money_template import (
    alternatives,
    money_piece,
    sum_piece,
)
from custom_components.budgero.engine.voice.templates import templates
from tests.engine.voice.spoken import TONGUES, Tongue, bare, in_digits, in_words

AMOUNTS = (1, 80, 100, 120, 205, 1250, 2_121, 9_999, 12_034, 250_000, 999_999)

FEW_WORDS = 1_250
LONGEST = 100_000
"""From here on, in hundredths, a number without a currency may be a year, and one with
a decimal mark is said in too many words."""


def _intents(template: str) -> Intents:
    data = [{"sentences": [template]}]
    return Intents.from_dict({"language": "en", "intents": {"Expense": {"data": data}}})


def _takes(intents: Intents, text: str) -> bool:
    return any(recognize_all(text, intents))


def _language(tongue: Tongue) -> Language:
    found = find_language(tongue.tag)
    assert found is not None
    return found[0]


@pytest.fixture(params=TONGUES, ids=lambda tongue: tongue.tag)
def tongue(request: pytest.FixtureRequest) -> Tongue:
    """Every language, and the regions that differ."""
    spoken: Tongue = request.param
    return spoken


def test_takes_every_form_with_a_currency(tongue: Tongue) -> None:
    """What is said and written with a currency; behind a name not the longest words."""
    wide = _intents(money_piece(_language(tongue)))
    narrow = _intents(sum_piece(_language(tongue)))
    for amount in AMOUNTS:
        for form in in_digits(tongue, amount):
            assert _takes(wide, form), form
            assert _takes(narrow, form), form
        for form in in_words(tongue, amount):
            if f" {tongue.point} " in form and amount > LONGEST:
                continue  # more words than a template has room for
            assert _takes(wide, form), form
            assert amount > FEW_WORDS or _takes(narrow, form), form


def test_takes_every_form_without_a_currency(tongue: Tongue) -> None:
    """Behind a name that is only digits with decimals."""
    wide = _intents(money_piece(_language(tongue)))
    narrow = _intents(sum_piece(_language(tongue)))
    for amount in AMOUNTS:
        for form in bare(tongue, amount):
            assert _takes(wide, form), form
            is_digits = form[0].isdecimal() and amount < LONGEST
            assert is_digits == _takes(narrow, form), form


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "three hours"),
        ("en", "one"),
        ("en", "a"),
        ("en", "twenty minutes"),
        ("en", "bank"),
        ("de", "eine"),
        ("de", "drei Stunden"),
        ("fr", "une"),
        ("fr", "trois heures"),
        ("es", "una"),
        ("es", "tres horas"),
        ("it", "una"),
        ("it", "sette giorni"),
        ("nl", "een"),
        ("nl", "drie uur"),
        ("pl", "jeden"),
        ("pl", "trzy godziny"),
        ("pt", "uma"),
        ("pt", "três horas"),
    ],
)
def test_takes_nothing_else(code: str, text: str) -> None:
    """Hours and articles are no money."""
    language = LANGUAGES[code]
    assert not _takes(_intents(money_piece(language)), text)
    assert not _takes(_intents(sum_piece(language)), text)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_sentences_of_a_language_are_small(code: str) -> None:
    """They are parsed whenever any sentence of the installation changes."""
    size = sum(len(template.text.encode()) for template in templates(LANGUAGES[code]))
    assert size <= 30_000


def test_words_are_written_once() -> None:
    """Common beginnings are shared, and accents may be missing."""
    assert alternatives(["six", "sixty", "sixteen"]) == "six[t(een|y)]"
    assert alternatives(["três"]) == "tr(ê|e)s"
