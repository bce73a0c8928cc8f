"""What people say for an amount of money, put together from the number's words."""

from collections.abc import Iterator
from dataclasses import dataclass

from .spelling import spelled


@dataclass(frozen=True, kw_only=True)
class Tongue:
    """A language as somebody speaks it, with the money of a country."""

    tag: str
    spelling: str
    currency: str
    sign: str
    units: tuple[str, str, str]
    """The name of one, of two to four, and of more units."""
    hundredths: tuple[str, str, str]
    join: str
    point: str
    one: str
    """The word for one before the name of the currency."""
    frame: str
    group: str
    mark: str
    least_bare: int = 1
    """The least number of units that is said without a name before hundredths."""

    def words(self, number: int) -> str:
        """Return a number in words."""
        return spelled(self.spelling, number)

    def counted(self, number: int, names: tuple[str, str, str]) -> str:
        """Return a number in words, with what it counts."""
        words = self.one if number == 1 else self.words(number)
        return f"{words} {self.name(number, names)}"

    @staticmethod
    def name(number: int, names: tuple[str, str, str]) -> str:
        """Return the name in the number that the count needs."""
        if number == 1:
            return names[0]
        is_few = 2 <= number % 10 <= 4 and not 12 <= number % 100 <= 14
        return names[1] if is_few else names[2]


def _regular(one: str, more: str) -> tuple[str, str, str]:
    return one, more, more


TONGUES = (
    Tongue(
        tag="en-US",
        spelling="en",
        currency="USD",
        sign="$",
        units=_regular("dollar", "dollars"),
        hundredths=_regular("cent", "cents"),
        join="and",
        point="point",
        one="a",
        frame="I spent {} on lunch",
        group=",",
        mark=".",
        least_bare=10,
    ),
    Tongue(
        tag="de-DE",
        spelling="de",
        currency="EUR",
        sign="€",
        units=_regular("Euro", "Euro"),
        hundredths=_regular("Cent", "Cent"),
        join="und",
        point="Komma",
        one="einen",
        frame="Ich habe {} für Brot ausgegeben",
        group=".",
        mark=",",
    ),
    Tongue(
        tag="fr-FR",
        spelling="fr",
        currency="EUR",
        sign="€",
        units=_regular("euro", "euros"),
        hundredths=_regular("centime", "centimes"),
        join="et",
        point="virgule",
        one="un",
        frame="J'ai dépensé {} chez Lidl",
        group="\u202f",
        mark=",",
    ),
    Tongue(
        tag="fr-CH",
        spelling="fr_CH",
        currency="CHF",
        sign="CHF",
        units=_regular("franc", "francs"),
        hundredths=_regular("centime", "centimes"),
        join="et",
        point="virgule",
        one="un",
        frame="J'ai payé {} au kiosque",
        group="\u2019",
        mark=".",
    ),
    Tongue(
        tag="es-ES",
        spelling="es",
        currency="EUR",
        sign="€",
        units=_regular("euro", "euros"),
        hundredths=_regular("céntimo", "céntimos"),
        join="con",
        point="coma",
        one="un",
        frame="He gastado {} en pan",
        group=".",
        mark=",",
    ),
    Tongue(
        tag="it-IT",
        spelling="it",
        currency="EUR",
        sign="€",
        units=_regular("euro", "euro"),
        hundredths=_regular("centesimo", "centesimi"),
        join="e",
        point="virgola",
        one="un",
        frame="Ho speso {} per il pane",
        group=".",
        mark=",",
    ),
    Tongue(
        tag="nl-NL",
        spelling="nl",
        currency="EUR",
        sign="€",
        units=_regular("euro", "euro"),
        hundredths=_regular("cent", "cent"),
        join="en",
        point="komma",
        one="een",
        frame="Ik heb {} aan brood uitgegeven",
        group=".",
        mark=",",
    ),
    Tongue(
        tag="pl-PL",
        spelling="pl",
        currency="PLN",
        sign="zł",
        units=("złoty", "złote", "złotych"),
        hundredths=("grosz", "grosze", "groszy"),
        join="i",
        point="przecinek",
        one="jeden",
        frame="Wydałam {} na chleb",
        group="\u00a0",
        mark=",",
    ),
    Tongue(
        tag="pt-BR",
        spelling="pt",
        currency="BRL",
        sign="R$",
        units=_regular("real", "reais"),
        hundredths=_regular("centavo", "centavos"),
        join="e",
        point="vírgula",
        one="um",
        frame="Gastei {} no mercado",
        group=".",
        mark=",",
    ),
    Tongue(
        tag="pt-PT",
        spelling="pt_PT",
        currency="EUR",
        sign="€",
        units=_regular("euro", "euros"),
        hundredths=_regular("cêntimo", "cêntimos"),
        join="e",
        point="vírgula",
        one="um",
        frame="Gastei {} em pão",
        group="\u00a0",
        mark=",",
    ),
)


def in_words(tongue: Tongue, hundredths: int) -> Iterator[str]:
    """Say an amount in words, with the name of the currency."""
    whole, part = divmod(hundredths, 100)
    if not whole:
        yield tongue.counted(part, tongue.hundredths)
        return
    units = tongue.counted(whole, tongue.units)
    if not part:
        yield units
        return
    named = tongue.counted(part, tongue.hundredths)
    yield f"{units} {tongue.words(part)}"
    yield f"{units} {named}"
    yield f"{units} {tongue.join} {named}"
    if part >= 10:
        yield f"{units} {tongue.join} {tongue.words(part)}"
        name = tongue.name(whole, tongue.units)
        yield f"{tongue.words(whole)} {tongue.point} {tongue.words(part)} {name}"


def in_digits(tongue: Tongue, hundredths: int) -> Iterator[str]:
    """Write an amount in digits, with the currency."""
    whole, part = divmod(hundredths, 100)
    name = tongue.name(whole, tongue.units)
    grouped = f"{whole:,}".replace(",", tongue.group) + f"{tongue.mark}{part:02}"
    for number in (f"{whole}.{part:02}", f"{whole},{part:02}", grouped):
        yield f"{number} {name}"
        yield f"{number}{tongue.sign}"
        yield f"{tongue.sign} {number}"
        yield f"{tongue.currency} {number}"
        yield f"{number} {tongue.currency.lower()}"
        yield f"{number}\u00a0{tongue.sign}"
    if whole:
        yield f"{whole} {name} {part:02}"
        yield f"{whole}{tongue.sign}{part:02}"
    if whole and part:
        cents = tongue.name(part, tongue.hundredths)
        yield f"{whole} {name} {part} {cents}"
        yield f"{whole} {name} {tongue.join} {part} {cents}"
    if not part:
        yield f"{whole} {name}"
        yield f"{whole}{tongue.sign}"


def bare(tongue: Tongue, hundredths: int) -> Iterator[str]:
    """Say or write an amount without the currency, where it is no other number."""
    whole, part = divmod(hundredths, 100)
    yield f"{whole}.{part:02}"
    yield f"{whole},{part:02}"
    if part >= 10 and whole >= tongue.least_bare and not _collides(tongue, whole, part):
        yield f"{tongue.words(whole)} {tongue.words(part)}"


def _collides(tongue: Tongue, whole: int, part: int) -> bool:
    """Return whether units and hundredths from ten on can be heard in two ways.

    Those are hundreds and what follows; in French also "soixante douze", and whatever
    has "quatre vingt" in it, as "quarante quatre-vingt-deux".
    """
    if whole % 100 == 0:
        return True
    if not tongue.spelling.startswith("fr"):
        return False
    is_vigesimal = whole % 100 in {60, 80} and part < 20
    has_four = whole % 10 == 4 and 20 <= part < 30
    return is_vigesimal or has_four or (whole % 10 == 0 and part >= 80)
