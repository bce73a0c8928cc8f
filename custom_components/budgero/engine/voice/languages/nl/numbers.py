"""Dutch numbers."""

from typing import Final

from ...number_words import NumberWords

NUMBERS: Final = NumberWords(
    values={
        0: "nul",
        1: "een één",
        2: "twee",
        3: "drie",
        4: "vier",
        5: "vijf",
        6: "zes",
        7: "zeven",
        8: "acht",
        9: "negen",
        10: "tien",
        11: "elf",
        12: "twaalf",
        13: "dertien",
        14: "veertien",
        15: "vijftien",
        16: "zestien",
        17: "zeventien",
        18: "achttien",
        19: "negentien",
        20: "twintig",
        30: "dertig",
        40: "veertig",
        50: "vijftig",
        60: "zestig",
        70: "zeventig",
        80: "tachtig",
        90: "negentig",
    },
    hundred="honderd",
    thousand="duizend",
    unit_first_join="en",
    hundred_joins="en",
    is_glued=True,
    millions="miljoen miljard mln mld",
    point="komma punt",
    ohs="nul",
    half_endings=("en een half", "en een halve", "en half", "en halve"),
    halves=("een halve", "halve"),
    one_and_a_half="anderhalf anderhalve",
)
