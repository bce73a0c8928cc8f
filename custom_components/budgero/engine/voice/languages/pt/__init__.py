"""Portuguese, European and Brazilian."""

from typing import Final

from ...language import Language
from .answers import ANSWERS
from .money import MONEY
from .numbers import NUMBERS
from .phrases import PHRASES

LANGUAGE: Final = Language(
    code="pt", numbers=NUMBERS, money=MONEY, phrases=PHRASES, answers=ANSWERS
)
