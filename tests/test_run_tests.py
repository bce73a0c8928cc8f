"""`scripts/test` in a copy of the repository that lies where people put things."""

from collections.abc import Sequence
import os
from pathlib import Path
import shutil
import subprocess
import sys
from typing import Final

import pytest

from scripts import environment
from scripts.environment import ENVIRONMENTS, ROOT

ALONE: Final = "tests/engine/test_alone.py"
BESIDE: Final = "tests/test_beside.py"

# Each passes in one environment only.
_ALONE: Final = """
from importlib.util import find_spec
from custom_components.budgero.engine import push

def test_alone():
    assert push.CLOUD
    assert find_spec("homeassistant") is None
"""
_BESIDE: Final = """
from importlib.util import find_spec

def test_beside(subtests):
    with subtests.test("a part"):
        assert find_spec("homeassistant")
"""
_FAILING: Final = """
def test_failing():
    assert False
"""
_SETTINGS: Final = """
[tool.pytest.ini_options]
testpaths = ["tests"]

[tool.coverage.run]
relative_files = true
source = ["custom_components/budgero"]
"""
_PRINT_FINGERPRINT: Final = """
import sys
from scripts.environment import ENVIRONMENTS, fingerprint

print(fingerprint(ENVIRONMENTS[sys.argv[1]].requirements))
"""
_COPIED: Final = (
    "custom_components",
    "requirements",
    "scripts",
    "tests/__init__.py",
    "tests/engine_alone.py",
    "tests/reporting.py",
)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with two tests, and with the environments of this one."""
    root = tmp_path_factory.mktemp("run") / "Zoë's tests" / "ha-budgero"
    for name in _COPIED:
        target = root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target)
        else:
            shutil.copy(ROOT / name, target)
    (root / "pyproject.toml").write_text(_SETTINGS)
    (root / "tests" / "engine").mkdir()
    (root / "tests" / "engine" / "__init__.py").touch()
    (root / ALONE).write_text(_ALONE)
    (root / BESIDE).write_text(_BESIDE)
    for name in ("test", "engine"):
        _lend(ENVIRONMENTS[name], root)
    return root


def _lend(lent: environment.Environment, root: Path) -> None:
    """Let the copy use an environment as if it were its own."""
    folder = root / ".venv" / lent.name
    folder.mkdir(parents=True)
    for each in lent.folder.iterdir():
        if each.name != ".stamp":
            (folder / each.name).symlink_to(each)
    done = subprocess.run(
        [sys.executable, "-c", _PRINT_FINGERPRINT, lent.name],
        check=True,
        capture_output=True,
        cwd=root,
        text=True,
    )
    (folder / ".stamp").write_text(done.stdout.strip())


def _test(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [copy / "scripts" / "test", *arguments],
        check=False,
        capture_output=True,
        cwd=copy.parent,
        # These tests need none of the plugins, which take seconds to start.
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        text=True,
    )


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        (["-q"], 2),
        ([BESIDE, ALONE, "-q"], 2),
        (["tests/engine"], 1),
        ([f"{BESIDE}::test_beside", "--ignore", "tests/engine"], 1),
        (["-k", "beside"], 1),
    ],
)
def test_arguments_do_not_choose_where(
    copy: Path, arguments: Sequence[str], passed: int
) -> None:
    """Whatever is chosen runs where it runs in a whole run."""
    done = _test(copy, *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    closing = f"\nAltogether: {passed} passed\n" if passed == 2 else f"{passed} passed"
    assert closing in done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-k", "something_else"], 5, "No test was chosen."),
        ([f"{ALONE}::test_nothing"], 4, "not found"),
    ],
    ids=["nothing", "no test"],
)
def test_nothing_chosen_is_an_error(
    copy: Path, arguments: Sequence[str], code: int, said: str
) -> None:
    """A mistake in the choice is told from a test that passed."""
    done = _test(copy, *arguments)
    assert done.returncode == code
    assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("folder", "before"),
    [("tests/engine", ["-q"]), ("tests", [])],
    ids=["some", "whole run"],
)
def test_what_failed_last(copy: Path, folder: str, before: Sequence[str]) -> None:
    """One failure fails the run, and with `--lf` nothing else runs again."""
    failing = copy / folder / "test_failing.py"
    failing.write_text(_FAILING)
    try:
        done = _test(copy, *before)
        assert done.returncode == 1
        assert "1 failed, 2 passed" in done.stdout.splitlines()[-1]
        again = _test(copy, "--lf")
        assert again.returncode == 1
        assert "1 failed" in again.stdout
        assert "passed" not in again.stdout
    finally:
        failing.unlink()


def test_whole_run(copy: Path) -> None:
    """It says something at once, and closes with one line that counts everything."""
    done = _test(copy)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.startswith("Running all tests; on two cores that takes about")
    assert "= 2 passed in " in done.stdout.splitlines()[-1]
