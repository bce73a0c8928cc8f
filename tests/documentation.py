"""README and docs, read into parts that tests can compare."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
import re
from typing import Final, override

import yaml

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = {
    page.name: page.read_text("utf-8")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}

_YAML: Final = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_HEADING: Final = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Example:
    """A block of YAML on a page."""

    page: str
    number: int
    content: object

    @override
    def __str__(self) -> str:
        """Return page and line."""
        return f"{self.page}:{self.number}"


def examples() -> Iterator[Example]:
    """Return every block of YAML."""
    for page, text in PAGES.items():
        for number, found in enumerate(_YAML.finditer(text), 1):
            yield Example(page, number, yaml.safe_load(found[1]))


def automations() -> list[Example]:
    """Return the examples that are automations."""
    return [
        example
        for example in examples()
        if isinstance(example.content, dict) and "triggers" in example.content
    ]


def headings(page: str) -> set[str]:
    """Return the anchors of a page, as GitHub makes them."""
    return {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for _, title in _HEADING.findall(PAGES[page])
    }


def section(page: str, title: str) -> str:
    """Return the text below a heading, up to the next one of its level."""
    text = PAGES[page]
    for found in _HEADING.finditer(text):
        if found[2] == title:
            rest = text[found.end() :]
            end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
            return rest[: end.start()] if end else rest
    raise KeyError(title)
