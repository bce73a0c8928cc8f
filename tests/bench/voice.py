"""Voice: what the sentences cost a household, and how fast one is answered."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
import gc
from pathlib import Path
import random
import re
import time
from typing import Final

from hassil.intents import Intents, WildcardSlotList
from hassil.recognize import recognize_all

from custom_components.budgero.engine.voice import (
    LANGUAGES,
    Household,
    Reply,
    Spoken,
    Template,
    Vocabulary,
    listen,
    templates,
)
from tests.engine.voice import golden

from .harness import middle
from .result import Result, at_most
from .size import Size

_ORDINARY: Final = Path(golden.__file__).parent / "ordinary"
_ANYTHING: Final = re.compile(r"\{(\w+)\}")
_LUNCH: Final = "I spent twelve fifty on lunch at Payee 17 yesterday"
_SAME: Final = "itself"


def measure(size: Size) -> list[Result]:
    """Prepare the sentences, match others, and answer one of them."""
    everything = [each for one in LANGUAGES.values() for each in templates(one)]
    intents = _prepared(everything)
    return [
        _largest(),
        _slowest("preparing a language", 80, size, _preparing()),
        _slowest("a sentence of others", 0.5, size, [_others(intents)]),
        _slowest("a long dictation", 150, size, _dictations(intents)),
        _slowest("an answer", 20, size, [_answering(size)]),
    ]


def _largest() -> Result:
    kilobytes = [
        sum(len(each.text.encode()) for each in templates(one)) / 1000
        for one in LANGUAGES.values()
    ]
    return Result(
        what="sentences of the largest language",
        against=_SAME,
        measure="kB",
        figure=middle([max(kilobytes)]),
        aim=at_most(30),
    )


def _slowest(
    what: str, bound: float, size: Size, works: Sequence[Callable[[], int]]
) -> Result:
    """Measure some pieces of work; the slowest one counts.

    Args:
        what: what is done.
        bound: for one of them, in milliseconds.
        size: how often.
        works: each returns how many were done.
    """
    rounds = []
    for _ in range(size.rounds):
        figures = []
        for work in works:
            gc.collect()
            gc.disable()  # what is thrown away here stays in Home Assistant
            start = time.process_time()
            done = work()
            figures.append((time.process_time() - start) * 1000 / done)
            gc.enable()
        rounds.append(max(figures))
    return Result(
        what=what,
        against=_SAME,
        measure="ms",
        figure=middle(rounds),
        aim=at_most(bound),
    )


def _prepared(sentences: Sequence[Template]) -> Intents:
    """Prepare sentences as Home Assistant does."""
    texts = [template.text for template in sentences]
    data = {"Sentences": {"data": [{"sentences": texts}]}}
    intents = Intents.from_dict({"language": "en", "intents": data})
    for known in intents.intents["Sentences"].data:
        assert len(known.sentences) == len(texts)  # they are read when looked at
    for name in {name for text in texts for name in _ANYTHING.findall(text)}:
        intents.slot_lists[name] = WildcardSlotList(name)
    return intents


def _preparing() -> list[Callable[[], int]]:
    def prepare(sentences: Sequence[Template]) -> int:
        _prepared(sentences)
        return 1

    return [partial(prepare, templates(language)) for language in LANGUAGES.values()]


def _others(intents: Intents) -> Callable[[], int]:
    texts = [
        text
        for path in sorted(_ORDINARY.glob("*.txt"))
        for text in path.read_text().splitlines()[:100]
    ]

    def match() -> int:
        for text in texts:
            assert not any(recognize_all(text, intents))
        return len(texts)

    return match


def _dictations(intents: Intents) -> list[Callable[[], int]]:
    """Return the matching of a hundred number words behind a verb, per language."""

    def match(text: str) -> int:
        for _ in recognize_all(text, intents):
            pass
        return 1

    works: list[Callable[[], int]] = []
    for code, language in LANGUAGES.items():
        _, utterances = golden.read(code)
        front = " ".join(utterances[0].text.split()[:2])
        words = " ".join(language.numbers.values.values()).split()
        chance = random.Random(code)
        dictated = " ".join(chance.choice(words) for _ in range(100))
        works.append(partial(match, f"{front} {dictated}"))
    return works


def _answering(size: Size) -> Callable[[], int]:
    """Return the answering of one sentence in a household with many names."""
    household = Household(
        currency="EUR",
        today=date(2026, 11, 28),
        vocabulary=Vocabulary(
            payees=tuple(f"Payee {number}" for number in range(size.names)),
            categories=tuple(f"Category {number}" for number in range(200)),
        ),
    )
    template = templates(LANGUAGES["en"])[0]

    def answer() -> int:
        understood, speaker = listen(_LUNCH, template, household)
        assert isinstance(understood, Spoken)
        assert understood.details.payee == "Payee 17"
        speaker.reply(Reply.NOTED, summary=speaker.summary(understood))
        return 1

    return answer
