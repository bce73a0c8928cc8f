"""The household's own names, and finding them in a text."""

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
        presets: names and spoken names of presets.
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
    """The names of one kind; case, accents, blanks and signs do not matter."""

    def __init__(self, names: Iterable[str], *, is_declined: bool = False) -> None:
        """Prepare the names.

        Args:
            names: as the household writes them.
            is_declined: whether their endings may differ, as in "w Lidlu" for Lidl.
        """
        self._names: dict[str, list[str]] = {}
        for name in names:
            self._names.setdefault(_key(name), []).append(name)
        self._names.pop("", None)
        self._longest = max((len(key) for key in self._names), default=0)
        self._is_declined = is_declined

    def at(self, text: str, start: int) -> list[tuple[int, str]]:
        """Return the names that begin at a place, the longest first, with their ends.

        A name of several things is returned as it was said, and refused later when it
        is looked up.
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
        """Return the name that is the whole text, `None` if there is none."""
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
    """Return whether each word of a name may differ only in its ending."""
    names, words = _WORD.findall(fold(name)), _WORD.findall(fold(said))
    return len(names) == len(words) and all(
        word == one or (len(word) >= 4 and _declines(one, word))
        for one, word in zip(names, words, strict=True)
    )


def _declines(name: str, said: str) -> bool:
    """Return whether two folded words differ only in their last three letters."""
    stem = max(3, min(len(name), len(said)) - 2)
    return len(said) - stem <= 4 and name[:stem] == said[:stem]
