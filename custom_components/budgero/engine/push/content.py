"""What can be sealed: additions, transfers, changes, deletions and key tests."""

from contextlib import suppress

from .deletion import Deletion, KeyTest
from .errors import CannotOpenError
from .transaction import Transaction
from .transfer import Transfer
from .update import Update

type Content = Transaction | Transfer | Update | Deletion | KeyTest


def read_content(plaintext: bytes) -> Transaction | Transfer | Update:
    """Read the plaintext of a sealed transaction, transfer or change, in either format.

    Raises:
        CannotOpenError: it is none of these; deletions cannot be read.
    """
    for kind in (Transaction, Transfer):
        with suppress(CannotOpenError):
            return kind.from_wire(plaintext)
    return Update.from_wire(plaintext)
