"""Understands a sentence that Home Assistant has matched."""

from decimal import Decimal
from functools import cache

from ..push.wire import Direction
from .answers import Speaker
from .grammar import Grammar, Household
from .language import Language
from .languages import LANGUAGES, find_language
from .money import Heard, Refused, hear_money
from .problem import Problem
from .spoken import Misheard, Understood
from .templates import Template


def listen(
    text: str, template: Template, household: Household
) -> tuple[Understood, Speaker]:
    """Understand a sentence; if it is not clear it is refused, never guessed.

    Args:
        text: as the user said or wrote it.
        template: the template that matched. If the sentence is also one of a likelier
            language of the household (much Spanish is Portuguese), that language
            counts.
        household: what it is understood with.

    Returns:
        What is asked for, and the speaker who answers in the same language.
    """
    for language in _likely(template, household):
        understood = _grammar(language.code).understand(text, household)
        if understood is not None:
            return understood, speaker_of(language, household)
    language = LANGUAGES[template.language]
    heard = hear_money(
        text, language, household.region_in(language), household.currency
    )
    refused = heard if isinstance(heard, Refused) else Refused(Problem.UNCLEAR)
    return (
        _misheard(refused.problem, Direction.EXPENSE, refused.said),
        speaker_of(language, household),
    )


def hear_amount(
    text: str, tag: str, direction: Direction, household: Household
) -> Decimal | Misheard:
    """Find the amount in a sentence that Home Assistant has understood as an intent.

    Args:
        text: as the user said or wrote it.
        tag: the language, such as "pt-BR". If it is not known here, only digits that
            mean the same in English and German are read.
        direction: whether the sentence is about an expense or an income.
        household: what it is understood with.

    Returns:
        The amount, or why there is none.
    """
    found = find_language(tag)
    languages = [found[0]] if found else [LANGUAGES[code] for code in ("en", "de")]
    heard = [
        hear_money(text, language, household.region_in(language), household.currency)
        for language in languages
    ]
    for each in heard:
        if isinstance(each, Refused):
            return _misheard(each.problem, direction, each.said)
    amounts = {each.amount for each in heard if isinstance(each, Heard)}
    if len(amounts) > 1:
        return _misheard(Problem.AMBIGUOUS, direction)
    return amounts.pop()


def _misheard(problem: Problem, direction: Direction, said: str = "") -> Misheard:
    return Misheard(problem=problem, said=said, direction=direction)


def speaker_of(language: Language, household: Household) -> Speaker:
    """Return the speaker of a language."""
    return Speaker(
        language.answers,
        language.phrases,
        currency=household.currency,
        today=household.today,
        region=household.region_in(language),
    )


def _likely(template: Template, household: Household) -> list[Language]:
    """Return the languages of which a sentence may be, the likeliest first."""
    found = [find_language(tag) for tag in household.tags]
    codes = [language.code for language, _ in filter(None, found)]
    return [LANGUAGES[code] for code in dict.fromkeys([*codes, template.language])]


@cache
def _grammar(code: str) -> Grammar:
    """Return the grammar of a language; preparing it takes some milliseconds."""
    return Grammar(LANGUAGES[code])
