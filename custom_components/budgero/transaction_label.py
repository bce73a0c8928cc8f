"""One line of text for a transaction that a person decides about."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from homeassistant.util import dt as dt_util

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

_LONGEST_PAYEE: Final = 32


def label_of(row: Row, key: SpaceKey, currency: str, words: Mapping[str, str]) -> str:
    """Return a line with date, payee, amount, account and state of a transaction.

    Args:
        row: the transaction.
        key: opens its content.
        currency: ISO 4217 code of the accounts.
        words: the text of each word in `WORDS`.
    """
    parts = [*_content_of(row, key, currency, words), words[_state_word(row)]]
    return " · ".join(parts)


def _content_of(
    row: Row, key: SpaceKey, currency: str, words: Mapping[str, str]
) -> list[str]:
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
            is_income = content.direction is Direction.INCOME
            return [
                content.date.isoformat(),
                *([_shortened(content.payee)] if content.payee else []),
                _money(content.amount, currency),
                *([words["income"]] if is_income else []),
                f"{words['account']} {content.account}",
            ]
        case Transfer():
            accounts = f"{content.from_account} → {content.to_account}"
            return [
                content.date.isoformat(),
                _money(content.amount, currency),
                f"{words['account']} {accounts}",
            ]
    return [day, words["change"], *_changes(content, currency, words)]


def _changes(update: Update, currency: str, words: Mapping[str, str]) -> list[str]:
    """Return the new values only."""
    return [
        *([update.date.isoformat()] if update.date else []),
        *([_shortened(update.payee)] if update.payee else []),
        *([_money(update.amount, currency)] if update.amount else []),
        *([f"{words['account']} {update.account}"] if update.account else []),
    ]


def _state_word(row: Row) -> str:
    """Return the word for the state."""
    match row.state:
        case State.FAILED:
            return f"failed_{row.failed_by or FailedBy.SERVER}"
        case State.WAITING:
            return "in_doubt" if row.in_doubt else "waiting"
    return row.state


def _money(amount: Decimal, currency: str) -> str:
    """Return the amount with all its decimals, at least those of the currency."""
    decimals = max(-int(amount.normalize().as_tuple().exponent), 0)
    return f"{amount:.{max(decimals, currency_decimals(currency))}f} {currency}"


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_PAYEE:
        return text
    return f"{text[: _LONGEST_PAYEE - 1].rstrip()}…"
