"""The engine's errors reach people as translated ones, and only as these."""

import pytest

from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.errors import to_queue_error, translated
from homeassistant.exceptions import HomeAssistantError


def test_an_error_of_the_engine_is_translated_and_left_behind() -> None:
    """What is raised has neither cause nor context, so no log can tell of them."""
    with (
        pytest.raises(HomeAssistantError) as caught,
        translated(to_queue_error, "mine"),
    ):
        raise StorageError("Canary")
    assert caught.value.translation_key == "storage_unavailable"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize("error", [ValueError("other"), HomeAssistantError("ours")])
def test_every_other_error_stays_as_it_is(error: Exception) -> None:
    """A fault of ours, or what was translated already, is raised unchanged."""
    with pytest.raises(type(error)) as caught, translated(to_queue_error):
        raise error
    assert caught.value is error
