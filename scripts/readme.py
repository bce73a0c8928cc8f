"""The tables “at a glance” of the README, from the texts of the integration."""

from collections.abc import Iterator, Mapping
import json
from pathlib import Path
import re
from typing import Final

import yaml

ROOT: Final = Path(__file__).parents[1]
README: Final = ROOT / "README.md"

_INTEGRATION: Final = ROOT / "custom_components" / "budgero"
_BEGIN: Final = "<!-- at a glance: written by scripts/readme -->\n"
_END: Final = "<!-- end -->"

_Texts = Mapping[str, Mapping[str, str]]


def with_tables(readme: str) -> str:
    """Return the README with the present tables between its two markers.

    Raises:
        ValueError: a marker is missing.
    """
    before, rest = readme.split(_BEGIN)
    _, after = rest.split(_END)
    tables = "\n".join(_tables())
    return f"{before}{_BEGIN}{tables}\n{_END}{after}"


def _tables() -> Iterator[str]:
    english = json.loads((_INTEGRATION / "translations" / "en.json").read_text("utf-8"))
    yield from _described("Action", "services", english)
    yield ""
    yield from _described("Trigger", "triggers", english)
    yield ""
    yield from ("| Entities | |", "|---|---|")
    for platform, entities in english["entity"].items():
        names = [
            f"**{texts['name']}**"
            for texts in entities.values()
            if "{" not in texts["name"]
        ]
        yield f"| {_platform(platform, len(names))} | {', '.join(names)} |"


def _described(heading: str, kind: str, english: Mapping[str, _Texts]) -> Iterator[str]:
    """Yield a table of actions or triggers, in the order of their YAML file."""
    yield from (f"| {heading} | What it does |", "|---|---|")
    described = yaml.safe_load((_INTEGRATION / f"{kind}.yaml").read_text("utf-8"))
    for name in described:
        if not name.startswith("."):  # an anchor that others share
            text = _first_sentence(english[kind][name]["description"])
            yield f"| `budgero.{name}` | {text} |"


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0].removesuffix(".")


def _platform(name: str, number: int) -> str:
    words = name.replace("_", " ").capitalize()
    return words if number == 1 else f"{words}s"


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text("utf-8")), "utf-8")
