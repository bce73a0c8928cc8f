"""Polish."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "przedwczoraj": 2,
        "wczoraj[ rano| wieczorem| po południu]": 1,
        "dzisiaj|dzi(ś|s)|dzi(ś|s) rano|przed chwil(ą|a)": 0,
        "(2|dwa) dni temu": 2,
        "(3|trzy) dni temu": 3,
        "tydzie(ń|n) temu": 7,
    },
    weekdays=(
        "poniedzia(ł|l)ek",
        "wtorek",
        "(ś|s)rod(ę|e|a)",
        "czwartek",
        "pi(ą|a)tek",
        "sobot(ę|e|a)",
        "niedziel(ę|e|a)",
    ),
    weekday="(w|we|w zesz(ł|l)(y|ą|a)|w ostatni[ą|a]|w miniony|w minion(ą|a)) <weekday>",
    months=(
        "stycznia",
        "lutego",
        "marca",
        "kwietnia",
        "maja",
        "czerwca",
        "lipca",
        "sierpnia",
        "wrze(ś|s)nia",
        "pa(ź|z)dziernika",
        "listopada",
        "grudnia",
    ),
    date="<number>[-go] <month>",
)

PHRASES: Final = Phrases(
    days=_DAYS,
    is_declined=True,
    payee=("w", "we", "u", "od"),
    payee_first=("do", "dla"),
    memo=("na", "za"),
    memo_first=("jako", "dla"),
    account=(
        "z konta",
        "z karty",
        "kart(ą|a)",
        "z",
        "ze",
        "przez",
        "na konto",
        "na",
        "w",
    ),
    company=("z", "ze", "razem z"),
    articles=("mojej", "moj(ą|a)", "mojego", "m(ó|o)j", "naszej", "naszego"),
    later=(
        (
            "za (<count>|p(ó|o)ł|p(ó|o)l)[ ](sekund|minut|godzin|tydzie(ń|n)|tygodni|miesi|dni|dzie(ń|n))"
            "[y|ę|e|a|e|(ą|a)c|ące|ęcy]"
        ),
        "jutro[ rano| wieczorem]|pojutrze",
        (
            "w (przysz(ł|l)(y|ą|a|ym)|nast(ę|e)pn(y|ą|a|ym))"
            " (tydzie(ń|n)|tygodniu|miesi(ą|a)c|miesi(ą|a)cu|rok|roku|<weekday>)"
        ),
        "co (dzie(ń|n)|tydzie(ń|n)|miesi(ą|a)c)|codziennie",
    ),
    pieces={
        "wydalem": "(wyda(ł|l)(em|am)|wydali(ś|s)my|wyda(ł|l)y(ś|s)my"
        "|zap(ł|l)aci(ł|l)(em|am)|zap(ł|l)acili(ś|s)my|zap(ł|l)aci(ł|l)y(ś|s)my)",
        "zapisz": "[prosz(ę|e) |mo(ż|z)esz ](dodaj|doda(ć|c)|zapisz|zapisa(ć|c)|zanotuj"
        "|zanotowa(ć|c)|wpisz|zarejestruj)[ prosz(ę|e)]",
        "wydatek": "(wydatek|p(ł|l)atno(ś|s)(ć|c)|zakup)",
        "dostalem": "(dosta(ł|l)(em|am)|otrzyma(ł|l)(em|am)|zarobi(ł|l)(em|am)"
        "|dostali(ś|s)my|otrzymali(ś|s)my)",
    },
    shapes=(
        Shape(
            "([<day> ]<wydalem>[ <day>]|[<zapisz> |nowy |nowa ][nowy ]<wydatek>[:| w wysoko(ś|s)ci| na])"
            " <money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<day> ](<wydalem>[ <day>] (<what>|{name})"
            "|(kupi(ł|l)(em|am)|kupili(ś|s)my) {thing} za"
            "|{thing} (kosztowa(ł|l)[o|a|y]) (mnie|nas))"
            " <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<day> ]<sum>[ <what>] <wydalem>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape("<zapisz> <money>[ <day>] <what>", Direction.EXPENSE),
        Shape("<sum_with_unit>[ <day>] <what_for>", Direction.EXPENSE),
        Shape(
            "[<zapisz> |nowy |nowa ][nowy ](przych(ó|o)d|wp(ł|l)yw|wyp(ł|l)at(ę|e|a)|zwrot)"
            "[ w wysoko(ś|s)ci] <money>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "[<day> ](<dostalem>[ <day>][ <what>]|{name} (da(ł|l)|da(ł|l)a|zap(ł|l)aci(ł|l)"
            "|zap(ł|l)aci(ł|l)a|odda(ł|l)|odda(ł|l)a) (mi|nam))"
            " <sum_with_unit>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(cofnij|anuluj|usu(ń|n)|wycofaj) (ten|ostatni|m(ó|o)j ostatni|t(ę|e|ą)|ostatni(ą|a))"
            " (wydatek|przych(ó|o)d|p(ł|l)atno(ś|s)(ć|c)|transakcj(ę|e))",
            task=Task.UNDO,
        ),
        Shape(
            "(zmie(ń|n)|popraw) (to|go|ten wydatek|ostatni wydatek) na <money>",
            task=Task.CHANGE,
        ),
        Shape(
            "co (zapisa(ł|l)(em|am)|zanotowa(ł|l)(em|am)|wyda(ł|l)(em|am)) ostatnio"
            "|jaki by(ł|l) m(ó|o)j ostatni wydatek",
            task=Task.LAST,
        ),
        Shape(
            "ile (transakcji|wydatk(ó|o)w) (czeka|oczekuje)[ jeszcze]",
            task=Task.WAITING,
        ),
    ),
)
