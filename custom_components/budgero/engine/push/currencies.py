"""The currencies of ISO 4217: their decimals, and the marks that people write.

A mark is a code, a sign or a name. Several currencies may share one, such as `$`. Marks
that could mean a number (K, M, T) or a hundredth (p, c, ct), and the word toman are
left out.
"""

from collections import defaultdict
from typing import Final

# Every currency that is in neither set has two decimals.
_WITHOUT_CENTS: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
_WITH_THOUSANDTHS: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905

_SIGNS_AND_NAMES: Final = {
    "AED": "Dh Dhs dirham dirhams د.إ",
    "AFN": "؋ afghani afghanis",
    "ALL": "lek lekë",
    "AMD": "֏ dram drams",
    "ANG": "ƒ NAf NAƒ guilder guilders",
    "AOA": "Kz kwanza kwanzas",
    "ARS": "$ AR$ peso pesos",
    "AUD": "$ A$ AU$ dollar dollars",
    "AWG": "ƒ Afl Afl. florin florins",
    "AZN": "₼ manat",
    "BAM": "KM marka marke",
    "BBD": "$ Bds$ dollar dollars",
    "BDT": "৳ Tk Tk. taka",
    "BGN": "лв лв. lev leva лева",
    "BHD": "BD dinar dinars د.ب",
    "BIF": "FBu franc francs",
    "BMD": "$ BD$ dollar dollars",
    "BND": "$ B$ dollar dollars",
    "BOB": "Bs Bs. boliviano bolivianos",
    "BRL": "R$ real reais reals",
    "BSD": "$ B$ dollar dollars",
    "BTN": "Nu Nu. ngultrum",
    "BWP": "pula",
    "BYN": "Br ruble rubles rouble roubles руб руб.",
    "BZD": "$ BZ$ dollar dollars",
    "CAD": "$ CA$ C$ Can$ dollar dollars",
    "CDF": "FC franc francs",
    "CHF": "Fr Fr. SFr SFr. franc francs Franken franchi",
    "CLP": "$ CL$ CLP$ peso pesos",
    "CNY": "¥ ￥ CN¥ 元 RMB yuan renminbi",
    "COP": "$ CO$ COL$ peso pesos",
    "CRC": "₡ colon colón colones",
    "CUC": "$ peso pesos",
    "CUP": "$ peso pesos",
    "CVE": "$ escudo escudos",
    "CZK": "Kč Kc koruna koruny korun crown crowns",
    "DJF": "Fdj franc francs",
    "DKK": "kr kr. krone kroner krona kronor crown crowns",
    "DOP": "$ RD$ peso pesos",
    "DZD": "DA dinar dinars دج د.ج",
    "EGP": "£ ￡ E£ LE L.E. pound pounds ج.م",
    "ERN": "Nfk nakfa",
    "ETB": "Br birr",
    "EUR": "€ euro euros",
    "FJD": "$ FJ$ dollar dollars",
    "FKP": "£ ￡ pound pounds",
    "GBP": "£ ￡ pound pounds quid sterling",
    "GEL": "₾ lari",
    "GHS": "₵ GH₵ GH¢ cedi cedis",
    "GIP": "£ ￡ pound pounds",
    "GMD": "dalasi dalasis",
    "GNF": "FG franc francs",
    "GTQ": "Q quetzal quetzales",
    "GYD": "$ G$ dollar dollars",
    "HKD": "$ HK$ 元 dollar dollars",
    "HNL": "L lempira lempiras",
    "HRK": "kn kuna kune",
    "HTG": "gourde gourdes",
    "HUF": "Ft forint forints",
    "IDR": "Rp Rp. rupiah",
    "ILS": "₪ NIS ש״ח ש''ח shekel shekels sheqel sheqels",
    "INR": "₹ ₨ Rs Rs. रु रु. रू rupee rupees",
    "IQD": "dinar dinars د.ع",
    "IRR": "﷼ rial rials",
    "ISK": "kr kr. króna krónur krona kronor krone kroner crown crowns",
    "JMD": "$ J$ dollar dollars",
    "JOD": "JD dinar dinars د.أ",
    "JPY": "¥ ￥ JP¥ 円 yen",
    "KES": "Ksh Ksh. Sh Sh. shilling shillings",
    "KGS": "сом som",
    "KHR": "៛ riel riels",
    "KMF": "CF franc francs",
    "KPW": "₩ ￦ won",
    "KRW": "₩ ￦ 원 won",
    "KWD": "KD dinar dinars د.ك",
    "KYD": "$ CI$ dollar dollars",
    "KZT": "₸ tenge",
    "LAK": "₭ kip",
    "LBP": "£ ￡ LL L.L. lira liras pound pounds ل.ل",
    "LKR": "₨ Rs Rs. rupee rupees",
    "LRD": "$ L$ dollar dollars",
    "LSL": "loti maloti",
    "LYD": "LD dinar dinars د.ل",
    "MAD": "Dh Dhs dirham dirhams د.م.",
    "MDL": "leu lei",
    "MGA": "Ar ariary",
    "MKD": "ден ден. denar denars denari",
    "MMK": "kyat kyats",
    "MNT": "₮ tugrik tugriks төгрөг",
    "MOP": "MOP$ pataca patacas",
    "MRU": "UM ouguiya",
    "MUR": "₨ Rs Rs. rupee rupees",
    "MVR": "Rf Rf. rufiyaa",
    "MWK": "kwacha",
    "MXN": "$ MX$ Mex$ peso pesos",
    "MYR": "RM ringgit",
    "MZN": "MT MTn metical meticais",
    "NAD": "$ N$ dollar dollars",
    "NGN": "₦ naira",
    "NIO": "C$ cordoba córdoba cordobas córdobas",
    "NOK": "kr kr. krone kroner krona kronor crown crowns",
    "NPR": "₨ Rs Rs. रु रु. रू rupee rupees",
    "NZD": "$ NZ$ dollar dollars",
    "OMR": "RO ﷼ rial rials riyal riyals ر.ع.",
    "PAB": "B/. balboa balboas",
    "PEN": "S/ S/. sol soles",
    "PGK": "kina",
    "PHP": "₱ peso pesos piso",
    "PKR": "₨ Rs Rs. rupee rupees",
    "PLN": "zł zl złoty złote złotych zloty zlotys",
    "PYG": "₲ Gs Gs. guarani guaraní guaranies guaraníes",
    "QAR": "QR ﷼ riyal riyals ر.ق",
    "RON": "leu lei",
    "RSD": "din din. дин дин. dinar dinars dinara",
    "RUB": "₽ руб руб. р. рубль рубля рублей ruble rubles rouble roubles",
    "RWF": "FRw franc francs",
    "SAR": "SR ﷼ riyal riyals ر.س",
    "SBD": "$ SI$ dollar dollars",
    "SCR": "₨ Rs Rs. rupee rupees",
    "SDG": "£ ￡ pound pounds",
    "SEK": "kr kr. krona kronor krone kroner crown crowns",
    "SGD": "$ S$ SG$ dollar dollars",
    "SHP": "£ ￡ pound pounds",
    "SLE": "Le leone leones",
    "SLL": "Le leone leones",
    "SOS": "Sh Sh. shilling shillings",
    "SRD": "$ Sr$ dollar dollars",
    "SSP": "£ ￡ pound pounds",
    "STN": "Db dobra dobras",
    "SVC": "₡ colon colón colones",
    "SYP": "£ ￡ LS lira liras pound pounds ل.س",
    "SZL": "lilangeni emalangeni",
    "THB": "฿ baht บาท",
    "TJS": "somoni",
    "TMT": "manat",
    "TND": "DT dinar dinars د.ت",
    "TOP": "T$ paanga pa'anga",
    "TRY": "₺ TL lira liras",
    "TTD": "$ TT$ dollar dollars",
    "TWD": "$ NT$ 元 dollar dollars",
    "TZS": "TSh Sh Sh. shilling shillings",
    "UAH": "₴ грн грн. гривня гривні гривень hryvnia hryvnias",
    "UGX": "USh Sh Sh. shilling shillings",
    "USD": "$ US$ dollar dollars buck bucks",
    "UYI": "",
    "UYU": "$ $U UY$ peso pesos",
    "UZS": "so'm soʻm som",
    "VED": "Bs Bs. Bs.D bolívar bolívares bolivar bolivares",
    "VES": "Bs Bs. Bs.S bolívar bolívares bolivar bolivares",
    "VND": "₫ đ VNĐ đồng dong",
    "VUV": "VT vatu",
    "WST": "$ WS$ tala",
    "XAF": "FCFA CFA franc francs",
    "XCD": "$ EC$ dollar dollars",
    "XCG": "Cg guilder guilders",
    "XOF": "FCFA CFA franc francs",
    "XPF": "CFP FCFP franc francs",
    "YER": "﷼ rial rials ر.ي",
    "ZAR": "R rand",
    "ZMW": "kwacha",
    "ZWG": "ZiG",
    "ZWL": "$ Z$ dollar dollars",
}


def _by_mark() -> dict[str, frozenset[str]]:
    currencies: defaultdict[str, set[str]] = defaultdict(set)
    for currency, marks in _SIGNS_AND_NAMES.items():
        for mark in (currency, *marks.split()):
            currencies[mark.casefold()].add(currency)
    return {mark: frozenset(codes) for mark, codes in currencies.items()}


_BY_MARK: Final = _by_mark()


def is_fiat(currency: str) -> bool:
    """Return whether this is the code of a country's money, as in ISO 4217."""
    return currency in _SIGNS_AND_NAMES


def currency_decimals(currency: str) -> int:
    """Return how many decimals amounts in this ISO 4217 currency have."""
    if currency in _WITHOUT_CENTS:
        return 0
    return 3 if currency in _WITH_THOUSANDTHS else 2


def currencies_with(mark: str) -> frozenset[str]:
    """Return the currencies that a mark can stand for, written in capitals or not."""
    return _BY_MARK.get(mark.casefold(), frozenset())


def all_marks() -> frozenset[str]:
    """Return every mark of any currency, in small letters."""
    return frozenset(_BY_MARK)


def marks_of(currency: str) -> tuple[str, ...]:
    """Return the marks of an ISO 4217 currency, its code first."""
    return (currency, *_SIGNS_AND_NAMES.get(currency, "").split())
