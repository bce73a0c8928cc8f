"""No secret and nothing private shows in what a failure leaves behind."""

import ast
import base64
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
import json
import logging
from pathlib import Path
import sys
import traceback
from urllib.parse import quote

from aiohttp import ClientSession
import pytest

from custom_components.budgero import engine
from custom_components.budgero.engine.push import (
    Client,
    KeyProof,
    Sealed,
    ServerAddress,
    ServerUser,
    SpaceKey,
    Transaction,
    parse_token,
)
from custom_components.budgero.engine.push.errors import (
    CannotOpenError,
    InDoubtError,
    InvalidInputError,
    PushError,
)
from custom_components.budgero.engine.push.fields import (
    parse_date,
    parse_id,
    parse_message_id,
    parse_text,
)
from custom_components.budgero.engine.push.written_money import parse_amount
from tests.budgero_server import BudgeroServer

from .credentials import KEY, TOKEN, USER
from .mishaps import Mishap, Stage, each_mishap, suffer
from .user_mishaps import UserMishap, each_user_mishap, suffer_as_user
from .user_wire import says
from .wire import Heard, Wire, http

ENGINE = Path(engine.__file__).parent
LOGGER = logging.getLogger(__name__)


@pytest.fixture
def lunch(lunch: Transaction) -> Transaction:
    """Return an expense of which every private part can be recognised."""
    return replace(
        lunch,
        amount=Decimal("31415.926"),
        payee="CanaryPayee",
        memo="CanaryMemo",
        transfer_id="CanaryTransfer",
    )


@dataclass(frozen=True, slots=True)
class Secrets:
    """What must not show, in any spelling."""

    spellings: tuple[str, ...]

    def assert_not_in(self, text: str) -> None:
        """Find none of them, in any case."""
        shown = text.casefold()
        assert not [one for one in self.spellings if one.casefold() in shown]


@pytest.fixture
def secrets(server: BudgeroServer, key: SpaceKey, sealed: Sealed) -> Secrets:
    """List the secrets, and the private parts of the expense."""
    shown_key = key.export()
    return Secrets(
        (
            server.token,
            shown_key.rstrip("="),
            base64.b64decode(shown_key).hex(),
            sealed.payload[:24],
            sealed.payload[-24:],
            "31415",
            "canary",
            # The user's password, as JSON and as a form write it.
            USER.password,
            json.dumps(USER.password)[1:-1],
            quote(USER.password),
            # Any session token: its first part is an object in base64.
            base64.b64encode(b'{"')[:3].decode(),
        )
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and everything that hangs on it."""
    yield error
    for other in (error.__cause__, error.__context__):
        if other is not None:
            yield from _chain(other)


def _everything_shown(error: BaseException) -> str:
    """Return all that a log, a debugger or a crash report may print of an error."""
    return "\n".join(
        shown
        for one in _chain(error)
        for shown in (
            str(one),
            repr(one),
            repr(one.args),
            repr(vars(one)),
            repr(getattr(one, "__notes__", None)),
            "".join(traceback.format_exception(one)),
        )
    )


@each_mishap
async def test_no_mishap_gives_anything_away(
    mishap: Mishap,
    stage: Stage,
    key: SpaceKey,
    sealed: Sealed,
    secrets: Secrets,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither in the error with its whole chain, nor in the log at any level."""
    caplog.set_level(1)
    _, error = await suffer(mishap, stage, key, sealed)
    LOGGER.info("What the sender would log", exc_info=error)
    assert "Traceback" in caplog.text
    secrets.assert_not_in(_everything_shown(error))
    secrets.assert_not_in(caplog.text)


@each_user_mishap
async def test_no_mishap_of_a_user_gives_anything_away(
    mishap: UserMishap,
    server: BudgeroServer,
    session: ClientSession,
    key: SpaceKey,
    secrets: Secrets,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Neither name, password and session, nor the key that was to be proved."""
    caplog.set_level(1)
    error = await suffer_as_user(mishap, server, session, key)
    assert type(error) is mishap.error
    assert error.__cause__ is None
    assert error.__context__ is None
    LOGGER.info("What a coordinator would log", exc_info=error)
    assert "Traceback" in caplog.text
    secrets.assert_not_in(_everything_shown(error))
    secrets.assert_not_in(caplog.text)


def _echo(status: int, kind: str) -> Callable[[Heard], bytes]:
    """Return a proxy that quotes the request wherever an answer has room."""

    def answer(heard: Heard) -> bytes:
        quoted = f"{heard.headers.get('Authorization')} {heard.body.decode()}"
        body = json.dumps({"message": quoted}) if kind == "application/json" else quoted
        one_line = quoted.replace("\n", " ")
        return http(
            status,
            body.encode(),
            Content_Type=f"{kind}; {one_line}",
            Location=f"https://evil.example/{one_line}",
            WWW_Authenticate=one_line,
            Retry_After=one_line,
            Date=one_line,
        ).replace(b" Said\r\n", b" " + one_line.encode() + b"\r\n")

    return answer


@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain"])
@pytest.mark.parametrize(
    "status", [200, 202, 302, 400, 401, 403, 404, 409, 413, 422, 426, 429, 500, 503]
)
async def test_no_echo_gives_anything_away(
    status: int,
    kind: str,
    session: ClientSession,
    server: BudgeroServer,
    key: SpaceKey,
    sealed: Sealed,
    secrets: Secrets,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What a server or proxy says is understood, never quoted."""
    caplog.set_level(1)
    async with Wire(_echo(status, kind)) as wire:
        client = Client(session, wire.url, server.token, key)
        with pytest.raises(PushError) as caught:
            await client.push(sealed)
    assert not isinstance(caught.value, InDoubtError)  # it was read
    LOGGER.info("What the sender would log", exc_info=caught.value)
    secrets.assert_not_in(_everything_shown(caught.value))
    secrets.assert_not_in(caplog.text)


@pytest.mark.parametrize("path", ["login", "stats", "queue", "token", "blob"])
@pytest.mark.parametrize(
    "status", [200, 206, 302, 400, 401, 403, 404, 416, 426, 429, 500, 503]
)
async def test_no_echo_to_a_user_gives_anything_away(
    path: str,
    status: int,
    session: ClientSession,
    secrets: Secrets,
    client: Client,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nor is the sign-in or the session quoted."""
    caplog.set_level(1)
    calls: dict[str, Callable[[ServerUser], Awaitable[object]]] = {
        "login": ServerUser.sign_in,
        "stats": ServerUser.stats,
        "queue": ServerUser.pending,
        "token": lambda user: user.owner_of_token(client),
        "blob": lambda user: user.prove_key(KEY),
    }
    echo = _echo(status, "application/json")

    def answer(heard: Heard) -> bytes:
        is_echo = heard.line.split()[1].partition("?")[0].endswith(path)
        return echo(heard) if is_echo else says()(heard)

    async with Wire(answer) as wire:
        user = ServerUser(session, wire.url, USER.username, USER.password)
        try:
            outcome = repr(await calls[path](user))
        except PushError as error:
            LOGGER.info("What a coordinator would log", exc_info=error)
            outcome = _everything_shown(error)
    assert wire.heard[-1].line.split()[1].partition("?")[0].endswith(path)
    secrets.assert_not_in(outcome)
    secrets.assert_not_in(repr(user))
    secrets.assert_not_in(caplog.text)


async def test_success_logs_nothing(
    server: BudgeroServer,
    client: Client,
    sealed: Sealed,
    secrets: Secrets,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With debug logging of everything a push shows in no log."""
    caplog.set_level(1)
    await client.verify()
    accepted = await client.push(sealed)
    secrets.assert_not_in(caplog.text)
    secrets.assert_not_in(repr((accepted, sealed, client, server.requests)))


async def test_success_of_a_user_logs_nothing(
    server: BudgeroServer,
    user: ServerUser,
    client: Client,
    key: SpaceKey,
    secrets: Secrets,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With debug logging of everything neither a sign-in nor a proof shows."""
    caplog.set_level(1)
    await user.sign_in()
    found = (
        await user.stats(),
        await user.pending(),
        await user.owner_of_token(client),
        await user.prove_key(key),
    )
    assert found[-1] is KeyProof.PROVEN
    secrets.assert_not_in(caplog.text)
    secrets.assert_not_in(repr((user, found, server.requests)))


NOW = datetime(2026, 7, 1, tzinfo=UTC)
SHORT_KEY = KEY.export()[:-5]
DATELESS = (
    b'{"op":"transactions.add","args":{"inflow":0,"outflow":31415,"accountId":1,'
    b'"budgetId":1,"date":"canary","memo":"canary"}}'
)

REFUSALS: tuple[tuple[Callable[..., object], tuple[object, ...]], ...] = (
    (parse_amount, ("31415.926 canary", "EUR")),
    (parse_amount, ("31415.926", "EUR")),
    (parse_amount, (31415.926, "EUR")),
    (parse_amount, (Decimal("31415.926"), "EUR")),
    (parse_amount, (-31415, "EUR")),
    (parse_amount, (31415 * 10**30, "EUR")),
    (parse_text, ("canary\x00", "memo", 20)),
    (parse_text, ("canary" * 9, "memo", 20)),
    (parse_text, (["canary"], "memo", 20)),
    (parse_date, ("canary", NOW)),
    (parse_date, ("3141-05-09", NOW)),
    (parse_id, ("canary", "account")),
    (parse_message_id, ("canary!",)),
    (parse_token, ("canary!" * 3,)),
    (parse_token, (KEY.export(),)),
    (SpaceKey.parse, ("canary!",)),
    (SpaceKey.parse, (SHORT_KEY,)),
    (SpaceKey.parse, (f"Bearer {TOKEN}",)),
    (ServerAddress.parse, ("https://me:canary@budget.example",)),
    (ServerAddress.parse, ("https://budget.example/canary",)),
    (ServerAddress.parse, ("https://budget.example:canary",)),
    (ServerAddress.parse, ("canary://budget.example",)),
    (KEY.open, ("canary",)),
    (KEY.open, (SHORT_KEY,)),
    (KEY.open, (SpaceKey(bytes(32)).seal(b"canary" * 9),)),
    (Transaction.from_wire, (b'{"memo":"canary',)),
    (Transaction.from_wire, (b'{"op":"canary","args":{"inflow":1,"outflow":31415}}',)),
    (
        Transaction.from_wire,
        (DATELESS,),
    ),
)


@pytest.mark.parametrize(("call", "arguments"), REFUSALS)
def test_no_refusal_quotes_what_it_refuses(
    call: Callable[..., object], arguments: tuple[object, ...]
) -> None:
    """An error names the field; the value may be a secret in the wrong field."""
    with pytest.raises((InvalidInputError, CannotOpenError)) as caught:
        call(*arguments)
    shown = _everything_shown(caught.value)
    Secrets(("31415", "3141-05", "canary", TOKEN, SHORT_KEY)).assert_not_in(shown)


def _modules(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def test_only_a_push_makes_an_accepted() -> None:
    """Only what the server took can be asked about; else a question leaves a leftover."""
    integration = ENGINE.parent
    makers = {
        module.relative_to(integration).as_posix()
        for module in _modules(integration)
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call) and _name(node.func) == "Accepted"
    }
    elsewhere = {maker for maker in makers if not maker.startswith("engine/outbox/")}
    assert elsewhere == {"engine/push/client.py"}


def _name(function: ast.expr) -> str | None:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


ALLOWED = sys.stdlib_module_names | {"aiohttp", "cryptography", "yarl"}


@pytest.mark.parametrize(
    "module", _modules(ENGINE), ids=lambda module: str(module.relative_to(ENGINE))
)
def test_the_engine_needs_no_home_assistant(module: Path) -> None:
    """It runs with aiohttp, cryptography and the standard library, and nothing else."""
    depth = len(module.relative_to(ENGINE).parts)
    for node in ast.walk(ast.parse(module.read_text())):
        match node:
            case ast.Import(names=names):
                imported = {alias.name.partition(".")[0] for alias in names}
            case ast.ImportFrom(level=0, module=str(name)):
                imported = {name.partition(".")[0]}
            case ast.ImportFrom(level=level):
                assert level <= depth, "an import from outside the engine"
                continue
            case _:
                continue
        assert imported <= ALLOWED
