"""A transaction that an AI agent asks for, and the answers that it may get."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from homeassistant.core import callback

from .const import CONF_AI_AGENTS
from .engine.draft import Draft
from .engine.push import Transaction
from .models import BudgeroConfigEntry
from .spoken_log import Author


class Answer(StrEnum):
    """Why nothing was logged."""

    ALREADY_LOGGED = "already_logged"
    """The same transaction was logged a moment before."""

    ASKED = "asked"
    """The transaction is large; a repair asks a person about it."""

    DECLINED = "declined"
    """A person was asked about the same a moment before, and said no."""

    TOO_MANY = "too_many"
    """Too many transactions wait for a person already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A transaction that an AI agent has asked for.

    Attributes:
        entry_id: of the Budgero space.
        message_id: under which it is logged, now or later.
        author: who asks.
        draft: what is asked for.
        transaction: the same, complete.
        currency: ISO 4217 code of its account's currency.
        at: when, in seconds of the event loop's clock.
    """

    entry_id: str
    message_id: str
    author: Author
    draft: Draft = field(repr=False)
    transaction: Transaction = field(repr=False)
    currency: str
    at: float

    def is_like(self, other: Wish) -> bool:
        """Return whether the same agent asks for the same."""
        return (
            self.entry_id == other.entry_id
            and self.author.id == other.author.id
            and is_alike(self.transaction, other.transaction)
        )


@callback
def agents_may_add(entry: BudgeroConfigEntry) -> bool:
    """Return whether AI agents may add transactions to an entry."""
    return bool(entry.options.get(CONF_AI_AGENTS, False))


def is_alike(one: Transaction, other: Transaction) -> bool:
    """Return whether two transactions are the same but for capitals and blanks."""
    return _folded(one) == _folded(other)


def _folded(transaction: Transaction) -> Transaction:
    payee, memo = transaction.payee, transaction.memo
    return replace(
        transaction,
        payee=None if payee is None else " ".join(payee.casefold().split()),
        memo=" ".join(memo.casefold().split()),
    )


def exactly(transaction: Transaction) -> Draft:
    """Return a draft with ids, so that names and defaults do not change it."""
    return Draft(
        amount=transaction.amount,
        type=transaction.direction,
        date=transaction.date,
        payee=transaction.payee,
        memo=transaction.memo,
        account=transaction.account,
        category=transaction.category,
        budget=transaction.budget,
    )
