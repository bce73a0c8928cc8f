"""Matching, for every directory and every text: the right entry or an error."""

from collections.abc import Callable
from dataclasses import replace
import re
import unicodedata

from hypothesis import assume, example, given, strategies as st

from custom_components.budgero.engine.names import (
    Account,
    Category,
    Directory,
    Entry,
    Kind,
    NameIndex,
    clean_name,
)
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError

BUDGETS = (None, 1, 2)
NASTY = (
    *("2026", "7", "007", "+7", "7.0", "1.50", "1.5", "1e5", "٣", "-1", "0", "½"),
    *("True", "true", "False", "None", "1,2", "1, 2", "(1,2)", "[1]", "{1}", "1,"),
    *("Café", "Cafe", "cafe", "CAFÉ", "Cafe\u0301", "Caf\u00e8", "Straße", "STRASSE"),
    *("Eating Out", "EatingOut", "eating  out", "\u00a0Eating Out", "Eating\u200bOut"),
    *(
        "שלום",
        "\u202bשלום",
        "مطعم",
        "か",
        "が",
        "किताब",
        "คา",
        "ค่า",
        "İş",
        "iş",
        "Łódź",
    ),
    *("🍕", "🍕️", "👩‍👩‍👧", "👩👩👧", "x" * 1000, "x" * 1001, "é" * 999, "<b>x</b>"),
    *(
        "",
        " ",
        "\u0301",
        "\x00",
        "a\x00b",
        "a b",
        "\ud800",
        "ﬁn",
        "fin",
        "ǅ",
        "ß" * 60,
    ),
)
texts = st.sampled_from(NASTY) | st.text(max_size=6)
values = st.integers() | st.floats() | st.booleans() | st.tuples(st.integers(0, 3))
spellings: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
    [
        str,
        str.upper,
        str.title,
        str.swapcase,
        lambda text: f"  {text}\n",
        " ".join,
        lambda text: unicodedata.normalize("NFD", text),
    ]
)


def entry_lists(kind: type[Account | Category]) -> st.SearchStrategy[list[Entry]]:
    """Return lists of entries with nasty names, each with an id of its own."""
    extra = {"is_archived": st.booleans()} if kind is Account else {}
    return st.lists(
        st.builds(
            kind,
            id=st.sampled_from([1, 2, 3, 7, 2026, 2**53 - 1]),
            name=texts.map(clean_name).filter(len),
            budget=st.sampled_from(BUDGETS),
            is_by_hand=st.booleans(),
            **extra,
        ),
        max_size=6,
        unique_by=lambda entry: entry.id,
    )


def alike(one: str, other: str) -> bool:
    """Return whether texts differ by case, accents and blanks at most.

    Other words for what the engine does: letter by letter, from the full table.
    """

    def letters(text: str) -> list[str]:
        found = unicodedata.normalize("NFD", text.casefold()).casefold()
        return [
            {"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ð": "d"}.get(letter, letter)
            for letter in unicodedata.normalize("NFD", found)
            if unicodedata.combining(letter) < 200
            and not letter.isspace()
            and unicodedata.category(letter) != "Cc"
        ]

    return letters(clean_name(one)) == letters(clean_name(other))


def found(
    entries: list[Entry], kind: Kind, given_: object, budget: int | None
) -> Entry | InputProblem:
    """Return what is found, or why nothing is."""
    directory = (
        Directory(accounts=tuple(e for e in entries if isinstance(e, Account)))
        if kind is Kind.ACCOUNT
        else Directory(categories=tuple(e for e in entries if isinstance(e, Category)))
    )
    try:
        return NameIndex(directory).find(kind, given_, budget, "field")
    except InvalidInputError as error:
        return error.problem


def fits(entry: Entry, budget: int | None) -> bool:
    """Return whether money of a budget can be booked on an entry."""
    assert isinstance(entry, Account | Category)
    is_usable = not (isinstance(entry, Account) and entry.is_archived)
    return is_usable and (budget is None or entry.budget in (None, budget))


@given(entry_lists(Account), texts | values, st.sampled_from(BUDGETS), spellings)
@example([Account(id=7, name="7.0"), Account(id=2, name="7")], 7.0, None, str)
@example([Account(id=1, name="(1,2)"), Account(id=2, name="1,2")], "(1,2)", None, str)
def test_never_a_wrong_one(
    entries: list[Entry],
    given_: object,
    budget: int | None,
    spell: Callable[[str], str],
) -> None:
    """What is found fits, is meant by this text, and nothing else is as much."""
    if isinstance(given_, str):
        given_ = spell(given_)
    entry = found(entries, Kind.ACCOUNT, given_, budget)
    if isinstance(entry, InputProblem):
        return
    assert fits(entry, budget)
    if str(given_).strip() == str(entry.id) or given_ == entry.id:
        others = [e for e in entries if e.id != entry.id and fits(e, budget)]
        if isinstance(given_, str):
            assert not any(alike(other.name, given_) for other in others)
        return
    assert entry in entries
    if not isinstance(given_, str):
        return
    assert alike(entry.name, given_)
    exact = [e for e in entries if e.name == clean_name(given_) and fits(e, budget)]
    if exact:
        assert entry in exact
        rivals = exact
    else:
        rivals = [e for e in entries if alike(e.name, given_) and fits(e, budget)]
    rivals = [e for e in rivals if e.is_by_hand >= entry.is_by_hand]
    assert rivals == [entry]


@given(entry_lists(Category), st.integers(0, 5), st.sampled_from(BUDGETS))
def test_the_own_name_is_enough(
    entries: list[Entry], number: int, budget: int | None
) -> None:
    """Whoever has a name of its own in the budget is found by it."""
    assume(entries)
    entry = entries[number % len(entries)]
    others = [e for e in entries if e is not entry and fits(e, budget)]
    assume(fits(entry, budget) and entry.name not in [e.name for e in others])
    result = found(entries, Kind.CATEGORY, entry.name, budget)
    is_an_id = re.fullmatch("[1-9][0-9]{0,14}", entry.name)
    if is_an_id and entry.id != int(entry.name):
        assert result is InputProblem.ID_AND_NAME
    else:
        assert result == entry


@given(entry_lists(Category), st.integers(0, 5), spellings, st.sampled_from(BUDGETS))
def test_another_spelling_is_enough(
    entries: list[Entry],
    number: int,
    spell: Callable[[str], str],
    budget: int | None,
) -> None:
    """Case, accents and blanks do not matter where nobody else is meant."""
    assume(entries)
    entry = entries[number % len(entries)]
    written = spell(entry.name)
    others = [e for e in entries if e is not entry and fits(e, budget)]
    assume(fits(entry, budget) and alike(written, entry.name))
    assume(not any(alike(written, e.name) for e in others))
    assume(len(clean_name(written)) <= 1000 and any(map(str.isalpha, written)))
    assert found(entries, Kind.CATEGORY, written, budget) == entry


@given(
    entry_lists(Category),
    st.integers(0, 5),
    spellings,
    texts.map(clean_name).filter(len),
    st.sampled_from(BUDGETS),
)
def test_a_new_name_changes_no_other(
    entries: list[Entry],
    number: int,
    spell: Callable[[str], str],
    new: str,
    budget: int | None,
) -> None:
    """A category that is added is never taken for one that has another name."""
    assume(entries)
    given_ = spell(entries[number % len(entries)].name)
    assume(not alike(new, given_))
    before = found(entries, Kind.CATEGORY, given_, budget)
    added = Category(id=99, name=new, budget=budget)
    after = found([*entries, added], Kind.CATEGORY, given_, budget)
    assert after == before


@given(entry_lists(Account), texts | values, st.sampled_from(BUDGETS))
def test_the_order_does_not_matter(
    entries: list[Entry], given_: object, budget: int | None
) -> None:
    """Nothing is found because it came first."""
    forwards = found(entries, Kind.ACCOUNT, given_, budget)
    assert found(entries[::-1], Kind.ACCOUNT, given_, budget) == forwards


@given(texts)
def test_cleaning_is_done_once(text: str) -> None:
    """A clean name stays as it is, and is the same name."""
    name = clean_name(text)
    assert clean_name(name) == name
    entry = Category(id=1, name=name or "x")
    if name and len(name) <= 1000 and not name.isdigit():
        assert found([entry], Kind.CATEGORY, text, None) == entry
        assert found([replace(entry, id=2)], Kind.CATEGORY, name, None)
