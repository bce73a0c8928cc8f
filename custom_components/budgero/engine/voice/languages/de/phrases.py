"""German."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "vorgestern[ abend| Abend]": 2,
        "gestern[ (früh|morgen|vormittag|mittag|nachmittag|abend|nacht)]": 1,
        "heute[ (früh|morgen|vormittag|mittag|nachmittag|abend)]|eben gerade": 0,
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
    weekday="(am|letzten|am letzten|vergangenen|vorigen|am vergangenen) "
    "<weekday>[abend|morgen|mittag|nachmittag]",
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
        "habe": "(ich habe|ich hab|habe ich|hab ich|hab|habe|wir haben|haben wir)"
        "[ <day>][ gerade| eben| grade| nur| noch]",
        "buche": "[bitte |kannst du |könntest du ]"
        "(buche|buch|notiere|notier|erfasse|erfass|trag|trage|schreib|schreibe"
        "|vermerke|verbuche)[ bitte][ mal]",
        "ausgegeben": "(ausgegeben|bezahlt|gezahlt|hingelegt|hingeblättert)",
    },
    shapes=(
        Shape(
            "[[<day> ]<habe> ]<money>[ <day>][ <what>] <ausgegeben>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<day> ](<habe> (<what>|{name}|{thing} für)|<what>"
            "|{thing} (hat|haben)[ mich| uns])"
            " <sum>[ <day>][ <what>] (<ausgegeben>|gekauft|gekostet)[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "([<buche> |erstelle |erstell ][eine |die |meine ][neue ](Ausgabe|Zahlung)"
            "[ von| über| in Höhe von]|<day> <buche>) <money>[ <day>][ <what>][ ein| auf]",
            Direction.EXPENSE,
        ),
        Shape("<buche> <money>[ <day>] <what>[ ein| auf]", Direction.EXPENSE),
        Shape("<sum_with_unit>[ <day>] <what_for>", Direction.EXPENSE),
        Shape(
            "([<buche> |erstelle |erstell ][eine |die |mein |das ][neue |neues ]"
            "(Einnahme|Einkommen|Gehalt|Erstattung)[ von| über| in Höhe von])"
            " <money>[ <day>][ <what>][ ein| auf]",
            Direction.INCOME,
        ),
        Shape(
            "[[<day> ]<habe> [<what> ]|<what> ]<sum_with_unit>[ <day>][ <what>]"
            " (bekommen|erhalten|verdient|eingenommen|zurückbekommen|gekriegt)[ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(nimm|mach|mache|lösch|lösche|storniere|storno)"
            " (diese|die|die letzte|meine letzte) (Ausgabe|Buchung|Zahlung|Einnahme)"
            "[ zurück| rückgängig| wieder zurück]",
            task=Task.UNDO,
        ),
        Shape(
            "(änder|ändere|korrigiere|korrigier) (das|sie|die Ausgabe|die letzte Ausgabe)"
            " (auf|in|zu) <money>",
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
