"""A running stand-in and a client for every test."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.budgero_server import BudgeroServer

from .client import Client


@pytest.fixture(autouse=True)
def real_sockets(socket_enabled: None) -> None:
    """Allow real sockets in every test of this folder."""


@pytest.fixture
async def server() -> AsyncIterator[BudgeroServer]:
    """Give a server that listens."""
    async with BudgeroServer() as running:
        yield running


@pytest.fixture
async def client(server: BudgeroServer) -> AsyncIterator[Client]:
    """Give a client of that server."""
    timeout = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield Client(server, session)
