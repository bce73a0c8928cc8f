"""Every text and icon that Home Assistant looks for exists, in every language."""

import ast
from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Final

import pytest
import yaml

INTEGRATION: Final = Path(__file__).parents[1] / "custom_components" / "budgero"
ENGLISH: Final = json.loads((INTEGRATION / "translations" / "en.json").read_text())
ICONS: Final = json.loads((INTEGRATION / "icons.json").read_text())
LANGUAGES: Final = sorted(
    file.stem for file in (INTEGRATION / "translations").glob("*.json")
)

# What a module makes possible, the file that describes it, and its icons' key.
_DESCRIBED: Final = [
    (file, f"{kind}s", kind)
    for module, file, kind in (
        ("services.py", "services.yaml", "service"),
        ("trigger.py", "triggers.yaml", "trigger"),
        ("condition.py", "conditions.yaml", "condition"),
    )
    if (INTEGRATION / module).exists()
]
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_HTML: Final = re.compile(r"<[a-z].*?>", re.IGNORECASE | re.DOTALL)
_ADDRESS: Final = re.compile(r"\w://\w")

type Tree = str | Mapping[str, "Tree"]


def _leaves(tree: Tree, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Return every text with its place."""
    if isinstance(tree, str):
        yield ".".join(path), tree
        return
    for key, branch in tree.items():
        yield from _leaves(branch, (*path, key))


def _texts(language: str) -> dict[str, str]:
    """Return all texts of a language by their place."""
    file = INTEGRATION / "translations" / f"{language}.json"
    return dict(_leaves(json.loads(file.read_text("utf-8"))))


def _fields(described: dict[str, dict[str, object]]) -> tuple[set[str], set[str]]:
    """Return the fields and the sections of an action, trigger or condition."""
    fields: set[str] = set()
    sections: set[str] = set()
    for name, field in described.items():
        inner = field.get("fields")
        if isinstance(inner, dict):
            sections.add(name)
            fields |= set(inner)
        else:
            fields.add(name)
    return fields, sections


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    """A language has the texts of English, with the same placeholders."""
    english, texts = _texts("en"), _texts(language)
    assert set(texts) == set(english)
    differing = {
        place
        for place, text in texts.items()
        if set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(english[place]))
    }
    assert differing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_what_home_assistant_takes(language: str) -> None:
    """No addresses, no HTML, no quotes before placeholders, no blanks around, plain keys."""
    wrong = [
        place
        for place, text in _texts(language).items()
        if _ADDRESS.search(text)
        or _HTML.search(text)
        or "'{" in text
        or text != text.strip()
        or not text
        or not re.fullmatch(r"[a-z0-9_.-]+", place)
    ]
    assert wrong == []


@pytest.mark.parametrize(("file", "kinds", "kind"), _DESCRIBED)
def test_what_is_described_has_texts_and_icons(
    file: str, kinds: str, kind: str
) -> None:
    """Actions, triggers and conditions have names, descriptions and icons."""
    loaded = yaml.safe_load((INTEGRATION / file).read_text())
    described = {
        name: value or {} for name, value in loaded.items() if not name.startswith(".")
    }
    texts, icons = ENGLISH[kinds], ICONS[kinds]
    assert set(texts) == set(icons) == set(described)
    for name, value in described.items():
        fields, sections = _fields(value.get("fields", {}))
        text, icon = texts[name], icons[name]
        assert text["name"]
        assert text["description"]
        assert set(text.get("fields", {})) == fields
        assert all(
            field["name"] and field["description"]
            for field in text.get("fields", {}).values()
        )
        assert set(text.get("sections", {})) == sections
        assert set(icon.get("sections", {})) == sections
        assert icon[kind]


@pytest.mark.parametrize(("file", "kinds", "kind"), _DESCRIBED)
def test_choices_have_texts(file: str, kinds: str, kind: str) -> None:
    """Every option of a selection with a translation key has a text."""
    for key, options in _choices(yaml.safe_load((INTEGRATION / file).read_text())):
        assert set(ENGLISH["selector"][key]["options"]) == options


def _choices(tree: object) -> Iterator[tuple[str, set[str]]]:
    """Return every selection in a file that has a translation key, and its options."""
    if not isinstance(tree, dict):
        return
    for branch in tree.values():
        if isinstance(branch, dict) and {"options", "translation_key"} <= set(branch):
            yield branch["translation_key"], set(branch["options"])
        yield from _choices(branch)


def test_icons_are_of_the_one_set() -> None:
    """Home Assistant has icons of Material Design only."""
    assert [icon for _, icon in _leaves(ICONS) if not icon.startswith("mdi:")] == []


def test_entities_have_names_and_icons() -> None:
    """Every entity with an icon has a name in the texts."""
    assert ICONS["entity"]
    for platform, icons in ICONS["entity"].items():
        named = ENGLISH["entity"][platform]
        assert set(icons) <= set(named)
        assert all(text["name"] for text in named.values())


def test_translation_keys_have_texts() -> None:
    """Every translation key that is written out in the code leads to a text."""
    known = {
        key
        for section in ("exceptions", "issues", "selector")
        for key in ENGLISH.get(section, {})
    } | {key for named in ENGLISH["entity"].values() for key in named}
    assert sorted(set(_translation_keys()) - known) == []


def _translation_keys() -> Iterator[str]:
    """Return the values of all arguments called `translation_key`."""
    for file in INTEGRATION.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "translation_key"
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield node.value.value


_READ: Final = _texts("en")
_SENTENCE_ENDS: Final = re.compile(r"(?<=[.:!?])\s+|\n+")
_LONGEST_SENTENCE: Final = 20
_NUMBERS: Final = ("count", "chosen", "elsewhere", "first", "last")
_UNCLEAR: Final = re.compile(
    r"\bnobody\b|\bwhat (?:waits|is waiting|was waiting)\b|\bthe disk refuse"
    r"|\bhas trouble\b|\btrouble (?:of|with)\b|\bSettings, ",
    re.IGNORECASE,
)


def test_sentences_are_short() -> None:
    """No sentence has more than twenty words; a semicolon does not end one."""
    long = [
        (place, sentence)
        for place, text in _READ.items()
        for sentence in _SENTENCE_ENDS.split(text)
        if len(sentence.split()) > _LONGEST_SENTENCE
    ]
    assert long == []


def test_words_are_clear() -> None:
    """Texts name the transactions, the disk error, and menus by "→"."""
    assert {place for place, text in _READ.items() if _UNCLEAR.search(text)} == set()


def test_numbers_read_well() -> None:
    """A number that may be one, or a thousand, stands after a colon, or is a place."""
    wrong = [
        (place, text)
        for place, text in _READ.items()
        for number in _NUMBERS
        for before in text.split(f"{{{number}}}")[:-1]
        if not before.endswith((": ", " to ", " of "))
    ]
    assert wrong == []
