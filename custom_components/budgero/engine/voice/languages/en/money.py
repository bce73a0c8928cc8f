"""English words around money."""

from typing import Final

from ...digits import Marks
from ...money_words import MoneyWords

MONEY: Final = MoneyWords(
    units={
        "euro": "euro euros",
        "dollar": "dollar dollars buck bucks",
        "pound": "pound pounds quid quids sterling",
        "franc": "franc francs",
        "złoty": "zloty zlotys złoty złotys zł",
        "real": "real reais reals",
        "crown koruna": "crown crowns krona kronor krone kroner koruna kr",
        "peso": "peso pesos",
        "yen": "yen",
        "yuan": "yuan renminbi",
        "rupee": "rupee rupees",
        "lira": "lira liras",
        "forint": "forint forints",
        "rand": "rand rands",
        "ruble": "ruble rubles rouble roubles",
        "dinar": "dinar dinars",
        "dirham": "dirham dirhams",
        "riyal": "riyal riyals rial rials",
        "shekel": "shekel shekels",
        "shilling": "shilling shillings",
        "leu": "leu lei",
        "lev": "lev leva",
        "baht": "baht",
        "ringgit": "ringgit",
        "hryvnia": "hryvnia hryvnias",
    },
    hundredths={
        "euro dollar rand shilling rupee": "cent cents eurocent eurocents ct cts",
        "pound": "penny pennies pence p",
        "franc": "centime centimes rappen",
        "złoty": "grosz groszy grosze",
        "real peso": "centavo centavos",
        "crown": "öre øre",
    },
    ordinary="pound pounds quid real crown crowns rand baht lira yen franc",
    joins="and",
    minus="minus negative",
    doubtful="k grand dozen mil couple "
    "tens twenties fifties hundreds thousands fivers tenners",
    asks_below_ten=True,
    each_before=(
        "between",
        "twice",
        "thrice",
        "double",
        "almost",
        "nearly",
        "over",
        "under",
        "more than",
        "less than",
        "up to",
        "at least",
        "at most",
    ),
    each_after=("each", "apiece", "a piece", "a head", "per"),
    times="times",
    at="at",
    clock="at around",
    operators="or to times x plus minus by less",
    prepositions="on at for in from to of with by via into about since until during "
    "through using",
    following="the a an my our yesterday today tonight this that last now just please "
    "back off off cash again also in out thanks and monday tuesday wednesday "
    "thursday friday saturday sunday as is was went I we was",
    measures="l ml cl g second seconds minute minutes min mins hour hours hr hrs day days night "
    "nights week weeks month months year years times percent per kilo kilos kg gram "
    "grams liter liters litre litres km kilometers kilometres mile miles meter meters "
    "metres degree degrees people persons points o am pm",
    months="january february march april may june july august september october november "
    "december",
    marks=Marks(decimal=".", group=","),
    regional={"ZA": Marks(has_blanks=True)},
)
