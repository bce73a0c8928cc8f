"""The languages that are understood; each has a folder."""

from collections.abc import Mapping
from typing import Final

from ..language import Language
from .de import LANGUAGE as DE
from .en import LANGUAGE as EN
from .es import LANGUAGE as ES
from .fr import LANGUAGE as FR
from .it import LANGUAGE as IT
from .nl import LANGUAGE as NL
from .pl import LANGUAGE as PL
from .pt import LANGUAGE as PT

LANGUAGES: Final[Mapping[str, Language]] = {
    language.code: language for language in (EN, DE, FR, ES, IT, NL, PL, PT)
}
"""All languages, by their code."""


def find_language(tag: str) -> tuple[Language, str | None] | None:
    """Return language and country of a tag such as "pt-BR", `None` if unknown.

    A continent, as in "es-419", is not returned as the country, because its countries
    write digits differently.
    """
    code, *subtags = tag.replace("_", "-").split("-")
    language = LANGUAGES.get(code.casefold())
    if language is None:
        return None
    countries = [subtag.upper() for subtag in subtags if len(subtag) == 2]
    return language, countries[0] if countries else None
