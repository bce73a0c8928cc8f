"""What the files of the repository say must agree with one another."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
import re
import struct
import subprocess
import sys
import tomllib
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
INTEGRATION: Final = ROOT / "custom_components" / "budgero"
ENGINE: Final = INTEGRATION / "engine"

REPOSITORY: Final[str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "budgero"
]["repository"]
OWNER, NAME = REPOSITORY.split("/")
ADDRESS: Final = f"https://github.com/{REPOSITORY}"
MANIFEST: Final = json.loads((INTEGRATION / "manifest.json").read_text())
HACS: Final = json.loads((ROOT / "hacs.json").read_text())

# The mentions of this repository: as an address, and in links of my.home-assistant.io.
_MENTIONS: Final = (
    re.compile(rf"github(?:usercontent)?\.com/([\w.-]+/{NAME})\b"),
    re.compile(rf"shields\.io/github/\S*?([\w.-]+/{NAME})(?![\w/-])"),
    re.compile(rf"owner=([\w.-]+)&(?:amp;)?repository={NAME}\b"),
)
_REGISTRY: Final = re.compile(
    r"pythonhosted\.org|pypi\.org/simple|registry\.npmjs\.org"
    r"|(?:deb|security|archive)\.(?:debian|ubuntu)\.(?:org|com)"
)
_MACHINE: Final = re.compile(r"(?<![\w./-])/(?:root|work|tmp|Users)/\w|\.\./shared\b")
_ENGINE_NEEDS: Final = {"aiohttp", "cryptography", "yarl", *sys.stdlib_module_names}


def _files() -> list[Path]:
    """List the files that belong to the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        check=True,
        capture_output=True,
        cwd=ROOT,
        text=True,
    ).stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def _mentions(pattern: re.Pattern[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Return what a pattern finds in the text files, with where it stands."""
    for file in _files():
        try:
            text = file.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield f"{file.relative_to(ROOT)}:{line}: {found.group()}", found


@pytest.mark.parametrize("file", ["README.md", "info.md", "CHANGELOG.md"])
def test_says_where_the_repository_is(file: str) -> None:
    """The pages that people read name the repository."""
    assert REPOSITORY in (ROOT / file).read_text("utf-8")


def test_the_repository_has_one_name() -> None:
    """Every mention of the repository is the one in pyproject.toml."""
    others = [
        where
        for pattern in _MENTIONS
        for where, found in _mentions(pattern)
        if found[1] not in (REPOSITORY, OWNER)
    ]
    assert others == []


def test_manifest_names_the_repository() -> None:
    """The manifest leads to the repository and its owner."""
    assert MANIFEST["documentation"] == ADDRESS
    assert MANIFEST["issue_tracker"] == f"{ADDRESS}/issues"
    assert MANIFEST["codeowners"] == [f"@{OWNER}"]


def test_manifest_is_in_order() -> None:
    """Domain and name come first, the rest in the order of the alphabet."""
    keys = list(MANIFEST)
    assert keys == ["domain", "name", *sorted(set(keys) - {"domain", "name"})]


def test_names_agree() -> None:
    """Home Assistant and the Marketplace show the same name."""
    assert (MANIFEST["domain"], MANIFEST["name"]) == (INTEGRATION.name, HACS["name"])


def test_versions_agree() -> None:
    """The newest section of the changelog is about the version of the manifest."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    assert newest is not None
    assert newest[1] == MANIFEST["version"]
    assert f"{ADDRESS}/releases/tag/v{newest[1]}" in changelog


def test_readme_says_which_home_assistant() -> None:
    """The README names the oldest Home Assistant that the Marketplace allows."""
    assert HACS["homeassistant"].removesuffix(".0") in (ROOT / "README.md").read_text()


def test_a_release_has_the_file_that_the_marketplace_wants() -> None:
    """The workflow publishes the file that hacs.json promises."""
    assert HACS["zip_release"] is True
    release = (ROOT / ".github" / "workflows" / "release.yml").read_text()
    assert f"dist/{HACS['filename']}" in release
    assert f"dist/{HACS['filename']}" in (ROOT / "scripts" / "release").read_text()


def test_requirements_are_names_and_versions() -> None:
    """Every package has exactly one version, and none has an address."""
    wrong = [
        f"{file.name}: {line}"
        for file in (ROOT / "requirements").glob("*.txt")
        for line in file.read_text().splitlines()
        if not re.fullmatch(r"[\w.-]+==[\w.!]+( ; .+)?", line)
    ]
    assert wrong == []


@pytest.mark.parametrize("pattern", [_REGISTRY, _MACHINE], ids=["registry", "machine"])
def test_names_no_place_of_its_own(pattern: re.Pattern[str]) -> None:
    """No file names a package registry's host or a folder of somebody's machine."""
    assert [where for where, _ in _mentions(pattern)] == []


@pytest.mark.parametrize(
    "file", sorted(ENGINE.rglob("*.py")), ids=lambda file: file.stem
)
def test_engine_needs_no_home_assistant(file: Path) -> None:
    """The engine imports itself, aiohttp, cryptography and the standard library."""
    depth = len(file.relative_to(ENGINE).parts)
    outside = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [] if 0 < node.level <= depth else [node.module or "its parent"]
        else:
            continue
        outside += [name for name in names if name.split(".")[0] not in _ENGINE_NEEDS]
    assert outside == []


@pytest.mark.parametrize(
    "file", sorted(INTEGRATION.glob("*.py")), ids=lambda file: file.stem
)
def test_integration_uses_what_the_engine_exports(file: Path) -> None:
    """What the engine's packages do not export may change at any time."""
    inside = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            inside += [name.name for name in node.names if "engine" in name.name]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            for name in (alias.name for alias in node.names):
                is_engines = "engine" in (*module.split("."), name)
                if is_engines and not _is_exported(module, name):
                    inside.append(f"{module}.{name}")
    assert inside == []


@pytest.mark.parametrize(
    "file", sorted(INTEGRATION.glob("*.py")), ids=lambda file: file.stem
)
def test_integration_uses_the_face_of_the_outbox(file: Path) -> None:
    """What lies behind it may change at any time: its store and its sender."""
    attributes = {
        node.attr
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
    }
    assert not attributes & {"store", "sender"}


def _is_exported(module: str, name: str) -> bool:
    """Return whether the integration may import a name from a module of the engine."""
    place = INTEGRATION.joinpath(*module.split("."))
    if (package := place / "__init__.py").is_file():
        return name in _names_in_all(package)
    is_open = place.parent == ENGINE or module == "engine.push.errors"
    return is_open and not name.startswith("_")


def _names_in_all(package: Path) -> list[str]:
    for node in ast.parse(package.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return list(ast.literal_eval(node.value))
    return []


@pytest.mark.parametrize("theme", ["", "dark_"])
@pytest.mark.parametrize(("scale", "side"), [("", 256), ("@2x", 512)])
def test_brand_images(theme: str, scale: str, side: int) -> None:
    """Icons are square; logos are not higher than Home Assistant shows them."""
    brand = INTEGRATION / "brand"
    assert _png_size(brand / f"{theme}icon{scale}.png") == (side, side)
    width, height = _png_size(brand / f"{theme}logo{scale}.png")
    assert side // 2 <= min(width, height) <= side


def _png_size(file: Path) -> tuple[int, int]:
    """Read width and height of a PNG, which must have a channel for transparency."""
    with file.open("rb") as image:
        head = image.read(26)
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, _, color = struct.unpack(">IIBB", head[16:26])
    assert color in (4, 6)
    return width, height


def test_commands_are_described() -> None:
    """CONTRIBUTING.md has every command that a person runs."""
    commands = {file.name for file in (ROOT / "scripts").iterdir() if not file.suffix}
    described = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    internal = {"__pycache__", "python", "release"}
    missing = {name for name in commands if f"`scripts/{name}`" not in described}
    assert missing - internal == set()
