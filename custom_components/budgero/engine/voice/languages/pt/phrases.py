"""Portuguese sentences, of Portugal and of Brazil: what is said around the money."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "anteontem|antes de ontem": 2,
        "ontem[ à (tarde|noite)| de manh(ã|a)]": 1,
        "hoje[ cedo| de manh(ã|a)| à (tarde|noite)]|esta (manh(ã|a)|tarde|noite)|agora mesmo|agora há pouco": 0,
        "(h(á|a)|faz) uma semana[ que]": 7,
    },
    begins=(
        "ontem|anteontem|antes de ontem|hoje|esta|agora|h(á|a)|faz|(<count>) (dias|semanas) atr(á|a)s|<weekday>|dia <number>",
    ),
    weekdays=(
        "segunda[-feira]",
        "ter(ç|c)a[-feira]",
        "quarta[-feira]",
        "quinta[-feira]",
        "sexta[-feira]",
        "s(á|a)bado",
        "domingo",
    ),
    weekday="[na |no |na (ú|u)ltima |no (ú|u)ltimo |na passada |no passado ]<weekday>"
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
    date="[no |em |a ][dia ](<number>|primeiro) de <month>|[no ]dia <number>",
    counts=("2|dois|duas", "3|tr(ê|e)s", "4|quatro", "5|cinco", "6|seis"),
    ago="(h(á|a)|faz) <count> <unit>[ que]|<count> <unit> atr(á|a)s",
    units=("dias", "semanas"),
    ordinals=(
        "primeiro|um",
        "dois",
        "tr(ê|e)s",
        "quatro",
        "cinco",
        "seis",
        "sete",
        "oito",
        "nove",
        "dez",
        "onze",
        "doze",
        "treze",
        "(ca|qua)torze",
        "quinze",
        "dez(a|e)sseis",
        "dez(a|e)ssete",
        "dezoito",
        "dez(a|e)nove",
        "vinte",
        "vinte e um",
        "vinte e dois",
        "vinte e tr(ê|e)s",
        "vinte e quatro",
        "vinte e cinco",
        "vinte e seis",
        "vinte e sete",
        "vinte e oito",
        "vinte e nove",
        "trinta",
        "trinta e um",
    ),
)

PHRASES: Final = Phrases(
    days=_DAYS,
    payee=("no", "na", "nos", "nas"),
    payee_first=("ao", "à", "aos", "às", "a", "do", "da", "de"),
    memo=("para", "pra", "pro", "por", "pelo", "pela", "em"),
    memo_first=("com", "de", "como", "num", "numa"),
    account=(
        "com",
        "da",
        "do",
        "de",
        "pelo",
        "pela",
        "no",
        "na",
        "via",
        "(no|com o|do) cart(ã|a)o",
    ),
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
    memo_words=(
        "(salário|salario)",
        "ordenado",
        "aluguel",
        "renda",
        "juros",
        "b(ó|o)nus",
        "gorjeta[s]",
        "anivers(á|a)rio",
        "presente",
        "natal",
    ),
    openers=(
        "ok[ay]|olha|bom|então|e|ah|eh|aí|depois|também|oi|olá|certo|tá|por favor|[se ]faz favor",
    ),
    told=("(<anota>|di(z|ga) ao budgero)[ que| para]",),
    fillers=(
        "h(á|a) ([1|2|3|4|5](0|1|2|3|4|5|6|7|8|9)|poucos) minutos|às [1|2](0|1|2|3|4|5|6|7|8|9)[h| horas]",
        "me|por favor|[se ]faz favor|obrigad(o|a)|à vista|ao todo|no total|a(í|i)",
        "(em|a) dinheiro",
        "([n]o|por|via|com[ o]) (pix|d(é|e)bito|cr(é|e)dito|multibanco|mb way)",
        "([n]o|por|via|com[ o]) cart(ã|a)o[ de (cr(é|e)dito|d(é|e)bito)]",
    ),
    hedges=(
        "s(ó|o)",
        "uns",
        "umas",
        "cerca de",
        "apenas",
        "exatamente",
        "ao todo",
        "no total",
    ),
    things_paid="o|a|os|as|um|uma|meu|minha",
    unclear=(
        "semana passada|(m(ê|e)s|ano) passado|outro dia|h(á|a) (uns|alguns) dias|por (dia|m(ê|e)s|semana)|n(ã|a)o",
    ),
    questions=("por qu(e|ê)",),
    no_money=(
        "conta[s]|fatura[s]|factura[s]|multa[s]|or(ç|c)amento|desconto|boleto[s]|cobran(ç|c)a|nota fiscal|recibo|oferta|cupom",
    ),
    compared=("a (mais|menos)|mais|menos|de mais|demais",),
    corrections=("n(ã|a)o|desculpa|digo",),
    clauses=("(gast|pag)(ei|uei)|gastamos|pagamos|recebi|comprei",),
    requests=("pod(e|es|ia|eria)|voc(ê|e) pode|por favor",),
    later=(
        "(em|daqui a|dentro de) (<count>|um|uma|meia) (segundo|minuto|hora|dia|semana|m(ê|e)s|mese)[s]",
        "(amanh(ã|a)|depois de amanh(ã|a))[ à noite| à tarde| de manhã]",
        "(na pr(ó|o)xima|no pr(ó|o)ximo) (semana|m(ê|e)s|ano|<weekday>)",
        "(todos os|cada|todo) (dia|m(ê|e)s|<weekday>)[s]",
    ),
    itself=("(no|ao|em|na) budgero",),
    pieces={
        "eu": "[eu |n(ó|o)s ][j(á|a) |s(ó|o) |tamb(é|e)m ]",
        "gastei": "(gast(ei|(á|a)mos)|pag(uei|(á|a)mos)|a* gente*[ j(á|a)] (gastou|pagou)"
        "|(acab(ei|(á|a)mos) de*|tiv(e|emos) (que*|de*)) (gastar|pagar))",
        "ask": "[pod(e|es|ia|eria) |voc(ê|e) pode |quero |queria |gostaria de |preciso ]",
        "note": "((adicion|anot|apont|regist[r]|lanç|lanc)(a*|e|ar)|insere|cri(a*|e))",
        "anota": "<ask><note>[ a(í|i)| por favor]",
        "nova": "[uma |a |um |o |a minha |o meu ][nov(a|o) ]",
        "despesa": "((despesa|compra|pagamento)[ de| no valor de]|gasto (de*|no valor de))",
        "receita": "(receita|rendimento|salário|salario|ordenado|reembolso)[ de| no valor de]",
        "deu": "(deu|deram|pag(ou|aram)|devolveu|transferiu|mandou|enviou|reembolsou)",
        "errand": "(um |uma )(pix|transfer(ê|e)ncia|compra|doa(ç|c)(ã|a)o|pagamento|recarga)"
        "|[a |o ](conta|almo(ç|c)o|jantar|lanche|mercado|gasolina|t(á|a)xi)",
    },
    shapes=(
        Shape(
            "(<eu><gastei>|[<anota> ]<nova><despesa>) <money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "<eu>[<what> [eu ]]<gastei>[ {paid}[ de]] <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "<eu>(transferi|dei|doei|enviei|mandei|depositei|devolvi|fiz <errand> de)[ {rest}] <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
            given_to=(
                "para o",
                "para a",
                "para",
                "pra o",
                "pra a",
                "pra",
                "pro",
                "ao",
                "à",
                "a",
            ),
        ),
        Shape(
            "<eu>((compr(ei|(á|a)mos)|a* gente* comprou|pedi|encomendei)[ {thing}[ por| a| de]]"
            "|abasteci[ {thing} com]|botei|meti) <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "({thing} [me* |nos* ](cust(ou|aram)[-me|-nos]|ficou (em|por)|saiu (por|a))|<errand> deu"
            "|<ask>(<note>|(coloc|bot|met)(a*|e*|ar*)|põe|poe)[ a(í|i)][ <nova><despesa>]|[nov(a|o) ]<despesa>)"
            " <sum>[ {rest}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "<eu>((receb|ganh)(i|ei|emos|(á|a)mos)[ {rest}[ de]]|a* gente* (recebeu|ganhou)|vendi {thing} por"
            "|(caiu|caíram|cairam|entr(ou|aram))[ {thing}[ de]]) <sum>[ {rest}]",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "([[o |a ]{name} ]((me*|nos*) <deu>|<deu>(-me*|-nos*))|[<anota> ]<nova><receita>)"
            " <sum>[ {rest}]",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<anota> <short_money> <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "<digits_with_unit>[ <day>] <what_for>",
            Direction.EXPENSE,
        ),
        Shape(
            "(anul(a|e|ar)|desfaz|cancel(a|e|ar)|apag(a|ue|ar)|remov(a|e|er)) (essa|esta|esse|este|[a |o ][minha |meu ][(ú|u)ltim(a|o)])"
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
            " (est(ã|a)o [à |a ](espera|esperar|aguardar)|est(ã|a)o (aguardando|esperando)|esperam|est(ã|a)o pendentes)",
            task=Task.WAITING,
        ),
    ),
)
