"""The parts of the commands that decide something."""

from collections import Counter
from dataclasses import replace
from io import StringIO
from pathlib import Path
import shutil
import sys

import pytest

from scripts import chromium, debian, environment
from scripts.console import SetupError, run
from scripts.progress import Progress, ProgressDisplay

ONE_LINE = """\
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://safe.example/debian-security bookworm-security main
deb [ arch=amd64 ] http://mirror.example/debian/ bookworm main contrib # ours
deb-src http://source.example/debian bookworm main
"""
DEB822 = """\
Types: deb
# a comment
URIs: http://other.example/node
Suites: nodistro
Components: main

Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main

Types: deb deb-src
URIs: http://mirror.example/debian
  http://second.example/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
"""


def _apt(folder: Path, file: str, text: str) -> Path:
    """Make a folder with apt's configuration."""
    (folder / "sources.list.d").mkdir(exist_ok=True)
    (folder / file).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("file", "text", "mirror"),
    [
        ("sources.list", ONE_LINE, "http://mirror.example/debian/"),
        ("sources.list.d/debian.list", ONE_LINE, "http://mirror.example/debian/"),
        ("sources.list.d/debian.sources", DEB822, "http://mirror.example/debian"),
    ],
)
def test_finds_the_machines_own_mirror(
    tmp_path: Path, file: str, text: str, mirror: str
) -> None:
    """Both formats of apt are read; only Debian's main archive counts."""
    assert debian.mirror(_apt(tmp_path, file, text)) == mirror


def test_says_what_to_do_without_a_mirror(tmp_path: Path) -> None:
    """A machine that is no Debian gets a way out."""
    apt = _apt(tmp_path, "sources.list.d/off.list.disabled", ONE_LINE)
    with pytest.raises(SetupError, match=r"Install Python 3\.14"):
        debian.mirror(apt)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["no-such-program"], "no-such-program was not found. Do this."),
        (["sh", "-c", "echo oh no >&2; exit 3"], "sh failed (3):\noh no\n\nDo this."),
        (["sleep", "10"], "sleep took more than 0 s. Do this."),
    ],
    ids=["missing", "failing", "slow"],
)
def test_a_failing_program_says_what_to_do(command: list[str], said: str) -> None:
    """Every way to fail ends with what the person should do."""
    with pytest.raises(SetupError) as raised:
        run([*command], hint="Do this.", timeout=0.2)
    assert str(raised.value) == said


def test_an_environment_is_made_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is complete and fits is kept; what is missing, half or outdated is made."""
    made = []
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "HOME", tmp_path / ".venv")
    monkeypatch.setattr(environment, "_make_tools", lambda: None)
    monkeypatch.setattr(environment, "provide", lambda tools, own: Path("python"))

    def make(engine: environment.Environment, interpreter: Path) -> None:
        made.append(engine.name)
        shutil.rmtree(engine.folder, ignore_errors=True)
        (engine.folder / "bin").mkdir(parents=True)
        (engine.folder / "bin" / "python").touch()
        wanted = environment.fingerprint(engine.requirements)
        (engine.folder / environment._STAMP).write_text(wanted)  # noqa: SLF001

    monkeypatch.setattr(environment, "_make", make)
    requirements = tmp_path / "requirements" / "engine.txt"
    requirements.parent.mkdir()
    requirements.write_text("aiohttp==1\n")
    environment.set_up(["engine"])
    environment.set_up(["engine"])
    assert len(made) == 1

    requirements.write_text("aiohttp==2\n")
    environment.set_up(["engine"])
    assert len(made) == 2

    folder = tmp_path / ".venv" / "engine"
    (folder / environment._STAMP).unlink()  # noqa: SLF001 - interrupted before the end
    environment.set_up(["engine"])
    assert len(made) == 3

    shutil.rmtree(folder / "bin")
    environment.set_up(["engine"])
    assert made == ["engine"] * 4


def test_the_closing_line_counts_every_run(tmp_path: Path) -> None:
    """The results of all processes are added up and said in pytest's words."""
    one, two, not_yet = (tmp_path / name for name in ("one", "two", "not_yet"))
    one.write_text("collected 3\npassed\nfailed a.py::test_b\nskipped\n")
    assert Progress.read([one, not_yet]).total is None
    two.write_text("error c.py\ncollected 2\npassed\nerror a.py::test_d\npas")

    progress = Progress.read([one, two])
    assert progress.total == 5
    assert progress.failures == ("a.py::test_b", "c.py", "a.py::test_d")
    assert progress.in_words() == "1 failed, 2 passed, 1 skipped, 2 errors"
    two.write_text("error c.py\n")
    assert Progress.read([one, two]).in_words().endswith("1 skipped, 1 error")
    assert Progress.read([not_yet]).in_words() == "no tests ran"


def test_progress_is_shown_from_the_start(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal there is a line now and then, and a failure at once."""
    display = ProgressDisplay(every=0)
    collecting = Progress(total=None, counts=Counter(passed=7), failures=())
    failing = Progress(
        total=20, counts=Counter(passed=8, failed=1), failures=("a.py::test_b",)
    )
    display.show(collecting, 1.2)
    display.show(failing, 65)
    display.show(replace(failing, failures=("c.py::test_d", "a.py::test_b")), 66)
    assert capsys.readouterr().err.splitlines() == [
        "0:01 7 tests done, looking for more, 0 failed",
        "FAILED a.py::test_b",
        "1:05 9 of 20 tests done, 1 failed",
        "FAILED c.py::test_d",
        "1:06 9 of 20 tests done, 2 failed",
    ]


def test_progress_at_a_terminal_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written anew, and makes room for a failure."""
    terminal = StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    display = ProgressDisplay()
    display.show(Progress(total=2, counts=Counter(), failures=()), 0)
    display.show(Progress(total=2, counts=Counter(failed=1), failures=("a",)), 1)
    display.clear()
    assert terminal.getvalue() == (
        "\r\x1b[K0:00 0 of 2 tests done, 0 failed"
        "\r\x1b[KFAILED a\n"
        "\r\x1b[K0:01 1 of 2 tests done, 1 failed"
        "\r\x1b[K"
    )


def test_installing_lists_no_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It says what it does and how long it took, at a terminal and elsewhere."""
    uv = tmp_path / "uv"
    uv.write_text(
        "#!/bin/sh\n"
        'case "$*" in\n'
        '  *venv*) mkdir -p "$TO"; exit;;\n'
        "  *--quiet*) exit;;\n"
        "esac\n"
        'echo " + aiohttp==1" >&2\n'
    )
    uv.chmod(0o755)
    engine = environment.ENVIRONMENTS["engine"]
    monkeypatch.setattr(environment, "HOME", tmp_path)
    monkeypatch.setattr(environment, "UV", uv)
    monkeypatch.setenv("TO", str(engine.folder))
    for is_terminal in (False, True):
        monkeypatch.setattr(sys.stderr, "isatty", lambda here=is_terminal: here)
        environment._make(engine, Path("python"))
        assert "aiohttp" not in capfd.readouterr().err


def test_browser_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that is named goes first, then one that is installed."""
    program = tmp_path / "chromium"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CHROMIUM", "/somewhere/chrome")
    assert chromium.provide() == Path("/somewhere/chrome")
    monkeypatch.delenv("CHROMIUM")
    assert chromium.provide() == program


def test_browser_from_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one it is unpacked once, and again when the repository was moved."""
    folder = tmp_path / "chromium"
    unpacked: list[Path] = []

    def unpack(target: Path, package: str, megabytes: int) -> Path:
        libraries = target / "usr" / "lib" / "x86_64-linux-gnu"
        (libraries / "pulseaudio").mkdir(parents=True)
        unpacked.append(target)
        return libraries / "ld-linux-x86-64.so.2"

    def set_loader(program: Path, loader: Path, patchelf: Path) -> None:
        assert loader.parent.exists()

    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "_FOLDER", folder)
    monkeypatch.setattr(chromium, "_STAMP", folder / ".complete")
    monkeypatch.setattr(debian, "unpack", unpack)
    monkeypatch.setattr(debian, "set_loader", set_loader)
    assert chromium.environ() == {}
    chromium.provide()
    chromium.provide()
    assert unpacked == [folder]
    assert chromium.environ() == {
        "FONTCONFIG_SYSROOT": str(folder),
        "LD_LIBRARY_PATH": str(folder / "usr/lib/x86_64-linux-gnu/pulseaudio"),
    }
    (folder / ".complete").write_text("/elsewhere")
    chromium.provide()
    assert len(unpacked) == 2
