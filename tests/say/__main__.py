"""What a spoken sentence would do, without saying it and without logging anything.

It goes through Home Assistant's own matcher, with the sentences of all languages.
"""

import argparse
import asyncio
from collections.abc import Iterable
from datetime import date
import json
import sys
from typing import Final

from custom_components.budgero.engine.push import Direction, currency_decimals
from custom_components.budgero.engine.voice import (
    Household,
    Misheard,
    Question,
    Reply,
    Speaker,
    Spoken,
    Task,
    Template,
    Vocabulary,
    listen,
)
from tests.say.matcher import Matcher

_KINDS: Final = {
    "preset": "presets",
    "payee": "payees",
    "account": "accounts",
    "category": "categories",
}
type Answer = dict[str, str | bool | None]


def _answer(text: str, template: Template, household: Household) -> Answer:
    """Return what a text would do that is one of the sentences."""
    understood, speaker = listen(text, template, household)
    match understood:
        case Spoken() as spoken:
            return _draft(spoken, speaker, household)
        case Misheard() as misheard:
            return {"refused": misheard.problem, "say": speaker.refusal(misheard)}
        case Question(task=Task.LAST):
            return {"refused": "nothing_logged", "say": speaker.reply(Reply.NO_LAST)}
        case Question(task=Task.WAITING):
            say = speaker.reply(Reply.NOTHING_WAITING)
            return {"refused": "nothing_waiting", "say": say}
    say = speaker.reply(Reply.NOTHING_TO_TAKE_BACK)
    return {"refused": "nothing_to_take_back", "say": say}


def _draft(spoken: Spoken, speaker: Speaker, household: Household) -> Answer:
    details = spoken.details
    decimals = currency_decimals(household.currency)
    flow = "inflow" if spoken.direction is Direction.INCOME else "outflow"
    return {
        flow: f"{spoken.amount:.{decimals}f}",
        "payee": details.payee,
        "memo": details.memo,
        "date": (details.day or household.today).isoformat(),
        "preset": details.preset,
        "account": details.account,
        "category": details.category,
        "say": speaker.reply(Reply.NOTED, summary=speaker.summary(spoken)),
    }


async def _say(lines: Iterable[str], language: str, household: Household) -> None:
    matcher = Matcher.of_all_languages(language)
    for line in lines:
        text = line.rstrip("\r\n")
        template = await matcher.match(text, language)
        answer: Answer = {"no_match": True}
        if template is not None:
            answer = _answer(text, template, household)
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _names(given: Iterable[str]) -> Vocabulary:
    """Read the household's names.

    Raises:
        ValueError: One of them has no kind that there is.
    """
    names: dict[str, list[str]] = {kind: [] for kind in _KINDS.values()}
    for text in given:
        kind, _, name = text.partition("=")
        if kind not in _KINDS or not name.strip():
            raise ValueError(f"{text!r} is not KIND=NAME with one of {list(_KINDS)}")
        names[_KINDS[kind]].append(name.strip())
    return Vocabulary(**{kind: tuple(found) for kind, found in names.items()})


def main() -> int:
    """Show what the text on the command line, or each line of the input, would do."""
    parser = argparse.ArgumentParser(
        prog="scripts/say",
        description="Show what a spoken sentence would do, as one line of JSON. Without"
        " a text the sentences are read from standard input, one a line.",
    )
    parser.add_argument("text", nargs="?", help="the sentence")
    parser.add_argument("--language", default="en", help="the pipeline's, as pt-BR")
    parser.add_argument("--currency", default="EUR", help="of the account")
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD")
    parser.add_argument(
        "--name",
        action="append",
        default=[],
        metavar="KIND=NAME",
        help=f"a name of the household; KIND is one of {', '.join(_KINDS)}",
    )
    asked = parser.parse_args()
    try:
        vocabulary = _names(asked.name)
    except ValueError as error:
        parser.error(str(error))
    household = Household(
        currency=asked.currency.upper(),
        today=asked.today or date.today(),  # noqa: DTZ011 - of the person's machine
        vocabulary=vocabulary,
        tags=(asked.language,),
    )
    lines = sys.stdin if asked.text is None else [asked.text]
    asyncio.run(_say(lines, asked.language, household))
    return 0


if __name__ == "__main__":
    sys.exit(main())
