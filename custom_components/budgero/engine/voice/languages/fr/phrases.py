"""French sentences: what is said around the money."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "avant(-| )hier[ soir| matin]": 2,
        "hier[ soir| matin| midi| après-midi]": 1,
        "aujourd'hui|ce (matin|midi|soir)|cet après(-| )midi|à l'instant": 0,
        "il y a une semaine": 7,
    },
    counts=(
        "2|deux",
        "3|trois",
        "4|quatre",
        "5|cinq",
        "6|six",
        "7|sept",
        "8|huit",
        "9|neuf",
        "10|dix",
    ),
    ago="il y a <count> <unit>",
    units=("jours", "semaines"),
    begins=(
        "avant(-| )hier|hier|aujourd'hui|ce|cet|il y a|à l'instant|[le ]<weekday>|le",
    ),
    weekdays=(
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
    ),
    weekday="[le ]<weekday>[ dernier| passé| soir| matin| midi| après-midi]",
    months=(
        "janvier",
        "f(é|e)vrier",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "ao(û|u)t",
        "septembre",
        "octobre",
        "novembre",
        "d(é|e)cembre",
    ),
    date="[le ](<number>[er]|premier) <month>|le <number>[er]",
    ordinals=(
        "premier",
        "deux",
        "trois",
        "quatre",
        "cinq",
        "six",
        "sept",
        "huit",
        "neuf",
        "dix",
        "onze",
        "douze",
        "treize",
        "quatorze",
        "quinze",
        "seize",
        "dix(-| )sept",
        "dix(-| )huit",
        "dix(-| )neuf",
        "vingt",
        "vingt(-| )et(-| )un",
        "vingt(-| )deux",
        "vingt(-| )trois",
        "vingt(-| )quatre",
        "vingt(-| )cinq",
        "vingt(-| )six",
        "vingt(-| )sept",
        "vingt(-| )huit",
        "vingt(-| )neuf",
        "trente",
        "trente(-| )et(-| )un",
    ),
)

PHRASES: Final = Phrases(
    days=_DAYS,
    payee=("chez", "auprès de"),
    payee_first=(
        "à",
        "au",
        "aux",
        "dans",
        "de la part de",
        "de la part d'",
        "de",
        "d'",
        "du",
        "des",
    ),
    memo=("pour",),
    memo_first=("en", "de", "d'", "du", "des", "sur"),
    account=("avec", "par", "depuis", "sur", "du compte", "du", "de", "en"),
    company=("avec",),
    articles=(
        "le",
        "la",
        "les",
        "l'",
        "un",
        "une",
        "des",
        "du",
        "ma",
        "mon",
        "mes",
        "notre",
    ),
    memo_words=(
        "salaire|prime|pourboire[s]|int(é|e)r(ê|e)ts|allocation[s]|loyer|retraite|pension",
    ),
    openers=(
        "ok[ay]|bon|alors|et|euh|ah|oh|hé|donc|puis|d'accord|au fait|voilà|aussi|s'il (te|vous) pla(î|i)t|stp|merci",
    ),
    told=("(<note>|dis à budgero)[ que| pour]",),
    fillers=(
        "il y a ([1|2|3|4|5](0|1|2|3|4|5|6|7|8|9)|quelques) minutes",
        "(à|a) midi|(à|a) [1|2](0|1|2|3|4|5|6|7|8|9)[ ](h|heures)",
        "s'il (te|vous) pla(î|i)t|stp|svp|merci",
        "(en|par) (esp(è|e)ces|liquide|carte[ (bleue|bancaire)]|virement|ch(è|e)que)",
        "avec[ (la|ma)] carte[ (bleue|bancaire)]|cash|comptant|sans contact",
        "(ç|c)a|cela|on|juste|seulement|aussi|encore|d(é|e)j(à|a)|quand même",
        "environ|exactement|en tout|au total|(à|a) peu pr(è|e)s",
    ),
    later=(
        "dans (<count>|une|un) (seconde|minute|heure|jour|semaine|mois)[s]",
        "demain[ matin| soir| midi]|après(-| )demain",
        "(la semaine|le mois|l'année) prochain[e]|<weekday> prochain",
        "(tous les|chaque) (jour|mois|<weekday>)[s]",
    ),
    unclear=(
        "(la semaine|le mois|l'an|l'ann(é|e)e) derni(è|e)r[e]|l'autre jour",
        "il y a quelques (jours|semaines)",
    ),
    no_money=(
        "facture[s]|amende[s]|contravention[s]|devis|rappel[s]|r(é|e)duction[s]|remise[s]|rabais|bon d'achat|relance|addition|ristourne",
    ),
    compared=("de (plus|moins|trop)|en (plus|moins|trop)|moins cher|plus cher",),
    corrections=("non|pardon|je veux dire",),
    clauses=("j'ai|on a|nous avons",),
    requests=(
        "(peux|pourrais|pouvez|pourriez)(-| )(tu|vous)|[est-ce que ]tu (peux|pourrais)|s'il",
    ),
    itself=("(dans|sur|à|a|avec) budgero",),
    pieces={
        "ai": "(j'ai*|jai*|j ai*|on* a*|nous* avons*|je* viens* de*)[ <day>][ juste| seulement] ",
        "note": "[(peux|pourrais)(-| )tu |[est-ce que ]tu (peux|pourrais) "
        "|(pouvez|pourriez)(-| )vous |je (veux|voudrais) ]"
        "(not(e*|er|ez)|enregistre[r|z]|[r]ajoute[r|z]|saisi[s|r]|inscri(s|re)|marque[r|z]|(crée|cree)[r])[ (s'il (te|vous) plaît|stp)]",
        "nouvelle": "[une |un |la |le |ma |mon |l'][(nouvelle|nouveau|nouvel) ]",
        "depense": "((dépens|depens)(é*|e|er|ée)|pay(é*|e|er)|(régl|regl)(é*|e|er))",
        "donne": "(donn|envoy|vers|vir|rembours|prêt|pret|laiss)(é*|e*)",
        "environ": "[environ |(à|a) peu pr(è|e)s |au total |exactement ]",
    },
    shapes=(
        Shape(
            "(<ai><depense>|[<note> ]<nouvelle>(dépense|depense|achat|paiement)[ de| d'un montant de])"
            " <environ><money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<note> ]<nouvelle>(recette|revenu|salaire|remboursement|(rentrée|rentree)[ d'argent])"
            "[ de| d'un montant de] <money>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(<ai>((<depense>|<donne>|mis)[ {name}]|fait[ {thing} pour*]|achet(é|e|er)[ {thing}] (pour*|à*))"
            "|{thing} (m'a*|nous* a*|a*) (coût|cout)(é*|e*)) <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "<what> <ai><depense> <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "[<note> ]<nouvelle>(dépense|depense|achat|paiement)[ de| d'un montant de] <sum> {rest}",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "[<note> ]<nouvelle>(recette|revenu|salaire|remboursement)[ de] <sum> {rest}",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<note> <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "(<ai>((reçu|recu|recevoir|(gagn|touch|encaiss|récupér)(é*|e*))[ <what>| {thing} de*]"
            "|vendu {thing}[ pour*| à*])"
            "|{name} (m'a*|nous* a*) (<donne>|pay(é*|e*))) <sum>[ <day>][ <what>]",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<ai>((<depense>|<donne>|mis)|achet(é|e|er) {thing} (pour|à)) <sum>[ <day>] {rest}",
            Direction.EXPENSE,
            is_reading=True,
        ),
        Shape(
            "<note> <sum> {rest}",
            Direction.EXPENSE,
            is_reading=True,
        ),
        Shape(
            "<note> <short_money>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "(annule[r]|supprime[r]|retire[r]|enl(è|e)ve[r]) (cette |(la|ma) [dernière ])"
            "(dépense|depense|transaction|op(é|e)ration|recette)",
            task=Task.UNDO,
        ),
        Shape(
            "(change|corrige|modifie)( ça| cela| la [dernière ]d(é|e)pense|-la|-le) (en|à|par) <one_word>",
            task=Task.CHANGE,
        ),
        Shape(
            "(qu'est-ce que j'ai|qu'ai-je) (not(é|e)|enregistr(é|e)|d(é|e)pens(é|e))"
            " en dernier|quelle (était|est) ma dernière (dépense|depense|transaction)",
            task=Task.LAST,
        ),
        Shape(
            "combien de (transactions|d(é|e)penses|op(é|e)rations)"
            " (attendent|sont en attente)[ encore]",
            task=Task.WAITING,
        ),
    ),
)
