"""What a sentence that Home Assistant has matched asks for."""

from functools import cache

from ..push.wire import Direction
from .answers import Speaker
from .grammar import Grammar, Household
from .languages import LANGUAGES
from .problem import Problem
from .spoken import Misheard, Understood
from .templates import Template


def understand(text: str, template: Template, household: Household) -> Understood:
    """Understand a sentence; what is not clear is refused, never guessed.

    Args:
        text: as the user said or wrote it.
        template: which sentence it is; the text is read in its language.
        household: what it is understood with.
    """
    understood = _grammar(template.language).understand(text, household)
    if understood is not None:
        return understood
    return Misheard(problem=Problem.MISSING, direction=Direction.EXPENSE)


def speaker_of(template: Template, household: Household) -> Speaker:
    """Return who answers in the language of a sentence."""
    language = LANGUAGES[template.language]
    return Speaker(
        language.answers,
        language.phrases,
        currency=household.currency,
        today=household.today,
        region=household.region_in(language),
    )


@cache
def _grammar(code: str) -> Grammar:
    """Return the grammar of a language; it takes some milliseconds to prepare."""
    return Grammar(LANGUAGES[code])
