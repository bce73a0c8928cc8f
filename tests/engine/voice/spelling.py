"""Numbers in words as Unicode's rules spell them, to compare with."""

from functools import cache
import unicodedata

from unicode_rbnf import RbnfEngine

RULES = {
    "en": ("spellout-cardinal", "spellout-cardinal-verbose"),
    "de": ("spellout-cardinal-neuter", "spellout-cardinal-feminine"),
    "de_CH": ("spellout-cardinal-neuter",),
    "fr": ("spellout-cardinal-masculine", "spellout-cardinal-feminine"),
    "fr_BE": ("spellout-cardinal-masculine",),
    "fr_CH": ("spellout-cardinal-masculine",),
    "es": ("spellout-cardinal-masculine", "spellout-cardinal-feminine"),
    "it": ("spellout-cardinal-masculine", "spellout-cardinal-feminine"),
    "nl": ("spellout-cardinal",),
    "pl": (
        "spellout-cardinal-masculine",
        "spellout-cardinal-feminine",
        "spellout-cardinal-feminine-genitive",
    ),
    "pt": ("spellout-cardinal-masculine", "spellout-cardinal-feminine"),
    "pt_PT": ("spellout-cardinal-masculine",),
}
"""The rules that spell numbers as they stand before money, by Unicode's language."""


@cache
def _engine(language: str) -> RbnfEngine:
    return RbnfEngine.for_language(language)


@cache
def spelled(language: str, number: int, rule: str = "") -> str:
    """Return a number in words."""
    rule = rule or RULES[language][0]
    texts = _engine(language).format_number(number, ruleset_names=[rule])
    return texts.text_by_ruleset[rule].replace("\u00ad", "")


def unaccented(text: str) -> str:
    """Return a text as keyboards without accents and careless speech-to-text write it."""
    parts = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("ß", "ss"))
    return "".join(part for part in parts if not unicodedata.combining(part))
