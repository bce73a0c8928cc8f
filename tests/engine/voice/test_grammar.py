"""From what people say to what is logged, without Home Assistant's matcher."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push import Direction
from custom_components.budgero.engine.voice import (
    LANGUAGES,
    Household,
    Misheard,
    Problem,
    Question,
    Spoken,
    Task,
    Vocabulary,
)
from custom_components.budgero.engine.voice.grammar import MAX_LENGTH, Grammar

from .golden import CODES, outcome, read

GRAMMARS = {code: Grammar(language) for code, language in LANGUAGES.items()}
HOME = Household(
    currency="EUR",
    today=date(2026, 11, 28),
    vocabulary=Vocabulary(
        presets=("Coffee", "Coffee to go"),
        payees=("Lidl", "Five Guys", "Studio 54", "Bar at the Lake", "Ann", "7"),
        accounts=("Visa", "Joint Checking"),
        categories=("Eating out", "Coffee"),
    ),
)


def said(text: str, household: Household = HOME, code: str = "en") -> Spoken:
    """Understand a sentence that is clear."""
    understood = GRAMMARS[code].understand(text, household)
    assert isinstance(understood, Spoken), understood
    return understood


@pytest.mark.parametrize("code", CODES)
def test_golden(code: str) -> None:
    """Everything that is a sentence is read as it should be."""
    household, utterances = read(code)
    grammar = GRAMMARS[code.partition("-")[0]]
    assert len(utterances) >= (25 if code in LANGUAGES else 5)
    read_otherwise = {
        each.text: found
        for each in utterances
        if "no_match" not in each.expected
        and (found := outcome(grammar.understand(each.text, household), household))
        != each.expected
    }
    assert read_otherwise == {}


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("I spent 3 on coffee", "preset", "Coffee"),
        ("I spent 3 on a COFFEE TO GO", "preset", "Coffee to go"),
        ("I spent 3 on coffeetogo", "preset", "Coffee to go"),
        ("I spent 3 on coffee beans", "memo", "coffee beans"),
        ("I spent 3 at the lidl", "payee", "Lidl"),
        ("I spent 3 at Lidl Plus", "payee", "Lidl Plus"),
        ("I spent 3 at the bar at the lake", "payee", "Bar at the Lake"),
        ("I spent 3 on éating-out", "category", "Eating out"),
        ("I spent 3 at five guys", "payee", "Five Guys"),
        ("I paid five guys 20 euros", "payee", "Five Guys"),
        ("I spent 20 at studio 54", "payee", "Studio 54"),
        ("I spent 20 on my visa", "account", "Visa"),
        ("I spent 20 from joint checking", "account", "Joint Checking"),
        ("I spent 20 on Anna", "memo", "Anna"),
        ("I spent 7", "payee", None),
    ],
)
def test_known_names(text: str, kind: str, name: str | None) -> None:
    """The longest that fits counts, whatever its case, accents, blanks and article."""
    details = said(text).details
    assert getattr(details, kind) == name
    others = {"preset", "payee", "memo", "account", "category"} - {kind}
    assert all(getattr(details, each) is None for each in others)


def test_names_that_several_have() -> None:
    """Are passed on as they were said; who resolves them refuses them."""
    twice = replace(HOME, vocabulary=Vocabulary(payees=("Café", "CAFE")))
    assert said("I spent 3 at cafe", twice).details.payee == "cafe"
    assert said("I spent 3 at CAFE", twice).details.payee == "CAFE"


def test_names_that_are_declined() -> None:
    """Polish names are known in another case, unless two could be meant."""
    names = Vocabulary(payees=("Biedronka", "Żabka", "Rossmann", "Anna", "Anka"))
    home = replace(HOME, vocabulary=names, currency="PLN")
    for text, payee in {
        "Wydałem 20 zł w Biedronce": "Biedronka",
        "Wydałem 20 zł w Żabce": "Żabka",
        "Wydałem 20 zł w Rossmannie": "Rossmann",
        "Wydałem 20 zł u Anki": "Anka",
        "Wydałem 20 zł w Bielsku": "Bielsku",
    }.items():
        assert said(text, home, "pl").details.payee == payee


def test_prepositions_within_a_memo() -> None:
    """Some say whom only directly behind the money; later they belong to the memo."""
    details = said("I spent 200 on a trip to Berlin").details
    assert (details.memo, details.payee) == ("a trip to Berlin", None)
    details = said("I paid 200 to Berlin Travel for a trip").details
    assert (details.memo, details.payee) == ("a trip", "Berlin Travel")
    details = said("I spent 20 at the market at the lake for fish for Ann").details
    assert (details.memo, details.payee) == ("fish for Ann", "the market at the lake")


def test_what_was_typed_stays() -> None:
    """Payee and memo are kept letter for letter."""
    details = said("I spent 12 at O’Brien's & Söhne for 2 x milk, bread").details
    assert details.payee == "O'Brien's & Söhne"
    assert details.memo == "2 x milk, bread"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("I spent 5 yesterday", date(2026, 11, 27)),
        ("the day before yesterday I spent 5 on lunch", date(2026, 11, 26)),
        ("I spent 5 on lunch last Saturday", date(2026, 11, 21)),
        ("I spent 5 on Sunday at Lidl", date(2026, 11, 22)),
        ("I spent 5 on November 28th", date(2026, 11, 28)),
        ("I spent 5 on the 29th of November on lunch", date(2025, 11, 29)),
        ("On 29 February I spent 5", date(2024, 2, 29)),
        ("I spent 5 today", date(2026, 11, 28)),
        ("I spent 5 on the 31st of April", None),
        ("I spent 5 on yesterday's bread", None),
    ],
)
def test_days(text: str, day: date | None) -> None:
    """The last such day, never a future one; a word that only looks like one is none."""
    assert said(text).details.day == day


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_days_are_never_in_the_future(today: date) -> None:
    """In no language, whatever day it is."""
    home = replace(HOME, today=today)
    for text, code in (
        ("I spent 5 on Friday", "en"),
        ("Ich habe am 3. November 5 € ausgegeben", "de"),
        ("Ho speso 5 euro venerdì", "it"),
    ):
        day = said(text, home, code).details.day
        assert day is not None
        assert day <= today


@pytest.mark.parametrize(
    "text",
    [
        "log 12 euros for lunch in 5 minutes",
        "log 12 euros for lunch in half an hour",
        "in ten minutes log 12 euros for lunch",
        "log 12 euros for lunch tomorrow",
        "I spent 12 euros on lunch every day",
    ],
)
def test_times_to_come(text: str) -> None:
    """Are refused: nothing is logged later, and nothing again and again."""
    assert GRAMMARS["en"].understand(text, HOME) == Misheard(
        problem=Problem.LATER, direction=Direction.EXPENSE
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_other_questions(code: str) -> None:
    """Each language can ask for everything."""
    questions = {
        "en": ("take back that expense", "what did I log last"),
        "de": ("nimm diese Ausgabe zurück", "was habe ich zuletzt gebucht"),
        "fr": ("annule cette dépense", "qu'ai-je noté en dernier"),
        "es": ("anula ese gasto", "cuál fue mi último gasto"),
        "it": ("annulla questa spesa", "che cosa ho speso per ultimo"),
        "nl": ("neem die uitgave terug", "wat heb ik het laatst genoteerd"),
        "pl": ("cofnij ten wydatek", "co zapisałem ostatnio"),
        "pt": ("anula essa despesa", "o que gastei por último"),
    }
    for text, task in zip(questions[code], (Task.UNDO, Task.LAST), strict=True):
        understood = GRAMMARS[code].understand(text, HOME)
        assert understood == Question(task=task), text


def test_another_amount() -> None:
    """A change says which."""
    understood = GRAMMARS["en"].understand("change that to 15", HOME)
    assert understood == Question(task=Task.CHANGE, amount=Decimal(15))


@pytest.mark.parametrize(
    "text",
    ["", "...", "hello", "I spent three hours in the garden", "I spent " + "9 " * 400],
)
def test_nothing_about_money(text: str) -> None:
    """Is none of the sentences; nor is what nobody says in one breath."""
    assert len(text) < MAX_LENGTH or text.startswith("I spent 9")
    assert GRAMMARS["en"].understand(text, HOME) is None


@given(st.text(max_size=80), st.sampled_from([*LANGUAGES]))
def test_any_text(text: str, code: str) -> None:
    """Nothing that somebody types is an error."""
    GRAMMARS[code].understand(f"I spent 5 at {text}", HOME)
    GRAMMARS[code].understand(text, HOME)
