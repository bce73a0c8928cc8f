"""What was understood of a sentence."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..push.wire import Direction
from .phrases import Task
from .problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What was said besides the amount; `None` is not said.

    Attributes:
        payee: whom, as typed or as the household calls it.
        memo: what for, as typed.
        day: when.
        preset: the household's name of a preset.
        account: the household's name of an account.
        category: the household's name of a category.
    """

    payee: str | None = None
    memo: str | None = None
    day: date | None = None
    preset: str | None = None
    account: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A transaction that somebody said.

    Attributes:
        direction: an expense or an income; the verb tells.
        amount: above zero, in the account's currency.
        details: what was said besides.
    """

    direction: Direction
    amount: Decimal = field(repr=False)
    details: Details = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something else that somebody asked for.

    Attributes:
        task: what.
        amount: the new one, if there is one.
    """

    task: Task
    amount: Decimal | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misheard:
    """A sentence that asks for something, and does not say what exactly.

    Attributes:
        problem: why.
        said: the part of the sentence that it is about, if that is known.
        direction: of the transaction, if it was to be one.
    """

    problem: Problem
    said: str = field(default="", repr=False)
    direction: Direction | None = None


type Understood = Spoken | Question | Misheard
