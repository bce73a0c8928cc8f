"""The address of a Budgero server: which ones are allowed, and what to connect to."""

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
import re
import socket
from typing import Final, Self, override

from yarl import URL

from .errors import InputProblem, InvalidInputError, NotPrivateError, UnreachableError
from .seal import strip_pasted

CLOUD: Final = "https://my.budgero.app"
"""Budgero's hosted service."""

API: Final = "/api/v1"

RESOLVE_SECONDS: Final = 10.0
"""Time-out of looking up a host's name, in seconds."""

_FIELD: Final = "url"
_PASTED_PATHS: Final = ("/api/v1/push", "/api/v1", "")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_PORTS: Final = range(1, 65536)
_AUTHORITY: Final = re.compile(
    r"(?:\[(?P<ipv6>[^\[\]]*)\]|(?P<name>[^\[\]:]+))(?::(?P<port>[0-9]{0,5}))?"
)
_LABEL: Final = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME: Final = re.compile(
    rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*(?!(?:[0-9]+|0x[0-9a-f]*)\Z){_LABEL}"
)
"""Names of hosts. One that ends in a number is none, because it must be an IPv4
address."""

# Loopback, private, link-local and unique local addresses, and the shared address
# space, which households use for overlay networks.
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

        Without a scheme it is https, but http for this machine and for a literal
        address on the local network. A trailing `/api/v1`, a default port and a dot at
        the end of the host's name are removed.

        Raises:
            InvalidInputError: not an address, another scheme than http(s), a
                user name in it, a path, query or fragment, or plain http to a
                literal address outside the local network.
        """
        text = strip_pasted(text)
        if not text:
            raise InvalidInputError(_FIELD, InputProblem.MISSING)
        scheme, mark, rest = text.partition("://")
        if not mark:
            scheme, rest = "", text
        elif scheme.lower() not in _DEFAULT_PORTS:
            raise InvalidInputError(_FIELD, InputProblem.BAD_SCHEME)
        [authority, *_] = re.split("[/?#]", rest, maxsplit=1)
        if "@" in authority:
            raise InvalidInputError(_FIELD, InputProblem.HAS_CREDENTIALS)
        host, port = _read_authority(authority)
        if rest.removeprefix(authority).rstrip("/?#") not in _PASTED_PATHS:
            raise InvalidInputError(_FIELD, InputProblem.HAS_PATH)
        scheme = scheme.lower() or ("http" if _is_at_home(host) else "https")
        literal = _literal(host)
        if scheme == "http" and literal is not None and not is_local(literal):
            raise InvalidInputError(_FIELD, InputProblem.NOT_PRIVATE)
        if port == _DEFAULT_PORTS[scheme]:
            port = None
        return cls(URL.build(scheme=scheme, host=host, port=port, path="/"))

    @property
    def is_plain(self) -> bool:
        """Whether requests, including the token, are sent unencrypted."""
        return self.url.scheme == "http"

    @property
    def host_header(self) -> str:
        """The host as a request names it: in ASCII, without a default port."""
        return self.url.host_port_subcomponent or ""

    @property
    def is_exposed(self) -> bool:
        """Whether unencrypted requests leave this machine."""
        host = self.url.raw_host or ""
        literal = _literal(host)
        is_here = host == "localhost" or (literal and literal.is_loopback)
        return self.is_plain and not is_here

    @override
    def __str__(self) -> str:
        """Return the address without a trailing slash."""
        return str(self.url).rstrip("/")

    async def resolve(self) -> URL:
        """Return the base URL to connect to.

        For https that is the address itself: the certificate proves the server.
        For plain http the name is resolved here, and the connection goes to an
        address that was checked to be on the local network. Other addresses of the name
        are not used.

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
        except OSError:  # a time-out is one, too
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


def _is_at_home(host: str) -> bool:
    """Return whether a host is surely this machine or one on the local network."""
    literal = _literal(host)
    return host == "localhost" or (literal is not None and is_local(literal))


def _read_authority(text: str) -> tuple[str, int | None]:
    """Return the host, in ASCII, and the port if one is given.

    Raises:
        InvalidInputError: it is not a host with an optional port.
    """
    found = _AUTHORITY.fullmatch(text)
    host = found and (_read_ipv6(found["ipv6"]) or _read_name(found["name"]))
    port = int(found["port"]) if found and found["port"] else None
    if not host or (port is not None and port not in _PORTS):
        raise InvalidInputError(_FIELD, InputProblem.NOT_AN_ADDRESS)
    return host, port


def _read_ipv6(text: str | None) -> str | None:
    """Return an IPv6 address in its canonical spelling.

    A zone is refused, because it is the name of a network interface of one machine.
    """
    try:
        return None if text is None or "%" in text else str(IPv6Address(text))
    except ValueError:
        return None


def _read_name(text: str | None) -> str | None:
    """Return a host's name as it is looked up, or its IPv4 address."""
    try:
        url = URL.build(scheme="https", host=text or "")
        name = (url.raw_host or "").lower().removesuffix(".") if url.host else ""
    except ValueError:  # it has letters that no host name may have
        return None
    is_ipv4 = _literal(name) is not None
    return name if is_ipv4 or _NAME.fullmatch(name) else None
