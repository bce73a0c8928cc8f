"""English sentences: what is said around the money."""

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS = Days(
    words={
        "the day before yesterday": 2,
        "yesterday[ morning| afternoon| evening| night]": 1,
        "last night": 1,
        "today|this (morning|afternoon|evening)|tonight|just now": 0,
        "a week ago": 7,
    },
    counts=(
        "2|two",
        "3|three",
        "4|four",
        "5|five",
        "6|six",
        "7|seven",
        "8|eight",
        "9|nine",
        "10|ten",
    ),
    ago="<count> <unit> ago",
    units=("days", "weeks"),
    begins=(
        "yesterday|today|tonight|this|last|just now|the day before|(<count>) (days|weeks) ago|a week ago",
    ),
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
    day="on the <number>[st|nd|rd|th]",
    ordinals=(
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
        "sixth",
        "seventh",
        "eighth",
        "ninth",
        "tenth",
        "eleventh",
        "twelfth",
        "thirteenth",
        "fourteenth",
        "fifteenth",
        "sixteenth",
        "seventeenth",
        "eighteenth",
        "nineteenth",
        "twentieth",
        "twenty(-| )first",
        "twenty(-| )second",
        "twenty(-| )third",
        "twenty(-| )fourth",
        "twenty(-| )fifth",
        "twenty(-| )sixth",
        "twenty(-| )seventh",
        "twenty(-| )eighth",
        "twenty(-| )ninth",
        "thirtieth",
        "thirty(-| )first",
    ),
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
        "in",
    ),
    into=("to", "into"),
    company=("with",),
    articles=("the", "a", "an", "my", "our", "some"),
    memo_words=("salary", "wage[s]", "pay", "rent", "tip[s]", "interest", "work"),
    openers=(
        "ok[ay]|hey|hi|so|well|oh|um|uh|and|also|then|now|[al]right|by the way|please",
    ),
    told=("<ask>(<log>|tell* budgero)[ that| for| from]|remember that",),
    fillers=(
        "([1|2|3|4|5](0|1|2|3|4|5|6|7|8|9)|a few|a couple of) minutes ago",
        "please|thanks|thank you|and paid",
        "at (noon|midnight|[1](0|1|2|3|4|5|6|7|8|9)[ (am|pm|o'clock)])",
        "[in ]cash|(by|with|on)[ (a|the|my)][ (credit|debit)] card|contactless",
        "it|this|that",
        "about|around|roughly|approximately|exactly|only|just|like|altogether",
        "[(a|in)] total[ of]|again|too|as well|already|also|there|now",
    ),
    later=(
        "in (<count>|a|an|half an) (second|minute|hour|day|week|month)[s]",
        "[the day after ]tomorrow[ morning| afternoon| evening| night]",
        "next (week|month|year|<weekday>)",
        "every (day|week|month|year|<weekday>)",
    ),
    unclear=("last (week|month|year)|a few days ago|the other day",),
    no_money=(
        "bill[s]|invoice[s]|fine[s]|(parking|speeding) ticket[s]|quote[s]|quotation|estimate[s]|offer[s]|discount[s]|voucher[s]|coupon[s]|reminder[s]|reduction|penalty",
    ),
    compared=("less|more|too much|extra|off|short",),
    corrections=("no|sorry|wait|I mean",),
    clauses=(
        "I (have|spent|paid|got|bought)|(have|did) I|we (have|spent|paid|bought)",
    ),
    requests=("(can|could|would|will) you|please",),
    itself=("(in|into|to|on|with) budgero",),
    pieces={
        "i": "(I*|we*)[[']ve| have][ just| also| only] ",
        "about": "[about |around |roughly |exactly |only |just |like |a total of ]",
        "noun": "(expense|purchase|payment|spending)",
        "ask": "[please |(can|could|would|will) you [please ]|(I want|I'd like|I would like|I need) to ]",
        "log": "(log|record|enter|note|add|book|register|track|write)[ down]",
        "a_new": "[a |an |the |my |another ][new ]",
    },
    shapes=(
        Shape(
            "([<i>|just ](spent|paid|had to pay|ended up (spending|paying)|spend|blew|donated)"
            "[ out| back][ <day>]|<i>(was|were|got) charged|[<ask>(<log>|create) ]<a_new><noun>[ of| for])"
            " <about><money>[ back| cash| please][ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "([<i>]((got|were|was|been) paid|received|earned|won|was refunded"
            "|(got|received) (a* refund|an* income) of*)"
            "|[<ask>(<log>|create) ]<a_new>(income|salary|refund|earnings)[ of])"
            " <money>[ back| cash| please][ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(<i>((paid|gave|sent|lent|tipped) {name}[ back]|spen(t|d) (at*|for*|on*) {thing}"
            "|(sent|gave|lent|transferred|paid back)|(bought|purchased|ordered) {thing} for*)"
            "|{thing} cost[s][ me| us]|[<ask>(<log>|create) ]<a_new><noun> <what_for>[ of| for])"
            " <sum>[ back| cash][ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "<what> <i>(spent|paid) <sum>[ back| cash][ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "[<i>](spent|paid) <sum>[ <day>] {rest}",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "[<ask>(<log>|create) ]<a_new><noun>[ of| for] <sum>[ <day>] {rest}",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "[<ask>(<log>|create) ]<a_new>(income|salary|refund|earnings)[ of] <sum>"
            "[ <day>] {rest}",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<i>((paid|gave|sent|lent|tipped) {name}|(bought|purchased|ordered) {thing} for)"
            " <sum>[ <day>] {rest}",
            Direction.EXPENSE,
            is_reading=True,
        ),
        Shape(
            "{name} (paid|gave|sent|refunded|reimbursed) (me|us)[ back] <sum>[ back][ <day>] {rest}",
            Direction.INCOME,
            is_reading=True,
        ),
        Shape(
            "<ask>(<log>|put[ down]) <sum>[ <day>]",
            Direction.EXPENSE,
            is_reading=True,
        ),
        Shape(
            "<ask>(<log>|create) (a*|an*|another*) <sum> <noun>[ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "(<i>(sold {thing} for*|(received|got) {thing} of*)|{name} (paid|gave|sent|refunded|reimbursed) (me*|us*)[ back])"
            " <sum>[ back| cash][ <day>][ <what>]",
            Direction.INCOME,
            family="sum",
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
            "[<i>](got|made) <sum>[ back] (from {name}|for {thing})",
            Direction.INCOME,
        ),
        Shape(
            "(take back|undo|cancel|delete|remove|revert)"
            " [that |this |the |my ][last ](expense|purchase|transaction|payment|income)",
            task=Task.UNDO,
        ),
        Shape(
            "[no ](change|correct) (that|this|it|the [last ](expense|amount))"
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
