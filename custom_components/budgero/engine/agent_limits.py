"""What an AI agent may log without asking a person, in each currency."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_PER_CALL: Final = 200
"""In euros. An ordinary purchase is below; one with a forgotten decimal point is
above."""

_PER_DAY: Final = 500
"""In euros, for all transactions of an agent in 24 hours."""

_UNITS_PER_EURO: Final = {
    10: "AED BOB BRL BWP BYN CNY CUP CZK DKK ERN GHS GTQ HKD HNL HRK ILS LSL MAD MDL"
    " MOP MVR MXN MYR NAD NOK PEN PGK PLN QAR RON SAR SBD SCR SEK SLE STN SZL TJS TMT"
    " TTD WST ZAR ZMW ZWG",
    100: "AFN ALL BDT BTN CVE DJF DOP DZD EGP ETB GMD GYD HTG INR ISK JMD JPY KES KGS"
    " LRD MKD MRU MUR MZN NIO NPR PHP RSD RUB SRD THB TRY TWD UAH UYU VES VUV XPF YER",
    1000: "AMD AOA ARS CDF CLP CRC HUF IQD KMF KRW KZT LKR MMK MWK NGN PKR RWF SDG SOS"
    " SSP TZS XAF XOF",
    10_000: "BIF COP GNF IDR KHR LAK MGA MNT PYG SYP UGX UZS VND",
    100_000: "IRR LBP",
}
"""How many units of a currency are one euro, as the nearest power of ten because rates
change. Other currencies count as 1; so a person is asked too often rather than too
rarely."""

_RATES: Final = {
    code: rate for rate, codes in _UNITS_PER_EURO.items() for code in codes.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentLimits:
    """How much an agent may log without asking, in units of one currency.

    Attributes:
        call: the largest amount of one transaction.
        day: the largest sum within 24 hours, expenses and income together.
    """

    call: Decimal
    day: Decimal


def agent_limits(currency: str) -> AgentLimits:
    """Return the limits in a currency, given by its ISO 4217 code."""
    rate = _RATES.get(currency, 1)
    return AgentLimits(call=Decimal(_PER_CALL * rate), day=Decimal(_PER_DAY * rate))
