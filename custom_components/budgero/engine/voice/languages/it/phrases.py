"""Italian sentences: what is said around the money."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "(l'altro ieri|l'altroieri|ieri l'altro|avant'ieri)": 2,
        "ieri[ sera| mattina| pomeriggio]": 1,
        "oggi[ pomeriggio]|stamattina|stasera|staman(e|i)|stanotte|adesso|quest(a (mattina|sera)|o pomeriggio)": 0,
        "una settimana fa": 7,
    },
    begins=(
        "ieri|oggi|sta(mattina|sera|notte|mane|mani)|adesso|quest(a|o)|l'altro ieri|l'altroieri|avant'ieri|una settimana fa|<count> (giorni|settimane) fa|<weekday>|(lo|la) scors(o|a)|[il |l'](<number>|primo)[ <month>]",
    ),
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
    day="il <number>",
    counts=("2|due", "3|tre", "4|quattro", "5|cinque", "6|sei"),
    ago="<count> <unit> fa",
    units=("giorni", "settimane"),
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
    payee_first=("a", "ad", "nel", "nella", "nell'"),
    memo=("per", "x"),
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
    openers=(
        "ok[ay]|allora|senti|ah|eh|beh|e|poi|anche|dunque|quindi|a proposito|ciao|per (favore|piacere|cortesia)",
    ),
    told=("(<annota>|d(i|i'|ì) a budgero)[ che| per]",),
    fillers=(
        "([1|2|3|4|5](0|1|2|3|4|5|6|7|8|9)|pochi) minuti fa|all(e|a|e ore) [1](0|1|2|3|4|5|6|7|8|9)",
        "mi|ci|per (favore|piacere|cortesia)|grazie|in contanti|circa|tondi|in (tutto|totale)",
        "(con|col) [(il|la|le|i) ][mi(o|a) ](contanti|carta|bancomat|cellulare|telefono|paypal|satispay)",
    ),
    hedges=(
        "solo",
        "soltanto",
        "circa",
        "ben",
        "appena",
        "gi(à|a)",
        "anche",
        "in tutto",
        "in totale",
        "altri",
        "la bellezza di",
    ),
    things_paid="(il|lo|la|i|gli|le|un|una|uno)|(l'|un'){thing}",
    unclear=(
        "(settimana|mese|anno) scors(a|o)|l'altro giorno|qualche giorno fa|al (giorno|mese)|non|o no",
    ),
    no_money=(
        "bolletta|bollette|fattura|fatture|multa|multe|preventivo|sconto|conto|contravvenzione|offerta|sollecito|buono",
    ),
    compared=("(in|di) (pi(ù|u)|meno)|pi(ù|u)|meno|di troppo",),
    corrections=("no|scusa|anzi",),
    clauses=("(ho|abbiamo) (speso|pagato|comprato|ricevuto)",),
    requests=("[mi ](puoi|potresti|pu(ò|o))|per favore|mi segni",),
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
    itself=("(in|su|a|con) budgero",),
    pieces={
        "ho": "[io |noi ](ho*|abbiamo*)[ appena| gi(à|a)| anche] ",
        "poi": "[(ho*|abbiamo*)[ appena| gi(à|a)| anche] ]",
        "ask": "[puoi |potresti |può |pu(ò|o) |vorrei |voglio |devo |mi ]",
        "annota": "<ask>((annot|registr|segn)(i*|a[re][mi|ti|mmi])"
        "|(aggiung|scriv)(i[mi|ti]|a*|er(e|mi))|crea|inseri(sci[mi]|sca|re))[ per favore]",
        "nuova": "[un[a|o] |un'|la |lo |l'|il |mi(a|o) ][nuov(a|o) ]",
        "spesa": "(spesa|uscita|pagamento|acquisto)",
        "entrata": "(entrata|stipendio|incasso|rimborso)",
        "errand": "(la |il |un |una )(benzina|spesa|pieno|bonifico|rifornimento|shopping|ricarica"
        "|donazione|versamento)|(benzina|gasolio|spesa|shopping|rifornimento)",
    },
    shapes=(
        Shape(
            "([<ho>](spes(o*|i)|pagat(o*|i)|dovuto (pagare|spendere))|[<annota> ]<nuova><spesa>[ di| da])"
            " <money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<annota> ]<nuova><entrata>[ di| da] <money>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(<poi>((pagato|saldato) {paid}[ di| da]|speso[ <day>] {rest}"
            "|(comprato|preso|acquistato|ordinato|mangiato|bevuto) {thing}( per*| a*| da*| di*)"
            "|fatto <errand>[ <what>]( per| di| da))"
            "|{thing} [mi* |ci* ](è*|e*|sono*) (costat|venut)(o*|a|i|e)[ a costare])"
            " <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "(<what> (ho*|abbiamo*) (speso|pagato)|<ho>(dato|versato|bonificato|inviato|mandato|lasciato|donato|regalato"
            "|sborsato|speso|pagato|rimborsato|restituito)[ <day>][ <what>]"
            "|<ask>(<annota>|met(ti|ta|tere))[ <nuova><spesa>[ di| da]][ (alle|nelle|tra le) spese]"
            "|[nuov(a|o) ]<spesa>[ di| da]) <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "(<poi>((ricevuto|guadagnato|incassato|riavuto|riscosso|vinto)"
            "[ <what>| {thing}[ di| da]]|venduto {thing}( per| a))"
            "|[{name} ](mi*|ci*) (ha*|hanno*) (dato|pagato|rimborsato|versato|restituito|ridato"
            "|mandato|inviato|bonificato|regalato)"
            "|[mi* |ci* ](è*|e*|sono*) arrivat(o*|a|i|e)[ {thing}[ di| da]]"
            "|[<annota> ][nuov(a|o) ]<entrata>[ di| da]) <sum>[ {rest}]",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<annota> <short_money> <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "(annulla[re]|togli[ere]|cancella[re]|elimina[re]|storna[re]) (questa |quella |la [mia ]|l')[ultima ]"
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
