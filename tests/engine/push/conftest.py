"""What the tests of the push client share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from ipaddress import ip_address
from pathlib import Path
import ssl

from aiohttp import ClientSession, TCPConnector, ThreadedResolver
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
import pytest

from custom_components.budgero.engine.push import (
    Client,
    Direction,
    Sealed,
    SpaceKey,
    Transaction,
)
from tests.budgero_server import BudgeroServer

from .mishaps import Stage


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[BudgeroServer]:
    """Run Budgero's stand-in on this machine, until it has done all its work."""
    async with BudgeroServer() as server:
        yield server
        async with asyncio.timeout(5):
            while not all(request.finished for request in server.requests):
                await asyncio.sleep(0.01)


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Open a session whose look-ups a test can replace."""
    connector = TCPConnector(resolver=ThreadedResolver())
    async with ClientSession(connector=connector) as session:
        yield session


@pytest.fixture
def key(server: BudgeroServer) -> SpaceKey:
    """Read the space key as a household copies it from the app."""
    return SpaceKey.parse(server.space_key)


@pytest.fixture
def client(server: BudgeroServer, session: ClientSession, key: SpaceKey) -> Client:
    """Return a client of the stand-in."""
    return Client(session, server.url, server.token, key)


@pytest.fixture
def lunch() -> Transaction:
    """Return an everyday expense."""
    return Transaction(
        account=1,
        budget=1,
        category=5,
        date=date(2026, 7, 1),
        amount=Decimal("12.50"),
        direction=Direction.EXPENSE,
        memo="with Zo\u00eb",
        payee="Caf\u00e9 Ri\u010d",
    )


@pytest.fixture
def sealed(client: Client, lunch: Transaction) -> Sealed:
    """Return the everyday expense, ready for the wire."""
    return client.seal(lunch)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a self-signed certificate for this machine, with its private key."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "budgero")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, private.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(private, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(scope="session")
def tls(certificate: Path) -> ssl.SSLContext:
    """Return a server's TLS with a certificate that nobody trusts by default."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
async def stage(
    server: BudgeroServer,
    session: ClientSession,
    tls: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Stage]:
    """Prepare what mishaps are arranged with."""
    async with AsyncExitStack() as stack:
        yield Stage(server, session, tls, monkeypatch, stack)
