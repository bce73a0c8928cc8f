"""Whole numbers in words, against Unicode's spelling of them."""

import re

import pytest

from custom_components.budgero.engine.voice.cardinals import cardinal
from custom_components.budgero.engine.voice.folding import fold
from custom_components.budgero.engine.voice.languages import LANGUAGES

from .spelling import RULES, spelled, unaccented

SAMPLE = [*range(2100), *range(2101, 10_000, 97), 9_999]
FEW = [*range(130), *range(131, 10_000, 331)]


def read(code: str, text: str) -> int | None:
    """Read a text that is one number."""
    numbers = LANGUAGES[code[:2]].numbers
    words: list[str] = []
    for word in re.findall(r"[^\W\d_]+", text):
        words += numbers.split(fold(word)) or (fold(word),)
    return cardinal(words, numbers)


@pytest.mark.parametrize("spelling", RULES)
def test_reads_what_unicode_spells(spelling: str) -> None:
    """Every number up to 2,099 and a sample beyond, with and without accents."""
    for rule in RULES[spelling]:
        is_whole = rule == RULES[spelling][0] and len(spelling) == 2
        for number in SAMPLE if is_whole else FEW:
            text = spelled(spelling, number, rule)
            assert read(spelling, text) == number, text
            assert read(spelling, unaccented(text)) == number, text


@pytest.mark.parametrize(
    ("code", "text", "number"),
    [
        ("en", "a hundred", 100),
        ("en", "a hundred and five", 105),
        ("en", "hundred five", 105),
        ("en", "twelve hundred", 1200),
        ("en", "twelve hundred fifty", 1250),
        ("en", "a thousand and one", 1001),
        ("de", "hundert", 100),
        ("de", "hundertfünf", 105),
        ("de", "hundert und fünf", 105),
        ("de", "zwo", 2),
        ("de", "zwoundzwanzig", 22),
        ("de", "einen und zwanzig", 21),
        ("de", "fünf und dreißig", 35),
        ("de", "zwölfhundert", 1200),
        ("de", "tausend zwei hundert", 1200),
        ("fr", "quatre-vingt", 80),
        ("fr", "deux cent", 200),
        ("fr", "deux cent un", 201),
        ("fr", "septante et un", 71),
        ("fr", "huitante-deux", 82),
        ("fr", "nonante neuf", 99),
        ("fr", "douze cents", 1200),
        ("fr", "soixante et onze", 71),
        ("es", "veintidos", 22),
        ("es", "dieciseis", 16),
        ("es", "ciento cinco", 105),
        ("es", "cien mil", 100_000),
        ("es", "doscientas cuarenta y una", 241),
        ("it", "ventitre", 23),
        ("it", "cento cinque", 105),
        ("it", "mille duecento", 1200),
        ("it", "venti uno", 21),
        ("it", "duemila", 2000),
        ("nl", "tweeentwintig", 22),
        ("nl", "honderd en vijf", 105),
        ("nl", "twaalfhonderd", 1200),
        ("nl", "één", 1),
        ("nl", "drie en twintig", 23),
        ("pl", "stu pięciu", 105),
        ("pl", "dwudziestu", 20),
        ("pl", "dwa tysiące", 2000),
        ("pl", "dwiescie piecdziesiat", 250),
        ("pt", "dezasseis", 16),
        ("pt", "dezesseis", 16),
        ("pt", "quatorze", 14),
        ("pt", "mil duzentos", 1200),
        ("pt", "mil e duzentos", 1200),
        ("pt", "duzentas e cinquenta e uma", 251),
    ],
)
def test_reads_what_people_say(code: str, text: str, number: int) -> None:
    """Colloquial numbers, and the spellings of speech-to-text."""
    assert read(code, text) == number


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "twelve fifty"),
        ("en", "twenty thirteen"),
        ("en", "fifty hundred hundred"),
        ("en", "two two"),
        ("en", "twenty a"),
        ("de", "zwölf dreißig"),
        ("de", "zwanzig fünf"),
        ("de", "zwölf und zwanzig"),
        ("fr", "douze cinquante"),
        ("fr", "vingt dix"),
        ("es", "doce cincuenta"),
        ("es", "treinta cinco"),
        ("es", "cien cinco"),
        ("it", "dodici cinquanta"),
        ("nl", "twaalf vijftig"),
        ("pl", "dwanaście pięćdziesiąt"),
        ("pl", "sto dwieście"),
        ("pt", "doze e cinquenta"),
        ("pt", "cem e vinte"),
    ],
)
def test_adds_no_separate_numbers(code: str, text: str) -> None:
    """Two numbers are not one."""
    assert read(code, text) is None
