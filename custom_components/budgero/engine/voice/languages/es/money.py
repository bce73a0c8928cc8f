"""Spanish words around money."""

from typing import Final

from ...digits import Marks
from ...money_words import MoneyWords

_COMMA: Final = Marks(decimal=",", group=".", has_blanks=True)
_POINT: Final = Marks(decimal=".", group=",", has_blanks=True)

MONEY: Final = MoneyWords(
    units={
        "euro": "euro euros pavos",
        "dollar": "dólar dólares",
        "ESP": "peseta pesetas",
        "pound": "libra libras esterlinas",
        "franc": "franco francos",
        "złoty": "zloty zlotys złoty zł",
        "real": "real reales reais",
        "crown koruna": "corona coronas kr",
        "peso": "peso pesos",
        "sol": "sol soles",
        "bolívar": "bolívar bolívares",
        "boliviano": "boliviano bolivianos",
        "quetzal": "quetzal quetzales",
        "guarani": "guaraní guaraníes",
        "colon": "colón colones",
        "lempira": "lempira lempiras",
        "cordoba": "córdoba córdobas",
        "balboa": "balboa balboas",
        "yen": "yen yenes",
        "yuan": "yuan yuanes",
        "rupee": "rupia rupias",
        "lira": "lira liras",
        "forint": "forint florines",
        "rand": "rand",
        "ruble": "rublo rublos",
        "dinar": "dinar dinares",
        "dirham": "dirham dirhams",
        "leu": "leu lei",
    },
    hundredths={
        "euro sol bolívar balboa": "céntimo céntimos",
        "euro dollar": "cent cents ct cts",
        "peso dollar real boliviano quetzal lempira cordoba euro": "centavo centavos",
        "pound": "penique peniques",
        "franc": "céntimo céntimos",
        "złoty": "grosz groszy",
        "crown": "öre",
    },
    ordinary="libra libras real reales corona coronas sol soles colón franco pavos "
    "quetzal balboa boliviano boliviana lira",
    never_behind_names="libra libras",
    joins="y con",
    certain_joins="con",
    minus="menos",
    doubtful="k docena docenas duros luca lucas palo palos",
    each_before=(
        "entre",
        "cada",
        "casi",
        "más de",
        "menos de",
        "al menos",
        "hasta",
    ),
    each_after=("cada", "por persona", "el kilo", "la unidad"),
    times="veces",
    at="a",
    clock="las el",
    operators="a o u por x más menos",
    prepositions="en por para de del con a al desde hasta sobre según hacia vía",
    following="ayer anteayer hoy antes el la los las un una mi mis este esta ahora "
    "anoche lunes martes miércoles jueves viernes sábado domingo pasado pasada "
    "yo nosotros efectivo he hemos que",
    measures="l ml cl g segundo segundos minuto minutos min hora horas h día días noche noches "
    "semana semanas mes meses año años veces vez kilo kilos kg gramo gramos litro "
    "litros kilómetro kilómetros km metro metros grado grados personas",
    months="enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre "
    "noviembre diciembre",
    marks=Marks(has_blanks=True),
    regional=dict.fromkeys(
        ("ES", "AR", "BO", "CL", "CO", "CR", "EC", "PY", "UY", "VE"), _COMMA
    )
    | dict.fromkeys(
        ("MX", "US", "GT", "HN", "NI", "SV", "PA", "PE", "DO", "PR"), _POINT
    ),
)
