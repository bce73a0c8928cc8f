"""Run all tests in both environments and judge the coverage of all together.

The engine is tested in an environment without Home Assistant, everything else in one
with it. Arguments choose which tests run and what pytest shows, not where they run.
Standard library only and Python 3.11, because this runs outside the environments.
"""

from collections.abc import Sequence
import json
import os
from pathlib import Path
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from scripts.console import Command, SetupError, say
from scripts.environment import ENVIRONMENTS, ROOT, set_up
from scripts.progress import Progress, ProgressDisplay
from scripts.shares import ENGINE, TEST, Share, shares

MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, not a file

# Seconds; far more than a slow machine needs. Tests have a limit of their own, which
# ends with the first failure of a test.
LONGEST = 1200

_PYTEST = ("-m", "pytest", "-p", "tests.reporting")
_NOTHING_CHOSEN = 5
# Options that only print something, and options that need the terminal.
_ABOUT_PYTEST = {"-h", "--help", "-V", "--version", "--markers"}
_INTERACTIVE = {"--pdb", "--trace", "-s", "--capture=no"}


def _python(environment: str) -> Path:
    """Return the interpreter of an environment."""
    return ENVIRONMENTS[environment].folder / "bin" / "python"


def _environ(**changes: Path) -> dict[str, str]:
    """Return the variables for a run."""
    environ = {**os.environ, **{name: str(path) for name, path in changes.items()}}
    environ["PYTHONFAULTHANDLER"] = "1"
    # It would slow down every start of Home Assistant.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Thousands of commits take long on a disk; `scripts/crash-test` uses the real one.
    if MEMORY.is_dir():
        environ["TMPDIR"] = str(MEMORY)
    return environ


def _cache(environment: str) -> Path:
    """Return where pytest remembers what failed in an environment."""
    return ROOT / ".pytest_cache" / environment


class Pytest:
    """A running pytest, with a folder for its files."""

    def __init__(
        self,
        environment: str,
        command: Sequence[str],
        folder: Path,
        *,
        is_shown: bool = False,
    ) -> None:
        """Start it.

        Args:
            environment: Where it runs.
            command: Arguments for Python.
            folder: An empty folder for its files.
            is_shown: Whether its output goes to the terminal instead of a file.
        """
        folder.mkdir()
        self.environment = environment
        self.progress = folder / "progress.txt"
        self.coverage = folder / ".coverage"
        self.output = folder / "output.txt"
        self.output.touch()
        with self.output.open("wb") as output:
            self._program = subprocess.Popen(
                [_python(environment), *command],
                cwd=ROOT,
                env=_environ(
                    BUDGERO_TEST_PROGRESS=self.progress, COVERAGE_FILE=self.coverage
                ),
                stdin=None if is_shown else subprocess.DEVNULL,
                stdout=None if is_shown else output,
                stderr=None if is_shown else subprocess.STDOUT,
            )

    @property
    def is_running(self) -> bool:
        """Whether it is still running."""
        return self._program.poll() is None

    def wait(self) -> int:
        """Wait until it ends, and return its exit code."""
        return self._program.wait()

    def abort(self) -> None:
        """Abort it if it hangs; it prints where."""
        self._program.send_signal(signal.SIGABRT)

    def end(self) -> None:
        """Wait for its end after Ctrl-C, which it has received as well, or end it by a signal."""
        try:
            self._program.wait(5)
        except subprocess.TimeoutExpired:
            self._program.terminate()


def _start(share: Share, work: Path) -> Pytest:
    """Start a share of all tests, with coverage."""
    folder = work / share.name
    options = ["-o", f"cache_dir={folder / 'cache'}"]
    command = ["-m", "coverage", "run", *_PYTEST, *options, *share.files]
    return Pytest(share.environment, command, folder)


def _run_side_by_side(work: Path) -> tuple[int, Progress]:
    """Run all shares at the same time, and show them one after the other."""
    programs = [_start(share, work) for share in shares()]
    files = [program.progress for program in programs]
    display = ProgressDisplay()
    start = time.monotonic()
    try:
        while running := [program for program in programs if program.is_running]:
            seconds = time.monotonic() - start
            display.show(Progress.read(files), seconds)
            if seconds > LONGEST:
                for program in running:
                    program.abort()
            time.sleep(0.5)
    except BaseException:
        for program in programs:
            program.end()
        raise
    display.clear()
    for program in programs:
        print(program.output.read_text(errors="replace"), flush=True)
    _remember_failures(work)
    return max((program.wait() for program in programs), key=abs), Progress.read(files)


def _remember_failures(work: Path) -> None:
    """Store the failures of all shares for `--lf`."""
    for environment in (ENGINE, TEST):
        failed: dict[str, bool] = {}
        for file in work.glob(f"{environment}*/cache/v/cache/lastfailed"):
            failed |= json.loads(file.read_text())
        folder = _cache(environment) / "v" / "cache"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lastfailed").write_text(json.dumps(failed))


def _coverage(work: Path) -> int:
    """Report the coverage of all runs; fail below the floor in pyproject.toml."""
    python = _python(TEST)
    environ = _environ(COVERAGE_FILE=work / ".coverage")
    combine: Command = [python, "-m", "coverage", "combine", "--quiet"]
    combine += sorted(work.glob("*/.coverage"))
    subprocess.run(combine, check=True, cwd=ROOT, env=environ)
    report: Command = [python, "-m", "coverage", "report"]
    return subprocess.run(report, check=False, cwd=ROOT, env=environ).returncode


def run_all() -> int:
    """Run all tests, and end with one line of results."""
    start = time.monotonic()
    say("Running all tests; on two cores that takes about four minutes.")
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        code, progress = _run_side_by_side(work)
        code = _coverage(work) or code
    summary = f" {progress.in_words()} in {time.monotonic() - start:.2f}s "
    print(f"\n{summary:=^80}", flush=True)
    return code


def run_some(arguments: Sequence[str]) -> int:
    """Run the chosen tests, without coverage."""
    asked = [argument for argument in arguments if argument != "--engine"]
    if "--engine" in arguments:
        environments = [ENGINE]
    else:
        environments = [TEST] if _ABOUT_PYTEST & set(asked) else [ENGINE, TEST]
    with tempfile.TemporaryDirectory() as folder:
        codes, progress = _run_in_turn(environments, asked, Path(folder))
    ran = [code for code in codes if code != _NOTHING_CHOSEN]
    if not ran:
        say("No test was chosen.")
        return _NOTHING_CHOSEN
    if len(ran) > 1:
        print(f"\nAltogether: {progress.in_words()}", flush=True)
    return max(ran, key=abs)


def _run_in_turn(
    environments: Sequence[str], asked: Sequence[str], work: Path
) -> tuple[list[int], Progress]:
    """Run pytest in each environment; return the exit codes and the results.

    They run at the same time, and are shown one after the other.
    """
    options = list(_options(environments, asked))
    programs: list[Pytest] = []
    codes = []
    try:
        for environment in environments:
            own = ["-o", f"cache_dir={_cache(environment)}"]
            command = [*_PYTEST, *own, *options, *asked]
            is_shown = not programs or bool(_INTERACTIVE & set(asked))
            program = Pytest(
                environment, command, work / environment, is_shown=is_shown
            )
            programs.append(program)
            if is_shown and _INTERACTIVE & set(asked):
                program.wait()
        for program in programs:
            _follow(program)
            codes.append(program.wait())
    except BaseException:
        for program in programs:
            program.end()
        raise
    return codes, Progress.read(program.progress for program in programs)


def _options(environments: Sequence[str], asked: Sequence[str]) -> list[str]:
    """Return further arguments for pytest.

    With `--lf` an environment in which nothing failed runs nothing if something failed
    in the other one. Output that goes through a file keeps its colours.
    """
    options = []
    if any(_failures(environment) for environment in environments):
        options += ["--last-failed-no-failures=none"]
    if sys.stdout.isatty() and not any(each.startswith("--color") for each in asked):
        options += ["--color=yes"]
    return options


def _failures(environment: str) -> bool:
    file = _cache(environment) / "v" / "cache" / "lastfailed"
    return file.exists() and bool(json.loads(file.read_text()))


def _follow(program: Pytest) -> None:
    """Show what goes into the file of a program until it ends."""
    with program.output.open("rb") as output:
        while True:
            is_running = program.is_running
            shutil.copyfileobj(output, sys.stdout.buffer)
            sys.stdout.buffer.flush()
            if not is_running:
                return
            time.sleep(0.1)


def main() -> int:
    """Run all tests, or those that the arguments name."""
    arguments = sys.argv[1:]
    try:
        set_up([TEST, ENGINE])
        return run_some(arguments) if arguments else run_all()
    except SetupError as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
