"""One line of text for a transaction that a person decides about."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from homeassistant.util import dt as dt_util

from .engine.names import Kind, NameIndex
from .engine.outbox import FailedBy, Row, State
from .engine.push import (
    Direction,
    Operation,
    SpaceKey,
    Transaction,
    Transfer,
    Update,
    currency_decimals,
    read_content,
)
from .engine.push.errors import CannotOpenError

WORDS: Final = (
    "account",
    "change",
    "deletion",
    "income",
    "key_test",
    "other_key",
    "failed_app",
    "failed_server",
    "vanished",
    "duplicate",
    "unknown",
    "waiting",
    "in_doubt",
)
"""The words of the lines; their texts are in the translations."""

_LONGEST_NAME: Final = 32


@dataclass(frozen=True, slots=True)
class Wording:
    """The words, names and currency with which a line is written.

    Attributes:
        currency: ISO 4217 code of the accounts whose own is not known.
        names: finds the names of accounts.
        words: the text of each word in `WORDS`.
    """

    currency: str
    names: NameIndex
    words: Mapping[str, str]

    def account(self, number: int) -> str:
        """Return the name of an account, or its id if it is not known."""
        entry = self.names.get(Kind.ACCOUNT, number)
        if entry is not None and entry.name:
            return _shortened(entry.name)
        return f"{self.words['account']} {number}"

    def money(self, amount: Decimal, account: int | None) -> str:
        """Return an amount with all its decimals, at least those of the currency."""
        entry = None if account is None else self.names.get(Kind.ACCOUNT, account)
        currency = (entry.currency if entry else None) or self.currency
        decimals = max(-int(amount.normalize().as_tuple().exponent), 0)
        return f"{amount:.{max(decimals, currency_decimals(currency))}f} {currency}"


def label_of(row: Row, key: SpaceKey, wording: Wording) -> str:
    """Return a line with date, payee, amount, account and state of a transaction.

    Args:
        row: the transaction.
        key: opens its content.
        wording: in which words.
    """
    parts = [*_content_of(row, key, wording), wording.words[_state_word(row)]]
    return " · ".join(parts)


def _content_of(row: Row, key: SpaceKey, wording: Wording) -> list[str]:
    words = wording.words
    logged = dt_util.as_local(dt_util.utc_from_timestamp(row.created_at))
    day = logged.date().isoformat()
    if row.operation in (Operation.DELETE, Operation.TEST):
        is_test = row.operation is Operation.TEST
        return [day, words["key_test" if is_test else "deletion"]]
    try:
        content = read_content(key.open(row.sealed.payload))
    except CannotOpenError:
        return [day, words["other_key"]]
    match content:
        case Transaction():
            return _parts_of(content, wording)
        case Transfer():
            accounts = (content.from_account, content.to_account)
            return [
                content.date.isoformat(),
                wording.money(content.amount, content.from_account),
                " → ".join(map(wording.account, accounts)),
            ]
    return [day, words["change"], *_changes(content, wording)]


def label_of_transaction(transaction: Transaction, wording: Wording) -> str:
    """Return a line about a transaction that is not logged yet, with its memo."""
    memo = [_shortened(transaction.memo)] if transaction.memo else []
    return " · ".join([*_parts_of(transaction, wording), *memo])


def _parts_of(transaction: Transaction, wording: Wording) -> list[str]:
    is_income = transaction.direction is Direction.INCOME
    return [
        transaction.date.isoformat(),
        *([_shortened(transaction.payee)] if transaction.payee else []),
        wording.money(transaction.amount, transaction.account),
        *([wording.words["income"]] if is_income else []),
        wording.account(transaction.account),
    ]


def _changes(update: Update, wording: Wording) -> list[str]:
    """Return the new values only."""
    return [
        *([update.date.isoformat()] if update.date else []),
        *([_shortened(update.payee)] if update.payee else []),
        *([wording.money(update.amount, update.account)] if update.amount else []),
        *([wording.account(update.account)] if update.account else []),
    ]


def _state_word(row: Row) -> str:
    """Return the word for the state."""
    match row.state:
        case State.FAILED:
            return f"failed_{row.failed_by or FailedBy.SERVER}"
        case State.WAITING:
            return "in_doubt" if row.in_doubt else "waiting"
    return row.state


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_NAME:
        return text
    return f"{text[: _LONGEST_NAME - 1].rstrip()}…"
