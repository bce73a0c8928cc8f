"""A preset: a named template of a transaction, which lacks at most the amount."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from .names import near_names
from .names.spelling import clean_name, fold, value_of, value_of_text
from .push.errors import InputProblem, InvalidInputError
from .push.wire import Direction

MAX_NAME: Final = 100
"""The longest name of a preset, and the longest spoken name, in characters."""

MAX_SPOKEN_NAMES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A named template; the draft or the defaults have the fields that it leaves out.

    Attributes:
        preset_id: stays the same when it is renamed.
        name: its name on screens.
        spoken_names: other names that people say.
        direction: expense or income.
        account: id of the account.
        category: id of the category.
        budget: id of the budget.
        payee: who is paid, or pays.
        memo: a note.
        amount: as it was written, in the currency of the account.
        currency: ISO 4217 code of that currency when the amount was written, if known.
        has_number: whether an entity was asked for into which the amount is typed.
    """

    preset_id: str
    name: str
    spoken_names: tuple[str, ...] = ()
    direction: Direction = Direction.EXPENSE
    account: int | None = None
    category: int | None = None
    budget: int | None = None
    payee: str | None = field(default=None, repr=False)
    memo: str | None = field(default=None, repr=False)
    amount: str | None = field(default=None, repr=False)
    currency: str | None = None
    has_number: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and all its spoken names."""
        return self.name, *self.spoken_names


def find_by_name(presets: Iterable[Preset], given: object) -> Preset:
    """Return the preset with a name or spoken name; a similar name is not enough.

    A name matches exactly, or without case, accents and blanks. A number or another
    value into which a template has turned the name matches as well.

    Raises:
        InvalidInputError: no preset has this name, or several have it.
    """
    known = tuple(presets)
    for alike in _spellings(given):
        found = [preset for preset in known if any(map(alike, preset.names))]
        if len(found) > 1:
            raise InvalidInputError("preset", InputProblem.AMBIGUOUS_NAME)
        if found:
            return found[0]
    raise InvalidInputError("preset", InputProblem.UNKNOWN_NAME)


def _spellings(given: object) -> Iterator[Callable[[str], bool]]:
    """Return the forms in which a given name is looked up, the closest one first."""
    if isinstance(given, str):
        name = clean_name(given)
        folded = fold(name)
        yield lambda known: known == name
        yield lambda known: fold(known) == folded
    elif (value := value_of(given)) is not None:
        yield lambda known: value_of_text(known) == value


def find_alike(presets: Iterable[Preset], text: str, limit: int) -> list[Preset]:
    """Return presets whose names look like a text, the likeliest first.

    It is for lists from which a person chooses.
    """
    named = {name: preset for preset in presets for name in preset.names}
    found = near_names(text, named, limit)
    return list(dict.fromkeys(named[name] for name in found))


def read_names(
    name: str, spoken_names: Iterable[str], others: Iterable[Preset]
) -> tuple[str, list[str]]:
    """Return name and spoken names, cleaned and without repetitions.

    Raises:
        InvalidInputError: the name is missing, one is too long, there are too many, or
            another preset has one of them.
    """
    spellings = {fold(name := _read_name(name, "name")): name}
    for text in spoken_names:
        if clean_name(text):
            spoken = _read_name(text, "spoken_names")
            spellings.setdefault(fold(spoken), spoken)
    taken = {fold(other) for preset in others for other in preset.names}
    first, *rest = spellings
    if first in taken:
        raise InvalidInputError("name", InputProblem.TAKEN)
    if not taken.isdisjoint(rest):
        raise InvalidInputError("spoken_names", InputProblem.TAKEN)
    if len(rest) > MAX_SPOKEN_NAMES:
        raise InvalidInputError("spoken_names", InputProblem.TOO_LONG)
    return name, [spellings[spelling] for spelling in rest]


def _read_name(text: str, field: str) -> str:
    name = clean_name(text)
    if not fold(name):
        raise InvalidInputError(field, InputProblem.MISSING)
    if len(name) > MAX_NAME:
        raise InvalidInputError(field, InputProblem.TOO_LONG)
    return name
