"""The engine's errors as translated errors of Home Assistant, in one place."""

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
    UnsupportedError,
)


def to_action_error(error: BudgeroError, message_id: str) -> HomeAssistantError:
    """Return what an action says about an error of the engine.

    Args:
        error: what happened.
        message_id: with which the call can be repeated safely.
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
    """Return what the actions that change something in Budgero say about an error.

    Args:
        error: what happened.
        message_id: of the transaction that was to be changed.
    """
    match error:
        case InvalidInputError() | UnsupportedError() | OutboxFullError():
            return to_action_error(error, message_id)
    return to_queue_error(error, message_id)


def to_queue_error(error: BudgeroError, message_id: str) -> HomeAssistantError:
    """Return what the actions about the queue say about an error of the engine.

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
