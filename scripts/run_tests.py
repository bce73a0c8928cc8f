"""Run all tests in both environments and judge the coverage of all together.

The engine is tested where there is no Home Assistant, everything else beside it.
Standard library only and Python 3.11, because this runs outside the environments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import os
from pathlib import Path
import signal
import subprocess
import sys
import tempfile
import time
from xml.etree import ElementTree as ET

from scripts.console import Command, SetupError, say
from scripts.environment import ENVIRONMENTS, ROOT, set_up

# What needs no Home Assistant.
ALONE = ("tests/engine", "tests/budgero_server_tests", "tests/bench", "tests/crash")
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system, not a file

# Seconds; far more than a slow machine needs. Tests have a limit of their own, which
# ends with the first failure of a test.
LONGEST = 1200

# Much of a test is waiting, for sockets and the disk.
PARTS = 2


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of pytest."""

    name: str
    environment: str
    files: tuple[str, ...]


def _runs() -> list[Run]:
    """Deal out all test files."""
    alone = _test_files(*ALONE)
    beside = [file for file in _test_files("tests") if file not in alone]
    return [
        Run(
            name=f"{environment}{number}",
            environment=environment,
            files=tuple(part),
        )
        for environment, files in (("test", beside), ("engine", alone))
        for number, part in enumerate(_deal_out(files))
    ]


def _deal_out(files: Sequence[str]) -> list[list[str]]:
    """Return the parts: the longest file goes first, each to where there is least."""
    parts: list[list[str]] = [[] for _ in range(PARTS)]
    lengths = [0] * PARTS
    for file in sorted(files, key=_length, reverse=True):
        least = lengths.index(min(lengths))
        parts[least].append(file)
        lengths[least] += _length(file)
    return parts


def _length(file: str) -> int:
    return (ROOT / file).stat().st_size


def _test_files(*folders: str) -> list[str]:
    """Return the files of tests below these folders."""
    return sorted(
        str(file.relative_to(ROOT))
        for folder in folders
        for file in (ROOT / folder).rglob("test_*.py")
    )


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many tests ended how."""

    failed: int = 0
    passed: int = 0
    skipped: int = 0
    errors: int = 0

    @classmethod
    def read(cls, report: Path) -> "Counts":
        """Read pytest's report of a run."""
        root = ET.parse(report).getroot()  # noqa: S314 - pytest wrote it just now
        total = cls()
        for suite in root.iter("testsuite"):
            failed, errors, skipped, tests = (
                int(suite.get(key, 0))
                for key in ("failures", "errors", "skipped", "tests")
            )
            total += cls(
                failed=failed,
                errors=errors,
                skipped=skipped,
                passed=tests - failed - errors - skipped,
            )
        return total

    def __add__(self, other: "Counts") -> "Counts":
        """Add those of another run."""
        return Counts(
            failed=self.failed + other.failed,
            passed=self.passed + other.passed,
            skipped=self.skipped + other.skipped,
            errors=self.errors + other.errors,
        )

    def in_words(self) -> str:
        """Say it in pytest's words."""
        parts = [
            f"{number} {word}"
            for number, word in (
                (self.failed, "failed"),
                (self.passed, "passed"),
                (self.skipped, "skipped"),
                (self.errors, "error" if self.errors == 1 else "errors"),
            )
            if number
        ]
        return ", ".join(parts) or "no tests ran"


def _python(environment: str) -> Path:
    """Return the interpreter of an environment."""
    return ENVIRONMENTS[environment].folder / "bin" / "python"


def _environ(data: Path | None = None) -> dict[str, str]:
    """Return the variables for a run that measures coverage into `data`."""
    environ = {**os.environ, "COVERAGE_FILE": str(data)} if data else {**os.environ}
    environ["PYTHONFAULTHANDLER"] = "1"
    # It would make every start of Home Assistant a slow one.
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # Thousands of commits take long on a busy disk; `scripts/crash-test` uses that.
    if MEMORY.is_dir():
        environ["TMPDIR"] = str(MEMORY)
    return environ


def _start(run: Run, work: Path) -> subprocess.Popen[bytes]:
    """Start pytest, measuring."""
    report = _report(run, work)
    command = ["-m", "coverage", "run", "-m", "pytest", f"--junitxml={report}"]
    with _output(run, work).open("wb") as output:
        return subprocess.Popen(
            [_python(run.environment), *command, *run.files],
            cwd=ROOT,
            env=_environ(work / f".coverage.{run.name}"),
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _wait(program: subprocess.Popen[bytes]) -> int:
    """Wait for a run; one that hangs says where, and ends."""
    try:
        return program.wait(LONGEST)
    except subprocess.TimeoutExpired:
        program.send_signal(signal.SIGABRT)
        return program.wait()


def _output(run: Run, work: Path) -> Path:
    """Return the file into which pytest writes."""
    return work / f"{run.name}.txt"


def _report(run: Run, work: Path) -> Path:
    """Return the file in which pytest counts."""
    return work / f"{run.name}.xml"


def _run_side_by_side(work: Path) -> tuple[int, Counts]:
    """Run everything at the same time, and show one after the other."""
    runs = _runs()
    programs = [_start(run, work) for run in runs]
    try:
        codes = [_wait(program) for program in programs]
    except BaseException:
        for program in programs:
            program.terminate()
        raise
    for run in runs:
        print(_output(run, work).read_text(errors="replace"), flush=True)
    reports = [_report(run, work) for run in runs]
    counts = [Counts.read(report) for report in reports if report.exists()]
    return max(codes, key=abs), sum(counts, start=Counts())


def _coverage(work: Path) -> int:
    """Report the coverage of all runs; fail below the floor in pyproject.toml."""
    python = _python("test")
    environ = _environ(work / ".coverage")
    combine: Command = [python, "-m", "coverage", "combine", "--quiet", work]
    subprocess.run(combine, check=True, cwd=ROOT, env=environ)
    report: Command = [python, "-m", "coverage", "report"]
    return subprocess.run(report, check=False, cwd=ROOT, env=environ).returncode


def run_all() -> int:
    """Run everything and close with one line of what happened."""
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        code, counts = _run_side_by_side(work)
        code = _coverage(work) or code
    summary = f" {counts.in_words()} in {time.monotonic() - start:.2f}s "
    print(f"\n{summary:=^80}", flush=True)
    return code


def run_some(arguments: Sequence[str]) -> int:
    """Run what the arguments say, with no look at the coverage."""
    alone = "--engine" in arguments
    asked = [argument for argument in arguments if argument != "--engine"]
    environment = "engine" if alone else "test"
    default = ["tests/engine"] if alone and not asked else []
    return subprocess.run(
        [_python(environment), "-m", "pytest", *asked, *default],
        check=False,
        cwd=ROOT,
        env=_environ(),
    ).returncode


def main() -> int:
    """Run all tests, or those that the arguments name."""
    arguments = sys.argv[1:]
    try:
        set_up(["test", "engine"])
        return run_some(arguments) if arguments else run_all()
    except SetupError as error:
        say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
