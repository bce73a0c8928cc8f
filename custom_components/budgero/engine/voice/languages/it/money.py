"""Italian words around money."""

from typing import Final

from ...digits import Marks
from ...money_words import MoneyWords

MONEY: Final = MoneyWords(
    units={
        "euro": "euro euri",
        "dollar": "dollaro dollari",
        "pound": "sterlina sterline pound",
        "franc": "franco franchi",
        "złoty": "zloty złoty zł",
        "real": "real reais",
        "crown koruna": "corona corone kr",
        "peso": "peso pesos pesi",
        "yen": "yen",
        "yuan": "yuan",
        "rupee": "rupia rupie",
        "lira": "lira lire",
        "forint": "fiorino fiorini",
        "rand": "rand",
        "ruble": "rublo rubli",
        "dinar": "dinaro dinari",
        "dirham": "dirham",
        "leu": "leu lei",
    },
    hundredths={
        "euro dollar franc": "centesimo centesimi",
        "euro dollar": "cent ct cts",
        "pound": "penny pence",
        "złoty": "grosz groszy",
        "real peso": "centavo centavos",
    },
    ordinary="franco franchi lira lire peso pesi corona corone real lei",
    joins="e",
    certain_joins="e",
    minus="meno",
    doubtful="k dozzina sacchi testoni",
    each_before=(
        "tra",
        "fra",
        "ciascuno",
        "quasi",
        "più di",
        "meno di",
        "oltre",
        "fino a",
        "almeno",
        "al massimo",
    ),
    each_after=(
        "ciascuno",
        "ciascuna",
        "cadauno",
        "l uno",
        "l una",
        "a testa",
        "al chilo",
        "al pezzo",
        "all ora",
    ),
    times="volte",
    at="a",
    clock="alle il",
    operators="a o per x più meno",
    prepositions="in per da dal dalla dai dallo dalle di del della al alla allo ai "
    "alle a su sul sulla con presso nel nella nei verso d all dall nell",
    following="ieri oggi stamattina stasera stanotte ora adesso il lo la i gli le un "
    "una questo questa mio mia lunedì martedì mercoledì giovedì venerdì sabato domenica "
    "scorso scorsa  contanti l ho abbiamo altro ieri",
    measures="l ml cl g secondo secondi minuto minuti min ora ore h giorno giorni notte notti "
    "settimana settimane mese mesi anno anni volta volte percento chilo chili kg grammi "
    "grammo litro litri chilometro chilometri km metro metri grado gradi persone",
    months="gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre "
    "novembre dicembre",
    marks=Marks(decimal=",", group="."),
    regional={"CH": Marks()},
)
