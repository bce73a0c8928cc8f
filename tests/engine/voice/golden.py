"""The golden utterances: what people say or type, and what is expected of it.

One file for each language, and for regions that differ; one JSON object a line. The
first line is the household; each other one has a `text`, and beside it either `outflow`
or `inflow` with what else was said, or why it is `refused`, or `no_match`. Without a
`date` it is today.
"""

from dataclasses import dataclass
from datetime import date
import json
from pathlib import Path
from typing import Final

from custom_components.budgero.engine.push import Direction, currency_decimals
from custom_components.budgero.engine.voice import (
    Household,
    Misheard,
    Spoken,
    Understood,
    Vocabulary,
)

FOLDER: Final = Path(__file__).parent / "golden"
CODES: Final = sorted(path.stem for path in FOLDER.glob("*.jsonl"))

type Expected = dict[str, str | bool]


@dataclass(frozen=True, slots=True)
class Golden:
    """One utterance.

    Attributes:
        text: what is said.
        expected: what comes of it.
    """

    text: str
    expected: Expected


def read(code: str) -> tuple[Household, list[Golden]]:
    """Return the household and the utterances of a language."""
    lines = (FOLDER / f"{code}.jsonl").read_text().splitlines()
    first, *others = [json.loads(line) for line in lines]
    home = first["household"]
    household = Household(
        currency=home["currency"],
        today=date.fromisoformat(home["today"]),
        tags=(home["language"],),
        vocabulary=Vocabulary(
            presets=tuple(home["presets"]),
            payees=tuple(home["payees"]),
            accounts=tuple(home["accounts"]),
            categories=tuple(home["categories"]),
        ),
    )
    return household, [Golden(each.pop("text"), each) for each in others]


def outcome(understood: Understood | None, household: Household) -> Expected:
    """Return what came of an utterance, as the files write it."""
    if understood is None:
        return {"no_match": True}
    if isinstance(understood, Misheard):
        return {"refused": str(understood.problem)}
    assert isinstance(understood, Spoken), understood
    details, decimals = understood.details, currency_decimals(household.currency)
    is_income = understood.direction is Direction.INCOME
    said = {
        "payee": details.payee,
        "memo": details.memo,
        "date": details.day.isoformat() if details.day else None,
        "preset": details.preset,
        "account": details.account,
        "category": details.category,
    }
    return {
        "inflow" if is_income else "outflow": f"{understood.amount:.{decimals}f}",
        **{key: value for key, value in said.items() if value is not None},
    }
