"""Write the complete lists of packages from what each environment asks for.

Each environment uses the versions that its Home Assistant is released with; the
engine uses those of the newest Home Assistant that is listed.
"""

from pathlib import Path
import re
import sys
import tempfile

from scripts.console import SetupError, run, say, step
from scripts.environment import ENVIRONMENTS, ROOT, UV, set_up

OLDEST = "3.14.2"
REQUIREMENTS = ROOT / "requirements"
PYTHON = ENVIRONMENTS["engine"].folder / "bin" / "python"
_HINT = "Check the network and the versions that requirements/*.in ask for."
# Home Assistant's version of these has no wheel for its own Python.
_NOT_FOLLOWED = ("pymicro-vad", "pyspeex-noise")


def _compile(name: str, constraints: Path | None = None) -> str:
    """Return the complete list of packages for one environment."""
    options = ["--quiet", "--no-header", "--no-annotate", "--universal"]
    options += ["--python-version", OLDEST, "--python", str(PYTHON)]
    if constraints:
        options += ["--constraint", str(constraints)]
    return run(
        [UV, "--no-config", "pip", "compile", *options, REQUIREMENTS / f"{name}.in"],
        hint=_HINT,
    )


def _home_assistant_constraints(version: str, work: Path) -> Path:
    """Return the versions that a Home Assistant is released with."""
    target = work / version
    options = ["--quiet", "--no-deps", "--python", str(PYTHON), "--target", str(target)]
    run(
        [UV, "--no-config", "pip", "install", *options, f"homeassistant=={version}"],
        hint=_HINT,
    )
    listed = (target / "homeassistant" / "package_constraints.txt").read_text()
    followed = work / f"{version}.txt"
    followed.write_text(
        "\n".join(
            line for line in listed.splitlines() if not line.startswith(_NOT_FOLLOWED)
        )
    )
    return followed


def _home_assistant_version(requirements: str) -> str:
    """Return the Home Assistant in a list of packages."""
    found = re.search(r"^homeassistant==(\S+)", requirements, re.MULTILINE)
    if found is None:
        raise SetupError("requirements/*.in ask for no Home Assistant.")
    return found[1]


def pin() -> None:
    """Write `requirements/*.txt` anew.

    Raises:
        SetupError: The packages conflict, or cannot be downloaded.
    """
    set_up(["engine"])
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        versions = {
            name: _home_assistant_version(_compile(name))
            for name in ("test", "demo", "browser")
        }
        versions["engine"] = versions["demo"]
        for name, version in versions.items():
            with step(f"{name}: following Home Assistant {version}"):
                constraints = _home_assistant_constraints(version, work)
                requirements = _compile(name, constraints)
                (REQUIREMENTS / f"{name}.txt").write_text(requirements)
    for name in ("tools", "previous_frontend"):
        (REQUIREMENTS / f"{name}.txt").write_text(_compile(name))


def main() -> int:
    """Pin, or print what is wrong."""
    try:
        pin()
    except SetupError as error:
        say(f"\n{error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
