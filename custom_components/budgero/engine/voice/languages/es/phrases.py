"""Spanish sentences: what is said around the money."""

from typing import Final

from ....push.wire import Direction
from ...phrases import Days, Phrases, Shape, Task

_DAYS: Final = Days(
    words={
        "antes de ayer|anteayer|antier": 2,
        "ayer[ (por|en) la (mañana|tarde|noche)| noche]|anoche": 1,
        "hoy[ (por|en) la (mañana|tarde|noche)]|esta (mañana|tarde|noche)|ahora mismo": 0,
        "hace una semana": 7,
    },
    counts=(
        "2|dos",
        "3|tres",
        "4|cuatro",
        "5|cinco",
        "6|seis",
        "7|siete",
        "8|ocho",
        "9|nueve",
        "10|diez",
    ),
    ago="hace <count> <unit>",
    units=("d(í|i)as", "semanas"),
    begins=("antes de ayer|anteayer|antier|ayer|anoche|hoy|esta|hace|el|ahora mismo",),
    weekdays=(
        "lunes",
        "martes",
        "mi(é|e)rcoles",
        "jueves",
        "viernes",
        "s(á|a)bado",
        "domingo",
    ),
    weekday="el <weekday>[ pasado| por la (mañana|tarde|noche)]|el pasado <weekday>",
    months=(
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre|setiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
    date="[el ][d(í|i)a ](<number>|uno) de <month>|el [d(í|i)a ]<number>",
    ordinals=(
        "uno|primero",
        "dos",
        "tres",
        "cuatro",
        "cinco",
        "seis",
        "siete",
        "ocho",
        "nueve",
        "diez",
        "once",
        "doce",
        "trece",
        "catorce",
        "quince",
        "diecis(é|e)is",
        "diecisiete",
        "dieciocho",
        "diecinueve",
        "veinte",
        "veintiuno",
        "veintid(ó|o)s",
        "veintitr(é|e)s",
        "veinticuatro",
        "veinticinco",
        "veintis(é|e)is",
        "veintisiete",
        "veintiocho",
        "veintinueve",
        "treinta",
        "treinta y uno",
    ),
)

PHRASES: Final = Phrases(
    days=_DAYS,
    payee=("en",),
    payee_first=("a", "al", "de", "del"),
    memo=("para", "por"),
    memo_first=("de", "como"),
    account=("con", "desde", "del", "de", "en"),
    into=("a",),
    company=("con",),
    memo_words=(
        "sueldo|n(ó|o)mina|salario|paga|propina[s]|alquiler|renta|intereses|pensi(ó|o)n",
    ),
    openers=(
        "ok[ay]|vale|bueno|pues|oye|y|eh|ah|a ver|también|luego|entonces|por cierto|por favor|hola",
    ),
    told=("(<anota>|dile a budgero)[ que| para]",),
    fillers=(
        "hace ([1|2|3|4|5](0|1|2|3|4|5|6|7|8|9)|unos) minutos",
        "a(l| ) mediod(í|i)a|a las [1](0|1|2|3|4|5|6|7|8|9)",
        "por favor|gracias",
        "en efectivo|(con|por)[ (la|mi)] tarjeta|(por|con) (transferencia|bizum)",
        "en total|s(ó|o)lo|tambi(é|e)n|más|ya|eso|esto|ah(í|i)|exactamente",
        "unos|unas|como|aproximadamente|más o menos",
    ),
    articles=("el", "la", "los", "las", "un", "una", "mi", "mis", "nuestra", "nuestro"),
    later=(
        "(en|dentro de) (<count>|un|una|media) (segundo|minuto|hora|d(í|i)a|semana|mes)[s|es]",
        "(ma(ñ|n)ana|pasado ma(ñ|n)ana)[ por la (mañana|tarde|noche)]",
        "(la semana|el mes|el a(ñ|n)o) que viene|el próximo <weekday>|el <weekday> que viene",
        "(cada|todos los) (d(í|i)a|mes|<weekday>)[s|es]",
    ),
    unclear=(
        "(la semana|el mes|el a(ñ|n)o) pasad(a|o)|el otro d(í|i)a|hace unos d(í|i)as",
    ),
    no_money=(
        "factura[s]|multa[s]|presupuesto[s]|descuento[s]|recibo[s]|recordatorio|oferta[s]|cuenta|rebaja",
    ),
    compared=("[de ](m(á|a)s|menos)",),
    corrections=("no|perd(ó|o)n|digo",),
    clauses=(
        "(he|hemos) (gastado|pagado|comprado|recibido)|gast(é|amos)|pagu(é|e)|pagamos|recib(í|imos)",
    ),
    requests=("[me ](puedes|podr(í|i)as|puede)|por favor",),
    itself=("(en|a) budgero",),
    pieces={
        "gastado": "((he*|hemos*) (gastado|pagado)|acabo* de* (gastar|pagar)[me]"
        "|gast(é|e|amos)|pagu(é|e)|pagamos)",
        "anota": "[[me ](puedes|podr(í|i)as) |quiero ]"
        "((añad|anad)(e|a|ir)|agreg(a[r]|ue)|(anot|anót)(a[r]|e*)|(apunt|apúnt)(a[r]|e*)|registr(a[r]|e*))[me][ por favor]",
        "nuevo": "[un |una |el |la |mi ][nuev(o|a) ]",
        "unos": "[unos |unas |como |solo |exactamente ]",
        "dado": "((he*|hemos*) (dado|enviado|transferido|devuelto|dejado|prestado"
        "|donado|echado|puesto)|di|dimos|envi(é|e)|transfer(í|i)|devolv(í|i)|dej(é|e)"
        "|prest(é|e)|don(é|e)|ech(é|e)|puse)",
    },
    shapes=(
        Shape(
            "([yo ][me |le |les |nos ]<gastado>[ <day>]"
            "|[(<anota>|crea|mete) ]<nuevo>(gasto|compra|pago)[ de| por])"
            " <unos><money>[ <day>][ <what>]",
            Direction.EXPENSE,
        ),
        Shape(
            "[(<anota>|crea|mete) ]<nuevo>(ingreso|sueldo|salario|reembolso)[ de| por] <money>"
            "[ <day>][ <what>]",
            Direction.INCOME,
        ),
        Shape(
            "(me*|nos*) (cost(ó|o)|ha* costado) <sum>[ {thing}]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "([yo ][me |le |les |nos ](<gastado> <what>|<dado>"
            "|((he*|hemos*) comprado|compr(é|e)|compramos) {thing} (por*|en*))"
            "|{thing} [(me*|nos*) ](cost(ó|o)|ha* costado)) <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "<what> [me ]<gastado> <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "[(<anota>|crea|mete) ]<nuevo>(gasto|compra|pago)[ de| por] <sum> {rest}",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "[(<anota>|crea|mete) ]<nuevo>(ingreso|sueldo|salario|reembolso)[ de| por] <sum> {rest}",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<anota> <sum>[ <day>][ <what>]",
            Direction.EXPENSE,
            family="sum",
        ),
        Shape(
            "(((he*|hemos*) (recibido|cobrado|ganado|ingresado)|acabo* de* cobrar"
            "|(recib|cobr|gan)(í*|i*|é*|e*|imos*|amos*))[ <what>| {thing} de*]"
            "|((he*|hemos*) vendido|vend(í|i)|vendimos) {thing} (por*|en*)"
            "|[{name} ](me*|nos*) ((ha*|han*) (dado|pagado|devuelto|enviado|ingresado)"
            "|dio|dieron|pag(ó|o|aron)|devolvi(ó|o|eron)|envi(ó|o|aron)|ingres(ó|o|aron)))"
            " <sum>[ <day>][ <what>]",
            Direction.INCOME,
            family="sum",
        ),
        Shape(
            "<anota> <sum> {rest}",
            Direction.EXPENSE,
            is_reading=True,
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
            "(deshaz|anula[r]|cancela[r]|borra[r]|quita[r]|elimina[r]) (ese|este|el|mi)[ último]"
            " (gasto|pago|ingreso|movimiento)",
            task=Task.UNDO,
        ),
        Shape(
            "(c(a|á)mbia|corr(i|í)ge)(lo| eso| esto| el [último ]gasto) (a|por|en) <one_word>",
            task=Task.CHANGE,
        ),
        Shape(
            "qu(é|e) (anot(é|e)|apunt(é|e)|registr(é|e)|gast(é|e)|he anotado|he apuntado) "
            "(por última vez|lo último)|cu(á|a)l fue mi (último gasto|última compra)",
            task=Task.LAST,
        ),
        Shape(
            "cu(á|a)nt(os|as) (gastos|movimientos|transacciones)"
            " (esperan|están esperando|hay esperando|están pendientes)",
            task=Task.WAITING,
        ),
    ),
)
