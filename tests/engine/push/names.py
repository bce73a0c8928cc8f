"""Name look-ups as a test wants them."""

import asyncio
from collections.abc import Mapping, Sequence
import socket

import pytest

type AddressInfo = tuple[int, int, int, str, tuple[str, int]]


def resolving(
    monkeypatch: pytest.MonkeyPatch, names: Mapping[str, Sequence[str]]
) -> None:
    """Let the running loop know these names and no others."""

    async def getaddrinfo(host: str, port: int, **_: object) -> list[AddressInfo]:
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (_family(address), socket.SOCK_STREAM, 0, "", (address, port))
            for address in names[host]
        ]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)


def _family(address: str) -> int:
    return socket.AF_INET6 if ":" in address else socket.AF_INET
