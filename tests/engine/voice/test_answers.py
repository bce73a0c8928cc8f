"""What is said in return: complete, true, and read back as it was meant."""

from datetime import date
from decimal import Decimal
import itertools

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push import Direction
from custom_components.budgero.engine.voice import (
    LANGUAGES,
    Details,
    Household,
    Misheard,
    Problem,
    Reply,
    Spoken,
    speaker_of,
)
from custom_components.budgero.engine.voice.grammar import Grammar
from custom_components.budgero.engine.voice.money import Heard, hear_money

TODAY = date(2026, 11, 28)
CURRENCIES = ("EUR", "USD", "GBP", "CHF", "PLN", "BRL", "JPY", "SEK")
TAGS = ("en", "de", "de-CH", "fr", "fr-CH", "es", "es-MX", "it", "nl", "pl", "pt-BR")
BOOKED = ("book", "gebucht", "comptab", "contabiliz", "geboekt", "zaksięg")


def home(tag: str, currency: str) -> Household:
    """Return a household that speaks a language."""
    return Household(currency=currency, today=TODAY, tags=(tag,))


@given(
    st.sampled_from(TAGS),
    st.sampled_from(CURRENCIES),
    st.integers(1, 100_000_000),
)
def test_amounts_are_read_back(tag: str, currency: str, number: int) -> None:
    """What is said of an amount is heard as that amount."""
    household, language = home(tag, currency), LANGUAGES[tag[:2]]
    amount = Decimal(number) / (1 if currency == "JPY" else 100)
    text = speaker_of(language, household).amount(amount)
    heard = hear_money(text, language, household.region_in(language), currency)
    assert isinstance(heard, Heard), (text, heard)
    assert heard.amount == amount
    assert (heard.start, heard.end) == (0, len(text))


@pytest.mark.parametrize("tag", [*LANGUAGES, "pt-BR"])
def test_complete(tag: str) -> None:
    """Each language has an answer to everything; none says more than is true."""
    speaker = speaker_of(LANGUAGES[tag[:2]], home(tag, "EUR"))
    for reply in Reply:
        text = speaker.reply(reply, summary="SUMMARY", count=3)
        assert text.endswith(".")
        assert "{" not in text
        assert not any(word in text.casefold() for word in BOOKED)
    needs_summary = {
        reply for reply in Reply if "SUMMARY" in speaker.reply(reply, summary="SUMMARY")
    }
    assert needs_summary == {
        Reply.NOTED,
        Reply.NOTED_AGAIN,
        Reply.HELD,
        Reply.ASKED,
        Reply.TAKEN_BACK,
        Reply.TOO_LATE,
        Reply.REMOVED,
        Reply.DELETING,
        Reply.CHANGED,
        Reply.LAST,
    }
    assert "3" in speaker.reply(Reply.WAITING, count=3)
    assert "Budgero" in speaker.reply(Reply.NOTED)


@pytest.mark.parametrize("tag", [*LANGUAGES, "pt-BR"])
@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_refusal_says_a_sentence_that_works(tag: str, currency: str) -> None:
    """In the language and currency of the household."""
    household = home(tag, currency)
    language = LANGUAGES[tag[:2]]
    speaker, grammar = speaker_of(language, household), Grammar(language)
    for problem, direction in itertools.product(Problem, Direction):
        text = speaker.refusal(Misheard(problem=problem, direction=direction))
        example = speaker.example(direction)
        assert text.endswith(example)
        assert "{" not in text
        understood = grammar.understand(example, household)
        assert isinstance(understood, Spoken), example
        assert understood.direction is direction
        assert understood.amount == (1250 if currency == "JPY" else Decimal("12.5"))
    change = grammar.understand(speaker.example(None), household)
    assert change is not None


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_everything(code: str) -> None:
    """Amount, preset, payee, account, category and day."""
    speaker = speaker_of(LANGUAGES[code], home(code, "EUR"))
    details = Details(
        payee="PAYEE",
        preset="PRESET",
        memo="MEMO",
        category="CATEGORY",
        day=date(2026, 11, 3),
    )
    for direction in Direction:
        spoken = Spoken(direction=direction, amount=Decimal("12.5"), details=details)
        text = speaker.summary(spoken, account="ACCOUNT")
        names = ("PAYEE", "PRESET", "MEMO", "CATEGORY", "ACCOUNT")
        assert all(name in text for name in names)
        assert "12.50" in text.replace(",", ".")
        assert LANGUAGES[code].answers.months[10] in text


def test_brazil_has_words_of_its_own() -> None:
    """Repairs, and what waits, are called as in the interface of that language."""
    language = LANGUAGES["pt"]
    european = speaker_of(language, home("pt", "EUR"))
    brazilian = speaker_of(language, home("pt-BR", "BRL"))
    for reply in (Reply.HELD, Reply.ASKED):
        assert "correções" in european.reply(reply, summary="SUMMARY")
        assert "reparos" in brazilian.reply(reply, summary="SUMMARY")
    assert "à espera: 3" in european.reply(Reply.WAITING, count=3)
    assert "aguardando: 3" in brazilian.reply(Reply.WAITING, count=3)
    assert "SUMMARY" in brazilian.with_currency("EUR").reply(
        Reply.LAST, summary="SUMMARY"
    )


@pytest.mark.parametrize(
    ("tag", "problem", "why"),
    [
        ("pt", Problem.AMBIGUOUS, "Não tenho a certeza do valor."),
        ("pt-BR", Problem.AMBIGUOUS, "Não tenho certeza do valor."),
        ("pt", Problem.TOO_LARGE, "O valor é demasiado grande."),
        ("pt-BR", Problem.TOO_LARGE, "O valor é grande demais."),
        ("pt", Problem.LATER, "Só anoto o que já aconteceu."),
        ("pt-BR", Problem.LATER, "Só anoto o que já aconteceu."),
    ],
)
def test_brazil_refuses_in_its_own_words(tag: str, problem: Problem, why: str) -> None:
    """What both say alike is written once."""
    speaker = speaker_of(LANGUAGES["pt"], home(tag, "EUR"))
    text = speaker.refusal(Misheard(problem=problem, direction=Direction.EXPENSE))
    assert text == f"{why} Diga, por exemplo: Gastei 12,50 € em comida"


@pytest.mark.parametrize(("country", "mark"), [("MX", "."), ("AR", ",")])
def test_country_decides_in_a_continent(country: str, mark: str) -> None:
    """Home Assistant has one Spanish for all of Latin America, which writes both ways."""
    language = LANGUAGES["es"]
    household = Household(
        currency="USD", today=TODAY, tags=("es-419", f"es-419-{country}")
    )
    assert household.region_in(language) == country
    amount = speaker_of(language, household).amount(Decimal("12.5"))
    assert amount == f"$ 12{mark}50"


def test_company_stays_a_part_of_the_memo() -> None:
    """As it was said, without another preposition in front."""
    speaker = speaker_of(LANGUAGES["en"], home("en", "EUR"))
    details = Details(memo="with my sister")
    spoken = Spoken(direction=Direction.EXPENSE, amount=Decimal(5), details=details)
    assert speaker.summary(spoken) == "5 € with my sister"
