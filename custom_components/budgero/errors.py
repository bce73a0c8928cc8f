"""The engine's errors as translated errors of Home Assistant, in one place."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .engine.outbox import (
    ClosedError,
    DifferentContentError,
    NotPossibleError,
    OutboxFullError,
    StillInDoubtError,
    TooManyGuessesError,
    UnknownTransactionError,
)
from .engine.push.errors import (
    BudgeroError,
    InputProblem,
    InvalidInputError,
    NotAllowedError,
    PushError,
    UnsupportedError,
)


@contextmanager
def translated(
    translate: Callable[[BudgeroError, str], HomeAssistantError], message_id: str = ""
) -> Generator[None]:
    """Raise an error of the engine as a translated one.

    The new error has neither cause nor context: the text of the engine's error must
    not get into a log.

    Args:
        translate: one of the functions below.
        message_id: of the transaction that the error is about, if it is known.

    Raises:
        HomeAssistantError: the engine raised a `BudgeroError`.
    """
    try:
        yield
    except BudgeroError as error:
        failure = translate(error, message_id)
    else:
        return
    try:
        raise failure
    finally:
        failure.__context__ = None


def to_action_error(error: BudgeroError, message_id: str) -> HomeAssistantError:
    """Return the error that an action raises for an error of the engine.

    Args:
        error: what happened.
        message_id: the id with which the call can be repeated safely.
    """
    match error:
        case InvalidInputError(field=field, problem=InputProblem.MISSING):
            return _validation(f"missing_{field}")
        case InvalidInputError(field=field, problem=problem):
            return _validation(f"invalid_{problem}", field=field)
        case UnsupportedError(is_known=False):
            return _validation("not_asked_yet")
        case UnsupportedError(fields=(_, *_) as fields):
            return _validation("field_not_supported", fields=", ".join(fields))
        case UnsupportedError():
            return _validation("not_supported")
        case DifferentContentError():
            return _validation("different_content", message_id=message_id)
        case TooManyGuessesError():
            return _validation("too_many_guesses", message_id=message_id)
        case OutboxFullError():
            return _failure("outbox_full")
        case ClosedError():
            return _failure("closed")
    return _failure("storage_failed", message_id=message_id)


def to_change_error(error: BudgeroError, message_id: str) -> HomeAssistantError:
    """Return the error of an action that changes something in Budgero.

    Args:
        error: what happened.
        message_id: of the transaction that was to be changed.
    """
    match error:
        case InvalidInputError() | UnsupportedError() | OutboxFullError():
            return to_action_error(error, message_id)
    return to_queue_error(error, message_id)


def to_queue_error(error: BudgeroError, message_id: str) -> HomeAssistantError:
    """Return the error of an action about the queue.

    Args:
        error: what happened.
        message_id: of the transaction that was asked about.
    """
    match error:
        case UnknownTransactionError():
            return _validation("unknown_transaction", message_id=message_id)
        case StillInDoubtError():
            return _validation("still_in_doubt", message_id=message_id)
        case NotPossibleError():
            return _validation("not_possible", message_id=message_id)
        case ClosedError():
            return _failure("closed")
    return _failure("storage_unavailable")


def to_clear_error(error: BudgeroError, message_id: str) -> HomeAssistantError:
    """Return the error of the action that clears the server's queue.

    Args:
        error: what happened.
        message_id: not used, because many transactions are concerned.
    """
    match error:
        case StillInDoubtError():
            return _validation("clear_in_doubt")
        case NotAllowedError():
            return _failure("clear_not_allowed")
        case PushError(in_doubt=True, code=code):
            return _failure("clear_unknown", code=code)
        case PushError(code=code):
            return _failure("server_refused", code=code)
    return to_queue_error(error, message_id)


def to_put_back_error(error: BudgeroError, message_id: str) -> HomeAssistantError:
    """Return the error for an item that could not be put back.

    Args:
        error: what happened.
        message_id: of the transaction that was to be put back.
    """
    match error:
        case PushError(code=code):
            return _failure("put_back_unknown", message_id=message_id, code=code)
    return to_queue_error(error, message_id)


def _validation(key: str, **placeholders: str) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )


def _failure(key: str, **placeholders: str) -> HomeAssistantError:
    return HomeAssistantError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders=placeholders,
    )
