"""A real Home Assistant as a program: start, wait, stop."""

import asyncio
from pathlib import Path
import re
import socket

from tests.e2e.api import ApiError, connect
from tests.e2e.program import Program
from tests.e2e.seed import INTEGRATION, Installation

RESTART_EXIT_CODE = 100
_START_SECONDS = 180.0
_RECORD = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)
_BAD = re.compile(r"\S+ \S+ (?:WARNING|ERROR|CRITICAL) \(.*?\) \[(?P<logger>[^\]]*)\] ")
_PACKAGE = "custom_components.budgero"
# Home Assistant's own complaints about the code of a custom integration.
_NAMED = re.compile(
    rf"\b{re.escape(_PACKAGE)}\b|custom integration '{INTEGRATION.name}'"
)


class StartError(Exception):
    """Home Assistant did not start; the text names the log."""


class NotStartedError(StartError):
    """Nothing was started, so there is no log."""


def free_port() -> int:
    """Return a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def is_free(port: int) -> bool:
    """Return whether a port of this machine is free."""
    with socket.socket() as listener:
        # Connections that have just ended still have it, and do not matter.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen()
        except OSError:
            return False
        return True


def require_free(port: int) -> None:
    """Check that Home Assistant can use this port.

    Raises:
        NotStartedError: It is taken, or only for the administrator of the machine.
    """
    if not is_free(port):
        raise NotStartedError(
            f"Port {port} is taken or reserved. Give another one with --port, or none:"
            " then a free one is chosen."
        )


class HomeAssistant(Program):
    """Home Assistant in a prepared configuration folder."""

    def __init__(
        self, installation: Installation, frontend: Path | None = None
    ) -> None:
        """Prepare to run it.

        Args:
            installation: Its folder.
            frontend: A folder with the package of another frontend.
        """
        self._installation = installation
        self.log = installation.folder / "demo.log"
        super().__init__(
            *("homeassistant", "--skip-pip", "--log-no-color"),
            *("--config", str(installation.folder)),
            folder=installation.folder,
            log=self.log,
            environ={
                # Were the port taken, Home Assistant would listen to everybody on 8123.
                "SETUP_PORT": str(installation.port),
                **({} if frontend is None else {"PYTHONPATH": str(frontend)}),
            },
        )

    async def start_and_wait(self) -> None:
        """Start it and wait until everything in it has started.

        Raises:
            StartError: It ended, did not get ready, or came up in recovery mode.
        """
        require_free(self._installation.port)
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
        """Return whether it is ready."""
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

    Those are the records of our own loggers, those whose traceback goes through the
    installed integration, and what Home Assistant says of its code. The log lies in the
    configuration folder; what the folders above are called does not matter.
    """
    records = _RECORD.split(log.read_text(errors="replace"))
    return [record for record in records if _is_ours(record, log.parent)]


def _is_ours(record: str, configuration: Path) -> bool:
    bad = _BAD.match(record)
    if bad is None:
        return False
    installed = configuration / "custom_components" / INTEGRATION.name
    frames = (f'File "{installed}/', f'File "{installed.resolve()}/')
    return (
        f"{bad['logger']}.".startswith(f"{_PACKAGE}.")
        or any(frame in record for frame in frames)
        or _NAMED.search(record) is not None
    )
