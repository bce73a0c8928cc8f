"""French numbers, with those of Belgium and Switzerland."""

from typing import Final

from ...number_words import NumberWords

NUMBERS: Final = NumberWords(
    values={
        0: "zéro",
        1: "un une",
        2: "deux",
        3: "trois",
        4: "quatre",
        5: "cinq",
        6: "six",
        7: "sept",
        8: "huit",
        9: "neuf",
        10: "dix",
        11: "onze",
        12: "douze",
        13: "treize",
        14: "quatorze",
        15: "quinze",
        16: "seize",
        20: "vingt vingts",
        30: "trente",
        40: "quarante",
        50: "cinquante",
        60: "soixante",
        70: "septante",
        80: "huitante octante",
        90: "nonante",
    },
    hundred="cent cents",
    thousand="mille mil",
    tens_joins="et",
    is_vigesimal=True,
    longest=9,
    longest_part=4,
    millions="million millions milliard milliards",
    point="virgule point",
    ohs="zéro",
    half_endings=("et demi", "et demie"),
    halves=("un demi", "demi", "une demi"),
)
