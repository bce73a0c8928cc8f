"""Dutch sentences: what is said around the money."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "eergisteren[ avond]": 2,
        "gister[en][[ ](ochtend|morgen|middag|avond)]": 1,
        "vandaag|van(ochtend|morgen|middag|avond|nacht)|deze (ochtend|morgen|middag|avond)": 0,
        "een week geleden": 7,
    },
    begins=("eergisteren|gister[en]|vandaag",),
    weekdays=(
        "maandag",
        "dinsdag",
        "woensdag",
        "donderdag",
        "vrijdag",
        "zaterdag",
        "zondag",
    ),
    weekday="[op |afgelopen |vorige |laatste ]<weekday>[avond|middag|ochtend|morgen]",
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
    day="op de <number>[e]",
    ordinals=(
        "eerste",
        "tweede",
        "derde",
        "vierde",
        "vijfde",
        "zesde",
        "zevende",
        "achtste",
        "negende",
        "tiende",
        "elfde",
        "twaalfde",
        "dertiende",
        "veertiende",
        "vijftiende",
        "zestiende",
        "zeventiende",
        "achttiende",
        "negentiende",
        "twintigste",
        "eenentwintigste",
        "tweeëntwintigste",
        "drieëntwintigste",
        "vierentwintigste",
        "vijfentwintigste",
        "zesentwintigste",
        "zevenentwintigste",
        "achtentwintigste",
        "negenentwintigste",
        "dertigste",
        "eenendertigste",
    ),
    date="[op ]<number>[e] <month>",
    counts=("2|twee", "3|drie", "4|vier", "5|vijf", "6|zes"),
    ago="<count> <unit> geleden",
    units=("dagen", "weken"),
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
    openers=("ok[ay|é]|hé|hey|nou|eh|en|ook|dan|alsjeblieft",),
    told=(
        "(note(er|ren)|boek[en]|registreer|voeg|zeg tegen budgero|(kun|kan|wil|zou) je)[ even][ dat (ik|we)| voor]",
    ),
    fillers=(
        "([1|2|3|4|5](0|1|2|3|4|5|6|7|8|9)|een paar) minuten geleden|om [1|2](0|1|2|3|4|5|6|7|8|9)[ uur]",
        "toe|erbij",
        "alsjeblieft|alstublieft|aub|graag|bedankt|contant|cash|zelf|vandaag nog|terug|[is ](binnen|gestort)",
        "(met|via) [(de|het|mijn) ][bank|betaal](pas|kaart|bancontact|pin|cash|payconiq|tikkie|ideal)",
    ),
    hedges=(
        "maar",
        "slechts",
        "ongeveer",
        "circa",
        "zo'n",
        "bijna",
        "precies",
        "nog",
        "in totaal",
        "samen",
    ),
    unclear=(
        "(vorige|vorig) (week|maand|jaar)|(enkele|een paar) dagen geleden|per (dag|week|maand)|geen|niet|nooit",
    ),
    questions=("heb (ik|je|jij)|hebben (we|wij)",),
    no_money=(
        "rekening[en]|factuur|facturen|boete[s]|bekeuring|offerte|korting|aanmaning|aanbod|aanbieding|tegoedbon",
    ),
    compared=("meer|minder|te (veel|weinig)|goedkoper|duurder",),
    corrections=("nee|sorry|ik bedoel",),
    clauses=("(ik|we|wij) heb[ben]|heb (ik|we|wij)|hebben (we|wij)",),
    requests=("(kun|kan|kunt|wil|wilt|zou) (je|u)|alsjeblieft",),
    later=(
        (
            "over (<count>|een|een half) (seconde|seconden|minuut|minuten|uur|dag|dagen|week|weken"
            "|maand|maanden)"
        ),
        "morgen[ochtend|middag|avond]|overmorgen",
        "volgende (week|maand|<weekday>)|volgend jaar",
        "(elke|iedere) (dag|week|maand|<weekday>)",
    ),
    itself=("(in|bij|naar|aan|met) budgero",),
    pieces={
        "net": "[ net| zo(juist|net|pas)| daarnet| juist| pas| alleen| ook| al| even]",
        "heb": "[ik* |we* |wij* ](heb*|hebben*|ben*|was*|waren*|moest[en])[ ik| we| wij]"
        "[ <day>]<net>",
        "ik": "[ik |we |wij ]",
        "noteer": "(note(er|ren)|boek[en]|registre(er|ren)|voeg|log)[ even| ook][ alsjeblieft]",
        "kunt": "(kun*|kan*|wil*|kunt*|wilt*|zou*) (je*|u*)[ alsjeblieft][ even]",
        "een": "[een |de |het |mijn ][nieuw[e] ]",
        "uitgegeven": "(uitgegeven|betaald|betalen|besteed|gespendeerd|afgerekend|gepind|getankt|kwijt)",
        "gegeven": "(gegeven|over(gemaakt|geschreven)|gestort|[op]gestuurd|geschonken|teruggegeven|terugbetaald)",
        "gekocht": "(gekocht|gegeten|gedronken|besteld)",
        "noteren": "(noteren|toevoegen|registreren|boeken|opschrijven)",
        "gekregen": "([terug]gekregen|ontvangen|verdiend|verkocht)",
        "uitgave": "(uitgave|betaling|aankoop)",
        "inkomsten": "(inkomst[en]|inkomen|salaris|loon|terugbetaling)",
        "errand": "[de |wat |mijn ](boodschappen|inkopen)",
    },
    shapes=(
        Shape(
            "[<heb> ]<money>[ <what>][ heb] <uitgegeven>[ heb][ {rest}]",
            Direction.EXPENSE,
        ),
        Shape(
            "(<heb>[ {thing} (voor|van)| voor| {name}]|<what>[ heb*[ ik]| hebben* we])"
            " <sum>[ {rest}][ heb] <uitgegeven>[ heb][ {rest}]",
            Direction.EXPENSE,
            family="verb",
        ),
        Shape(
            "(<heb>[ {thing} (voor|van)| voor| {name}]|<what>[ heb*[ ik]| hebben* we])"
            " <sum>[ {rest}][ heb] <gegeven>[ heb][ {rest}]",
            Direction.EXPENSE,
            family="verb",
            given_to=("aan", "naar"),
        ),
        Shape(
            "(<heb>[ {thing} (voor|van)| voor| {thing}]|<what>[ heb*[ ik]| hebben* we])"
            " <sum>([ {rest}][ heb] <gekocht>| <errand> (gedaan|gehaald))[ heb][ {rest}]",
            Direction.EXPENSE,
            family="verb",
        ),
        Shape(
            "(<heb>[ {thing} (voor|van)| voor| {rest}]|<what>[ heb*[ ik]| hebben* we])"
            " <sum>[ {rest}][ heb] <gekregen>[ heb][ {rest}]",
            Direction.INCOME,
            family="verb",
        ),
        Shape(
            "{thing} (heeft*|hebben*) (me*|mij*|ons*) <sum>[ {rest}] gekost[ {rest}]",
            Direction.EXPENSE,
            family="verb",
        ),
        Shape(
            "{name} (heeft*|hebben*) (me*|mij*|ons*) <sum>[ {rest}]"
            " (<gegeven>|<uitgegeven>|<gekregen>|<gekocht>|<noteren>)[ {rest}]",
            Direction.INCOME,
            family="verb",
        ),
        Shape(
            "<kunt>[ <een><uitgave>[ van]] <sum>[ {rest}] <noteren>[ {rest}]",
            Direction.EXPENSE,
            family="verb",
        ),
        Shape(
            "<ik>gaf[ ik| we]<net> <sum> uit[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "<heb> {thing} verkocht (voor|van) <sum>[ {rest}]",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "(<ik>(kreeg|ontving|verdiende)[ ik| we][ {rest}[ van]]|{name} (gaf|betaalde|stuurde)"
            " (me*|mij*|ons*)|[<noteer> <een>|nieuwe |mijn ]<inkomsten>[ van]) <sum>[ {rest}]",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<heb> (<errand> (gedaan|gehaald)|[{thing} ](<gekocht>|getankt|betaald))[ voor| van] <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "((betaald|uitgegeven)|<ik>(betaalde[n]|gaf)[ ik| we][ {name}]|<ik>kocht[en][ ik| we] {thing} (voor|van)"
            "|(dat*|het*|{thing}) kostte[n][ me| mij| ons]|<noteer>[ <een><uitgave>[ toe][ van| voor]]"
            "|[nieuwe |een ]<uitgave>[ van| voor]) <sum>[ toe][ {rest}[ toe]]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "(zet|schrijf)<net>[ <een><uitgave>[ van]] <sum>[ op*| erbij][ {rest}[ op*| erbij]]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "[<noteer> <een>|nieuwe |een |mijn ]<uitgave>[ van| voor]"
            " <short_money>[ toe][ <what_for>[ toe]]",
            Direction.EXPENSE,
            family="noun",
        ),
        Shape(
            "[<noteer> <een>|nieuwe |een |mijn ]<inkomsten>[ van]"
            " <short_money>[ toe][ <what_for>[ toe]]",
            Direction.INCOME,
            family="noun",
        ),
        Shape(
            "<noteer> <short_money> <what_for>[ toe]",
            Direction.EXPENSE,
            family="order",
        ),
        Shape(
            "<digits_with_unit> <what_for>",
            Direction.EXPENSE,
            family="order",
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
