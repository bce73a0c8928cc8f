"""The address of a Budgero server: what is allowed, and how it is reached."""

import asyncio
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
import socket
from typing import Final, Self, override

from yarl import URL

from .errors import InputProblem, InvalidInputError, NotPrivateError, UnreachableError
from .seal import unwrap_pasted

CLOUD: Final = "https://my.budgero.app"
"""Budgero's hosted service."""

API: Final = "/api/v1"

RESOLVE_SECONDS: Final = 10.0

_FIELD: Final = "url"
_PASTED_PATHS: Final = ("/api/v1/push", "/api/v1", "")

# Loopback, private, link-local, unique local; and the shared address space that
# overlay networks of households use.
_LOCAL_NETWORKS: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A server's base address: scheme, host and port, nothing else."""

    url: URL

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address as people paste it.

        Without a scheme https is meant, and http for a literal address on the
        local network. A trailing `/api/v1` goes.

        Raises:
            InvalidInputError: not an address, another scheme than http(s), a
                user name in it, a path, query or fragment, or plain http to a
                literal address outside the local network.
        """
        text = unwrap_pasted(text)
        if not text:
            raise InvalidInputError(_FIELD, InputProblem.MISSING)
        if "://" not in text:
            text = f"{'http' if _starts_local(text) else 'https'}://{text}"
        try:
            url = URL(text)
            host, port = url.host, url.port
        except ValueError:
            host = port = None
        if not host or not port:
            raise InvalidInputError(_FIELD, _malformed(text))
        if url.scheme not in ("http", "https"):
            raise InvalidInputError(_FIELD, InputProblem.BAD_SCHEME)
        if url.user is not None or url.password is not None:
            raise InvalidInputError(_FIELD, InputProblem.HAS_CREDENTIALS)
        if (
            url.path.rstrip("/") not in _PASTED_PATHS
            or url.query_string
            or url.fragment
        ):
            raise InvalidInputError(_FIELD, InputProblem.HAS_PATH)
        literal = _literal(host)
        if url.scheme == "http" and literal is not None and not is_local(literal):
            raise InvalidInputError(_FIELD, InputProblem.NOT_PRIVATE)
        origin = url.origin()
        return cls(origin.with_port(None) if origin.is_default_port() else origin)

    @property
    def is_plain(self) -> bool:
        """Whether what is sent, the token included, travels unencrypted."""
        return self.url.scheme == "http"

    @property
    def host_header(self) -> str:
        """The host as a request names it: in ASCII, without a default port."""
        return self.url.host_port_subcomponent or ""

    @property
    def is_exposed(self) -> bool:
        """Whether what travels unencrypted leaves this machine."""
        literal = _literal(self.url.host or "")
        is_here = self.url.host == "localhost" or (literal and literal.is_loopback)
        return self.is_plain and not is_here

    @override
    def __str__(self) -> str:
        """Return the address without a trailing slash."""
        return str(self.url).rstrip("/")

    async def resolve(self) -> URL:
        """Return the base URL to connect to.

        For https that is the address itself: the certificate proves the server.
        For plain http the name is resolved here, and the connection goes to an
        address that was checked to be on the local network; others that the name
        may have are left alone.

        Raises:
            NotPrivateError: the name leads outside the local network.
            UnreachableError: the name is unknown.
        """
        host = self.url.raw_host
        if not self.is_plain or host is None or _literal(host) is not None:
            return self.url
        try:
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = await asyncio.get_running_loop().getaddrinfo(
                    host, self.url.port, type=socket.SOCK_STREAM
                )
        except OSError, UnicodeError:  # a time-out; a label that no name can have
            found = []
        if not found:
            raise UnreachableError("the name of the server is unknown")
        addresses = [ip_address(entry[4][0]) for entry in found]
        local = [address for address in addresses if is_local(address)]
        if not local:
            raise NotPrivateError
        preferred = min(local, key=lambda address: address.version)
        return self.url.with_host(str(preferred))


def is_local(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is on the local network or this machine."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(
        address in network
        for network in _LOCAL_NETWORKS
        if network.version == address.version
    )


@lru_cache(maxsize=32)
def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _starts_local(text: str) -> bool:
    """Return whether an address without a scheme starts with a local literal."""
    host = text.split("/", 1)[0]
    host = host[1:].split("]", 1)[0] if host[:1] == "[" else host.split(":", 1)[0]
    literal = _literal(host)
    return host == "localhost" or (literal is not None and is_local(literal))


def _malformed(text: str) -> InputProblem:
    scheme = text.split("://", 1)[0].lower()
    if scheme not in ("http", "https"):
        return InputProblem.BAD_SCHEME
    return InputProblem.NOT_AN_ADDRESS
