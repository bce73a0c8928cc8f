"""How a Budgero space is reached: address, secrets and sign-in of its config entry."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, Self

from aiohttp import ClientSession

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
class Server:
    """Where Budgero runs: the part of a connection that is known first.

    Attributes:
        address: of the server.
        verify_ssl: whether its certificate must be valid.
    """

    address: ServerAddress
    verify_ssl: bool = True

    @classmethod
    def cloud(cls) -> Self:
        """Return Budgero's hosted service."""
        return cls(ServerAddress.parse(CLOUD))

    @classmethod
    def at(cls, address: ServerAddress, *, verify_ssl: bool) -> Self:
        """Return the server at an address.

        The certificate of the hosted service is always verified.
        """
        return cls(address, verify_ssl or str(address) == CLOUD)

    @property
    def is_cloud(self) -> bool:
        """Whether it is Budgero's hosted service."""
        return str(self.address) == CLOUD


@dataclass(frozen=True, slots=True)
class User:
    """A user of an own server."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """How a space is reached.

    Attributes:
        server: where Budgero runs.
        token: the push token.
        key: the space key.
        user: the user of an own server to sign in as, if there is one.
    """

    server: Server
    token: str = field(repr=False)
    key: SpaceKey
    user: User | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Return the connection that the data of an entry describes."""
        name = data.get(CONF_USERNAME)
        return cls(
            Server(ServerAddress.parse(data[CONF_URL]), data[CONF_VERIFY_SSL]),
            data[CONF_TOKEN],
            SpaceKey.parse(data[CONF_SPACE_KEY]),
            None if name is None else User(name, data[CONF_PASSWORD]),
        )

    @property
    def unique_id(self) -> str:
        """The unique id of its entry."""
        return f"{self.server.address}#{self.key.fingerprint}"

    def with_server(self, server: Server) -> Self:
        """Return this connection with another server.

        The hosted service has no sign-in, so the user is dropped there.
        """
        return replace(self, server=server, user=None if server.is_cloud else self.user)

    def client(self, hass: HomeAssistant) -> Client:
        """Return a client with the push token."""
        return Client(self._session(hass), self.server.address, self.token, self.key)

    def server_user(self, hass: HomeAssistant) -> ServerUser | None:
        """Return the user, not signed in yet; `None` if the entry has none."""
        if self.user is None:
            return None
        return ServerUser(
            self._session(hass), self.server.address, self.user.name, self.user.password
        )

    def put_into(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Return an entry's data with this connection in place of the one there.

        A replaced key is kept, because waiting transactions are sealed with it.
        """
        changed = {name: value for name, value in data.items() if name not in _NAMES}
        changed |= {
            CONF_URL: str(self.server.address),
            CONF_VERIFY_SSL: self.server.verify_ssl,
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

    def _session(self, hass: HomeAssistant) -> Callable[[], ClientSession]:
        return partial(async_get_session, hass, verify_ssl=self.server.verify_ssl)
