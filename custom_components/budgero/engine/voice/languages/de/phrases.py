"""German sentences: what is said around the money."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "vorgestern[ abend]": 2,
        "gestern[ (früh|morgen|[vor|nach]mittag|abend)]": 1,
        "heute[ (früh|morgen|[vor|nach]mittag|abend)]": 0,
        "vor einer Woche": 7,
    },
    counts=(
        "2|zwei",
        "3|drei",
        "4|vier",
        "5|fünf",
        "6|sechs",
        "7|sieben",
        "8|acht",
        "9|neun",
        "10|zehn",
    ),
    ago="vor <count> <unit>",
    units=("Tagen", "Wochen"),
    begins=("gestern|vorgestern|heute|letzte[n]|vorige[n]|vor",),
    weekdays=(
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag|Sonnabend",
        "Sonntag",
    ),
    weekday="[am |[am ]letzten |vorigen ]<weekday>[abend|mittag|morgen|vormittag|nachmittag|früh]",
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
    dotted="(am|vom) <number>.<number>[.]|(am|vom) <number>. <number>.",
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
    payee_first=("im", "in", "an", "am", "auf", "aufs", "von", "vom"),
    memo=("fürs", "für"),
    memo_first=("als", "wegen"),
    memo_later=("zum", "zur"),
    account=("mit", "per", "über", "von", "vom", "aus", "in", "auf", "vom Konto"),
    into=("aufs", "auf"),
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
    openers=("ok[ay]|hey|so|also|ach|äh[m]|und|dann|bitte|übrigens|noch",),
    told=(
        "(sag[e] budgero|<buche>|<kannst>)[ auf][ dass (ich|wir)| für]|merk[e] dir dass (ich|wir)",
    ),
    fillers=(
        "vor ([1|2|3|4|5](0|1|2|3|4|5|6|7|8|9)|ein paar) Minuten",
        "ein|eintragen|notieren|buchen|erfassen|hinzu|hinzufügen",
        "bitte|danke",
        "(um|gegen) [1|2](0|1|2|3|4|5|6|7|8|9) Uhr|mittags|abends|morgens",
        "[in ]bar|(mit|per)[ (der|meiner)] [kredit|bank|ec-|ec ]karte|kontaktlos",
        "per (überweisung|lastschrift)",
        "karte|konto|eingegangen|angekommen|das|es|dies|dafür|davon|dort|da|mir|uns",
        "insgesamt|ungefähr|etwa|circa|ca|rund|genau|nur|leider|wieder|auch|noch|schon",
        "mal|eben|gerade|grad[e]|vorhin|jetzt|heuer|alles",
    ),
    later=(
        "in (<count>|einer|einem|einer halben) (Sekunde|Minute|Stunde|Tag|Woche|Monat)[n|en|e]",
        "morgen[ früh| abend]|übermorgen",
        "nächste[n|s|r] (Woche|Monat|Jahr|<weekday>)",
        "jede[n|s] (Tag|Woche|Monat|<weekday>)",
    ),
    unclear=(
        "nicht|nie|niemals|kein[e|en]|letzte[n] (woche|monat|jahr)|neulich",
        "vor ein paar (tagen|wochen)",
    ),
    questions=("hab[e] ich|haben wir",),
    no_money=(
        "rechnung[en]|mahnung[en]|strafzettel|knöllchen|bußgeld|bussgeld|strafe|busse|rabatt|nachlass|angebot|kostenvoranschlag|gutschein[e]|bescheid|nachzahlung|quittung",
    ),
    compared=("mehr|weniger|zu (viel|wenig)|günstiger|teurer|billiger",),
    corrections=("nein|quatsch|sorry|ich meine",),
    clauses=(
        "(ich|wir) (hab[e|en]|musste[n])|hab[e|en] (ich|wir)|(ausgegeben|bezahlt|gezahlt) hab[e|en]",
    ),
    requests=("[bitte ](kannst|könntest) du|bitte",),
    itself=("(in|bei|zu) budgero",),
    pieces={
        "habe": "(ich (hab[e]|musste)|hab[e][ ich]|wir haben|haben wir)[ <day>]"
        "[ gerade| eben| grad[e]| nur| noch| heuer]",
        "buche": "[bitte ](buch[e]|notier[e]|erfass[e]|trag[e]|schreib[e]|vermerk[e]|verbuch[e]"
        "|(buchen|notieren) Sie)[ mal][ bitte][ mal]",
        "kannst": "((kannst|könntest) du|ich (möchte|will))[ bitte]",
        "ein": "[ ein| auf| an| hinzu| (eintragen|buchen|notieren|erfassen|hinzufügen"
        "|anlegen|aufschreiben)]",
        "etwa": "[insgesamt |ungefähr |etwa |circa |rund |genau ]",
        "ausgegeben": "(ausge[ge]ben|bezahl(t|en)|[ge]zahl(t|en)|hingelegt|überwiesen)",
        "gekauft": "(<ausgegeben>|[ein]gekauft|getankt|gespendet|gegeben|geschickt)",
        "bekommen": "([zurück]bekommen|gewonnen|erhalten|verdient|eingenommen|gekriegt)",
        "gegeben": "([zurück]gegeben|geschenkt|überwiesen|[zurück]gezahlt|bezahlt|erstattet"
        "|geschickt)",
    },
    shapes=(
        Shape(
            "[<habe> ]<etwa><money>[ <day>][ <what>]"
            " <ausgegeben>[ hab[e|en]][ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "<what> <habe>[ <what>] <etwa><sum>[ {thing}] (<gekauft>)[ <day>][ <what>]",
            Direction.EXPENSE,
            is_reading=True,
        ),
        Shape(
            "<what> für <sum>[ {thing}] (<gekauft>)[ <day>][ <what>]",
            Direction.EXPENSE,
            is_reading=True,
        ),
        Shape(
            "<habe> (mir|uns)[ <day>] {thing} für <sum>[ {thing}] <gekauft>"
            "[ <day>][ <what>]",
            Direction.EXPENSE,
            is_reading=True,
        ),
        Shape(
            "[(<habe>[ ({thing} für|für|{name})]|<what>|für) ]<etwa><sum>"
            "[ {thing}] (<gekauft>)[ <day>][ <what>]",
            Direction.EXPENSE,
            family="verb",
        ),
        Shape(
            "{thing} (hat|haben)[ mich| uns] <etwa><sum>[ {thing}] (gekostet)[ <day>][ <what>]",
            Direction.EXPENSE,
            family="verb",
        ),
        Shape(
            "<what> <habe>[ <what>] <sum>[ {thing}] (<bekommen>)[ <day>][ <what>]",
            Direction.INCOME,
            is_reading=True,
        ),
        Shape(
            "[[<day> ]<habe> [<what> |{thing}[ von] ]|<what> ]<sum>[ {thing}] (<bekommen>)"
            "[ <day>][ <what>]",
            Direction.INCOME,
            family="verb",
        ),
        Shape(
            "{name} (hat|haben) (mir|uns)[ {thing}] <sum>[ {thing}] (<gegeben>)[ <day>][ <what>]",
            Direction.INCOME,
            family="verb",
        ),
        Shape(
            "[(<habe>[ ({thing} für|für|{name})]|<what>|für) ]<etwa><sum>"
            "[ {thing}] (verkauft)[ <day>][ <what>]",
            Direction.INCOME,
            family="verb",
        ),
        Shape(
            "[(<buche>|<kannst>|erstell[e]|füg[e]|leg[e]) ][eine |die |mein[e] |das ][neue[s] ]"
            "(Ausgabe|Zahlung)[ von| über| in Höhe von] <short_money>[ <day>][ <what>]<ein>",
            Direction.EXPENSE,
            family="noun",
        ),
        Shape(
            "[(<buche>|<kannst>|erstell[e]|füg[e]|leg[e]) ][eine |die |mein[e] |das ][neue[s] ]"
            "(Einnahme|Einkommen|Gehalt|Erstattung)[ von| über| in Höhe von] <short_money>"
            "[ <day>][ <what>]<ein>",
            Direction.INCOME,
            family="noun",
        ),
        Shape(
            "(<buche>|<kannst>) <short_money>[ <day>] <what_for><ein>",
            Direction.EXPENSE,
            family="order",
        ),
        Shape(
            "((<buche>|<kannst>)[ [eine ][neue ](Ausgabe|Zahlung)[ von| über]]"
            "|[neue ](Ausgabe|Zahlung)[ von| über]) <digits_with_unit>[ {rest}]<ein>",
            Direction.EXPENSE,
            family="bare",
        ),
        Shape(
            "[neue ](Einnahme|Gehalt|Erstattung)[ von| über] <digits_with_unit>[ {rest}]<ein>",
            Direction.INCOME,
            family="bare",
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for> (buchen|notieren|eintragen|erfassen)",
            Direction.EXPENSE,
            is_reading=True,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
            family="order",
        ),
        Shape(
            "[nimm |mach[e] |lösch[e] |storniere ][diese |die |meine ][letzte ]"
            "(Ausgabe|Buchung|Zahlung|Einnahme)[ bitte][ wieder] (zurück[nehmen]|rückgängig[ machen]|löschen|stornieren)"
            "|(lösch[e]|storniere) [diese |die |meine ][letzte ](Ausgabe|Buchung|Zahlung|Einnahme)",
            task=Task.UNDO,
        ),
        Shape(
            "(änder[e]|korrigier[e])[ bitte] (das|sie|die [letzte ]Ausgabe) (auf|in|zu) <one_word>",
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
