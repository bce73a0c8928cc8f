"""Composes answers from the texts in `languages/<xx>/answers.py`.

No answer says more than is certain: a transaction is on its way, never booked.
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
    """The answers. Their texts have placeholders, which are named here."""

    NOTED = "noted"
    """`summary`: the transaction is on disk and on its way."""

    NOTED_AGAIN = "noted_again"
    """`summary`: the same was said a moment before; both transactions are on their
    way."""

    HELD = "held"
    """`summary`: the transaction is on disk and held; a repair waits for a person."""

    ASKED = "asked"
    """`summary`: the amount is above a limit; a person is asked before anything is
    logged."""

    TAKEN_BACK = "taken_back"
    """`summary`: the transaction was taken back and never sent."""

    TOO_LATE = "too_late"
    """`summary`: the transaction was sent already, so it cannot be taken back for
    certain."""

    REMOVED = "removed"
    """`summary`: the transaction was removed here, but Budgero may have booked it."""

    DELETING = "deleting"
    """`summary`: Budgero has the transaction, and is asked to delete it."""

    NOTHING_TO_TAKE_BACK = "nothing_to_take_back"

    CHANGED = "changed"
    """`summary` of the transaction that replaces another one."""

    LAST = "last"
    """`summary` of the transaction that was logged last."""

    NO_LAST = "no_last"
    """This person has logged nothing since Home Assistant started."""

    WAITING = "waiting"
    """`count` of the waiting transactions."""

    NOTHING_WAITING = "nothing_waiting"

    NOT_ALLOWED = "not_allowed"
    """This person may not log transactions."""

    NOT_SET_UP = "not_set_up"
    """There is no entry, it is disabled, or it does not load."""

    NOT_NOW = "not_now"
    """The sentence was understood, but cannot be answered or carried out now."""

    NOT_SAVED = "not_saved"
    """The transaction could not be written to the disk."""

    NO_ACCOUNT = "no_account"
    """The sentence names no account, and there is no default one."""

    UNKNOWN_NAME = "unknown_name"
    """A name is not known, or several things have it."""

    FAILED = "failed"
    """Another error; Home Assistant's log says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The answers of one language.

    Attributes:
        decimal: the decimal mark of the language.
        decimal_of: the mark of regions that use another one.
        before: the sign of each currency whose sign stands in front of the amount.
        space_before: whether a blank follows such a sign.
        income: the text for an income, with `{amount}`.
        memo: the text for a memo or a preset, with `{name}`.
        payee: the text for somebody who was paid, with `{name}`.
        payer: the text for somebody who paid, with `{name}`.
        category: the text for a category, with `{name}`.
        account: the text for an account, with `{name}`.
        yesterday: the word for yesterday.
        day: the text for another day, with `{day}` and `{month}`.
        months: the names of the months as they are used in `day`.
        replies: the answers, some with `{summary}` or `{count}`.
        replies_of: answers that differ in a region.
        problems: why a sentence is refused, some with `{currency}`; the text in
            `try_this` follows.
        problems_of: reasons that differ in a region.
        try_this: the text for a sentence that works, with `{example}`.
        examples: sentences that work, with `{amount}`, for each direction.
        change_example: a sentence that changes an amount, with `{amount}`.
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
    problems_of: Mapping[str, Mapping[Problem, str]] = field(default_factory=dict)
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
    """Composes answers in one language, for one household."""

    def __init__(
        self,
        answers: Answers,
        phrases: Phrases,
        *,
        currency: str,
        today: date,
        region: str | None = None,
    ) -> None:
        """Take language and household.

        Args:
            answers: the texts of the language.
            phrases: the words of the language around the money.
            currency: ISO 4217 code of the account.
            today: the household's date.
            region: the region in the language of the pipeline, such as "CH".
        """
        self._answers = answers
        self._phrases = phrases
        self._currency = currency
        self._today = today
        self._region = region

    def with_currency(self, currency: str) -> Speaker:
        """Return a speaker who says amounts in another currency."""
        return Speaker(
            self._answers,
            self._phrases,
            currency=currency,
            today=self._today,
            region=self._region,
        )

    def amount(self, amount: Decimal) -> str:
        """Return an amount as the language writes it, and as it can be read again."""
        decimals = 0 if amount == amount.to_integral_value() else self._decimals
        mark = self._answers.decimal_of.get(self._region or "", self._answers.decimal)
        digits = f"{amount:.{decimals}f}".replace(".", mark)
        if (sign := self._answers.before.get(self._currency)) is not None:
            return f"{sign}{' ' if self._answers.space_before else ''}{digits}"
        return f"{digits} {_SIGNS.get(self._currency, self._currency)}"

    def summary(self, spoken: Spoken, *, account: str | None = None) -> str:
        """Describe a transaction in a few words.

        Args:
            spoken: the transaction.
            account: the name of the account that is used, if the sentence named none.
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
        """Return why a sentence is refused, with a sentence that works."""
        says = self._answers
        own = says.problems_of.get(self._region or "", {})
        why = own.get(misheard.problem, says.problems[misheard.problem])
        why = why.format(currency=self._currency)
        return f"{why} {says.try_this.format(example=self.example(misheard.direction))}"

    def example(self, direction: Direction | None) -> str:
        """Return the text with a sentence that works."""
        form = self._answers.change_example
        if direction is not None:
            form = self._answers.examples[direction]
        example = Decimal(1250) if self._decimals == 0 else Decimal("12.50")
        return form.format(amount=self.amount(example))

    @property
    def _decimals(self) -> int:
        return currency_decimals(self._currency)

    def _memo_form(self, memo: str | None) -> str:
        """Return the text for a memo.

        A memo may begin with a word such as "with" already.
        """
        first = (memo or "").casefold().split(" ")[0]
        return " {name}" if first in self._phrases.company else self._answers.memo

    def _day(self, day: date | None) -> str:
        if day is None or day == self._today:
            return ""
        if day == self._today - timedelta(days=1):
            return f", {self._answers.yesterday}"
        month = self._answers.months[day.month - 1]
        return ", " + self._answers.day.format(day=day.day, month=month)
