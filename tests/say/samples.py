"""Sentences that Home Assistant understands by itself, sampled from its own templates."""

from collections.abc import Iterator
from itertools import islice
import random
from typing import Final

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    Sentence,
    TextChunk,
)
from hassil.intents import Intents, RangeSlotList, SlotList, TextSlotList
from home_assistant_intents import get_intents

# What stands for the household's own names, and for what people dictate.
_NAMES: Final = ("Anna", "A 12", "lunch", "the big lamp", "Lidl", "bread for two")


def samples(language: str, count: int, seed: int = 0) -> list[str]:
    """Return different sentences of a language, the same ones every time.

    Args:
        language: as Home Assistant knows it.
        count: how many.
        seed: for other ones.
    """
    found = get_intents(language)
    assert found is not None, language
    sampler = _Sampler(Intents.from_dict(dict(found)), random.Random(f"{seed}"))
    sentences: dict[str, None] = {}
    for text in islice(sampler.sentences(), count * 20):
        sentences[text] = None
        if len(sentences) == count:
            break
    return list(sentences)


class _Sampler:
    """Says what the templates of a language allow."""

    def __init__(self, intents: Intents, chance: random.Random) -> None:
        self._lists = intents.slot_lists
        self._rules = intents.expansion_rules
        self._intents = intents
        self._chance = chance

    def sentences(self) -> Iterator[str]:
        """Return sentences without end, every kind as often as another."""
        kinds = [
            (sentence, {**self._lists, **data.slot_lists}, data.expansion_rules)
            for intent in self._intents.intents.values()
            for data in intent.data
            for sentence in data.sentences
        ]
        while True:
            sentence, lists, rules = self._chance.choice(kinds)
            said = self._say(sentence.expression, lists, {**self._rules, **rules})
            yield " ".join(said.split())

    def _say(
        self,
        expression: Expression,
        lists: dict[str, SlotList],
        rules: dict[str, Sentence],
    ) -> str:
        if isinstance(expression, TextChunk):
            return expression.original_text
        if isinstance(expression, RuleReference):
            return self._say(rules[expression.rule_name].expression, lists, rules)
        if isinstance(expression, ListReference):
            return self._value(expression, lists, rules)
        assert isinstance(expression, Group)
        items = list(expression.items)
        if isinstance(expression, Alternative):
            items = [self._chance.choice(items)]
        elif isinstance(expression, Permutation):
            self._chance.shuffle(items)
        return "".join(self._say(item, lists, rules) for item in items)

    def _value(
        self,
        reference: ListReference,
        lists: dict[str, SlotList],
        rules: dict[str, Sentence],
    ) -> str:
        found = lists.get(reference.list_name)
        if isinstance(found, TextSlotList) and found.values:
            return self._say(self._chance.choice(found.values).text_in, lists, rules)
        if isinstance(found, RangeSlotList):
            return str(self._chance.randint(found.start, found.stop))
        return self._chance.choice(_NAMES)
