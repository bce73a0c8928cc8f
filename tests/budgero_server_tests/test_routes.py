"""Everything around the push: paths, headers, compression, limits."""

import json
import re
import ssl

import aiohttp
import pytest

from tests.budgero_server import BudgeroServer, RateLimit
from tests.budgero_server.rate_limit import RateLimiter
from tests.certificates import self_signed

from .client import Client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/v1/push/"),
        ("GET", "/api/v1/push"),
        ("PUT", "/api/v1/push"),
        ("OPTIONS", "/api/v1/push"),
        ("GET", "/api/v1/api/v1/push"),
        ("GET", "/api/v1/health/"),
        ("GET", "/api/v1"),
    ],
)
async def test_catch_all_asks_for_a_session(
    client: Client, method: str, path: str
) -> None:
    """An unknown path or method is a matter for a session."""
    without = await client.request(method, path)
    with_token = await client.request(
        method, path, authorization=f"Bearer {client.server.token}"
    )

    assert (without.status, without.text) == (
        401,
        '{"message":"missing authorization header"}\n',
    )
    assert (with_token.status, with_token.text) == (
        401,
        '{"message":"invalid token"}\n',
    )


async def test_head(client: Client) -> None:
    """Only the health check answers HEAD."""
    health = await client.request("HEAD", "/api/v1/health")
    spec = await client.request("HEAD", "/api/v1/push/spec")

    assert (health.status, health.text) == (200, "")
    assert (spec.status, spec.text) == (401, "")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/push", "/budgero/api/v1/push"])
async def test_page_outside_the_api(client: Client, method: str, path: str) -> None:
    """Every method gets the page outside the API."""
    answer = await client.request(method, path)

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "This is not Budgero." in answer.text


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/style.css", "text/css"),
        ("/page.js", "text/javascript"),
        ("/icon.svg", "image/svg+xml"),
    ],
)
async def test_assets(client: Client, path: str, content_type: str) -> None:
    """The page has its files, and none writes markup."""
    answer = await client.request("GET", path)

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith(content_type)
    assert "innerHTML" not in answer.text


async def test_the_page_fits_its_script(client: Client) -> None:
    """Everything that the script works with is on the page, and can be asked for."""
    page = (await client.request("GET", "/")).text
    script = (await client.request("GET", "/page.js")).text
    ids = re.findall(r"(?:byId|onClick)\(\"([\w-]+)\"", script)
    copied = re.findall(r"data-copies=\"([\w-]+)\"", page)
    assert len(ids) > 20
    assert {*ids, *copied} <= set(re.findall(r"\bid=\"([\w-]+)\"", page))

    asked = re.findall(r"ask\(\"(\w+)\", \"(\w+)\"", script)
    assert len(asked) == 5
    for method, name in asked:
        answer = await client.request(method, f"/_control/{name}")
        assert answer.status != 404, name


@pytest.mark.parametrize("path", ["/missing.png", "/api/v2/push"])
async def test_unknown_path(client: Client, path: str) -> None:
    """A path with a dot has to be a file, and there is no other API."""
    answer = await client.request("GET", path)

    assert (answer.status, answer.text) == (404, '{"message":"Not Found"}\n')


async def test_public_routes(client: Client) -> None:
    """Health, version and configuration need no token."""
    health = await client.request("GET", "/api/v1/health")
    version = await client.request("GET", "/api/v1/version/latest")
    config = await client.request("GET", "/api/v1/config")

    assert health.text == '{"service":"zero-budget-web","status":"healthy"}\n'
    assert version.text == '{"build_version":"1.6.0","latest_version":"1.6.0"}\n'
    assert config.text == '{"early_access_message":"","early_access_mode":false}\n'


async def test_no_offline_licence(client: Client) -> None:
    """A server that has none says so, with a key of its own for the error."""
    answer = await client.request("GET", "/api/v1/offline/pubkey")

    assert answer.status == 503
    assert json.loads(answer.text).keys() == {"error"}


async def test_the_page_may_be_kept_for_a_year(client: Client) -> None:
    """Budgero lets its HTML be kept, also where the address was meant for an API."""
    for path in ("/", "/push"):
        answer = await client.request("GET", path)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000"
    script = await client.request("GET", "/page.js")
    assert script.headers["Cache-Control"] == "no-cache"


async def test_spec(client: Client) -> None:
    """The specification is that of the release, with its error."""
    answer = await client.request("GET", "/api/v1/push/spec")
    spec = json.loads(answer.text)

    assert answer.status == 200
    assert list(spec) == sorted(spec)
    assert spec["version"] == "2.0"
    assert "v" in spec["payload_format"]["schema"]
    assert list(spec["supported_operations"]) == ["transactions.add"]
    assert spec["encryption"]["format"].startswith("IV (12 bytes)")


async def test_security_headers_and_compression(client: Client) -> None:
    """Every answer is dressed, and packed on demand."""
    plain = await client.request(
        "GET", "/api/v1/push", headers={"Accept-Encoding": "identity"}
    )
    packed = await client.request(
        "GET", "/api/v1/push", headers={"Accept-Encoding": "gzip"}
    )

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.text == packed.text
    for answer in (plain, packed):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in answer.headers


async def test_large_headers(client: Client) -> None:
    """Large headers pass, as in Go."""
    answer = await client.request(
        "GET", "/api/v1/health", headers={"X-Large": "x" * 900_000}
    )

    assert answer.status == 200


async def test_rate_limit() -> None:
    """The limit is per client, and spares the health check."""
    async with (
        BudgeroServer(api_limit=RateLimit(per_second=0.001, burst=3)) as server,
        aiohttp.ClientSession() as session,
    ):
        client = Client(server, session)
        answers = [await client.push("{}") for _ in range(4)]
        other = await client.request(
            "GET", "/api/v1/push/spec", headers={"X-Forwarded-For": "192.0.2.1, x"}
        )
        health = await client.request("GET", "/api/v1/health")

    assert [answer.status for answer in answers] == [400, 400, 400, 429]
    assert answers[3].text == (
        '{"identifier":"127.0.0.1","message":"rate limit exceeded"}\n'
    )
    assert "Retry-After" not in answers[3].headers
    assert (other.status, health.status) == (200, 200)


def test_rate_limit_refills() -> None:
    """With time a client may ask again, but never more than the burst at once."""
    now = 0.0
    limiter = RateLimiter(RateLimit(per_second=20, burst=3), lambda: now)
    assert [limiter.allows("a") for _ in range(4)] == [True, True, True, False]
    now = 0.05
    assert [limiter.allows("a") for _ in range(2)] == [True, False]
    now = 60
    assert [limiter.allows("a") for _ in range(4)] == [True, True, True, False]


async def test_no_rate_limit() -> None:
    """The limit can be switched off."""
    async with (
        BudgeroServer(api_limit=None) as server,
        aiohttp.ClientSession() as session,
    ):
        client = Client(server, session)
        answers = [await client.push("{}") for _ in range(120)]

    assert {answer.status for answer in answers} == {400}


@pytest.mark.allowed_warnings("Error on transport creation")
async def test_tls() -> None:
    """It listens with TLS."""
    certificate = self_signed()
    async with (
        BudgeroServer(ssl_context=certificate.server_context()) as server,
        aiohttp.ClientSession() as session,
    ):
        trust = ssl.create_default_context(cadata=certificate.public)
        async with session.get(server.url + "/api/v1/health", ssl=trust) as response:
            assert server.url.startswith("https://127.0.0.1:")
            assert response.status == 200
            assert "Strict-Transport-Security" in response.headers
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await session.get(server.url + "/api/v1/health")
