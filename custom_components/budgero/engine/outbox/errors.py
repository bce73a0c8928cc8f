"""What can go wrong in the outbox."""

from ..push.errors import BudgeroError


class OutboxError(BudgeroError):
    """Base of the outbox's errors."""


class StorageError(OutboxError):
    """The disk did not take a change: it is full, read-only or failing."""


class UnreadableOutboxError(OutboxError):
    """The file is damaged or no outbox; it was left as it is."""


class ForeignOutboxError(OutboxError):
    """Another program has added triggers or views to the file; it was left as it is."""


class NewerOutboxError(OutboxError):
    """A newer version of this integration wrote the file; it was left as it is."""


class OutboxFullError(OutboxError):
    """Too many transactions are unfinished; nothing was dropped."""


class DifferentContentError(OutboxError):
    """The message id is known with other content."""


class TooManyGuessesError(OutboxError):
    """The message id is known; its content is not compared any more for a day."""


class UnknownTransactionError(OutboxError):
    """No transaction of the outbox has this message id."""


class StillInDoubtError(OutboxError):
    """A transaction may be on its way to Budgero; the answer must come first."""


class NotPossibleError(OutboxError):
    """A transaction in this state cannot be removed, or not be sent again."""


class ClosedError(OutboxError):
    """The outbox is closed."""
