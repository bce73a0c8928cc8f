"""How a Budgero space is reached: what its config entry stores of that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Self

from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant

from .const import CONF_PREVIOUS_SPACE_KEYS, CONF_SPACE_KEY
from .engine.push import CLOUD, Client, ServerAddress, ServerUser, SpaceKey
from .session import async_get_session

_NAMES: Final = (
    CONF_URL,
    CONF_VERIFY_SSL,
    CONF_TOKEN,
    CONF_SPACE_KEY,
    CONF_USERNAME,
    CONF_PASSWORD,
    CONF_PREVIOUS_SPACE_KEYS,
)


@dataclass(frozen=True, slots=True)
class User:
    """A user of an own server."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """How a space is reached, as far as it is known.

    Attributes:
        address: of the server.
        verify_ssl: whether its certificate must be valid.
        token: the push token.
        key: the space key.
        user: who is signed in to an own server.
    """

    address: ServerAddress
    verify_ssl: bool = True
    token: str | None = field(default=None, repr=False)
    key: SpaceKey | None = None
    user: User | None = None

    @classmethod
    def to_cloud(cls) -> Self:
        """Return what is known of the hosted service."""
        return cls(ServerAddress.parse(CLOUD))

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return what the data of an entry says."""
        name = data.get(CONF_USERNAME)
        return cls(
            ServerAddress.parse(data[CONF_URL]),
            data[CONF_VERIFY_SSL],
            data[CONF_TOKEN],
            SpaceKey.parse(data[CONF_SPACE_KEY]),
            None if name is None else User(name, data[CONF_PASSWORD]),
        )

    @property
    def is_cloud(self) -> bool:
        """Whether it is Budgero's hosted service."""
        return str(self.address) == CLOUD

    @property
    def unique_id(self) -> str:
        """The unique id of its entry."""
        assert self.key is not None
        return f"{self.address}#{self.key.fingerprint}"

    def at(self, address: ServerAddress, *, verify_ssl: bool) -> Self:
        """Return this connection with another address.

        The hosted service takes no sign-in and has a certificate for everybody.
        """
        moved = replace(self, address=address, verify_ssl=verify_ssl)
        return replace(moved, verify_ssl=True, user=None) if moved.is_cloud else moved

    def client(self, hass: HomeAssistant) -> Client:
        """Return a client with the push token."""
        assert self.token is not None
        assert self.key is not None
        session = partial(async_get_session, hass, verify_ssl=self.verify_ssl)
        return Client(session, self.address, self.token, self.key)

    def server_user(self, hass: HomeAssistant) -> ServerUser:
        """Return the user, who is not signed in yet."""
        assert self.user is not None
        session = partial(async_get_session, hass, verify_ssl=self.verify_ssl)
        return ServerUser(session, self.address, self.user.name, self.user.password)

    def put_into(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return an entry's data with this connection in place of the one there.

        A key that is no longer used is kept: what waits is sealed with it.
        """
        assert self.key is not None
        changed = {name: value for name, value in data.items() if name not in _NAMES}
        changed |= {
            CONF_URL: str(self.address),
            CONF_VERIFY_SSL: self.verify_ssl,
            CONF_TOKEN: self.token,
            CONF_SPACE_KEY: self.key.export(),
        }
        if self.user is not None:
            changed |= {
                CONF_USERNAME: self.user.name,
                CONF_PASSWORD: self.user.password,
            }
        previous = (*data.get(CONF_PREVIOUS_SPACE_KEYS, ()), data.get(CONF_SPACE_KEY))
        kept = [key for key in previous if key not in (None, changed[CONF_SPACE_KEY])]
        return changed | ({CONF_PREVIOUS_SPACE_KEYS: kept} if kept else {})
