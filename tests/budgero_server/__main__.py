"""Run the stand-in: `python -m tests.budgero_server`."""

import argparse
import asyncio
import json
from pathlib import Path
import signal
import sys

from .blob import BlobOptions
from .envelope import ITERATIONS
from .rate_limit import API_LIMIT
from .releases import DEFAULT_RELEASE, RELEASES
from .server import BudgeroServer


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.budgero_server",
        description="A local stand-in for Budgero, for tests and demonstration.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--data", type=Path, help="file that keeps everything")
    parser.add_argument("--token", help="push token; random by default")
    parser.add_argument("--space-key", help="base64 of 32 bytes; random by default")
    parser.add_argument("--rate-limit", choices=("off", "on"), default="on")
    parser.add_argument("--release", choices=tuple(RELEASES), default=DEFAULT_RELEASE)
    parser.add_argument(
        "--blob-iterations",
        type=int,
        default=ITERATIONS,
        help="of the key derivation of the encrypted database",
    )
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    server = BudgeroServer(
        host=arguments.host,
        port=arguments.port,
        data=arguments.data,
        token=arguments.token,
        space_key=arguments.space_key,
        api_limit=API_LIMIT if arguments.rate_limit == "on" else None,
        release=arguments.release,
        blob=BlobOptions(iterations=arguments.blob_iterations),
    )
    async with server:
        sys.stdout.write(_greeting(server) + "\n")
        sys.stdout.flush()
        await stop.wait()


def _greeting(server: BudgeroServer) -> str:
    return json.dumps(
        {
            "url": server.url,
            "token": server.token,
            "space_key": server.space_key,
            "page": server.page,
            "username": server.credentials.username,
            "password": server.credentials.password,
        }
    )


if __name__ == "__main__":
    asyncio.run(_run(_arguments()))
