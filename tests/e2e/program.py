"""A program that runs for as long as a block of code."""

from asyncio import subprocess, timeout
from collections.abc import Mapping, Sequence
import os
from pathlib import Path
import sys
from types import TracebackType
from typing import Self

_STOP_SECONDS = 40.0


class Program:
    """A Python module that runs as a program of its own.

    `async with` stops it at the end of the block. It is in a process group of its own:
    Ctrl-C reaches only this program, which then stops the other in order.
    """

    def __init__(
        self,
        *module: str,
        folder: Path,
        log: Path,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare to run a module.

        Args:
            module: Its name and its arguments.
            folder: Where it runs.
            log: The file to which its messages go.
            environ: Variables to add to the environment.
        """
        self._arguments: Sequence[str] = module
        self._folder = folder
        self._log = log
        self._environ = environ or {}
        self._process: subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Do nothing; `start` starts the program."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the program."""
        await self.stop()

    @property
    def process(self) -> subprocess.Process:
        """The running program."""
        if self._process is None:
            raise RuntimeError("it was not started")
        return self._process

    async def start(self, *, read_output: bool = False) -> None:
        """Start it; its output goes to the log, unless it is to be read."""
        with self._log.open("ab") as log:
            self._process = await subprocess.create_subprocess_exec(
                sys.executable,
                "-m",
                *self._arguments,
                cwd=self._folder,
                env=self._clean_environ(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE if read_output else log,
                stderr=log,
                start_new_session=True,
            )

    def _clean_environ(self) -> dict[str, str]:
        """Return the environment variables without those for this process only."""
        ours = {"PYTHONPATH", "PYTHONSAFEPATH", "PYTHONDONTWRITEBYTECODE"}
        inherited = {key: value for key, value in os.environ.items() if key not in ours}
        return {**inherited, **self._environ}

    async def stop(self) -> int | None:
        """Ask it to end, kill it after a while, and return its exit code."""
        if self._process is None:
            return None
        if self._process.returncode is None:
            self._process.terminate()
            try:
                async with timeout(_STOP_SECONDS):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
        return await self._process.wait()
