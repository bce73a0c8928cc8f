"""Italian."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "(l'altro ieri|l'altroieri|ieri l'altro|avant'ieri)": 2,
        "ieri[ sera| mattina| pomeriggio]": 1,
        "oggi|stamattina|stasera|stamane|adesso": 0,
        "(2|due) giorni fa": 2,
        "(3|tre) giorni fa": 3,
        "una settimana fa": 7,
    },
    weekdays=(
        "luned(ì|i)",
        "marted(ì|i)",
        "mercoled(ì|i)",
        "gioved(ì|i)",
        "venerd(ì|i)",
        "sabato",
        "domenica",
    ),
    weekday="<weekday>[ scorso| scorsa| sera| mattina| pomeriggio]|(lo scorso|la scorsa) <weekday>",
    months=(
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ),
    date="[il |l'](<number>|primo) <month>",
)

PHRASES: Final = Phrases(
    days=_DAYS,
    payee=(
        "da",
        "dal",
        "dalla",
        "dallo",
        "dai",
        "dagli",
        "dall'",
        "presso",
        "al",
        "alla",
        "allo",
        "all'",
    ),
    payee_first=("a", "ad", "nel", "nella", "nell'", "di"),
    memo=("per",),
    memo_first=("in", "di", "come"),
    account=("con", "col", "dal", "dalla", "da", "sul", "sulla", "tramite"),
    company=("con", "insieme a"),
    articles=(
        "il",
        "lo",
        "la",
        "i",
        "gli",
        "le",
        "l'",
        "un",
        "una",
        "uno",
        "un'",
        "mio",
        "mia",
    ),
    later=(
        (
            "(tra|fra) (<count>|un|un'|una|mezz')[ ](secondi|secondo|minuti|minuto|ore|ora|giorni|giorno"
            "|settimane|settimana|mesi|mese)"
        ),
        "domani[ sera| mattina]|dopodomani",
        (
            "(la settimana prossima|la prossima settimana|il mese prossimo|il prossimo mese"
            "|<weekday> prossimo)"
        ),
        "ogni (giorno|settimana|mese|<weekday>)",
    ),
    pieces={
        "ho": "(ho*|abbiamo*)[ appena| solo| gi(à|a)] ",
        "annota": "[per favore |puoi |potresti |vorrei ]"
        "((aggiung|inser|scriv)(i|ere|isci|ire)|(annot|registr|segn)a[re])[mi]",
        "nuova": "[un[a|o] |un'|la |lo |l'|il |mi(a|o) ][nuov(a|o) ]",
    },
    shapes=(
        Shape(
            "([<day> ]<ho>(speso|pagato)|[<annota> ]<nuova>(spesa|uscita|pagamento|acquisto)[ di| da])"
            " <money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<annota> ]<nuova>(entrata|stipendio|incasso|rimborso)[ di| da] <money>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "([<day> ]<ho>(pagato {name}|speso <what>|(comprato|preso|acquistato) {thing} (per*|a*))"
            "|{thing} (mi*|ci*) (è*|e*) costat(o|a|i|e)) <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "([<day> ]<ho>(ricevuto|guadagnato|incassato|riavuto)[ <what>| {thing} di*]"
            "|{name} (mi*|ci*) ha* (dato|pagato|rimborsato|versato)) <sum>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "<annota> <short_money>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "(annulla|togli|cancella|elimina|storna) (questa |quella |la [mia ]|l')[ultima ]"
            "(spesa|uscita|transazione|entrata|operazione)",
            task=Task.UNDO,
        ),
        Shape(
            "(cambia|correggi|modifica)(la| quella| la spesa| l'ultima spesa| l'importo) (a|in|con) <one_word>",
            task=Task.CHANGE,
        ),
        Shape(
            "[che ]cosa ho (registrato|annotato|speso|segnato) per ultimo"
            "|qual (è|era) (la mia|l')[ ]ultima (spesa|transazione)",
            task=Task.LAST,
        ),
        Shape(
            "quante (transazioni|spese|operazioni) (aspettano|sono in attesa)[ ancora]",
            task=Task.WAITING,
        ),
    ),
)
