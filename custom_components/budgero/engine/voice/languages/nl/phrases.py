"""Dutch."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "eergisteren[ avond]": 2,
        "gisteren[ (ochtend|middag|avond)]|gister|gisteravond|gisterenavond": 1,
        "vandaag|vanochtend|vanmorgen|vanmiddag|vanavond|net nu": 0,
        "(2|twee) dagen geleden": 2,
        "(3|drie) dagen geleden": 3,
        "een week geleden": 7,
    },
    weekdays=(
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ),
    weekday="[op |afgelopen |vorige |laatste ]<weekday>[avond|middag|ochtend]",
    months=(
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ),
    date="[op ]<number>[e] <month>",
)

PHRASES: Final = Phrases(
    days=_DAYS,
    payee=("bij",),
    payee_first=("in", "van", "op"),
    memo=("voor",),
    memo_first=("aan", "als", "wegens"),
    account=("met", "van", "via", "vanaf", "op"),
    company=("met", "samen met"),
    articles=("de", "het", "een", "mijn", "onze", "ons", "'t"),
    later=(
        (
            "over (<count>|een|een half) (seconde|seconden|minuut|minuten|uur|dag|dagen|week|weken"
            "|maand|maanden)"
        ),
        "morgen[ochtend|middag|avond]|overmorgen",
        "volgende (week|maand|<weekday>)|volgend jaar",
        "(elke|iedere) (dag|week|maand|<weekday>)",
    ),
    pieces={
        "heb": "(ik heb|heb ik|we hebben|hebben we|wij hebben|hebben wij|heb)"
        "[ <day>][ net| zojuist| alleen]",
        "noteer": "[kun je |wil je |kan je ](noteer|noteren|boek|boeken|registreer|registreren"
        "|voeg|log|schrijf)[ alsjeblieft]",
        "uitgegeven": "(uitgegeven|betaald|besteed|afgerekend)",
    },
    shapes=(
        Shape(
            "[[<day> ]<heb> ]<money>[ <day>][ <what>] <uitgegeven>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<day> ](<heb> (<what>|{name}|{thing} voor)|<what>"
            "|{thing} (heeft|hebben)[ me| mij| ons])"
            " <sum>[ <day>][ <what>] (<uitgegeven>|gekocht|gekost)[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<noteer> |nieuwe ][een |de |mijn ][nieuwe ](uitgave|betaling|aankoop)[ van| voor]"
            " <money>[ toe][ <day>][ <what>][ toe]",
            Direction.EXPENSE,
        ),
        Shape("<noteer> <money>[ <day>] <what>[ toe]", Direction.EXPENSE),
        Shape("<sum_with_unit>[ <day>] <what_for>", Direction.EXPENSE),
        Shape(
            "[<noteer> |nieuwe ][een |de |mijn |het ][nieuw |nieuwe ]"
            "(inkomst|inkomsten|inkomen|salaris|terugbetaling)[ van]"
            " <money>[ toe][ <day>][ <what>][ toe]",
            Direction.INCOME,
        ),
        Shape(
            "[[<day> ]<heb> [<what> ]|<what> ]<sum_with_unit>[ <day>][ <what>]"
            " (gekregen|ontvangen|verdiend|teruggekregen)[ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(neem|haal|maak|annuleer|verwijder|draai) (die|deze|de|de laatste|mijn laatste)"
            " (uitgave|betaling|transactie|boeking)[ terug| ongedaan]",
            task=Task.UNDO,
        ),
        Shape(
            "(verander|wijzig|corrigeer) (dat|het|die|de uitgave|de laatste uitgave)"
            " (naar|in) <money>|maak (er|daar) <money> van",
            task=Task.CHANGE,
        ),
        Shape(
            "wat heb ik (het laatst|als laatste|laatst) (genoteerd|uitgegeven|geboekt)"
            "|wat was mijn laatste (uitgave|transactie|boeking)",
            task=Task.LAST,
        ),
        Shape(
            "hoeveel (transacties|uitgaven|boekingen) (wachten|staan er te wachten"
            "|staan in de wacht)[ nog]",
            task=Task.WAITING,
        ),
    ),
)
