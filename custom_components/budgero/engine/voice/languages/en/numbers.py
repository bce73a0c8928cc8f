"""English numbers."""

from typing import Final

from ...number_words import NumberWords

NUMBERS: Final = NumberWords(
    values={
        0: "zero nought",
        1: "one",
        2: "two",
        3: "three",
        4: "four",
        5: "five",
        6: "six",
        7: "seven",
        8: "eight",
        9: "nine",
        10: "ten",
        11: "eleven",
        12: "twelve",
        13: "thirteen",
        14: "fourteen",
        15: "fifteen",
        16: "sixteen",
        17: "seventeen",
        18: "eighteen",
        19: "nineteen",
        20: "twenty",
        30: "thirty",
        40: "forty",
        50: "fifty",
        60: "sixty",
        70: "seventy",
        80: "eighty",
        90: "ninety",
    },
    articles="a an",
    hundred="hundred",
    thousand="thousand",
    hundred_joins="and",
    longest=9,
    longest_part=2,
    millions="million millions billion trillion",
    point="point",
    ohs="oh o",
    half_endings=("and a half", "and half", "and one half"),
    halves=("half a", "half an", "a half", "half", "one half"),
)
