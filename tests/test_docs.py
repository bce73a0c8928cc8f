"""What the pages that people read name exists, and what exists is named."""

from collections.abc import Iterator, Mapping
import json
import re
from typing import Final

import pytest
import yaml

from scripts.readme import with_tables

from .documentation import PAGES, ROOT, Example, examples, headings, section

INTEGRATION: Final = ROOT / "custom_components" / "budgero"
ENGLISH: Final = json.loads((INTEGRATION / "translations" / "en.json").read_text())
ACTIONS: Final = yaml.safe_load((INTEGRATION / "services.yaml").read_text())
TRIGGERS: Final = yaml.safe_load((INTEGRATION / "triggers.yaml").read_text())
_OF_PRESETS: Final = {"log", "amount"}
"""The entities of presets, which begin with the name of the preset."""

ENTITIES: Final = {
    f"{platform}.{'coffee' if key in _OF_PRESETS else 'budgero'}_{re.sub(r'\W+', '_', text['name'].lower())}": text
    for platform, named in ENGLISH["entity"].items()
    for key, text in named.items()
}

_MOST_WORDS: Final = 1800
_NAME: Final = re.compile(r"(?<![\w./-])budgero\.([a-z_]+)\b(?!\.)")
_ENTITY: Final = re.compile(rf"\b(?:{'|'.join(ENGLISH['entity'])})\.budgero_\w+")
_LINK: Final = re.compile(r"\]\(([^)\s]+)\)")
_PICTURE: Final = re.compile(
    r"<picture>\s*((?:<source media=\"[^\"]+\" srcset=\"[^\"]+\">\s*)+)"
    r"<img src=\"([^\"]+)\" alt=\"[^\"]+\"[^>]*>\s*</picture>"
)
_SOURCE: Final = re.compile(r"<source media=\"([^\"]+)\" srcset=\"([^\"]+)\">")
_DARK: Final = "(prefers-color-scheme: dark)"
_STILL: Final = "(prefers-reduced-motion: reduce)"


def _fields(action: str) -> set[str]:
    """Return the fields of an action, those in sections too."""
    found: set[str] = set()
    for name, field in ACTIONS[action]["fields"].items():
        found |= set(field["fields"]) if "fields" in field else {name}
    return found


def _plain(text: str) -> str:
    """Return a text as a page quotes it: with plain quotation marks, on one line."""
    return " ".join(text.replace("\u2019", "'").split())


def _leaves(tree: object, *keys: str) -> Iterator[str]:
    """Return the texts below every key of these names."""
    if not isinstance(tree, Mapping):
        return
    for key, branch in tree.items():
        if key in keys:
            yield from [branch] if isinstance(branch, str) else branch.values()
        else:
            yield from _leaves(branch, *keys)


def _texts(tree: object) -> Iterator[str]:
    """Return every text."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for branch in tree.values():
            yield from _texts(branch)


def _calls(tree: object) -> Iterator[tuple[str, set[str]]]:
    """Return every call of an action of Budgero in an example, with its fields."""
    if isinstance(tree, list):
        for branch in tree:
            yield from _calls(branch)
    if not isinstance(tree, Mapping):
        return
    name = str(tree.get("perform_action", tree.get("action", "")))
    if name.startswith("budgero."):
        data = tree.get("data", {})
        if isinstance(data, str):  # one template for all of them
            data = re.findall(r"'(\w+)':", data)
        yield name.removeprefix("budgero."), set(data)
    for branch in tree.values():
        yield from _calls(branch)


@pytest.mark.parametrize("page", PAGES)
def test_names_exist(page: str) -> None:
    """Every action, trigger and entity that a page names is there."""
    text = PAGES[page]
    known = {*ACTIONS, *TRIGGERS, "zip"}
    assert set(_NAME.findall(text)) - known == set()
    assert set(_ENTITY.findall(text)) - set(ENTITIES) == set()


def test_everything_is_in_the_readme() -> None:
    """The README names every action, trigger and entity."""
    named = {*(f"`budgero.{name}`" for name in (*ACTIONS, *TRIGGERS))} | {
        f"**{text['name']}**" for text in ENTITIES.values()
    }
    assert {name for name in named if name not in PAGES["README.md"]} == set()


def test_the_readme_is_short() -> None:
    """Details belong into docs/."""
    assert len(PAGES["README.md"].split()) <= _MOST_WORDS


def test_the_tables_of_the_readme_are_current() -> None:
    """After a change of the actions, triggers, entities or their texts: scripts/readme."""
    assert with_tables(PAGES["README.md"]) == PAGES["README.md"]


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_are_described(action: str) -> None:
    """The page of the actions has every field of each, and no other one."""
    told = section("actions.md", f"`budgero.{action}`")
    assert {field for field in _fields(action) if f"`{field}`" not in told} == set()
    tables = re.findall(r"^\| Field \|.*\n\|.*\n((?:\|.*\n)+)", told, re.MULTILINE)
    rows = [row.split("|")[1] for table in tables for row in table.splitlines()]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named - _fields(action) == set()


def test_entities_are_described() -> None:
    """The page of the entities has all, with every state and attribute."""
    told = _plain(PAGES["entities.md"])
    wanted = {f"`{entity_id}`" for entity_id in ENTITIES}
    for text in ENTITIES.values():
        attributes = text.get("state_attributes", {})
        wanted |= {f"**{text['name']}**"} | {f"`{name}`" for name in attributes}
        for states in (text, *attributes.values()):
            wanted |= {f"`{state}`" for state in states.get("state", {})}
            wanted |= {_plain(shown) for shown in states.get("state", {}).values()}
    assert {name for name in wanted if name not in told} == set()


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_triggers_are_described(trigger: str) -> None:
    """The page of the entities has every trigger with its options."""
    told = section("entities.md", "Triggers")
    options = TRIGGERS[trigger]["fields"]
    for name in (f"budgero.{trigger}", *options):
        assert f"`{name}`" in told


@pytest.mark.parametrize("issue", ENGLISH["issues"])
def test_repairs_are_described(issue: str) -> None:
    """The page of the outbox has every repair with its answers."""
    told = _plain(section("outbox.md", "Repairs and their answers"))
    text = ENGLISH["issues"][issue]
    title = _plain(text["title"]).removeprefix("{title}: ")
    title = re.sub(r"\{\w+\}", "…", title)
    assert f"“{title}”" in told
    answers = _leaves(text, "menu_options")
    assert [answer for answer in map(_plain, answers) if answer not in told] == []


@pytest.mark.parametrize("example", examples(), ids=str)
def test_examples_use_what_exists(example: Example) -> None:
    """Every call of an action has fields that it knows, and all that it needs."""
    for action, given in _calls(example.content):
        needed = {
            name
            for name, field in ACTIONS[action]["fields"].items()
            if field.get("required")
        }
        if action == "add_transaction":
            assert {"amount", "outflow", "inflow", "preset"} & given
        assert needed <= given <= _fields(action)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    """Links within the repository lead to a file, and to a heading in it."""
    folder = ROOT if page == "README.md" else ROOT / "docs"
    dead = []
    for link in _LINK.findall(PAGES[page]):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (folder / path).resolve() if path else folder / page
        if not target.exists() or (anchor and anchor not in headings(target.name)):
            dead.append(link)
    assert dead == []


def test_pictures_exist_and_are_used() -> None:
    """Each has a dark form and a text, a film also a still, and none lies around."""
    shown = set()
    for page, text in PAGES.items():
        folder = ROOT if page == "README.md" else ROOT / "docs"
        pictures = _PICTURE.findall(text)
        assert len(pictures) == text.count("<picture>") == text.count("<img "), page
        for sources, light in pictures:
            media = dict(_SOURCE.findall(sources))
            wanted = {_DARK}
            if light.endswith(".gif"):
                wanted |= {_STILL, f"{_STILL} and {_DARK}"}
            assert set(media) == wanted, page
            files = {(folder / name).resolve() for name in (*media.values(), light)}
            assert len(files) == 1 + len(media), page
            assert all(file.is_file() for file in files), page
            shown |= files
    assert {*(ROOT / "docs" / "images").iterdir()} - shown == set()


def test_pages_are_found_from_the_readme() -> None:
    """The README links every page."""
    pages = set(PAGES) - {"README.md"}
    assert {
        page for page in pages if f"(docs/{page}" not in PAGES["README.md"]
    } == set()


def test_files_of_the_architecture_exist() -> None:
    """Each file that the page names is there, and each package of the engine is named."""
    text = PAGES["architecture.md"]
    known = {file.name for file in INTEGRATION.rglob("*.py")}
    assert set(re.findall(r"\b(\w+\.py)\b", text)) - known == set()
    packages = {file.parent.name for file in (INTEGRATION / "engine").glob("*/*.py")}
    assert {name for name in packages if f"`engine/{name}/`" not in text} == set()


def test_modules_are_in_the_architecture() -> None:
    """A reader finds on the page what each module of the integration is for."""
    text = PAGES["architecture.md"]
    modules = {*INTEGRATION.glob("*.py"), *(INTEGRATION / "engine").glob("*.py")}
    names = {file.name for file in modules} - {"__init__.py"}
    assert {name for name in names if f"{name}`" not in text} == set()


def _quotes(page: str, *columns: str) -> Iterator[re.Pattern[str]]:
    """Return what a page's tables say that Home Assistant says; … stands for some."""
    tables = re.findall(
        r"^\| ([^|]+) \|.*\n\|-.*\n((?:\|.*\n)+)", PAGES[page], re.MULTILINE
    )
    for column, rows in tables:
        if column not in columns:
            continue
        for row in rows.splitlines():
            for quote in re.findall("“(.+?)”", row.split("|")[1]):
                yield re.compile(re.escape(quote).replace("…", r"[^.]*"))


@pytest.mark.parametrize("page", PAGES)
def test_quotes_are_true(page: str) -> None:
    """What Home Assistant says is quoted word by word."""
    texts = [_plain(text) for text in _texts(ENGLISH)]
    quotes = _quotes(page, "Home Assistant says", "Message", "Repair")
    untrue = [quote.pattern for quote in quotes if not any(map(quote.search, texts))]
    assert untrue == []


def test_errors_are_described() -> None:
    """The page of the actions has every error but those that name a field."""
    quotes = list(_quotes("actions.md", "Message"))
    missing = [
        key
        for key, text in ENGLISH["exceptions"].items()
        if not key.startswith(("invalid_", "missing_", "newer_", "foreign_"))
        and not any(quote.match(_plain(text["message"])) for quote in quotes)
    ]
    assert missing == []
