"""Delivering waiting transactions to a server with its real limits and latency.

The clock of the loop is shared by sender and stand-in; it skips idle time only.
"""

import asyncio
import time
from typing import Final

from aiohttp import ClientSession

from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Client, SpaceKey
from tests.budgero_server import BudgeroServer
from tests.budgero_server.faults import Delay
from tests.engine.outbox.helpers import NO_LIMITS

from . import bare
from .harness import Spread
from .place import new_folder
from .result import Result, at_most
from .size import Size
from .skipping_loop import SkippingLoop
from .subjects import sealed

_ROUND_TRIP: Final = 0.1
_PER_SECOND: Final = 10
_PUSH: Final = "/api/v1/push"


def measure(size: Size) -> list[Result]:
    """Drain an outbox while the household's app acknowledges what it applies."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(_measure(size.drained))


async def _measure(number: int) -> list[Result]:
    async with BudgeroServer() as server, ClientSession() as session:
        server.faults.add(Delay(seconds=_ROUND_TRIP, times=None))
        app = asyncio.create_task(_acknowledge(server, session))
        seconds = await _drain(server, session, number)
        app.cancel()
        await asyncio.wait({app})
        requests = server.requests
    pushes = [request for request in requests if request.path == _PUSH]
    acknowledgements = [request for request in requests if request.method == "PUT"]
    refused = [request for request in pushes if request.status == 429]
    lost = [request for request in acknowledgements if request.status == 429]
    what = f"drain {number:,} rows, round trip 100 ms"
    return [
        _result(
            what, "10 a second", "of that time", seconds / (number / _PER_SECOND), 1.05
        ),
        _result(what, "", "pushes answered 429", len(refused), 0),
        _result(
            what,
            "an app from the same address",
            f"of its {len(acknowledgements):,} acknowledgements lost",
            len(lost),
            0,
        ),
    ]


def _result(
    what: str, against: str, measure_: str, figure: float, bound: float
) -> Result:
    return Result(
        what=what,
        against=against,
        measure=measure_,
        figure=Spread(figure, figure, figure),
        aim=at_most(bound),
    )


async def _drain(server: BudgeroServer, session: ClientSession, number: int) -> float:
    """Return the time until nothing is waiting, in seconds of the loop."""
    loop = asyncio.get_running_loop()
    epoch = time.time() - loop.time()
    with new_folder() as folder:
        store = Store(
            folder / "outbox.db", lambda: epoch + loop.time(), loop.time, NO_LIMITS
        )
        await store.open()
        with bare.connected(store.path) as connection:
            bare.commit_all(connection, sealed(number))
        key = SpaceKey.parse(server.space_key)
        sender = Sender(store, Client(session, server.url, server.token, key))
        start = loop.time()
        worker = asyncio.create_task(sender.run())
        while (await store.review.counts()).waiting:
            await asyncio.sleep(_ROUND_TRIP / 2)
        seconds = loop.time() - start
        worker.cancel()
        await asyncio.wait({worker})
        await store.close()
    return seconds


async def _acknowledge(server: BudgeroServer, session: ClientSession) -> None:
    """Act as an open app: read the queue, acknowledge each item, begin again."""
    credentials = {
        "username": server.credentials.username,
        "password": server.credentials.password,
    }
    async with session.post(
        f"{server.url}/api/v1/auth/local/login", json=credentials
    ) as answer:
        token = (await answer.json())["token"]
    signed_in = {"Authorization": f"Bearer {token}"}
    while True:
        await asyncio.sleep(_ROUND_TRIP)
        async with session.get(
            f"{server.url}{_PUSH}/queue", headers=signed_in
        ) as answer:
            items = (await answer.json())["items"]
        for item in items:
            await asyncio.sleep(_ROUND_TRIP)
            async with session.put(
                f"{server.url}{_PUSH}/queue/{item['id']}",
                json={"status": "processed"},
                headers=signed_in,
            ) as answer:
                await answer.read()
