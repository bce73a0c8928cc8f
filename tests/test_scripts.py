"""The parts of the commands that decide something."""

from pathlib import Path
import shutil

import pytest

from scripts import debian, environment
from scripts.console import SetupError, run
from scripts.run_tests import Counts

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
        fingerprint = environment._fingerprint(engine.requirements)  # noqa: SLF001
        (engine.folder / environment._STAMP).write_text(fingerprint)  # noqa: SLF001

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
    """The counts of all runs are added up and said in pytest's words."""
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite errors="1" failures="2" skipped="3" tests="10"/>'
        "</testsuites>"
    )
    counts = Counts.read(report)
    assert counts == Counts(failed=2, passed=4, skipped=3, errors=1)
    assert counts.in_words() == "2 failed, 4 passed, 3 skipped, 1 error"
    assert (counts + Counts(errors=1)).in_words().endswith("2 errors")
    assert Counts().in_words() == "no tests ran"
