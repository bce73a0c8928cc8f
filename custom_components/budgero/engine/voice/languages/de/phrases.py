"""German."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "vorgestern[ abend]": 2,
        "gestern[ (früh|[vor|nach]mittag|abend)]": 1,
        "heute[ (früh|morgen|[vor|nach]mittag|abend)]": 0,
        "vor (2|zwei) Tagen": 2,
        "vor (3|drei) Tagen": 3,
        "vor einer Woche": 7,
    },
    weekdays=(
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag|Sonnabend",
        "Sonntag",
    ),
    weekday="(am|[am ]letzten|vorigen) <weekday>[abend|mittag]",
    months=(
        "Januar|Jänner",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    date="[am |vom ]<number>[.] <month>",
    day="(am|vom) <number>[.]",
    dotted="(am|vom) <number>.[ ]<number>[.]",
    ordinals=(
        "ersten",
        "zweiten",
        "dritten",
        "vierten",
        "fünften",
        "sechsten",
        "siebten",
        "achten",
        "neunten",
        "zehnten",
        "elften",
        "zwölften",
        "dreizehnten",
        "vierzehnten",
        "fünfzehnten",
        "sechzehnten",
        "siebzehnten",
        "achtzehnten",
        "neunzehnten",
        "zwanzigsten",
        "einundzwanzigsten",
        "zweiundzwanzigsten",
        "dreiundzwanzigsten",
        "vierundzwanzigsten",
        "fünfundzwanzigsten",
        "sechsundzwanzigsten",
        "siebenundzwanzigsten",
        "achtundzwanzigsten",
        "neunundzwanzigsten",
        "dreißigsten",
        "einunddreißigsten",
    ),
)

PHRASES: Final = Phrases(
    days=_DAYS,
    payee=("beim", "bei"),
    payee_first=("im", "in", "an", "am", "auf", "von", "vom"),
    memo=("fürs", "für"),
    memo_first=("als", "wegen"),
    account=("mit", "per", "über", "von", "vom", "aus", "aufs", "auf"),
    company=("mit", "zusammen mit"),
    articles=(
        "der",
        "die",
        "das",
        "den",
        "dem",
        "ein",
        "eine",
        "einen",
        "einem",
        "einer",
        "meine",
        "meinen",
        "meiner",
        "meinem",
        "unsere",
        "unserer",
        "unserem",
    ),
    later=(
        "in (<count>|einer|einem|einer halben) (Sekunde|Minute|Stunde|Tag|Woche|Monat)[n|en|e]",
        "morgen[ früh| abend]|übermorgen",
        "nächste[n|s|r] (Woche|Monat|Jahr|<weekday>)",
        "jede[n|s] (Tag|Woche|Monat|<weekday>)",
    ),
    pieces={
        "habe": "(ich hab[e]|hab[e][ ich]|wir haben|haben wir)[ <day>]"
        "[ gerade| eben| grade| nur| noch]",
        "buche": "[bitte |(kannst|könntest) du ](buch[e]|notier[e]|erfass[e]|trag[e]|schreib[e]|vermerk[e]|verbuch[e])[ bitte][ mal]",
        "ausgegeben": "(ausgegeben|bezahlt|gezahlt|hingelegt)",
        "bekommen": "([zurück]bekommen|erhalten|verdient|eingenommen|gekriegt)",
    },
    shapes=(
        Shape(
            "[<day> ][<habe> ]<money>[ <day>][ <what>] <ausgegeben>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<day> ](<habe> ({thing} für|{name})|<what>|{thing} (hat|haben)[ mich| uns]) "
            "<sum>[ <day>][ <what>] (<ausgegeben>|gekauft|gekostet)[ <day>][ <what>]",
            Direction.EXPENSE,
            family="verb",
        ),
        Shape(
            "[[<day> ]<habe> [<what> |{thing}[ von] ]|<what> ]<sum>[ <day>][ <what>] <bekommen>[ <day>][ <what>]",
            Direction.INCOME,
            family="verb",
        ),
        Shape(
            "[(<buche>|erstell[e]) [eine |die |meine ][neue ]|eine |neue ](Ausgabe|Zahlung)[ von| über| in Höhe von]"
            " <short_money>[ <day>][ <what_for>][ ein| auf]",
            Direction.EXPENSE,
            family="noun",
        ),
        Shape(
            "[(<buche>|erstell[e]) [eine |die |mein |das ][neue[s] ]|eine |neue ](Einnahme|Einkommen|Gehalt|Erstattung)"
            "[ von| über| in Höhe von] <short_money>[ <day>][ <what_for>][ ein| auf]",
            Direction.INCOME,
            family="noun",
        ),
        Shape(
            "<buche> <short_money>[ <day>] <what_for>[ ein| auf]",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "(nimm|mach[e]|lösch[e]|storniere) (diese|die|die letzte|meine letzte)"
            " (Ausgabe|Buchung|Zahlung|Einnahme)[ zurück| rückgängig| wieder zurück]",
            task=Task.UNDO,
        ),
        Shape(
            "(änder[e]|korrigier[e]) (das|sie|die [letzte ]Ausgabe) (auf|in|zu) <one_word>",
            task=Task.CHANGE,
        ),
        Shape(
            "was (habe|hab) ich zuletzt (gebucht|ausgegeben|notiert|erfasst)"
            "|was war (meine|die) letzte (Ausgabe|Buchung|Zahlung)",
            task=Task.LAST,
        ),
        Shape(
            "wie viele (Buchungen|Ausgaben|Zahlungen|Transaktionen) warten[ noch]"
            "[ auf Budgero]",
            task=Task.WAITING,
        ),
    ),
)
