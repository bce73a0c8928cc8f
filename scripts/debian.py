"""Python 3.14 from Debian's packages, in a folder of its own.

For machines that reach a Debian mirror but not the place uv downloads from. The packages
are fetched with apt (directories of its own, the mirror that the machine itself is
configured for) and unpacked; nothing is installed system-wide. They bring their own C
library, so the interpreter is told to load the libraries beside it.

Standard library only and Python 3.11, because this runs before there is anything else.
"""

from dataclasses import dataclass
import os
from pathlib import Path
import shutil

from scripts.console import SetupError, run, say

SUITE = "forky"
PACKAGE = "python3.14-venv"
_APT = Path("/etc/apt")
_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_HINT = (
    "Install Python 3.14 yourself (for example with uv or your system's packages) and"
    " run scripts/setup again."
)


@dataclass(frozen=True, kw_only=True)
class Source:
    """One archive that apt is configured for."""

    uri: str
    suite: str
    components: tuple[str, ...]


def parse_one_line(text: str) -> list[Source]:
    """Read the one-line format: `deb [options] uri suite component...`."""
    sources = []
    for line in text.splitlines():
        words = line.split("#", 1)[0].replace("[", " [ ").replace("]", " ] ").split()
        if words[:1] != ["deb"]:
            continue
        if "[" in words and "]" in words:
            words = words[:1] + words[words.index("]") + 1 :]
        if len(words) > 3:
            sources.append(
                Source(uri=words[1], suite=words[2], components=tuple(words[3:]))
            )
    return sources


def parse_deb822(text: str) -> list[Source]:
    """Read the deb822 format: paragraphs of `Field: value`."""
    sources = []
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for paragraph in "\n".join(lines).split("\n\n"):
        fields: dict[str, list[str]] = {}
        name = ""
        for line in paragraph.splitlines():
            if line[:1].isspace():
                fields.get(name, []).extend(line.split())
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.split()
        if "deb" not in fields.get("types", []) or fields.get("enabled") == ["no"]:
            continue
        sources += [
            Source(uri=uri, suite=suite, components=tuple(fields.get("components", ())))
            for uri in fields.get("uris", [])
            for suite in fields.get("suites", [])
        ]
    return sources


def mirror(apt: Path = _APT) -> str:
    """Return the address of the Debian archive that this machine is configured for.

    Raises:
        SetupError: No such archive is configured.
    """
    parts = apt / "sources.list.d"
    one_line = [apt / "sources.list", *sorted(parts.glob("*.list"))]
    sources = [
        source
        for path in sorted(parts.glob("*.sources"))
        for source in parse_deb822(path.read_text())
    ] + [
        source
        for path in one_line
        if path.is_file()
        for source in parse_one_line(path.read_text())
    ]
    for source in sources:
        archive = source.uri.rstrip("/").endswith("/debian")
        if archive and "main" in source.components:
            return source.uri
    raise SetupError(f"This machine has no Debian mirror configured. {_HINT}")


def _download(work: Path, package: str, megabytes: int) -> Path:
    """Download a package with its dependencies; return the folder that has them."""
    for folder in ("state/lists/partial", "cache/archives/partial"):
        (work / folder).mkdir(parents=True)
    (work / "status").touch()
    (work / "empty").mkdir()
    signed = f" [signed-by={_KEYRING}]" if _KEYRING.exists() else ""
    (work / "sources.list").write_text(f"deb{signed} {mirror()} {SUITE} main\n")
    options = {
        "Dir::State": work / "state",
        "Dir::State::status": work / "status",
        "Dir::Cache": work / "cache",
        "Dir::Etc::SourceList": work / "sources.list",
        "Dir::Etc::SourceParts": "-",
        "Dir::Etc::PreferencesParts": work / "empty",
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": "",
        "Acquire::Retries": "3",
    }
    apt = ["apt-get", "-q"]
    for name, value in options.items():
        apt += ["-o", f"{name}={value}"]
    hint = f"Check that this machine reaches its Debian mirror. {_HINT}"
    say("  reading the list of packages")
    run([*apt, "update"], hint=hint, timeout=300)
    say(f"  downloading about {megabytes} MB")
    run(
        [*apt, "install", "-y", "--download-only", package],
        hint=hint,
        env={"DEBIAN_FRONTEND": "noninteractive"},
        timeout=900,
    )
    return work / "cache" / "archives"


def unpack(folder: Path, package: str, megabytes: int) -> Path:
    """Unpack a package and everything it needs, and return its dynamic loader.

    Args:
        folder: Where to; it must not exist.
        package: Its name.
        megabytes: About how much is downloaded.

    Raises:
        SetupError: This is no Debian machine, or a download failed.
    """
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        raise SetupError(_HINT)
    folder.mkdir(parents=True)
    work = folder / "download"
    work.mkdir()
    packages = sorted(_download(work, package, megabytes).glob("*.deb"))
    say(f"  unpacking {len(packages)} packages")
    for each in packages:
        run(["dpkg-deb", "-x", each, folder], hint=_HINT)
    shutil.rmtree(work)
    loader = next(folder.glob("usr/lib/*-linux-gnu*/ld-linux*.so.*"), None)
    if loader is None:
        raise SetupError(f"Debian's packages do not have what they should. {_HINT}")
    return loader


def set_loader(program: Path, loader: Path, patchelf: Path) -> None:
    """Let a program use the libraries beside its loader.

    Raises:
        SetupError: It is not there, or no program.
    """
    if not os.access(program, os.X_OK):
        raise SetupError(f"Debian's packages do not have what they should. {_HINT}")
    run(
        [
            *(patchelf, "--set-interpreter", loader),
            *("--force-rpath", "--set-rpath", loader.parent),
            program,
        ],
        hint=_HINT,
    )


def install(folder: Path, patchelf: Path) -> Path:
    """Put Python 3.14 into `folder` and return its interpreter.

    Args:
        folder: Where to install it; it cannot be moved later.
        patchelf: The program that sets where the interpreter finds its libraries.

    Raises:
        SetupError: This is no Debian machine, or a download failed.
    """
    interpreter = folder / "usr" / "bin" / "python3.14"
    set_loader(interpreter, unpack(folder, PACKAGE, 21), patchelf)
    return interpreter
