"""What the tests of newer Budgero servers share."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import State

from .support import row_of, running, until

NEWER = "1.16"
STRICT = "1.16-strict"
"""A release whose app fails operations that it does not know."""


async def until_asked(entry: MockConfigEntry) -> None:
    """Wait until the server's features were read."""
    await until(lambda: bool(running(entry).sender.spec.operations))


async def in_outbox(entry: MockConfigEntry, message_id: object, state: State) -> None:
    """Wait until a row has a state."""
    await running(entry).sender.until_settled(str(message_id))
    assert (await row_of(entry, message_id)).state is state
