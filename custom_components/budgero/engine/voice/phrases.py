"""What a language says around the money: the form of `languages/<xx>/phrases.py`.

Patterns are written as Home Assistant writes sentences: `(a|b)` is one of both, `[a]`
may be missing, `{thing}` is anything. `<piece>` stands for another pattern; `<day>`,
`<what>` and the money are known in every language. Blanks are meant: `[a ]b`. `the*` is
a common word, which tells little about a sentence.

`{thing}` becomes the memo, `{name}` the payee, `{paid}` what of both it is by its first
word, and `{rest}` the memo unless a preposition or a day comes first.
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
    """Take it back, and log it anew with another amount."""

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
        is_reading: whether another shape's sentence takes the same words already, and
            this one only reads them better.
        family: shapes of one family share a sentence template, and so the many words
            of an amount; by default those that end alike.
        given_to: words that stand in front of a payee in this sentence: "aan" with
            "gegeven", though it is "on" with "uitgegeven".
    """

    pattern: str
    direction: Direction | None = None
    task: Task = Task.ADD
    is_reading: bool = False
    family: str = ""
    given_to: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """How the days up to today are named.

    Attributes:
        words: patterns of days, and how many days ago they were.
        weekdays: patterns of the seven days, Monday first.
        weekday: pattern around one of them, as `[on |last ]<weekday>`.
        months: patterns of the twelve months.
        date: pattern around a `<number>` and a `<month>`, or a number alone.
        day: ... around the `<number>` of a day alone, behind a preposition. Only for
            where anything may stand, as are other patterns of days put here.
        ordinals: patterns of the numbers of days in words, the first one first.
        dotted: ... around the `<number>` of a day and the one of a month, behind one.
        counts: patterns of the numbers from two on.
        days_ago: pattern around a `<count>` of days before today.
        weeks_ago: the same of weeks.
        is_ago_anywhere: whether sentences have them in every place; otherwise only
            where anything may stand.
    """

    words: Mapping[str, int]
    weekdays: tuple[str, str, str, str, str, str, str]
    weekday: str
    months: tuple[str, ...]
    date: str
    day: str = ""
    ordinals: tuple[str, ...] = ()
    dotted: str = ""
    counts: tuple[str, ...] = ()
    days_ago: str = ""
    weeks_ago: str = ""
    is_ago_anywhere: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The words of one language around the money.

    Attributes:
        shapes: the sentences; the first one that fits is taken.
        days: how days are named.
        payee: words in front of whom was paid; they divide a text wherever they stand.
        payee_first: the same, only directly behind the money or the verb.
        memo: words in front of what it was for; they divide a text as well.
        memo_first: the same, only directly behind the money or the verb.
        memo_later: the same, only behind something else.
        memo_words: what money is received as, never from whom: "de salaire".
        account: words in front of an account; they count if one of that name is known.
        into: the same for an income, whose account it goes to; an expense does not.
        company: words such as "with" that stay a part of the memo.
        articles: words that may stand in front of a known name.
        fillers: patterns of words that say nothing to be kept: "please", "in cash".
        hedges: the same in front of an amount: "only", "about".
        things_paid: pattern of the first word, in small letters, of what was paid for
            and not who: "ho pagato il pranzo" as against "ho pagato Anna".
        later: patterns of times to come, such as "in 10 minutes" (`<count>` stands for
            a number): nothing is logged then.
        unclear: patterns of what makes it unsure what happened, or when: "not", "last
            week".
        questions: ... of what makes a question of a sentence that begins with it.
        requests: ... of the beginning of a polite wish, which may end with "?".
        itself: ... of words for where it is logged, such as "in Budgero".
        pieces: own pieces for the patterns; what is said in the place of `<errand>`
            becomes the memo.
        is_declined: whether names change their ending, as "w Lidlu" for Lidl.
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
    fillers: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    things_paid: str = ""
    later: tuple[str, ...]
    unclear: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    itself: tuple[str, ...] = ()
    pieces: Mapping[str, str] = field(default_factory=dict)
    is_declined: bool = False

    @property
    def strong_prepositions(self) -> tuple[str, ...]:
        """The words for whom and what for, wherever they stand."""
        return (*self.memo, *self.payee)

    @property
    def prepositions(self) -> tuple[str, ...]:
        """Every word that may stand in front of what is said besides the money."""
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
