"""All faults of a network, and no network at all."""

from dataclasses import dataclass
import json
from typing import Final, override

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.budgero_server import (
    CaptivePortal,
    Delay,
    Drop,
    Fault,
    GzipBomb,
    HugeBody,
    Redirect,
    Reply,
    StalledBody,
    TruncatedBody,
)
from tests.e2e.api import Api, ApiError
from tests.e2e.home_assistant import unexpected_in_log
from tests.e2e.main_job import DOMAIN, add_transaction

from .stage import Stage, require, until

_TOO_LATE: Final = 40.0
"""Delay of an answer in seconds; the integration waits 35 seconds."""

_LONG_PATIENCE: Final = 240.0
"""Longest wait in seconds; a row in doubt rests two minutes."""

_NOWHERE: Final = "https://budgero.invalid"
"""A name that no name server knows."""


@dataclass(frozen=True, kw_only=True)
class _Mishap:
    """A fault, and what the integration shows for a transaction that it hit.

    Attributes:
        fault: what happens to one request.
        error: the code of the error, `None` if the answer is only late.
        in_doubt: whether the transaction may have arrived.
    """

    fault: Fault
    error: str | None
    in_doubt: bool = True


_MISHAPS: Final = (
    _Mishap(fault=Delay(seconds=2), error=None),
    _Mishap(fault=Delay(seconds=_TOO_LATE), error="in_doubt"),
    _Mishap(fault=Delay(seconds=_TOO_LATE, after_commit=True), error="in_doubt"),
    _Mishap(fault=Drop(), error="in_doubt"),
    _Mishap(fault=Drop(after_commit=True), error="in_doubt"),
    _Mishap(fault=TruncatedBody(), error="in_doubt"),
    _Mishap(fault=StalledBody(), error="in_doubt"),
    _Mishap(fault=Reply(status=503, html="Unavailable"), error="server_trouble"),
    _Mishap(fault=Reply(status=404, html="Not Found"), error="wrong_address"),
    _Mishap(fault=CaptivePortal(), error="wrong_address"),
    _Mishap(fault=Redirect(location="/elsewhere"), error="wrong_address"),
    _Mishap(fault=HugeBody(), error="wrong_address"),
    _Mishap(fault=GzipBomb(), error="wrong_address"),
    _Mishap(
        fault=Reply(status=500, json={"message": "token validation failed"}),
        error="wrong_token",
        in_doubt=False,
    ),
    # Its long delay keeps the other rows from being sent again before they are checked.
    _Mishap(
        fault=Reply(status=429, json={"message": "slow down"}, retry_after="15"),
        error="rate_limited",
        in_doubt=False,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noted(Fault):
    """A fault that records which transaction it hits."""

    mishap: _Mishap
    befallen: dict[str, _Mishap]

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        message_id = json.loads(await request.read())["message_id"]
        self.befallen[message_id] = self.mishap
        return await self.mishap.fault.serve(request, handler)


async def faults(stage: Stage) -> None:
    """Each fault hits one of the transactions that are sent together."""
    await stage.server.stop()
    ids = await stage.log(len(_MISHAPS))
    await stage.server.start()
    befallen: dict[str, _Mishap] = {}
    stage.server.faults.add(
        *(_Noted(mishap=mishap, befallen=befallen) for mishap in _MISHAPS)
    )
    await stage.send_now()
    expected = await _until_all_are_judged(stage, befallen)
    wrong = {
        str(mishap.fault): said
        for message_id, said in expected.items()
        if said != ((mishap := befallen[message_id]).error, mishap.in_doubt)
    }
    require(not wrong, f"Judged otherwise: {wrong}")
    await until(
        lambda: _is_sent(stage), "Not everything was sent in the end", _LONG_PATIENCE
    )
    await stage.until_all_booked_once(ids)


async def _until_all_are_judged(
    stage: Stage, befallen: dict[str, _Mishap]
) -> dict[str, tuple[str, bool]]:
    """Return the first error of each transaction, and whether it is in doubt."""
    judged: dict[str, tuple[str, bool]] = {}
    troubles = [mishap for mishap in _MISHAPS if mishap.error is not None]

    async def is_so() -> bool:
        for message_id, row in (await stage.unfinished()).items():
            error = row["last_error"]
            if message_id in befallen and error not in (None, "unreachable"):
                judged.setdefault(message_id, (str(error), bool(row["in_doubt"])))
        return len(judged) == len(troubles)

    await until(is_so, f"Not every fault is told of: {judged}")
    return judged


async def _is_sent(stage: Stage) -> bool:
    await stage.send_now()
    rows = (await stage.unfinished()).values()
    return all(row["state"] == "accepted" for row in rows)


async def no_names(stage: Stage) -> None:
    """Home Assistant boots, and the server's name leads nowhere."""
    ids = await stage.log(1)
    await stage.until_all_booked_once(ids)
    await _move_to(stage, _NOWHERE)
    home_assistant = stage.household.home_assistant
    await home_assistant.stop()
    home_assistant.log.unlink()
    await home_assistant.start()
    ids.append(await _log_as_soon_as_possible(stage))
    await home_assistant.wait_until_running()
    ids += await stage.log(1)
    await stage.send_now()
    await stage.until_waiting(2)
    warnings = unexpected_in_log(home_assistant.log)
    require(len(warnings) <= 1, f"More than one warning: {warnings}")
    await _move_to(stage, stage.server.url)
    await stage.until_waiting(0)
    await stage.until_all_booked_once(ids)


async def _log_as_soon_as_possible(stage: Stage) -> str:
    """Log an expense the moment the action exists; from then on it must work."""
    async with stage.api() as api:
        await until(lambda: _has_action(api), "The action should exist")
        answer = await add_transaction(api, {"amount": 1})
    require(answer.status == "waiting", f"It should be safe: {answer}")
    return answer.message_id


async def _has_action(api: Api) -> bool:
    try:
        return "add_transaction" in await api.actions(DOMAIN)
    except ApiError, OSError:
        return False


async def _move_to(stage: Stage, url: str) -> None:
    """Change the address, whether it answers or not."""
    async with stage.api() as api:
        step = await api.start_reconfigure(DOMAIN, stage.household.entry)
        step = await api.choose(step, "own_server")
        step = await api.submit(step, {"url": url, "verify_ssl": True})
        if step.step_id == "cannot_connect":
            step = await api.choose(step, "save_anyway")
    require(step.reason == "reconfigure_successful", f"Not changed: {step}")
