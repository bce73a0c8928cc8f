"""The engine's errors as translated errors of Home Assistant, in one place."""

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .engine.outbox import ClosedError, DifferentContentError, OutboxFullError
from .engine.push.errors import BudgeroError, InputProblem, InvalidInputError


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
        case DifferentContentError():
            return _validation("different_content", message_id=message_id)
        case OutboxFullError():
            return _failure("outbox_full")
        case ClosedError():
            return _failure("closed", message_id=message_id)
    return _failure("storage_failed", message_id=message_id)


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
