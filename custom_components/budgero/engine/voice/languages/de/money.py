"""German words around money."""

from typing import Final

from ...digits import Marks
from ...money_words import MoneyWords

MONEY: Final = MoneyWords(
    units={
        "euro": "Euro Euros",
        "dollar": "Dollar Dollars",
        "DEM": "Mark",
        "pound": "Pfund",
        "franc": "Franken Fränkli Stutz",
        "złoty": "Zloty Zlotys Złoty zł",
        "real": "Real Reais",
        "crown koruna": "Krone Kronen kr",
        "peso": "Peso Pesos",
        "yen": "Yen",
        "yuan": "Yuan",
        "rupee": "Rupie Rupien",
        "lira": "Lira Lire",
        "forint": "Forint",
        "rand": "Rand",
        "ruble": "Rubel",
        "dinar": "Dinar",
        "dirham": "Dirham",
        "shekel": "Schekel",
        "leu": "Leu Lei",
        "lev": "Lew Lewa",
        "baht": "Baht",
    },
    codes="EUR USD GBP CHF PLN CZK HUF SEK NOK DKK CAD AUD JPY TRY",
    hundredths={
        "euro dollar rand": "Cent Cents Eurocent ct cts",
        "pound": "Penny Pence",
        "franc": "Rappen Räppli Centime Centimes",
        "złoty": "Groszy Grosz Grosze Groschen",
        "real peso": "Centavo Centavos",
        "crown": "Öre",
        "ruble": "Kopeke Kopeken",
    },
    ordinary="Pfund Stutz Real Krone Kronen Rand Lira",
    joins="und",
    minus="minus",
    doubtful="k Mille Riesen Dutzend Tsd "
    "Zehner Zwanziger Fünfziger Hunderter Tausender Meier",
    each_before=(
        "zwischen",
        "je",
        "jeweils",
        "zweimal",
        "dreimal",
        "viermal",
        "doppelt",
        "fast",
        "beinahe",
        "knapp",
        "mehr als",
        "weniger als",
        "mindestens",
        "höchstens",
        "maximal",
        "bis zu",
    ),
    each_after=(
        "je",
        "jeweils",
        "pro",
        "das Stück",
        "zweimal",
        "dreimal",
        "die Stunde",
    ),
    times="Mal",
    at="à zu",
    clock="um gegen ab",
    operators="oder mal bis x plus minus",
    prepositions="für fuer fürs fuers ins ans aufs vorm beim bei beim am an im in auf von vom zu zum zur aus mit ab um nach "
    "unter über seit durch per",
    following="ausgegeben bezahlt gezahlt gekostet bekommen erhalten verdient "
    "eingenommen gekriegt gestern heute vorgestern eben gerade vorhin bitte ein eintragen "
    "buchen notieren erfassen zurück bar der die das den dem Montag Dienstag Mittwoch "
    "Donnerstag Freitag Samstag Sonnabend Sonntag letzten letzte jetzt noch ich wir "
    "hat haben habe ist war als hinzu rein gelassen los investiert eingekauft gekauft",
    measures="l ml cl g Sekunde Sekunden Minute Minuten Min Stunde Stunden Std Tag Tage Tagen "
    "Nacht Nächte Woche Wochen Monat Monate Monaten Jahr Jahre Jahren Uhr Mal Prozent "
    "Kilo kg Gramm Liter Kilometer km Meter Grad Leute Personen Stück",
    months="Januar Jänner Februar März April Mai Juni Juli August September Oktober "
    "November Dezember",
    marks=Marks(decimal=",", group="."),
    regional={"CH": Marks(), "LI": Marks()},
)
