"""The sentences in Home Assistant's own matcher: what they take, and what they leave."""

from pathlib import Path
import random
import time
from typing import Final

from hassil.parse_expression import parse_sentence
import pytest

from custom_components.budgero.engine.voice import LANGUAGES, Task, listen, templates
from homeassistant.components.conversation.trigger import (
    has_no_punctuation,
    is_valid_sentence,
)
from tests.engine.voice.golden import CODES, outcome, read

from .matcher import Matcher
from .samples import samples

ORDINARY: Final = Path(__file__).parents[1] / "engine" / "voice" / "ordinary"
MOST_BYTES: Final = 30 * 1024
HANG: Final = 10.0
"""Seconds that nothing takes, however slow the machine."""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    """A matcher with all sentences."""
    return Matcher.of_all_languages()


@pytest.mark.parametrize("code", LANGUAGES)
def test_templates(code: str) -> None:
    """Each is valid, also for an automation's trigger, and together they are small."""
    sentences = templates(LANGUAGES[code])
    for template in sentences:
        parse_sentence(template.text)
    texts = [template.text for template in sentences]
    assert has_no_punctuation(texts) == is_valid_sentence(texts) == texts
    assert sum(len(text.encode()) for text in texts) <= MOST_BYTES
    assert {template.task for template in sentences} == {*Task}


def test_no_sentence_in_two_languages() -> None:
    """The template tells the language."""
    texts = [each.text for one in LANGUAGES.values() for each in templates(one)]
    assert len(texts) == len({*texts})


@pytest.mark.parametrize("code", CODES)
async def test_golden(code: str, matcher: Matcher) -> None:
    """What people say is taken and read as it should be, and nothing else is."""
    household, utterances = read(code)
    otherwise = {}
    for each in utterances:
        template = await matcher.match(each.text)
        understood = None
        if template is not None:
            understood, _ = listen(each.text, template, household)
        if (found := outcome(understood, household)) != each.expected:
            otherwise[each.text] = found
    assert otherwise == {}


@pytest.mark.parametrize("code", LANGUAGES)
async def test_ordinary_sentences(code: str, matcher: Matcher) -> None:
    """Hours, letters, recipes and invoices are left alone."""
    texts = (ORDINARY / f"{code}.txt").read_text().splitlines()
    assert len({*texts}) >= 200
    assert [text for text in texts if await matcher.match(text)] == []


@pytest.mark.parametrize("language", [*LANGUAGES, "pt-BR", "de-CH"])
async def test_built_in_sentences(
    language: str, matcher: Matcher, sampled_sentences: int
) -> None:
    """What Home Assistant understands by itself is left alone, too."""
    texts = samples(language, sampled_sentences)
    assert len(texts) == sampled_sentences
    assert [text for text in texts if await matcher.match(text)] == []


@pytest.mark.parametrize("code", LANGUAGES)
async def test_a_long_dictation(code: str, matcher: Matcher) -> None:
    """Number words that never end do not hold Home Assistant up."""
    numbers = LANGUAGES[code].numbers
    words = [word for several in numbers.values.values() for word in several.split()]
    chance = random.Random(code)
    dictation = " ".join(chance.choice(words) for _ in range(100))
    start = time.perf_counter()
    for text in (dictation, *(f"{verb} {dictation}" for verb in _VERBS[code])):
        await matcher.match(text)
    assert time.perf_counter() - start < HANG


_VERBS: Final = {
    "en": ("I spent", "I paid Anna", "log"),
    "de": ("ich habe", "ich habe Anna", "buche"),
    "fr": ("j'ai dépensé", "j'ai payé Anna", "note"),
    "es": ("he gastado", "he pagado en casa", "anota"),
    "it": ("ho speso", "ho pagato Anna", "annota"),
    "nl": ("ik heb", "ik heb Anna", "noteer"),
    "pl": ("wydałem", "zapłaciłem Annie", "zapisz"),
    "pt": ("gastei", "paguei na loja", "anota"),
}
