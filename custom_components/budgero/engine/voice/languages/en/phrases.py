"""English."""

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS = Days(
    words={
        "the day before yesterday": 2,
        "yesterday[ morning| afternoon| evening| night]": 1,
        "last night": 1,
        "today|this (morning|afternoon|evening)|tonight|just now": 0,
        "(2|two) days ago": 2,
        "(3|three) days ago": 3,
        "a week ago": 7,
    },
    weekdays=(
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ),
    weekday="(on|last|this past|on last) <weekday>[ morning| afternoon| evening| night]",
    months=(
        "january|jan",
        "february|feb",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september|sept",
        "october|oct",
        "november|nov",
        "december|dec",
    ),
    date="[on ][the ]<number>[st|nd|rd|th] [of ]<month>|[on ]<month> [the ]<number>[st|nd|rd|th]",
)

PHRASES = Phrases(
    days=_DAYS,
    payee=("at", "@"),
    payee_first=("to", "from", "by", "in"),
    memo=("for", "on", "towards"),
    memo_first=("as", "because of"),
    account=(
        "with",
        "from",
        "by",
        "using",
        "via",
        "on",
        "out of",
        "off",
        "to",
        "into",
    ),
    company=("with",),
    articles=("the", "a", "an", "my", "our", "some"),
    later=(
        "in (<count>|a|an|half an) (second|minute|hour|day|week|month)[s]",
        "[the day after ]tomorrow[ morning| afternoon| evening| night]",
        "next (week|month|year|<weekday>)",
        "every (day|week|month|year|<weekday>)",
    ),
    pieces={
        "i": "(I*|we*)['ve| have][ just| also| only] ",
        "ask": "[please |(can|could|would|will) you [please ]|(I want|I'd like|I need) to ]",
        "log": "(log|record|enter|note|add|book|register)[ down]",
        "a_new": "[a |an |the |my |another ][new ]",
    },
    shapes=(
        Shape(
            "([<day> |<ask><log> [that ]]<i>(spent|paid|spend)[ out]|(spent|paid)"
            "|[<ask>(<log>|create) ]<a_new>(expense|purchase|payment|spending)[ of| for| over])"
            " <money>[ back][ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "([<day> ][<i>]((got|were|was) paid|received|earned|was refunded|got (a refund|an income) of*)"
            "|[<ask>(<log>|create) ]<a_new>(income|salary|refund|earnings)[ of| over])"
            " <money>[ back][ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "([<day> ]<i>(paid {name}|spen(t|d) (at*|for*|on*) {thing}|(bought|purchased|ordered) {thing} for*)"
            "|{thing} cost[s][ me| us])"
            " <sum>[ back][ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "([<day> ]<i>(sold {thing} for*|received {thing} of*)|{name} (paid|gave|sent|refunded|reimbursed) (me*|us*)[ back])"
            " <sum>[ back][ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "<ask>(<log>|put[ down]) <short_money>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "[<day> ][<i>](got|made) <sum>[ back] (from {name}|for {thing})",
            Direction.INCOME,
        ),
        Shape(
            "[please ](take back|undo|cancel|delete|remove|revert)"
            " (that|this|the|my)[ last] (expense|purchase|transaction|payment|income)",
            task=Task.UNDO,
        ),
        Shape(
            "[please |no ](change|correct) (that|this|it|the [last ](expense|amount))"
            " (to|into) <one_word>",
            task=Task.CHANGE,
        ),
        Shape(
            "(what*|which* expense*) did* I* (log|spend|record) last"
            "|what* was* (my|the) last (expense|transaction|purchase)",
            task=Task.LAST,
        ),
        Shape(
            "(how many|are any|are there any) (transactions|expenses)"
            "( are| still)[ still] (waiting|pending)[ for budgero]",
            task=Task.WAITING,
        ),
    ),
)
