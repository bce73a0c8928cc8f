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


_SENTENCE_ENDS: Final = re.compile(r"(?<=[.:!?])\s+|\n+")
_LONGEST_SENTENCE: Final = 20
_LONGEST_TRANSLATED: Final = 26
_NUMBERS: Final = ("count", "chosen", "elsewhere", "first", "last")
_UNCLEAR: Final = re.compile(
    r"\bnobody\b|\bwhat (?:waits|is waiting|was waiting)\b|\bthe disk refuse"
    r"|\bhas trouble\b|\btrouble (?:of|with)\b|\bSettings, ",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    """A sentence has twenty words, translated a few more; a semicolon does not end one."""
    longest = _LONGEST_SENTENCE if language == "en" else _LONGEST_TRANSLATED
    long = [
        (place, sentence)
        for place, text in _texts(language).items()
        for sentence in _SENTENCE_ENDS.split(text)
        if len(sentence.split()) > longest
    ]
    assert long == []


def test_words_are_clear() -> None:
    """Texts name the transactions, the disk error, and menus by "→"."""
    unclear = {place for place, text in _texts("en").items() if _UNCLEAR.search(text)}
    assert unclear == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_read_well(language: str) -> None:
    """A number that may be one, or a thousand, stands after a colon, or is a place."""
    wrong = [
        (place, text)
        for place, text in _texts(language).items()
        for number in _NUMBERS
        for before in text.split(f"{{{number}}}")[:-1]
        if not before.endswith(": ") and "{first}" not in text
    ]
    assert wrong == []


# Where a text quotes a caption of this integration, and where that caption is.
_QUOTED: Final = {
    "config.error.certificate": "config.step.own_server.data.verify_ssl",
    "issues.held_key.fix_flow.abort.enter_key": "config.step.reconfigure.menu_options.new_credentials",
    "issues.held_token.description": "config.step.reconfigure.menu_options.new_credentials",
    "issues.held_workspace.fix_flow.abort.enter_token": "config.step.reconfigure.menu_options.new_credentials",
    "issues.nearly_full.description": "services.get_queue.name",
    "issues.held_address.description": "entity.sensor.last_error.name",
    "issues.undelivered.description": "entity.sensor.last_error.name",
    "issues.agent_asks.fix_flow.step.ask.data_description.answer": "selector.agent_answer.options.log",
    "services.remove_transaction.fields.message_id.description": "services.get_queue.name",
    "services.retry_transaction.fields.message_id.description": "services.get_queue.name",
    "services.update_transaction.fields.message_id.description": "services.add_transaction.name",
    "common.card_about_fields": "common.card_more",
    "common.card_logged_before": "common.card_log",
}
# Captions of Home Assistant in each language, in the order of the English ones.
HOME_ASSISTANT: Final = {
    "en": (
        "Settings → Devices & services",
        "Add integration",
        "Reconfigure",
        "Configure",
        "Repairs",
    ),
    "de": (
        "Einstellungen → Geräte & Dienste",
        "Integration hinzufügen",
        "Neu konfigurieren",
        "Konfigurieren",
        "Reparaturen",
    ),
    "fr": (
        "Paramètres → Appareils et services",
        "Ajouter une intégration",
        "Reconfigurer",
        "Configurer",
        "Corrections",
    ),
    "es": (
        "Configuración → Dispositivos y servicios",
        "Añadir integración",
        "Reconfigurar",
        "Configurar",
        "Reparaciones",
    ),
    "es-419": (
        "Configuración → Dispositivos y servicios",
        "Agregar integración",
        "Reconfigurar",
        "Configurar",
        "Reparaciones",
    ),
    "it": (
        "Impostazioni → Dispositivi e servizi",
        "Aggiungi integrazione",
        "Riconfigura",
        "Configura",
        "Riparazioni",
    ),
    "nl": (
        "Instellingen → Apparaten en diensten",
        "Voeg integratie toe",
        "Herconfigureer",
        "Configureer",
        "Reparaties",
    ),
    "pl": (
        "Ustawienia → Urządzenia oraz usługi",
        "Dodaj integrację",
        "Rekonfiguracja",
        "Konfiguruj",
        "Problemy",
    ),
    "pt": (
        "Configuração → Dispositivos & serviços",
        "Adicionar integração",
        "Reconfigurar",
        "Configurar",
        "Correções",
    ),
    "pt-BR": (
        "Configurações → Dispositivos & serviços",
        "Adicionar integração",
        "Reconfigurar",
        "Configurar",
        "Reparos",
    ),
}
# Budgero's own menu words, names in YAML, what is shown as code, and addresses.
_LITERAL: Final = re.compile(
    r"Settings → (?:Integrations → Push API|Data)|Reveal Encryption Key|ID Reference"
    r"|Pull Mutations|Audit Log|DECRYPTION_FAILED|budgero\.\w+|my\.budgero\.app"
    r"|(?<!\{)\b[a-z]+_[a-z_]+\b|`[^`]*`|https?://|Content-Type|Authorization"
    r"|2026-\S+\b|\*\*(?=\w)|^\d\. |^- |\n+",
    re.MULTILINE,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_quoted_captions_exist(language: str) -> None:
    """A text that says "choose X" uses the caption that is shown."""
    texts = _texts(language)
    wrong = [
        place
        for place, caption in _QUOTED.items()
        if texts[caption] not in texts[place]
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_captions_of_home_assistant_are_its_own(language: str) -> None:
    """Menus are named as Home Assistant shows them in that language."""
    english, texts = _texts("en"), _texts(language)
    wrong = [
        (place, shown)
        for caption, shown in zip(
            HOME_ASSISTANT["en"], HOME_ASSISTANT[language], strict=True
        )
        for place, text in english.items()
        if re.search(rf"\b{caption}\b", text) and shown not in texts[place]
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_language_is_kept(language: str) -> None:
    """Budgero's menu words, names in YAML, code, lists, bold words and lines are kept."""
    english, texts = _texts("en"), _texts(language)
    differing = {
        place: found
        for place, text in texts.items()
        if (found := sorted(_LITERAL.findall(text)))
        != sorted(_LITERAL.findall(english[place]))
    }
    assert differing == {}


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_nothing_is_left_in_english(language: str) -> None:
    """No sentence is that of the English file."""
    english = _texts("en")
    left = {
        place
        for place, text in _texts(language).items()
        if text == english[place]
        and len(re.findall(r"[a-zA-Z]{2,}", _LITERAL.sub("", text))) > 2
    }
    assert left == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_are_written_alike(language: str) -> None:
    """The files can be compared line by line."""
    file = INTEGRATION / "translations" / f"{language}.json"
    tree = json.loads(file.read_text("utf-8"))
    assert (
        file.read_text("utf-8") == json.dumps(tree, ensure_ascii=False, indent=2) + "\n"
    )
    assert list(_texts(language)) == list(_texts("en"))
