"""What is said in return: the form of `languages/<xx>/answers.py`, and putting it together.

Every answer says what is true: a transaction is on its way, never booked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from ..push.currencies import currency_decimals
from ..push.wire import Direction
from .phrases import Phrases
from .problem import Problem
from .spoken import Misheard, Spoken


class Reply(StrEnum):
    """The answers that depend on nothing but a few words."""

    NOTED = "noted"
    """`summary`: it is on disk, and on its way."""

    NOTED_AGAIN = "noted_again"
    """`summary`: the same was said a moment before, and both are on their way."""

    HELD = "held"
    """`summary`: it is on disk, and a repair waits for a person."""

    ASKED = "asked"
    """`summary`: above a cap; nothing is logged until a person has said so."""

    TAKEN_BACK = "taken_back"
    """`summary`: it was never sent."""

    TOO_LATE = "too_late"
    """`summary`: it was sent already, so nobody can promise to take it back."""

    REMOVED = "removed"
    """`summary`: it is gone here, and Budgero may have booked it."""

    DELETING = "deleting"
    """`summary`: Budgero has it, and is asked to delete it."""

    NOTHING_TO_TAKE_BACK = "nothing_to_take_back"

    CHANGED = "changed"
    """`summary` of what is logged now."""

    LAST = "last"
    """`summary` of what was logged last."""

    NO_LAST = "no_last"
    """Nothing was logged since Home Assistant started."""

    WAITING = "waiting"
    """`count` of the transactions that wait."""

    NOTHING_WAITING = "nothing_waiting"

    NOT_ALLOWED = "not_allowed"
    """This person may not log."""

    NOT_SET_UP = "not_set_up"
    """There is no entry, it is disabled, or it does not load."""

    NOT_NOW = "not_now"
    """A question that cannot be answered, or a wish that cannot be met, at present."""

    NOT_SAVED = "not_saved"
    """The disk did not take it."""

    NO_ACCOUNT = "no_account"
    """No account was said, and none is the default."""

    UNKNOWN_NAME = "unknown_name"
    """A name is not known, or several have it."""

    FAILED = "failed"
    """Something else; the log says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of one language.

    Attributes:
        decimal: its decimal mark.
        decimal_of: the mark of regions that use another one.
        before: currencies whose sign stands in front, with the sign.
        space_before: whether a blank follows such a sign.
        income: what is put around an income's `{amount}`.
        memo: ... and around the `{name}` of what it was for, or of a preset.
        payee: ... of who was paid.
        payer: ... of who paid.
        category: ... of a category.
        account: ... of an account.
        yesterday: the day before today.
        day: ... around `{day}` and `{month}` of another day.
        months: names of the months as they stand there.
        replies: with `{summary}`, `{count}` or nothing to fill in.
        replies_of: those that a region words in another way.
        problems: why a sentence is refused, with `{currency}` and `{other}`; the
            sentence that works follows.
        try_this: ... around the `{example}` of a sentence that works.
        examples: such sentences, with `{amount}`, for each direction.
        change_example: one that changes an amount.
    """

    decimal: str = ","
    decimal_of: Mapping[str, str]
    before: Mapping[str, str]
    space_before: bool = True
    income: str
    memo: str
    payee: str
    payer: str
    category: str
    account: str
    yesterday: str
    day: str
    months: tuple[str, ...]
    replies: Mapping[Reply, str]
    replies_of: Mapping[str, Mapping[Reply, str]] = field(default_factory=dict)
    problems: Mapping[Problem, str]
    try_this: str
    examples: Mapping[Direction, str]
    change_example: str


_SIGNS: Final = {
    "EUR": "€",
    "GBP": "£",
    "USD": "$",
    "JPY": "¥",
    "PLN": "zł",
    "BRL": "R$",
}


class Speaker:
    """Says things in one language, for one household."""

    def __init__(
        self,
        answers: Answers,
        phrases: Phrases,
        *,
        currency: str,
        today: date,
        region: str | None = None,
    ) -> None:
        """Prepare to speak.

        Args:
            answers: the language's own.
            phrases: its words around the money.
            currency: ISO 4217 code of the account.
            today: the household's date.
            region: of the pipeline's language.
        """
        self._answers = answers
        self._phrases = phrases
        self._currency = currency
        self._today = today
        self._region = region

    def with_currency(self, currency: str) -> Speaker:
        """Return one who says amounts in another currency."""
        return Speaker(
            self._answers,
            self._phrases,
            currency=currency,
            today=self._today,
            region=self._region,
        )

    def amount(self, amount: Decimal) -> str:
        """Return an amount as the language writes it; it is read back as the same."""
        decimals = 0 if amount == amount.to_integral_value() else self._decimals
        mark = self._answers.decimal_of.get(self._region or "", self._answers.decimal)
        digits = f"{amount:.{decimals}f}".replace(".", mark)
        if (sign := self._answers.before.get(self._currency)) is not None:
            return f"{sign}{' ' if self._answers.space_before else ''}{digits}"
        return f"{digits} {_SIGNS.get(self._currency, self._currency)}"

    def summary(self, spoken: Spoken, *, account: str | None = None) -> str:
        """Return in a few words what a transaction is.

        Args:
            spoken: the transaction.
            account: the name of the account that is used, if it was not said.
        """
        details, says = spoken.details, self._answers
        is_income = spoken.direction is Direction.INCOME
        text = self.amount(spoken.amount)
        if is_income:
            text = says.income.format(amount=text)
        for form, name in (
            (says.memo, details.preset),
            (self._memo_form(details.memo), details.memo),
            (says.payer if is_income else says.payee, details.payee),
            (says.category, details.category),
            (says.account, details.account or account),
        ):
            if name:
                text += form.format(name=name)
        return text + self._day(details.day)

    def reply(self, reply: Reply, *, summary: str = "", count: int = 0) -> str:
        """Return an answer."""
        own = self._answers.replies_of.get(self._region or "", {})
        text = own.get(reply, self._answers.replies[reply])
        return text.format(summary=summary, count=count)

    def refusal(self, misheard: Misheard) -> str:
        """Return why a sentence is refused, and one that works."""
        says = self._answers
        why = says.problems[misheard.problem].format(currency=self._currency)
        return f"{why} {says.try_this.format(example=self.example(misheard.direction))}"

    def example(self, direction: Direction | None) -> str:
        """Return a whole sentence that works."""
        form = self._answers.change_example
        if direction is not None:
            form = self._answers.examples[direction]
        example = Decimal(1250) if self._decimals == 0 else Decimal("12.50")
        return form.format(amount=self.amount(example))

    @property
    def _decimals(self) -> int:
        return currency_decimals(self._currency)

    def _memo_form(self, memo: str | None) -> str:
        """Return the form of a memo; some begin with a word such as "with" already."""
        first = (memo or "").casefold().split(" ")[0]
        return " {name}" if first in self._phrases.company else self._answers.memo

    def _day(self, day: date | None) -> str:
        if day is None or day == self._today:
            return ""
        if day == self._today - timedelta(days=1):
            return f", {self._answers.yesterday}"
        month = self._answers.months[day.month - 1]
        return ", " + self._answers.day.format(day=day.day, month=month)
