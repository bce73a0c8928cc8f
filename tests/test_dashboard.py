"""The dashboard that is ready to paste, and what its view is made of."""

import json
from pathlib import Path
import re
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[1]
INTEGRATION: Final = ROOT / "custom_components" / "budgero"
FRONTEND: Final = INTEGRATION / "frontend"
DASHBOARD: Final = ROOT / "dashboards" / "budgero.yaml"
ENGLISH: Final = json.loads((INTEGRATION / "translations" / "en.json").read_text())


def test_it_is_a_list_of_views() -> None:
    """It is pasted below `views:`, and a person may add the id of an entry."""
    [view] = yaml.safe_load(DASHBOARD.read_text())
    assert view["strategy"] == {"type": "custom:budgero"}
    assert view["path"] == "budgero"
    [view] = yaml.safe_load(DASHBOARD.read_text().replace("# config", "config"))
    assert set(view["strategy"]) == {"type", "config_entry_id"}


def test_it_names_no_entity() -> None:
    """Entity ids differ with the language in which the entry was added."""
    for file in (DASHBOARD, FRONTEND / "view.js"):
        assert not re.search(r"\b(sensor|button|event)\.\w*budgero", file.read_text())


def test_every_page_knows_the_view() -> None:
    """The script of every page defines the element that Home Assistant looks for."""
    [view] = yaml.safe_load(DASHBOARD.read_text())
    name = view["strategy"]["type"].removeprefix("custom:")
    script = (FRONTEND / "budgero-card.js").read_text()
    assert f'"ll-strategy-view-{name}"' in script
    assert len(script.encode()) <= 1536


@pytest.fixture
def script() -> str:
    """What makes the view."""
    return (FRONTEND / "view.js").read_text()


def test_entities_of_the_view(script: str) -> None:
    """It asks for entities that there are."""
    lists = re.findall(r"const [A-Z]+ = (\[.*\]);", script)
    named: list[Any] = [key for keys in lists for key in json.loads(keys)]
    named += re.findall(r"entities\.(\w+)", script)
    known = {key for entities in ENGLISH["entity"].values() for key in entities}
    assert len(set(named)) >= 8
    assert set(named) <= known


def test_texts_of_the_view(script: str) -> None:
    """Each text that it shows is there, and no other one."""
    shown = set(re.findall(r'text\("(\w+)"\)', script))
    known = {key for key in ENGLISH["common"] if key.startswith("view_")}
    assert shown == known
