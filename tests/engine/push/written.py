"""What written money means, said a second time: every row of a table writes its texts.

The reader takes a text apart; this puts texts together. What two rows write, or one
row in two ways, would have two readings.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import product
from typing import Final

BLANKS: Final = " \u00a0\u2009\u202f"
MINUSES: Final = "-\u2212"
APOSTROPHES: Final = "'\u2019"

type Reading = Fraction | str
"""An amount, or the name of a problem."""

type Number = tuple[str, str, Reading]
"""Which row wrote it, the text, and what it means."""


def meanings(
    alphabet: str, length: int, decimals: int, own: str = "", foreign: str = ""
) -> Mapping[str, list[tuple[str, Reading]]]:
    """Return all texts that mean something, with every row that writes them.

    Args:
        alphabet: the signs that texts are made of, marks aside.
        length: of the longest text.
        decimals: of the currency.
        own: a mark of the currency, if one is to be used.
        foreign: a mark of another currency, if one is to be used.
    """
    found: defaultdict[str, list[tuple[str, Reading]]] = defaultdict(list)
    for mark in {"", own, foreign}:
        for row, number, meaning in _numbers(
            alphabet, length - len(mark), decimals, is_marked=bool(mark)
        ):
            for parts, is_negative in _arrangements(number, mark, alphabet):
                reading: Reading = meaning
                if is_negative:
                    reading = "not_positive"
                elif mark and mark == foreign:
                    reading = "other_currency"
                for text in _spaced(parts, alphabet, length):
                    found[text].append((row, reading))
    return found


def _numbers(
    alphabet: str, length: int, decimals: int, *, is_marked: bool
) -> Iterator[Number]:
    digits = [
        "".join(each)
        for size in range(1, length + 1)
        for each in product([sign for sign in alphabet if sign.isdigit()], repeat=size)
    ]
    points = [sign for sign in ".," if sign in alphabet]
    for whole in digits:
        yield "digits", whole, _value(whole, "", decimals)
    for whole, point, part in product(digits, points, digits):
        if len(whole) + 1 + len(part) > length:
            continue
        text = whole + point + part
        if len(part) != 3:
            yield "decimals", text, _value(whole, part, decimals)
        elif whole[0] == "0" or len(whole) > 3:
            yield "three decimals", text, _value(whole, part, decimals)
        else:
            meaning = _thousands(whole, point, part, decimals, is_marked)
            yield "thousands?", text, meaning
    for text, separator in _grouped(alphabet, digits, length):
        whole = text.replace(separator, "")
        groups = text.count(separator)
        if separator not in ".," or groups > 1:
            yield "grouped", text, _value(whole, "", decimals)
        for point, part in product(points, digits):
            if point != separator and len(text) + 1 + len(part) <= length:
                exact = _value(whole, part, decimals, is_noisy=False)
                yield "grouped decimals", text + point + part, exact


def _grouped(
    alphabet: str, digits: list[str], length: int
) -> Iterator[tuple[str, str]]:
    threes = [each for each in digits if len(each) == 3]
    for separator in alphabet:
        if separator not in f".,{APOSTROPHES}{BLANKS}":
            continue
        for count in range(1, length // 4 + 1):
            for first in digits:
                if first[0] == "0" or len(first) > 3:
                    continue
                if len(first) + 4 * count > length:
                    continue
                for groups in product(threes, repeat=count):
                    yield separator.join((first, *groups)), separator


def _thousands(
    whole: str, point: str, part: str, decimals: int, is_marked: bool
) -> Reading:
    if decimals == 3 and point == ".":
        return _value(whole, part, decimals)
    if decimals == 0 and is_marked:
        return _value(whole + part, "", decimals)
    return "ambiguous"


def _value(whole: str, part: str, decimals: int, *, is_noisy: bool = True) -> Reading:
    value = int(whole) + Fraction(int(part or 0), 10 ** len(part))
    nearest = Fraction(round(value * 1000), 1000)
    if is_noisy and abs(value - nearest) <= Fraction(1, 10**9):
        value = nearest
    if (value * 10**decimals).denominator != 1:
        return "too_precise"
    return value or "not_positive"


def _arrangements(
    number: str, mark: str, alphabet: str
) -> Iterator[tuple[tuple[str, ...], bool]]:
    orders = [(mark, number), (number, mark)] if mark else [(number,)]
    for order in orders:
        yield order, False
        for minus in MINUSES:
            if minus in alphabet:
                for place in range(len(order) + 1):
                    yield (*order[:place], minus, *order[place:]), True


def _spaced(parts: tuple[str, ...], alphabet: str, length: int) -> Iterator[str]:
    """Return the parts with blanks before, between and after them."""
    blanks = [sign for sign in BLANKS if sign in alphabet]
    room = length - sum(map(len, parts))
    gaps = [
        "".join(gap)
        for size in (range(room + 1) if blanks else (0,))
        for gap in product(blanks, repeat=size)
    ]
    for between in product(gaps, repeat=len(parts) + 1):
        if sum(map(len, between)) <= room:
            spaced = zip(between, (*parts, ""), strict=True)
            yield "".join(gap + part for gap, part in spaced)
