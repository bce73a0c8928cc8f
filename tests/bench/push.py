"""Pushing, against the vendor's client for Python and against bare aiohttp."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from itertools import count
import json
import time

from aiohttp import ClientSession
from budgero import BudgeroClient

from custom_components.budgero.engine.push import Client, Sealed, SpaceKey

from .harness import Round, Timings, ratio, side_by_side
from .programs import Server, running
from .result import Aim, Result, Summary, at_least
from .size import Size
from .subjects import LUNCH, sealed


def measure(size: Size) -> list[Result]:
    """Push one after another: with the clients alone, and as with a real server.

    The stand-in takes most of the time of a push, the same from every client.
    """
    with running("tests.bench.responder") as server:
        alone = asyncio.run(_measure(server, size))
    with running("tests.budgero_server", "--rate-limit", "off") as server:
        whole = asyncio.run(_measure(server, size))
    return [
        *_results("push one after another, client alone", alone, 3, 0.8),
        *_results("push one after another, to the stand-in", whole),
    ]


async def _measure(server: Server, size: Size) -> list[Timings]:
    """Measure seal and push, the vendor's whole call, push, and a bare POST."""
    numbers = count()
    async with ClientSession() as session:
        key = SpaceKey.parse(server.space_key)
        client = Client(session, server.url, server.token, key)

        async def seal_and_push() -> Round:
            async def add(_: int) -> None:
                await client.push(client.seal(LUNCH))

            return await _time(add, range(size.pushes))

        async def push() -> Round:
            return await _time(client.push, sealed(size.pushes))

        async def post() -> Round:
            headers = {
                "Authorization": f"Bearer {server.token}",
                "Content-Type": "application/json",
            }

            async def add(body: bytes) -> None:
                async with session.post(
                    f"{server.url}/api/v1/push", data=body, headers=headers
                ) as response:
                    await response.read()

            return await _time(add, map(_body, sealed(size.pushes)))

        async def vendor() -> Round:
            async def add(number: int) -> None:
                sdk.add_transaction(
                    account_id=LUNCH.account,
                    category_id=LUNCH.category,
                    budget_id=LUNCH.budget,
                    date=LUNCH.date,
                    outflow=float(LUNCH.amount),
                    memo=f"{LUNCH.memo} {number}",  # else a duplicate to the vendor
                    payee=LUNCH.payee,
                )

            return await _time(add, (next(numbers) for _ in range(size.pushes)))

        with BudgeroClient(server.token, server.space_key, base_url=server.url) as sdk:
            return await side_by_side(size.rounds, seal_and_push, vendor, push, post)


async def _time[T](call: Callable[[T], Awaitable[object]], each: Iterable[T]) -> Round:
    durations = []
    for item in list(each):
        start = time.perf_counter()
        await call(item)
        durations.append(time.perf_counter() - start)
    return durations


def _body(push: Sealed) -> bytes:
    return json.dumps(
        {"encrypted_payload": push.payload, "message_id": push.message_id}
    ).encode()


def _results(
    what: str,
    measured: list[Timings],
    times_vendor: float | None = None,
    of_bare: float | None = None,
) -> list[Result]:
    whole, vendor, push, post = measured

    def result(
        against: str, measure: str, ours: Timings, theirs: Timings, aim: Aim | None
    ) -> Result:
        return Result(
            what=what,
            against=against,
            measure=measure,
            figure=ratio(theirs, ours),
            aim=aim,
            ours=Summary.of(ours),
            theirs=Summary.of(theirs),
        )

    return [
        result(
            "SDK 0.1.3 add_transaction",
            "times faster",
            whole,
            vendor,
            at_least(times_vendor) if times_vendor else None,
        ),
        result(
            "bare aiohttp, same bytes",
            "of its speed",
            push,
            post,
            at_least(of_bare) if of_bare else None,
        ),
    ]
