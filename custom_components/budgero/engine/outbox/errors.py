"""What can go wrong in the outbox."""

from ..push.errors import BudgeroError


class OutboxError(BudgeroError):
    """Base of the outbox's errors."""


class StorageError(OutboxError):
    """The disk did not take a change: it is full, read-only or failing."""


class UnreadableOutboxError(OutboxError):
    """The file is no intact outbox; it was left as it is."""


class NewerOutboxError(OutboxError):
    """A newer version of this integration wrote the file; it was left as it is."""


class OutboxFullError(OutboxError):
    """Too many transactions are unfinished; nothing was dropped."""


class DifferentContentError(OutboxError):
    """The message id is known with other content."""


class ClosedError(OutboxError):
    """The outbox is closed."""
