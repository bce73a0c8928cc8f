"""The languages that are understood, a folder each."""

from collections.abc import Mapping
from typing import Final

from ..language import Language
from .de.numbers import NUMBERS as DE
from .en.numbers import NUMBERS as EN
from .es.numbers import NUMBERS as ES
from .fr.numbers import NUMBERS as FR
from .it.numbers import NUMBERS as IT
from .nl.numbers import NUMBERS as NL
from .pl.numbers import NUMBERS as PL
from .pt.numbers import NUMBERS as PT

LANGUAGES: Final[Mapping[str, Language]] = {
    "en": Language(code="en", numbers=EN),
    "de": Language(code="de", numbers=DE),
    "fr": Language(code="fr", numbers=FR),
    "es": Language(code="es", numbers=ES),
    "it": Language(code="it", numbers=IT),
    "nl": Language(code="nl", numbers=NL),
    "pl": Language(code="pl", numbers=PL),
    "pt": Language(code="pt", numbers=PT),
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
