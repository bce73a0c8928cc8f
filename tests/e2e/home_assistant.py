"""A real Home Assistant as a program: start, wait, stop."""

import asyncio
from pathlib import Path
import re
import socket

from tests.e2e.api import ApiError, connect
from tests.e2e.program import Program
from tests.e2e.seed import Installation

RESTART_EXIT_CODE = 100
_START_SECONDS = 180.0
_RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)
_OURS = re.compile(r"\A.* (WARNING|ERROR|CRITICAL) (.|\n)*budgero")
# Said of every custom integration.
_EXPECTED = re.compile(
    r"We found a custom integration budgero which has not been tested"
)


class StartError(Exception):
    """Home Assistant did not come up; the text says where to look."""


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Tell whether nobody listens on this port of this machine."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) != 0


class HomeAssistant(Program):
    """Home Assistant in a prepared configuration folder."""

    def __init__(self, installation: Installation) -> None:
        """Prepare to run it."""
        self._installation = installation
        self.log = installation.folder / "demo.log"
        super().__init__(
            *("homeassistant", "--skip-pip", "--log-no-color"),
            *("--config", str(installation.folder)),
            folder=installation.folder,
            log=self.log,
            # Were the port taken, Home Assistant would listen to everybody on 8123.
            environ={"SETUP_PORT": str(installation.port)},
        )

    async def start_and_wait(self) -> None:
        """Start it and wait until everything in it has started.

        Raises:
            StartError: It ended, did not get ready, or came up in recovery mode.
        """
        if not is_free(self._installation.port):
            raise StartError(
                f"Port {self._installation.port} is taken; give another with --port."
            )
        await self.start()
        await self.wait_until_running()

    async def wait_until_running(self) -> None:
        """Wait until everything in it has started.

        Raises:
            StartError: It ended, did not get ready, or came up in recovery mode.
        """
        try:
            async with asyncio.timeout(_START_SECONDS):
                while not await self._is_running():
                    await asyncio.sleep(0.1)
        except TimeoutError as error:
            raise StartError(
                f"Home Assistant was not ready after {_START_SECONDS:.0f} s;"
                f" see {self.log}"
            ) from error

    async def _is_running(self) -> bool:
        """Ask whether it is ready."""
        if (code := self.process.returncode) is not None:
            raise StartError(f"Home Assistant ended with {code}; see {self.log}")
        try:
            async with connect(self._installation) as api:
                config = await api.config()
        except ApiError, OSError:
            return False
        if config.is_recovery:
            raise StartError(f"Home Assistant is in recovery mode; see {self.log}")
        return config.state == "RUNNING"


def unexpected_in_log(log: Path) -> list[str]:
    """Return the warnings and errors in Home Assistant's log that are about us.

    A record that only its traceback shows to be about us counts, too.
    """
    records = _RECORD.split(log.read_text(errors="replace"))
    return [
        record
        for record in records
        if _OURS.search(record) and not _EXPECTED.search(record)
    ]
