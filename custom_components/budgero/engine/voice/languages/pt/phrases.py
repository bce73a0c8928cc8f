"""Portuguese, of Portugal and of Brazil."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "anteontem|antes de ontem": 2,
        "ontem[ à (tarde|noite)| de manh(ã|a)]": 1,
        "hoje|esta (manh(ã|a)|tarde|noite)|agora mesmo|agora há pouco": 0,
        "h(á|a) (2|dois) dias": 2,
        "h(á|a) (3|três|tres) dias": 3,
        "h(á|a) uma semana": 7,
    },
    weekdays=(
        "segunda[-feira]",
        "ter(ç|c)a[-feira]",
        "quarta[-feira]",
        "quinta[-feira]",
        "sexta[-feira]",
        "s(á|a)bado",
        "domingo",
    ),
    weekday="(na|no|na (ú|u)ltima|no (ú|u)ltimo|na passada) <weekday>"
    "[ passada| passado| à noite| à tarde]",
    months=(
        "janeiro",
        "fevereiro",
        "mar(ç|c)o",
        "abril",
        "maio",
        "junho",
        "julho",
        "agosto",
        "setembro",
        "outubro",
        "novembro",
        "dezembro",
    ),
    date="[no |em |a ][dia ]<number> de <month>",
)

PHRASES: Final = Phrases(
    days=_DAYS,
    payee=("no", "na", "nos", "nas", "em"),
    payee_first=("ao", "à", "aos", "às", "a", "do", "da", "de", "num", "numa"),
    memo=("para", "pra", "pro", "por", "pelo", "pela"),
    memo_first=("com", "de", "como"),
    account=("com", "da", "do", "de", "pelo", "pela", "no", "na", "via"),
    company=("com",),
    articles=(
        "o",
        "a",
        "os",
        "as",
        "um",
        "uma",
        "meu",
        "minha",
        "o meu",
        "a minha",
        "nosso",
    ),
    later=(
        "(em|daqui a|dentro de) (<count>|um|uma|meia) (segundo|minuto|hora|dia|semana|m(ê|e)s|mese)[s]",
        "(amanh(ã|a)|depois de amanh(ã|a))[ à noite| à tarde| de manhã]",
        "(na pr(ó|o)xima|no pr(ó|o)ximo) (semana|m(ê|e)s|ano|<weekday>)",
        "(todos os|cada|todo) (dia|m(ê|e)s|<weekday>)[s]",
    ),
    pieces={
        "gastei": "(gastei|paguei|(gastámos|gastamos|pagámos|pagamos)|acabei* de* (gastar|pagar))",
        "anota": "[por favor |pode[s] |voc(ê|e) pode |quero ]"
        "(adicion(a|e|ar)|anot(a|e|ar)|apont(a|e|ar)|regist[r](a|e|ar)|lan(ç|c)(a|e|ar))[ a(í|i)]",
        "nova": "[uma |a |um |o |a minha |o meu ][nov(a|o) ]",
    },
    shapes=(
        Shape(
            "([<day> ][eu |n(ó|o)s ]<gastei>|[<anota> ]<nova>(despesa|gasto|compra|pagamento)[ de| no valor de])"
            " <money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "([<day> ][eu |n(ó|o)s ](<gastei> {name}|(comprei|comprámos|compramos) {thing} por*)"
            "|{thing} cust(ou|aram)[-me|-nos]) <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "([<day> ][eu |n(ó|o)s ](recebi|ganhei|recebemos|ganhámos|ganhamos)[ <what>| {thing} de*]"
            "|[o |a ]{name} ((me*|nos*) (deu|pagou|devolveu)|(deu|pagou|devolveu)(-me*|-nos*))"
            "|[<anota> ]<nova>(receita|rendimento|sal(á|a)rio|reembolso)[ de| no valor de])"
            " <sum>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "<anota> <short_money>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "(anul(a|e)|desfaz|cancel(a|e)|apag(a|ue)|remov(a|e)) (essa|esta|esse|este|[a |o ][minha |meu ][(ú|u)ltim(a|o)])"
            " (despesa|gasto|receita|transa(ç|c)(ã|a)o|compra|pagamento)",
            task=Task.UNDO,
        ),
        Shape(
            "(mud(a|e)|alter(a|e)|corrig(e|a)) (isso|isto|(a|o) [(ú|u)ltim(a|o) ](despesa|gasto)) (para|pra) <one_word>",
            task=Task.CHANGE,
        ),
        Shape(
            "o* que* [eu ](registei|registrei|anotei|gastei|lancei) por (ú|u)ltimo"
            "|qual* foi [a |o ][minha |meu ](ú|u)ltim(a|o) (despesa|gasto|compra)",
            task=Task.LAST,
        ),
        Shape(
            "quantas* (transa(ç|c)(õ|o)es|despesas|compras)"
            " (est(ã|a)o [à |a ](espera|esperar|aguardar)|esperam|est(ã|a)o pendentes)",
            task=Task.WAITING,
        ),
    ),
)
