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
        "eu": "[<day> ][eu |n(ó|o)s ]",
        "gastei": "(gastei|paguei|gast(á|a)mos|pag(á|a)mos|acabei de gastar|acabei de pagar)",
        "anota": "[por favor |podes |pode |voc(ê|e) pode |quero ]"
        "(adiciona|adicione|adicionar|anota|anote|anotar|aponta|aponte|regista|registe|registar"
        "|registra|registre|registrar|lan(ç|c)a|lance|lan(ç|c)ar)[ a(í|i)]",
    },
    shapes=(
        Shape(
            "(<eu><gastei>[ <day>]|[<anota> |nova |novo ][uma |a |um |o ][nova |novo ]"
            "(despesa|gasto|compra|pagamento)[ de| no valor de])"
            " <money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "(<eu>(<gastei> (<what>|{name})|(comprei|compr(á|a)mos) {thing} por)"
            "|[<day> ]{thing} (custou|custaram)[-me|-nos])"
            " <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape("<anota> <money>[ <day>] <what>", Direction.EXPENSE),
        Shape(
            "<sum_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "[<anota> |nova |novo ][uma |a |um |o |o meu ][nova |novo ]"
            "(receita|rendimento|sal(á|a)rio|reembolso|entrada)[ de| no valor de]"
            " <sum_with_unit>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(<eu>(recebi|ganhei|recebemos|ganh(á|a)mos)[ <day>][ <what>]"
            "|[<day> ][o |a ]{name} (me (deu|pagou|devolveu)|(deu|pagou|devolveu)-me"
            "|nos deu|nos pagou))"
            " <sum_with_unit>[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(anula|anule|desfaz|desfa(ç|c)a|cancela|cancele|apaga|apague|remove|remova)"
            " (essa|esta|a|a minha|esse|este|o|o meu)[ (ú|u)ltima| (ú|u)ltimo]"
            " (despesa|gasto|receita|transa(ç|c)(ã|a)o|compra|pagamento)",
            task=Task.UNDO,
        ),
        Shape(
            "(muda|mude|altera|altere|corrige|corrija)"
            " (isso|isto|a despesa|o gasto|a (ú|u)ltima despesa|o (ú|u)ltimo gasto)"
            " (para|pra) <money>",
            task=Task.CHANGE,
        ),
        Shape(
            "o que [eu ](registei|registrei|anotei|gastei|lancei) por (ú|u)ltimo"
            "|qual foi [a |o ][minha |meu ](ú|u)ltim(a|o) (despesa|gasto|compra)",
            task=Task.LAST,
        ),
        Shape(
            "quantas (transa(ç|c)(õ|o)es|despesas|compras)"
            " (est(ã|a)o [à |a ](espera|esperar|aguardar)|esperam|est(ã|a)o pendentes)",
            task=Task.WAITING,
        ),
    ),
)
