"""What the tests of the engine share."""

import ssl

import pytest

from tests.certificates import Certificate, self_signed


@pytest.fixture(scope="session")
def certificate() -> Certificate:
    """A self-signed certificate of this machine."""
    return self_signed()


@pytest.fixture(scope="session")
def tls(certificate: Certificate) -> ssl.SSLContext:
    """The TLS of a server that shows it."""
    return certificate.server_context()
