"""Polish words around money."""

from typing import Final

from ...digits import Marks
from ...money_words import MoneyWords

MONEY: Final = MoneyWords(
    units={
        "złoty": "złoty złote złotych złotego złotówka złotówki złotówek złotówkę zł "
        "zeta zety",
        "euro": "euro",
        "dollar": "dolar dolary dolarów dolara",
        "pound": "funt funty funtów funta",
        "franc": "frank franki franków franka",
        "real": "real reale reali",
        "crown koruna": "korona korony koron koronę kr",
        "peso": "peso",
        "yen": "jen jeny jenów jena",
        "yuan": "juan juany juanów",
        "rupee": "rupia rupie rupii",
        "lira": "lira liry lir",
        "forint": "forint forinty forintów forinta",
        "ruble": "rubel ruble rubli rubla",
        "hryvnia": "hrywna hrywny hrywien",
        "leu": "lej leje lei",
    },
    codes="EUR USD GBP CHF PLN CZK NOK",
    hundredths={
        "złoty": "grosz grosze groszy grosza gr",
        "euro dollar": "cent centy centów centa eurocent eurocenty eurocentów ct cts",
        "pound": "pens pensy pensów",
        "franc": "rappen centym centymy centymów",
        "real peso": "centavo",
        "crown": "halerz halerze halerzy öre",
        "ruble": "kopiejka kopiejki kopiejek",
        "hryvnia": "kopiejka kopiejki kopiejek",
    },
    ordinary="funt funty funtów funta real reale korona korony koron koronę lir",
    joins="i",
    minus="minus",
    doubtful="k tuzin koła "
    "dycha dychy dych stówa stówy stów tysiak tysiaki tysiaków kafel kafle kafli",
    each_before=(
        "między",
        "po",
        "dwukrotnie",
        "prawie",
        "ponad",
        "więcej niż",
        "mniej niż",
        "co najmniej",
        "niecałe",
        "maksymalnie",
    ),
    each_after=(
        "każdy",
        "każda",
        "każde",
        "za sztukę",
        "od osoby",
        "za kilo",
        "za godzinę",
    ),
    times="razy",
    at="po",
    clock="o",
    operators="a lub albo czy razy do x plus minus",
    prepositions="na w we za z ze u od do po przy przez dla o ku podczas",
    following="wczoraj dzisiaj dziś przedwczoraj teraz właśnie proszę kartą gotówką "
    "poniedziałek wtorek środę czwartek piątek sobotę niedzielę wydałem wydałam "
    "zapłaciłem zapłaciłam wydaliśmy zapłaciliśmy dostałem dostałam zarobiłem zarobiłam "
    "otrzymałem otrzymałam temu rano wieczorem mi nam to",
    measures="l ml cl g sekunda sekundy sekund minuta minuty minut minutę min godzina godziny "
    "godzin godzinę dzień dni noc noce tydzień tygodnie tygodni miesiąc miesiące "
    "miesięcy rok lata lat raz razy procent kilo kg kilogram gram gramów litr litry "
    "litrów kilometr kilometry kilometrów km metr metrów stopni osób osoby",
    months="stycznia lutego marca kwietnia maja czerwca lipca sierpnia września "
    "października listopada grudnia",
    marks=Marks(decimal=",", has_blanks=True),
)
