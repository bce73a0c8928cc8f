"""French words around money."""

from typing import Final

from ...digits import Marks
from ...money_words import MoneyWords

MONEY: Final = MoneyWords(
    units={
        "euro": "euro euros balles",
        "dollar": "dollar dollars piastre piastres",
        "pound": "livre livres sterling",
        "franc": "franc francs",
        "złoty": "zloty zlotys złoty zł",
        "real": "réal réaux reais",
        "crown koruna": "couronne couronnes kr",
        "peso": "peso pesos",
        "yen": "yen yens",
        "yuan": "yuan yuans",
        "rupee": "roupie roupies",
        "lira": "lire lires",
        "forint": "forint forints",
        "rand": "rand rands",
        "ruble": "rouble roubles",
        "dinar": "dinar dinars",
        "dirham": "dirham dirhams",
        "shekel": "shekel shekels",
        "leu": "leu lei",
        "lev": "lev leva",
        "baht": "baht bahts",
    },
    hundredths={
        "euro franc dirham": "centime centimes",
        "euro dollar": "eurocent eurocents ct cts cents",
        "pound": "penny pence",
        "złoty": "grosz groszy",
        "real peso": "centavo centavos",
        "crown": "öre",
        "dollar": "sou sous",
    },
    ordinary="livre livres balles piastre couronne couronnes rand sou sous lire franc",
    never_behind_names="livre livres",
    joins="et",
    minus="moins",
    doubtful="k douzaine",
    doubtful_pairs=frozenset({("quatre", "vingt")}),
    hundredths_need_units=True,
    each_before=(
        "entre",
        "fois",
        "chaque",
        "presque",
        "plus de",
        "moins de",
        "au moins",
        "jusqu à",
        "près de",
    ),
    each_after=(
        "chacun",
        "chacune",
        "pièce",
        "la pièce",
        "l unité",
        "par personne",
        "de l heure",
    ),
    times="fois",
    at="à",
    clock="à vers le",
    operators="ou à fois x plus moins",
    prepositions="à au aux chez pour en dans de d du des sur avec par via depuis le "
    "pendant vers",
    following="hier aujourd avant ce cet cette la les un une mon ma mes ici là lundi "
    "mardi mercredi jeudi vendredi samedi dimanche dernier s'il svp merci maintenant "
    "tout cash comptant j je on nous l",
    measures="l ml cl g seconde secondes minute minutes min heure heures h jour jours nuit nuits "
    "semaine semaines mois an ans année années fois pourcent kilo kilos kg gramme "
    "grammes litre litres kilomètre kilomètres km mètre mètres degré degrés personnes",
    months="janvier février mars avril mai juin juillet août septembre octobre novembre "
    "décembre",
    marks=Marks(decimal=",", has_blanks=True),
    regional={
        "BE": Marks(decimal=",", group=".", has_blanks=True),
        "CH": Marks(has_blanks=True),
    },
)
