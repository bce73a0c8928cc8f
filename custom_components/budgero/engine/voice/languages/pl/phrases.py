"""Polish sentences: what is said around the money."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "przedwczoraj": 2,
        "wczoraj[ rano| wieczorem| po południu]": 1,
        "(dzisiaj|dzi(ś|s))[ (rano|wieczorem|po po(ł|l)udniu)]|przed chwil(ą|a)": 0,
        "tydzie(ń|n) temu": 7,
    },
    begins=(
        "wczoraj|przedwczoraj|dzisiaj|dzi(ś|s)|przed|tydzie(ń|n) temu|<count> (dni|tygodnie) temu|(<number>[-go]|pierwszego) <month>",
    ),
    weekdays=(
        "poniedzia(ł|l)ek",
        "wtorek",
        "(ś|s)rod(ę|e|a)",
        "czwartek",
        "pi(ą|a)tek",
        "sobot(ę|e|a)",
        "niedziel(ę|e|a)",
    ),
    weekday="(w|we|w zesz(ł|l)(y|ą|a)|w ostatni[ą|a]|w miniony|w minion(ą|a)) <weekday>[ rano| wieczorem]",
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
    date="(<number>[-go]|pierwszego) <month>",
    counts=("2|dwa", "3|trzy", "4|cztery", "5|pi(ę|e)(ć|c)", "6|sze(ś|s)(ć|c)"),
    ago="<count> <unit> temu",
    units=("dni", "tygodnie"),
    ordinals=(
        "pierwszego",
        "drugiego",
        "trzeciego",
        "czwartego",
        "pi(ą|a)tego",
        "sz(ó|o)stego",
        "si(ó|o)dmego",
        "(ó|o)smego",
        "dziewi(ą|a)tego",
        "dziesi(ą|a)tego",
        "jedenastego",
        "dwunastego",
        "trzynastego",
        "czternastego",
        "pi(ę|e)tnastego",
        "szesnastego",
        "siedemnastego",
        "osiemnastego",
        "dziewi(ę|e)tnastego",
        "dwudziestego",
        "dwudziestego pierwszego",
        "dwudziestego drugiego",
        "dwudziestego trzeciego",
        "dwudziestego czwartego",
        "dwudziestego pi(ą|a)tego",
        "dwudziestego sz(ó|o)stego",
        "dwudziestego si(ó|o)dmego",
        "dwudziestego (ó|o)smego",
        "dwudziestego dziewi(ą|a)tego",
        "trzydziestego",
        "trzydziestego pierwszego",
    ),
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
    openers=("ok[ej]|okej|hej|no|dobra|a|i|to|więc|jeszcze|potem|też|prosz(ę|e)",),
    told=("(<zapisz>|powiedz budgero)[ (ż|z)e]|zapamiętaj że",),
    fillers=(
        "([1|2|3|4|5](0|1|2|3|4|5|6|7|8|9)|kilka) minut[y] temu|o [1|2](0|1|2|3|4|5|6|7|8|9)",
        "w po(ł|l)udnie",
        "prosz(ę|e)|dzi(ę|e)kuj(ę|e)|dzi(ę|e)ki|razem|(ł|l)(ą|a)cznie|w sumie",
        "got(ó|o)wk(ą|a)|kart(ą|a)|blikiem|przelewem|telefonem|zegarkiem|w got(ó|o)wce",
    ),
    hedges=(
        "tylko",
        "w(ł|l)a(ś|s)nie",
        "oko(ł|l)o",
        "jakie(ś|s)",
        "r(ó|o)wno",
        "dok(ł|l)adnie",
        "a(ż|z)",
        "(ł|l)(ą|a)cznie",
        "w sumie",
    ),
    # Endings of the accusative: things stand in it, persons in the dative.
    things_paid="{thing}(a|ą|b|c|ć|d|ę|f|g|h|j|k|l|ł|m|n|ń|o|ó|p|r|s|ś|t|w|y|z|ź|ż|anie|enie|ki|gi|je|tu|ku|szu|ru|lu)",
    unclear=(
        "w zesz(ł|l)ym (tygodniu|miesi(ą|a)cu|roku)|kilka dni temu|na (dzie(ń|n)|miesi(ą|a)c)|nie",
    ),
    no_money=(
        "rachun(ek|ki)|faktur(ę|e|a|y)|mandat[y]|zni(ż|z)k(ę|e|i|a)|rabat[u]|ofert(ę|e|a)|wycen(ę|e|a)|kosztorys|upomnienie|wezwanie|paragon|kar(ę|e)|bon",
    ),
    compared=("wi(ę|e)cej|mniej|za (du(ż|z)o|ma(ł|l)o)|taniej|dro(ż|z)ej",),
    corrections=("nie|przepraszam",),
    clauses=("(wyda|zapłaci|zaplaci|kupi|dosta)(ł|l)(em|am)",),
    requests=("[czy ](mo(ż|z)esz|mog(ł|l)[a]by(ś|s))|prosz(ę|e)",),
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
    itself=("(w|do|we) budgero",),
    pieces={
        "em": "((ł*|l*)(em*|am*)|(li*|(ł*|l*)y*)(ś|s)my*)",
        "wydalem": "((wyda|zap(ł|l)aci)<em>|musia<em> (zap(ł|l)aci|wyda)(ć|c))",
        "dalem": "(da|przela|wp(ł|l)aci|odda|zwr(ó|o)ci|podarowa|wysła|wysla)<em>",
        "dostalem": "(dosta|otrzyma|zarobi)<em>",
        "zapisz": "[[czy ]mo(ż|z)esz |chc(ę|e) ](doda(j*|ć|c)|(zapis|wpis)(z*|ać|ac)"
        "|(zanot|odnot|zarejestr)(uj|ować|owac)|zaksi(ę|e)guj)[ prosz(ę|e)][ mi]",
        "ja": "[ja |my ][w(ł|l)a(ś|s)nie |ju(ż|z) |te(ż|z) |dzisiaj ]",
        "nowy": "[nowy |now(ą|a) ]",
        "wydatek": "(wydatek|(płatność|platnosc)|zakup)[ w wysoko(ś|s)ci| o warto(ś|s)ci| na| za]",
        "wplyw": "((przychód|przychod)|wp(ł|l)yw|wyp(ł|l)at(ę|e|a)|zwrot)[ w wysoko(ś|s)ci]",
        "errand": "[ma(ł|l)e |du(ż|z)e ]zakupy",
    },
    shapes=(
        Shape(
            "(<ja>(<wydalem>|wydan(e|o)|zap(ł|l)acon(e|o))|[<zapisz> ]<nowy><wydatek>)"
            " <money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[<zapisz> ]<nowy><wplyw> <money>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "<ja>[<what> ](<wydalem>|<dalem>)[ {paid}[ w wysoko(ś|s)ci| na]] <sum>[ {paid}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "<ja>((kupi|zam(ó|o)wi)<em>[ sobie] {rest} za*|zatankowa<em>[ {rest}] za*"
            "|zrobi<em> <errand>[ <what>] za*) <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "({thing} kosztowa(ł*|l*)[o|a|y][ mnie*| nas*]|<zapisz>[ <nowy><wydatek>| do wydatk(ó|o)w]|posz(ł|l)o|<nowy><wydatek>)"
            " <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "<ja>([<what> ]<dostalem>[ {rest}]|sprzeda<em> {thing} za*|(wp(ł|l)yn(ę|e)|przysz)(ł|l)(a|o|y)[ {thing}])"
            " <sum>[ {rest}]",
            Direction.INCOME,
            family="sum",
            given_to=("z", "ze"),
        ),
        Shape(
            "({name} (da|zap(ł|l)aci|odda|zwr(ó|o)ci|przela|wysła|wysla|podarowa)"
            "((ł*|l*)[a]|li*) (mi*|nam*)|[<zapisz> ]<nowy><wplyw>) <sum>[ {rest}]",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<zapisz> <short_money> <what_for>",
            Direction.EXPENSE,
            family="order",
        ),
        Shape(
            "<digits_with_unit> <what_for>[ <wydalem>]",
            Direction.EXPENSE,
            family="order",
        ),
        Shape(
            "(cofnij|cofn(ą|a)(ć|c)|anulowa(ć|c)|anuluj|usu(ń|n)|usun(ą|a)(ć|c)|wycofaj) (ten|ostatni[ą|a]|m(ó|o)j ostatni|t(ę|e|ą))"
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
