"""The demo, as far as it decides something without a Home Assistant that runs."""

from collections.abc import Iterator
import fcntl
import os
from pathlib import Path
import re
import socket
import subprocess
import sys

import pytest
import yaml

from tests import first_request, loopback_only
from tests.documentation import automations
from tests.e2e import phone
from tests.e2e.home_assistant import unexpected_in_log
from tests.e2e.main_job import DOMAIN
from tests.e2e.seed import CONFIGURATION, INTEGRATION, seed

ROOT = Path(__file__).parents[1]

# Triggers that every Home Assistant has.
_ALWAYS_THERE = {"homeassistant", "state", "time"}

# Folders as the README's first command and people make them.
FOLDERS = ("ha-budgero", "Zoë's demo/budgero", "custom_components/budgero")


@pytest.fixture
def configuration(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Home Assistant's folder, below one that is called something."""
    folder: Path = tmp_path / request.param / "home_assistant"
    (folder / "custom_components").mkdir(parents=True)
    (folder / "custom_components" / "budgero").symlink_to(INTEGRATION)
    return folder


def _record(logger: str, text: str, level: str = "ERROR") -> str:
    return f"2026-11-28 04:58:24.715+00:00 {level} (MainThread) [{logger}] {text}\n"


def _traceback(*files: Path) -> str:
    lines = [f'  File "{file}", line 7, in start\n    run()' for file in files]
    return "\n".join(
        ["It failed", "Traceback (most recent call last):", *lines, "OSError: no"]
    )


@pytest.mark.parametrize("configuration", FOLDERS, indirect=True)
def test_what_others_log_is_not_ours(configuration: Path) -> None:
    """The name of a folder above does not make a record ours."""
    package = (
        configuration.parent / ".venv/lib/python3.14/site-packages/haffmpeg/core.py"
    )
    log = configuration / "demo.log"
    log.write_text(
        _record("haffmpeg.core", _traceback(package))
        + _record("homeassistant.components.camera", f"No library in {package.parent}")
        + _record(
            "homeassistant.loader",
            "We found a custom integration budgero which has not been tested",
            "WARNING",
        )
        + _record("custom_components.budgero_other", "This is another integration")
        + _record("custom_components.budgero.sensor", "All is well", "INFO")
    )
    assert unexpected_in_log(log) == []


@pytest.mark.parametrize("configuration", FOLDERS, indirect=True)
def test_what_is_about_us_is_ours(configuration: Path) -> None:
    """Our loggers, our frames, and what Home Assistant says of our code."""
    package = configuration.parent / ".venv/lib/python3.14/site-packages/core.py"
    installed = configuration / "custom_components" / "budgero" / "sensor.py"
    records = [
        _record("custom_components.budgero", "Something is wrong"),
        _record("custom_components.budgero.engine.outbox", "Wrong, too", "WARNING"),
        _record("homeassistant.core", _traceback(package, installed)),
        _record("asyncio", _traceback(installed.resolve(), package), "CRITICAL"),
        _record(
            "homeassistant.helpers.frame",
            "Detected that custom integration 'budgero' calls what it should not",
            "WARNING",
        ),
        _record(
            "homeassistant.helpers.entity",
            "sensor.x (<class 'custom_components.budgero.sensor.Sensor'>) is slow",
            "WARNING",
        ),
    ]
    log = configuration / "demo.log"
    log.write_text(_record("asyncio", "Nothing to see").join(records))
    assert unexpected_in_log(log) == records


def test_loads_what_the_examples_need() -> None:
    """Every trigger of the examples exists in the demo's Home Assistant."""
    used = {
        trigger["trigger"].partition(".")[0]
        for example in automations()
        if isinstance(example.content, dict)
        for trigger in example.content["triggers"]
    }
    text = (CONFIGURATION / "configuration.yaml").read_text()
    loaded = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    assert "webhook" in used
    assert used - _ALWAYS_THERE - loaded == {DOMAIN}


def test_the_phone_example_is_the_one_of_the_page(tmp_path: Path) -> None:
    """The demo has it among its automations, under the address that is printed."""
    installation = seed(tmp_path, 8123)
    [automation] = yaml.safe_load(phone.automation())
    assert automation["id"] == "phone"
    webhook = automation["triggers"][0]["webhook_id"]
    assert phone.address(installation) == f"{installation.url}/api/webhook/{webhook}"
    assert f"webhook_id: {webhook}\n" in (ROOT / "docs" / "examples.md").read_text()


def _demo(temporary: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the demo, which must give up at once."""
    return subprocess.run(
        [sys.executable, "-m", "scripts.demo", "--check", *arguments],
        check=False,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(temporary)},
        text=True,
        timeout=50,
    )


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder for temporary files."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


@pytest.fixture
def taken(socket_enabled: None) -> Iterator[str]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield str(server.getsockname()[1])


@pytest.mark.parametrize("port", ["80000", "0", "-1", "x", "", "٨٠"])
def test_a_port_that_is_none(temporary: Path, port: str) -> None:
    """It is said in a sentence, before anything is made."""
    done = _demo(temporary, f"--port={port}")
    assert done.returncode == 2
    assert "a port is a number from 1 to 65535" in done.stderr
    assert list(temporary.iterdir()) == []


def test_a_port_that_is_taken(temporary: Path, taken: str) -> None:
    """It is said in a sentence; no folder is left behind, and none is made."""
    wanted = temporary / "wanted"
    for folder in ([], ["--dir", str(wanted)]):
        done = _demo(temporary, "--port", taken, *folder)
        assert done.returncode == 2
        assert done.stderr.endswith(
            f"\nPort {taken} is taken or reserved. Give another one with --port, or"
            " none: then a free one is chosen.\n"
        )
        assert "Traceback" not in done.stderr
    assert list(temporary.iterdir()) == []


def test_a_second_demo_in_the_same_folder(temporary: Path, tmp_path: Path) -> None:
    """It is told that there is one, and leaves the folder as it is."""
    with (tmp_path / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        done = _demo(temporary, "--dir", str(tmp_path))
    assert done.returncode == 2
    assert f"\nAnother demo is running in {tmp_path}. End it, or" in done.stderr
    assert "Traceback" not in done.stderr
    assert {file.name for file in tmp_path.iterdir()} == {".lock", "temporary"}


def test_the_port_of_the_stand_in_is_taken(
    temporary: Path, tmp_path: Path, taken: str
) -> None:
    """Home Assistant has stored it, so another one would not do."""
    (tmp_path / "budgero.port").write_text(taken)
    done = _demo(temporary, "--dir", str(tmp_path))
    assert done.returncode == 2
    assert f"\nPort {taken} is taken, and the stand-in for Budgero in" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_none(temporary: Path, tmp_path: Path) -> None:
    """A file cannot be used as a folder."""
    file = tmp_path / "file"
    file.touch()
    done = _demo(temporary, "--dir", str(file))
    assert done.returncode == 2
    assert f"\n{file} cannot be used: File exists. Give another folder" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has such networks")
@pytest.mark.parametrize("is_alone", [True, False])
def test_needs_no_network(tmp_path: Path, is_alone: bool) -> None:
    """With the demo's settings Home Assistant sends requests on a machine without one.

    With those that Home Assistant has by itself it cannot: it looks for others first.
    """
    seed(tmp_path, 8123, is_alone=is_alone)
    done = subprocess.run(
        [
            *(sys.executable, "-m", loopback_only.__name__),
            *(first_request.__name__, str(tmp_path)),
        ],
        check=False,
        capture_output=True,
        cwd=ROOT,
        text=True,
    )
    if done.returncode == loopback_only.IMPOSSIBLE:
        pytest.skip(f"This machine allows no network of its own: {done.stderr}")
    if is_alone:
        assert (done.stdout, done.returncode) == ("Here I am", 0), done.stderr
    else:
        assert "No such device" in done.stderr
