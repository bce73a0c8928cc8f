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
        "wydalem": "(wyda|zapłaci|zaplaci)((ł*|l*)(em*|am*)|(li*|(ł*|l*)y*)(ś|s)my*)",
        "zapisz": "[prosz(ę|e) |mo(ż|z)esz ](doda(j|ć|c)|zapis(z|ać|ac)|zanot(uj|ować|owac)|wpisz)[ prosz(ę|e)]",
        "dostalem": "(dosta|otrzyma|zarobi)((ł*|l*)(em*|am*)|li*(ś|s)my*)",
    },
    shapes=(
        Shape(
            "([<day> ]<wydalem>|[<zapisz> ][nowy |nowa ](wydatek|(płatność|platnosc)|zakup)[ w wysoko(ś|s)ci| na])"
            " <money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<zapisz> ][nowy |nowa ](przychód|przychod|wpływ|wplyw|(wypłat|wyplat)(ę|e|a)|zwrot)[ w wysoko(ś|s)ci]"
            " <money>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(<zapisz>|[<day> ](<wydalem> {name}|kupi((ł|l)(em|am)|li*(ś|s)my*) {thing} za*)"
            "|{thing} kosztowa(ł*|l*)[o|a|y] (mnie*|nas*)) <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "([<day> ]<dostalem> <what>|{name} (da|zapłaci|zaplaci|odda)(ł*|l*)[a] (mi*|nam*))"
            " <sum>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "[<day> ]<dostalem> <sum>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "<zapisz> <short_money>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>[ <wydalem>]",
            Direction.EXPENSE,
        ),
        Shape(
            "(cofnij|anuluj|usu(ń|n)|wycofaj) (ten|ostatni[ą|a]|m(ó|o)j ostatni|t(ę|e|ą))"
            " (wydatek|przychód|przychod|(płatność|platnosc)|transakcj(ę|e))",
            task=Task.UNDO,
        ),
        Shape(
            "(zmie(ń|n)|popraw) (to|go|(ten|ostatni) wydatek) na <one_word>",
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
