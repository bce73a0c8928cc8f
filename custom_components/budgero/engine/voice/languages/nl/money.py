"""Dutch words around money."""

from typing import Final

from ...digits import Marks
from ...money_words import MoneyWords

MONEY: Final = MoneyWords(
    units={
        "euro": "euro euro's euros",
        "dollar": "dollar dollars",
        "guilder": "gulden guldens",
        "pound": "pond ponden",
        "franc": "frank franken franc",
        "złoty": "zloty złoty zł",
        "real": "real reais",
        "crown koruna": "kroon kronen kr",
        "peso": "peso peso's pesos",
        "yen": "yen",
        "yuan": "yuan",
        "rupee": "roepie roepies",
        "lira": "lira lire",
        "forint": "forint",
        "rand": "rand",
        "ruble": "roebel roebels",
        "dinar": "dinar",
        "dirham": "dirham",
        "leu": "leu lei",
    },
    codes="EUR USD GBP CHF PLN CZK HUF SEK NOK DKK CAD AUD JPY TRY",
    hundredths={
        "euro dollar rand": "cent cents centen eurocent ct cts",
        "pound": "penny pence",
        "franc": "rappen centime centimes",
        "złoty": "grosz groszy",
        "real peso": "centavo centavos",
        "crown": "öre",
    },
    ordinary="pond ponden real kroon kronen rand frank",
    joins="en",
    minus="min minus",
    doubtful="k mille dozijn ruggen rug tientje tientjes meier meiers",
    each_before=(
        "tussen",
        "tweemaal",
        "driemaal",
        "elk",
        "bijna",
        "meer dan",
        "minder dan",
        "ruim",
        "minstens",
        "hooguit",
        "maximaal",
    ),
    each_after=("elk", "ieder", "per stuk", "per persoon", "per kilo", "per uur"),
    times="keer maal",
    at="à a",
    clock="om",
    operators="of keer maal tot x plus min",
    prepositions="aan voor bij in op van uit met via naar om door te ten tot tijdens "
    "over per sinds",
    following="uitgegeven betaald gekregen ontvangen verdiend gekost gisteren "
    "eergisteren vandaag vanochtend vanmiddag vanavond net zojuist toe de het een mijn "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag afgelopen vorige nu "
    "alsjeblieft graag terug contant ik we wij heb hebben is was besteed kwijt gepind afgerekend gespendeerd getankt overgemaakt gegeven gekocht gestort afgerekend gespendeerd getankt overgemaakt gegeven gekocht gestort afgerekend gespendeerd getankt overgemaakt gegeven gekocht gestort afgerekend gespendeerd getankt overgemaakt gegeven gekocht gestort afgerekend gespendeerd getankt overgemaakt gegeven gekocht gestort afgerekend gespendeerd getankt overgemaakt gegeven gekocht gestort",
    measures="l ml cl g seconde seconden minuut minuten min uur uren dag dagen nacht nachten week "
    "weken maand maanden jaar jaren keer maal procent kilo kg gram liter kilometer km "
    "meter graden mensen personen stuks",
    months="januari februari maart april mei juni juli augustus september oktober november "
    "december",
    marks=Marks(decimal=",", group="."),
)
