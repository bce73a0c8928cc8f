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
        "heb": "(ik heb|heb[ ik]|(we|wij) hebben|hebben (we|wij))[ <day>][ net| zojuist| alleen]",
        "noteer": "[(kun|wil|kan) je ](noteer|noteren|boek[en]|registre(er|ren)|voeg|log|schrijf)[ alsjeblieft]",
        "een": "[een |de |het |mijn ][nieuw[e] ]",
        "uitgegeven": "(uitgegeven|betaald|besteed|afgerekend)",
        "gekregen": "([terug]gekregen|ontvangen|verdiend)",
    },
    shapes=(
        Shape(
            "[<day> ][<heb> ]<money>[ <day>][ <what>] <uitgegeven>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<day> ](<heb> ({thing} voor|{name})|<what>|{thing} (heeft|hebben)[ me| mij| ons]) "
            "<sum>[ <day>][ <what>] (<uitgegeven>|gekocht|gekost)[ <day>][ <what>]",
            Direction.EXPENSE,
            family="verb",
        ),
        Shape(
            "[[<day> ]<heb> [<what> |{thing}[ van] ]|<what> ]<sum>[ <day>][ <what>] <gekregen>[ <day>][ <what>]",
            Direction.INCOME,
            family="verb",
        ),
        Shape(
            "[<noteer> <een>|nieuwe |een ](uitgave|betaling|aankoop)[ van| voor]"
            " <short_money>[ toe][ <day>][ <what_for>][ toe]",
            Direction.EXPENSE,
            family="noun",
        ),
        Shape(
            "[<noteer> <een>|nieuwe |een |mijn ](inkomst[en]|inkomen|salaris|terugbetaling)[ van]"
            " <short_money>[ toe][ <day>][ <what_for>][ toe]",
            Direction.INCOME,
            family="noun",
        ),
        Shape(
            "<noteer> <short_money>[ <day>] <what_for>[ toe]",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "(neem|haal|maak|annuleer|verwijder|draai) (die|deze|de|de laatste|mijn laatste)"
            " (uitgave|betaling|transactie|boeking)[ terug| ongedaan]",
            task=Task.UNDO,
        ),
        Shape(
            "(verander|wijzig|corrigeer) (dat|het|die|de [laatste ]uitgave) (naar|in) <one_word>",
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
