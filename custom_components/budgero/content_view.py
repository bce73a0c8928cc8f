"""What a transaction, a transfer or a change is, in words that templates can read."""

from decimal import Decimal

from homeassistant.util.json import JsonObjectType

from .engine.push import Split, Transaction, Transfer, Update


def describe_content(content: Transaction | Transfer | Update) -> JsonObjectType:
    """Return what was asked for, under the names of the actions' fields."""
    match content:
        case Transaction():
            return _describe_transaction(content)
        case Transfer():
            return _describe_transfer(content)
    return _describe_update(content)


def _describe_transaction(transaction: Transaction) -> JsonObjectType:
    return {
        "type": transaction.direction,
        "amount": float(transaction.amount),
        "date": transaction.date.isoformat(),
        "payee": transaction.payee,
        "memo": transaction.memo,
        "account": transaction.account,
        "category": transaction.category,
        "budget": transaction.budget,
        "transfer_id": transaction.transfer_id,
        "cleared": transaction.cleared,
        "splits": [_describe_split(split) for split in transaction.splits],
    }


def _describe_split(split: Split) -> JsonObjectType:
    return {
        "amount": float(split.amount),
        "category": split.category,
        "transfer_account": split.transfer_account,
        "memo": split.memo,
        "payee": split.payee,
    }


def _describe_transfer(transfer: Transfer) -> JsonObjectType:
    return {
        "from_account": transfer.from_account,
        "to_account": transfer.to_account,
        "amount": float(transfer.amount),
        "date": transfer.date.isoformat(),
        "memo": transfer.memo,
        "budget": transfer.budget,
    }


def _describe_update(update: Update) -> JsonObjectType:
    """Return the new values; what stays as it is, is left out."""
    changes: JsonObjectType = {
        "type": update.direction,
        "amount": _number(update.amount),
        "date": update.date.isoformat() if update.date is not None else None,
        "payee": update.payee,
        "memo": update.memo,
        "account": update.account,
        "category": update.category,
        "cleared": update.cleared,
    }
    return {name: value for name, value in changes.items() if value is not None}


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
