"""The sentences of a language: the types that `languages/<xx>/phrases.py` fills in.

Patterns have the syntax of Home Assistant's sentences: `(a|b)` is one of both, `[a]`
may be missing, `{thing}` is any text. `<piece>` is replaced by another pattern;
`<day>`, `<what>` and those of the money exist in every language. A blank in a pattern
is a blank in the sentence, as in `[a ]b`. The star in `the*` marks a common word, by
which a sentence is hardly recognised.

Every sentence may begin with `openers` and, if it logs something, with what is `told`
and a day: "ok, note that yesterday ...". The patterns of the sentences leave them out.

`{thing}` becomes the memo, and `{name}` the payee. `{paid}` becomes one of both, as its
first word tells. `{rest}` becomes the memo, unless it begins with a preposition or a
day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ..push.wire import Direction


class Task(StrEnum):
    """What a sentence asks for."""

    ADD = "add"
    """Log an expense or an income."""

    UNDO = "undo"
    """Take back what was logged last."""

    CHANGE = "change"
    """Take back what was logged last, and log it again with another amount."""

    LAST = "last"
    """Say what was logged last."""

    WAITING = "waiting"
    """Say how many transactions are waiting."""


@dataclass(frozen=True, slots=True)
class Shape:
    """One family of sentences.

    Attributes:
        pattern: the words, with at most one amount: `<money>`, `<short_money>` (with
            few words), `<sum>` (with a currency or decimals; the only one that may
            stand behind `{name}`), `<one_word>` or `<digits_with_unit>`.
        direction: of the transaction; `None` if the task is not to add one.
        task: what is asked for.
        is_reading: whether the sentence template of another shape matches these words
            already, so that this shape is only used to read them.
        family: shapes of one family share a sentence template, because the words of an
            amount are many. By default those with the same end are a family.
        given_to: words in front of a payee in this sentence only. In Dutch "aan" means
            "to" with "gegeven", but "on" with "uitgegeven".
    """

    pattern: str
    direction: Direction | None = None
    task: Task = Task.ADD
    is_reading: bool = False
    family: str = ""
    given_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The names of days up to today.

    Attributes:
        words: patterns of days, each with the number of days ago.
        weekdays: patterns of the seven days, Monday first.
        weekday: pattern with a weekday, such as `[on |last ]<weekday>`.
        months: patterns of the twelve months.
        date: pattern with a `<number>` and a `<month>`, or with a number alone.
        day: pattern with the `<number>` of a day alone, behind a preposition. It and
            other patterns in this field are read only where any text may stand, and in
            front of a sentence.
        ordinals: patterns of the numbers of days in words, in their order.
        dotted: pattern with the `<number>` of a day and that of a month, behind a
            preposition.
        counts: patterns of number words, from two on.
        ago: pattern with a `<count>` of a `<unit>` before today.
        units: patterns of "days" and of "weeks" behind a number.
        begins: patterns of words with which a day may begin behind an amount, beside
            the prepositions. What follows need not be a day; then it is refused.
    """

    words: Mapping[str, int]
    weekdays: tuple[str, str, str, str, str, str, str]
    weekday: str
    months: tuple[str, ...]
    date: str
    day: str = ""
    ordinals: tuple[str, ...] = ()
    dotted: str = ""
    counts: tuple[str, ...]
    ago: str
    units: tuple[str, str]
    begins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The sentences of one language, and the words in them.

    Attributes:
        shapes: the sentences; the first one that matches is used.
        days: the names of days.
        payee: prepositions in front of a payee, which divide a text wherever they
            stand.
        payee_first: the same, but only directly behind the money or the verb.
        memo: prepositions in front of a memo, which divide a text wherever they stand.
        memo_first: the same, but only directly behind the money or the verb.
        memo_later: the same, but only behind something else.
        memo_words: words for the kind of an income, which are no payee: "de salaire".
        account: prepositions in front of an account; they count only before a known
            one.
        into: the same for the account of an income; not used for an expense.
        company: prepositions such as "with" that stay a part of the memo.
        articles: words that may stand in front of a known name.
        openers: patterns of words with which any sentence may begin: "ok", "please".
        told: patterns of words that may stand in front of a sentence that logs
            something, and of its day: "note that", "tell Budgero".
        fillers: patterns of words that are not kept: "please", "in cash".
        hedges: patterns of words that may stand in front of an amount: "only", "about".
        things_paid: pattern of the first word, in small letters, if a thing was paid
            for and no person was paid: "ho pagato il pranzo", not "ho pagato Anna".
        later: patterns of times to come, such as "in 10 minutes" (`<count>` is a
            number); nothing is logged then.
        unclear: patterns of words that leave unclear what happened, or when: "not",
            "last week".
        no_money: patterns of what one receives that is no money: "bill", "discount".
        compared: patterns of words that make an amount in front of them a difference:
            "more", "too much".
        corrections: patterns of words with which somebody corrects what was said: "no".
        clauses: patterns of words that only a sentence has, and no name: "I have".
        questions: patterns of words that make a sentence a question if it begins with
            them.
        requests: patterns of the beginning of a polite request, which may end with "?".
        itself: patterns of words for the place of logging, such as "in Budgero".
        pieces: pieces for the patterns of this language. The text that matches
            `<errand>` becomes the memo.
        is_declined: whether the ending of a name changes, as in "w Lidlu" for Lidl.
    """

    shapes: tuple[Shape, ...]
    days: Days
    payee: tuple[str, ...]
    payee_first: tuple[str, ...] = ()
    memo: tuple[str, ...]
    memo_first: tuple[str, ...] = ()
    memo_later: tuple[str, ...] = ()
    memo_words: tuple[str, ...] = ()
    account: tuple[str, ...]
    into: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    things_paid: str = ""
    later: tuple[str, ...]
    unclear: tuple[str, ...] = ()
    no_money: tuple[str, ...] = ()
    compared: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    itself: tuple[str, ...] = ()
    pieces: Mapping[str, str] = field(default_factory=dict)
    is_declined: bool = False

    @property
    def strong_prepositions(self) -> tuple[str, ...]:
        """The prepositions of payee and memo that count wherever they stand."""
        return (*self.memo, *self.payee)

    @property
    def prepositions(self) -> tuple[str, ...]:
        """All prepositions."""
        words = (
            *self.payee,
            *self.memo,
            *self.account,
            *self.into,
            *self.company,
            *self.payee_first,
            *self.memo_first,
        )
        return tuple(dict.fromkeys(words))
