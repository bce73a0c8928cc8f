"""The household's own names, and finding one at a place in a text."""

from collections.abc import Iterable
from dataclasses import dataclass
import re
from typing import Final

from .folding import fold

_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The names that somebody may say.

    Attributes:
        presets: names of presets, by which they are called.
        payees: names of payees.
        accounts: names of accounts.
        categories: names of categories.
    """

    presets: tuple[str, ...] = ()
    payees: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


def _key(text: str) -> str:
    """Return a text without case, accents, blanks and signs."""
    return "".join(_WORD.findall(fold(text)))


class Names:
    """The names of one kind, found whatever their case, accents, blanks and signs."""

    def __init__(self, names: Iterable[str], *, is_declined: bool = False) -> None:
        """Prepare the names.

        Args:
            names: as the household writes them.
            is_declined: whether they may end otherwise, as "w Lidlu" for Lidl.
        """
        self._names: dict[str, list[str]] = {}
        for name in names:
            self._names.setdefault(_key(name), []).append(name)
        self._names.pop("", None)
        self._longest = max((len(key) for key in self._names), default=0)
        self._is_declined = is_declined

    def at(self, text: str, start: int) -> list[tuple[int, str]]:
        """Return the names that begin at a place, the longest first, with their ends.

        A name that several have is returned as it was said: who resolves it refuses it.
        """
        found: list[tuple[int, str]] = []
        if not self._names:
            return found
        key = ""
        for word in _WORD.finditer(text, start):
            key += _key(word[0])
            if len(key) > self._longest + 3:
                break
            said = text[start : word.end()]
            if (name := self._named(key, said)) is not None:
                found.append((word.end(), name))
        return found[::-1]

    def whole(self, text: str) -> str | None:
        """Return the name that a text is."""
        return self._named(_key(text), text)

    def _named(self, key: str, said: str) -> str | None:
        if names := self._names.get(key):
            exact = [name for name in names if name == said]
            return (exact or (names if len(names) == 1 else [said]))[0]
        if self._is_declined and len(key) >= 4:
            near = [
                name
                for known, name in self._single()
                if _declines(known, key) or _all_decline(name, said)
            ]
            return near[0] if len(near) == 1 else None
        return None

    def _single(self) -> Iterable[tuple[str, str]]:
        return ((key, names[0]) for key, names in self._names.items())


def _all_decline(name: str, said: str) -> bool:
    """Tell whether each word of a name may be said so."""
    names, words = _WORD.findall(fold(name)), _WORD.findall(fold(said))
    return len(names) == len(words) and all(
        word == one or (len(word) >= 4 and _declines(one, word))
        for one, word in zip(names, words, strict=True)
    )


def _declines(name: str, said: str) -> bool:
    """Tell whether two folded words differ in at most the three letters at the end."""
    stem = max(3, min(len(name), len(said)) - 2)
    return len(said) - stem <= 4 and name[:stem] == said[:stem]
