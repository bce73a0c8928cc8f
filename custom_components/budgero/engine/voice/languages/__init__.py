"""The languages that are understood, a folder each."""

from collections.abc import Mapping
from typing import Final

from ..language import Language
from .de.money import MONEY as DE_MONEY
from .de.numbers import NUMBERS as DE_NUMBERS
from .en.money import MONEY as EN_MONEY
from .en.numbers import NUMBERS as EN_NUMBERS
from .es.money import MONEY as ES_MONEY
from .es.numbers import NUMBERS as ES_NUMBERS
from .fr.money import MONEY as FR_MONEY
from .fr.numbers import NUMBERS as FR_NUMBERS
from .it.money import MONEY as IT_MONEY
from .it.numbers import NUMBERS as IT_NUMBERS
from .nl.money import MONEY as NL_MONEY
from .nl.numbers import NUMBERS as NL_NUMBERS
from .pl.money import MONEY as PL_MONEY
from .pl.numbers import NUMBERS as PL_NUMBERS
from .pt.money import MONEY as PT_MONEY
from .pt.numbers import NUMBERS as PT_NUMBERS

LANGUAGES: Final[Mapping[str, Language]] = {
    "en": Language(code="en", numbers=EN_NUMBERS, money=EN_MONEY),
    "de": Language(code="de", numbers=DE_NUMBERS, money=DE_MONEY),
    "fr": Language(code="fr", numbers=FR_NUMBERS, money=FR_MONEY),
    "es": Language(code="es", numbers=ES_NUMBERS, money=ES_MONEY),
    "it": Language(code="it", numbers=IT_NUMBERS, money=IT_MONEY),
    "nl": Language(code="nl", numbers=NL_NUMBERS, money=NL_MONEY),
    "pl": Language(code="pl", numbers=PL_NUMBERS, money=PL_MONEY),
    "pt": Language(code="pt", numbers=PT_NUMBERS, money=PT_MONEY),
}
"""All languages, by their code."""


def find_language(tag: str) -> tuple[Language, str | None] | None:
    """Return the language and the region of a tag such as "pt-BR", None if unknown."""
    code, *subtags = tag.replace("_", "-").split("-")
    language = LANGUAGES.get(code.casefold())
    if language is None:
        return None
    regions = [
        subtag.upper() for subtag in subtags if len(subtag) == 2 or subtag.isdecimal()
    ]
    return language, regions[0] if regions else None
