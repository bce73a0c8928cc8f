"""The result of understanding a sentence."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ..push.wire import Direction
from .phrases import Task
from .problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What was said besides the amount; `None` if nothing was said about a field.

    Attributes:
        payee: the payee as it was typed, or a known name.
        memo: the memo as it was typed.
        day: the day of the transaction.
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
        direction: an expense or an income.
        amount: above zero, in the account's currency.
        details: what was said besides.
    """

    direction: Direction
    amount: Decimal = field(repr=False)
    details: Details = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A task other than logging, such as undo.

    Attributes:
        task: what was asked for.
        amount: the new amount, if the task is to change it.
    """

    task: Task
    amount: Decimal | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misheard:
    """A sentence that is refused, because it is unclear or cannot be carried out.

    Attributes:
        problem: why it is refused.
        said: the part of the sentence that is the reason, if that is known.
        direction: of the transaction, if it was about one.
    """

    problem: Problem
    said: str = field(default="", repr=False)
    direction: Direction | None = None


type Understood = Spoken | Question | Misheard
