"""The blueprints: Home Assistant takes them, and the page offers each for import."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
import re
import tomllib
from typing import Any, Final
from urllib.parse import quote

import pytest

from homeassistant.components.automation.config import AUTOMATION_BLUEPRINT_SCHEMA
from homeassistant.components.blueprint.models import Blueprint
from homeassistant.components.blueprint.schemas import BLUEPRINT_SCHEMA
from homeassistant.util.yaml import extract_inputs, load_yaml_dict
from scripts.readme import ROOT

from .documentation import PAGES
from .test_docs import _fields

BLUEPRINTS: Final = sorted((ROOT / "blueprints").rglob("*.yaml"))
REPOSITORY: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"][
    "budgero"
]["repository"]
_SCHEMAS: Final[dict[str, Callable[[Any], Any]]] = {
    "automation": AUTOMATION_BLUEPRINT_SCHEMA,
    "script": BLUEPRINT_SCHEMA,
}


def _load(path: Path) -> Blueprint:
    """Read a blueprint as Home Assistant does; it refuses a broken one."""
    domain = path.relative_to(ROOT / "blueprints").parts[0]
    return Blueprint(
        load_yaml_dict(str(path)),
        path=path.name,
        expected_domain=domain,
        schema=_SCHEMAS[domain],
    )


def _calls(tree: object) -> Iterator[Mapping[str, Any]]:
    """Return every call of an action of Budgero."""
    if isinstance(tree, Mapping):
        if str(tree.get("action", "")).startswith("budgero."):
            yield tree
        for branch in tree.values():
            yield from _calls(branch)
    if isinstance(tree, list):
        for branch in tree:
            yield from _calls(branch)


@pytest.fixture(params=BLUEPRINTS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    """Each blueprint."""
    found: Path = request.param
    return found


def test_home_assistant_takes_it(path: Path) -> None:
    """Its inputs are all used, have names, and it says from where it comes."""
    blueprint = _load(path)
    assert blueprint.validate() is None
    assert extract_inputs(blueprint.data) == set(blueprint.inputs)
    assert all(given["name"] for given in blueprint.inputs.values())
    where = path.relative_to(ROOT)
    source = f"https://github.com/{REPOSITORY}/blob/main/{where}"
    assert blueprint.metadata["source_url"] == source
    manifest = (ROOT / "hacs.json").read_text()
    assert blueprint.metadata["homeassistant"]["min_version"] in manifest
    assert blueprint.name.startswith("Budgero: ")


def test_what_it_logs_has_an_identity(path: Path) -> None:
    """One happening is logged once, and a failure is told."""
    text = path.read_text()
    for call in _calls(_load(path).data):
        action = call["action"].removeprefix("budgero.")
        assert set(call["data"]) <= _fields(action)
        assert "{{" in call["data"]["message_id"]
        assert call["continue_on_error"] is True
        assert call["response_variable"] == "logged"
        assert re.search(r"logged is (not )?defined|not logged", text)


def test_it_can_be_imported_from_the_page(path: Path) -> None:
    """With a button that opens one's own Home Assistant."""
    where = path.relative_to(ROOT)
    source = f"https://github.com/{REPOSITORY}/blob/main/{where}"
    button = (
        "https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url="
        + quote(source, safe="")
    )
    assert f"]({button})" in PAGES["blueprints.md"]
    assert f"]({button})" in PAGES["README.md"]
    name = _load(path).name.removeprefix("Budgero: ")
    assert f"| **{name[0].upper()}{name[1:]}** |" in PAGES["blueprints.md"]
    assert f"| {name[0].upper()}{name[1:]} |" in PAGES["README.md"]
