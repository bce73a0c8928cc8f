"""The three commands by which the dashboard card talks to the integration.

The card logs with the ordinary action.
"""

from asyncio import Task
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from functools import partial, wraps
from typing import Any, Final

import voluptuous as vol

from homeassistant.auth.models import User
from homeassistant.components.websocket_api import async_register_command
from homeassistant.components.websocket_api.connection import ActiveConnection
from homeassistant.components.websocket_api.const import ERR_HOME_ASSISTANT_ERROR
from homeassistant.components.websocket_api.decorators import (
    async_response,
    websocket_command,
)
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import VolDictType

from .card_view import (
    MAX_VERSION,
    CardView,
    async_describe_entry,
    choices_of,
    version_of,
)
from .const import DOMAIN, LOGGER
from .default_entry import all_entries, find_default
from .errors import to_queue_error, translated
from .models import BudgeroConfigEntry
from .own_entries import OwnEntry, async_follow_own_entries, async_take_own_back
from .permissions import may_log
from .settled import async_wait_until_settled

type Message = dict[str, Any]
type Handler = Callable[
    [HomeAssistant, ActiveConnection, Message], Coroutine[Any, Any, None]
]

CARD: Final = f"{DOMAIN}/card"
SUBSCRIBE: Final = f"{DOMAIN}/card/subscribe"
TAKE_BACK: Final = f"{DOMAIN}/card/take_back"

_ID: Final = vol.All(str, vol.Length(min=1, max=128))
_VERSION: Final[VolDictType] = {
    vol.Optional("version"): vol.All(str, vol.Length(max=MAX_VERSION))
}
"""The version of the card; a page that was opened before an update has an older one."""


@callback
def async_setup_websocket_api(hass: HomeAssistant) -> None:
    """Register the commands, which exist even if no entry can be set up."""
    for command in (_card, _subscribe, _take_back):
        async_register_command(hass, command)


def _with_errors(handler: Handler) -> Handler:
    """Send errors to the card, with the key of their text as code.

    They are not raised, because Home Assistant would log each of them.
    """

    @wraps(handler)
    async def with_errors(
        hass: HomeAssistant, connection: ActiveConnection, msg: Message
    ) -> None:
        try:
            await handler(hass, connection, msg)
        except HomeAssistantError as error:
            connection.send_error(
                msg["id"],
                error.translation_key or ERR_HOME_ASSISTANT_ERROR,
                str(error),
                translation_key=error.translation_key,
                translation_domain=error.translation_domain,
                translation_placeholders=error.translation_placeholders,
            )

    return with_errors


@websocket_command(
    {vol.Required("type"): CARD, vol.Optional(ATTR_CONFIG_ENTRY_ID): _ID, **_VERSION}
)
@async_response
@_with_errors
async def _card(
    hass: HomeAssistant, connection: ActiveConnection, msg: Message
) -> None:
    """Answer with what a card shows."""
    user = connection.user
    entry_id = msg.get(ATTR_CONFIG_ENTRY_ID)
    entry = _find_default(hass, user) if entry_id is None else _find(hass, entry_id)
    if entry is None:
        choices = choices_of(hass, user)
        if all_entries(hass) and not choices:
            raise _refusal("may_not_log")
        view = CardView(
            version=version_of(hass), entries=choices, is_admin=user.is_admin
        )
        connection.send_result(msg["id"], view)
        return
    await _async_check(hass, connection, entry)
    with translated(to_queue_error):
        connection.send_result(msg["id"], await async_describe_entry(hass, entry, user))


@websocket_command(
    {
        vol.Required("type"): SUBSCRIBE,
        vol.Required(ATTR_CONFIG_ENTRY_ID): _ID,
        **_VERSION,
    }
)
@async_response
@_with_errors
async def _subscribe(
    hass: HomeAssistant, connection: ActiveConnection, msg: Message
) -> None:
    """Send changes until the entry is unloaded or the card ends the subscription."""
    entry = _find(hass, msg[ATTR_CONFIG_ENTRY_ID])
    await _async_check(hass, connection, entry)
    version = version_of(hass)
    if (shown := msg.get("version", version)) != version:
        LOGGER.debug("A page shows version %r of the card until it is reloaded", shown)
    subscription = _Subscription(hass, connection, msg["id"], entry)
    connection.subscriptions[msg["id"]] = subscription.end
    connection.send_result(msg["id"], {"version": version})
    subscription.begin()


@websocket_command(
    {
        vol.Required("type"): TAKE_BACK,
        vol.Required(ATTR_CONFIG_ENTRY_ID): _ID,
        vol.Required("message_id"): _ID,
        **_VERSION,
    }
)
@async_response
@_with_errors
async def _take_back(
    hass: HomeAssistant, connection: ActiveConnection, msg: Message
) -> None:
    """Take back what the user has logged."""
    entry = _find(hass, msg[ATTR_CONFIG_ENTRY_ID])
    await _async_check(hass, connection, entry)
    taken_back = await async_take_own_back(
        hass, entry.runtime_data, msg["message_id"], connection.user.id
    )
    connection.send_result(msg["id"], taken_back)


def _find_default(hass: HomeAssistant, user: User) -> BudgeroConfigEntry | None:
    """Return the default entry, `None` if the user may not log in it."""
    default = find_default(hass)
    return default if default and may_log(hass, default, user) else None


def _find(hass: HomeAssistant, entry_id: str) -> BudgeroConfigEntry:
    """Return an entry, loaded or not.

    Raises:
        ServiceValidationError: there is none with this id.
    """
    for entry in all_entries(hass):
        if entry.entry_id == entry_id:
            return entry
    raise _refusal("unknown_entry")


async def _async_check(
    hass: HomeAssistant, connection: ActiveConnection, entry: BudgeroConfigEntry
) -> None:
    """Refuse a user who may not log, and an entry that is not loaded.

    An entry that is being loaded is waited for.

    Raises:
        ServiceValidationError: the user may not log, or the entry is not loaded.
    """
    if not may_log(hass, entry, connection.user):
        raise _refusal("may_not_log")
    await async_wait_until_settled(entry)
    if entry.state is not ConfigEntryState.LOADED:
        raise _refusal("not_set_up")


def _refusal(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)


def _cancel(task: Task[None]) -> None:
    task.cancel()


class _Subscription:
    """Sends events to one card, until it is ended or the entry is gone."""

    def __init__(
        self,
        hass: HomeAssistant,
        connection: ActiveConnection,
        message_id: int,
        entry: BudgeroConfigEntry,
    ) -> None:
        """Take the connection, the id of the command and the entry."""
        self._hass = hass
        self._connection = connection
        self._message_id = message_id
        self._entry = entry
        self._ends: list[CALLBACK_TYPE] = []

    @callback
    def begin(self) -> None:
        """Follow the entry, its names, and what the user has logged."""
        data = self._entry.runtime_data
        following = self._entry.async_create_background_task(
            self._hass,
            async_follow_own_entries(data, self._connection.user.id, self._tell),
            "budgero card",
        )
        self._ends = [
            partial(_cancel, following),
            data.names.async_subscribe(self._names_changed),
            async_dispatcher_connect(
                self._hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
            ),
        ]

    @callback
    def end(self) -> None:
        """Send nothing more."""
        while self._ends:
            self._ends.pop()()

    @callback
    def _tell(self, own: OwnEntry) -> None:
        if may_log(self._hass, self._entry, self._connection.user):
            self._send({"type": "entry", **asdict(own)})
        else:
            self._be_gone()

    @callback
    def _names_changed(self) -> None:
        self._send({"type": "names"})

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain != DOMAIN:
            return
        if entry is self._entry and entry.state is not ConfigEntryState.LOADED:
            self._be_gone()
        else:
            self._names_changed()  # a preset, a title or the default entry has changed

    @callback
    def _be_gone(self) -> None:
        self._send({"type": "gone"})
        self.end()

    @callback
    def _send(self, event: Message) -> None:
        self._connection.send_event(self._message_id, event)
