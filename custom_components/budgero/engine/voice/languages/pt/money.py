"""Portuguese words around money, European and Brazilian."""

from typing import Final

from ...digits import Marks
from ...money_words import MoneyWords

MONEY: Final = MoneyWords(
    units={
        "euro": "euro euros pau paus",
        "real": "real reais conto contos pila pilas",
        "dollar": "dólar dólares",
        "pound": "libra libras esterlinas",
        "franc": "franco francos",
        "złoty": "zloty zlotys złoty zł",
        "crown koruna": "coroa coroas kr",
        "peso": "peso pesos",
        "yen": "iene ienes",
        "yuan": "yuan yuans",
        "rupee": "rupia rupias",
        "lira": "lira liras",
        "forint": "forint florim florins",
        "rand": "rand",
        "ruble": "rublo rublos rubro",
        "dinar": "dinar dinares",
        "dirham": "dirham dirhams",
        "escudo": "escudo escudos",
        "kwanza": "kwanza kwanzas",
        "metical": "metical meticais",
        "leu": "leu lei",
    },
    hundredths={
        "euro real dollar peso kwanza metical": "centavo centavos cêntimo cêntimos",
        "euro dollar": "cent cents ct cts",
        "pound": "pence penny",
        "franc": "cêntimo cêntimos",
        "złoty": "grosz groszy",
        "crown": "öre",
    },
    ordinary="real libra libras peso pesos franco francos coroa coroas conto contos "
    "pila pilas pau paus escudo lira",
    joins="e",
    certain_joins="e",
    minus="menos",
    doubtful="k dúzia dúzias",
    each_before=(
        "entre",
        "cada",
        "quase",
        "mais de",
        "menos de",
        "até",
        "pelo menos",
        "no máximo",
    ),
    each_after=("cada", "por pessoa", "por cabeça", "o quilo", "a unidade"),
    times="vezes",
    at="a",
    clock="às dia",
    operators="a ou por vezes x mais menos",
    prepositions="em no na nos nas por para pra pro de do da dos das com a ao à aos às "
    "até desde num numa sobre via",
    following="ontem anteontem hoje agora o os as um uma meu minha este esta segunda "
    "terça quarta quinta sexta sábado domingo passado passada obrigado obrigada favor "
    "eu nós dinheiro que",
    measures="l ml cl g segundo segundos minuto minutos min hora horas h dia dias noite noites "
    "semana semanas mês meses ano anos vez vezes quilo quilos kg grama gramas litro "
    "litros quilômetro quilômetros quilómetro quilómetros km metro metros grau graus "
    "pessoas",
    months="janeiro fevereiro março abril maio junho julho agosto setembro outubro "
    "novembro dezembro",
    marks=Marks(decimal=",", has_blanks=True),
    regional={"BR": Marks(decimal=",", group=".", has_blanks=True)},
)
