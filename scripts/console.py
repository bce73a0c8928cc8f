"""Running other programs and talking to the person at the terminal.

Standard library only and Python 3.11, because this runs before there is anything else.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
import os
from pathlib import Path
import shutil
import subprocess
import sys
import time

Command = list[str | Path]


class SetupError(Exception):
    """Setting up failed; the text says what to do next."""


def say(text: str) -> None:
    """Print a line to standard error at once."""
    print(text, file=sys.stderr, flush=True)


class StatusLine:
    """A line that is updated at a terminal, and printed now and then elsewhere."""

    def __init__(self, *, every: float) -> None:
        """Take the shortest time between two lines without a terminal, in seconds."""
        self._every = every
        self._said = time.monotonic()
        self._is_terminal = sys.stderr.isatty()

    def show(self, text: str) -> None:
        """Show this text."""
        if self._is_terminal:
            width = shutil.get_terminal_size().columns - 1
            sys.stderr.write(f"\r\x1b[K{text[:width]}")
            sys.stderr.flush()
        elif time.monotonic() - self._said >= self._every:
            self._said = time.monotonic()
            say(text)

    def clear(self) -> None:
        """Remove the line."""
        if self._is_terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


@contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a step that takes a while, and say how long it took."""
    say(f"  {text} ...")
    start = time.monotonic()
    yield
    say(f"  {text}: done in {time.monotonic() - start:.0f} s")


def run(
    command: Command,
    *,
    hint: str,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> str:
    """Run a program and return what it wrote to standard output.

    Args:
        command: The program and its arguments.
        hint: What the person should do when it fails.
        env: Variables to add to the environment.
        timeout: Seconds after which the program is ended.

    Raises:
        SetupError: The program is missing, failed or took too long.
    """
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, **(env or {})},
            timeout=timeout,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError as error:
        raise SetupError(f"{name} was not found. {hint}") from error
    except subprocess.TimeoutExpired as error:
        raise SetupError(f"{name} took more than {timeout:.0f} s. {hint}") from error
    if done.returncode != 0:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-15:])
        raise SetupError(f"{name} failed ({done.returncode}):\n{said}\n\n{hint}")
    return done.stdout
