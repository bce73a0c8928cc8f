"""The card's scripts fit the integration; `scripts/browser-test` uses them."""

import json
from pathlib import Path
import re
from typing import Final

from custom_components.budgero.engine.outbox import Hold, State
from custom_components.budgero.names_view import MOST_NEAR
from custom_components.budgero.own_entries import Outcome

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "budgero"
FRONTEND: Final = INTEGRATION / "frontend"
SCRIPTS: Final = {file.name: file.read_text("utf-8") for file in FRONTEND.glob("*.js")}
TEXTS: Final = json.loads((INTEGRATION / "translations" / "en.json").read_text("utf-8"))

_LARGEST_STUB: Final = 1536


def test_stub_is_small() -> None:
    """Every page of Home Assistant loads it."""
    assert len((FRONTEND / "budgero-card.js").read_bytes()) <= _LARGEST_STUB


def test_version_is_that_of_the_integration() -> None:
    """Card and integration compare their versions."""
    manifest = json.loads((INTEGRATION / "manifest.json").read_text("utf-8"))
    told = re.findall(
        r'^export const VERSION = "(.*)";', SCRIPTS["link.js"], re.MULTILINE
    )
    assert told == [manifest["version"]]


def test_texts_exist() -> None:
    """Every text that the card names is there; a typing error would show a key."""
    named = set(re.findall(r'\bcard\("(\w+)"', "".join(SCRIPTS.values())))
    assert len(named) > 20
    assert {f"card_{name}" for name in named} - set(TEXTS["common"]) == set()
    [waited_for] = re.findall(
        r"const CATEGORIES = \{(.*?)\};", SCRIPTS["texts.js"], re.DOTALL
    )
    for category, path in re.findall(r'(\w+): "(.*)"', waited_for):
        text = TEXTS[category]
        for key in path.split("."):
            text = text[key]
        assert text


def test_texts_of_what_happens_exist() -> None:
    """Every state, every reason to wait, and whatever becomes of taking back."""
    states = {f"card_state_{state}" for state in State}
    outcomes = {f"card_{outcome}" for outcome in Outcome if outcome != "too_late"}
    assert states | outcomes <= set(TEXTS["common"])
    problem = TEXTS["entity"]["binary_sensor"]["problem"]["state_attributes"]
    assert {f"held_{hold}" for hold in Hold} <= set(problem["reason"]["state"])


def test_no_markup_is_made_of_texts() -> None:
    """Names may contain anything."""
    for name, script in SCRIPTS.items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", script
        ), name


def test_scripts_keep_their_version() -> None:
    """A static import would lose `?v=`, and browsers keep such files for a month."""
    search = "new URL(import.meta.url).search"
    for name, script in SCRIPTS.items():
        assert not re.search(r"^\s*import\s", script, re.MULTILINE), name
        for imported in re.findall(r"\bimport\((.*)\);", script):
            assert search in imported, name


def test_it_lists_the_payees_that_it_gets() -> None:
    """The action finds as many as the card has room for."""
    assert f"const MOST_PAYEES = {MOST_NEAR};" in SCRIPTS["card.js"]
