"""The push token as people paste it."""

import re

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push import parse_token
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError

from .attempts import attempt, refusal
from .credentials import KEY, TOKEN


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"  {TOKEN}\n",
        f'"{TOKEN}"',
        f"Bearer {TOKEN}",
        f"bearer {TOKEN}",
        f"'Bearer {TOKEN}'",
        f"{TOKEN[:30]}\r\n  {TOKEN[30:]}",
        f"\ufeff{TOKEN}\u200b",
    ],
)
def test_tokens_as_people_paste_them(text: str) -> None:
    """However it was copied, it is the same token."""
    assert parse_token(text) == TOKEN


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", InputProblem.MISSING),
        (" \n", InputProblem.MISSING),
        ("Bearer ", InputProblem.MISSING),
        ('""', InputProblem.MISSING),
        (KEY.export(), InputProblem.LOOKS_LIKE_A_KEY),
        (f'"{KEY.export()}"\n', InputProblem.LOOKS_LIKE_A_KEY),
        ("a" * 15, InputProblem.BAD_CHARACTERS),
        ("a" * 513, InputProblem.BAD_CHARACTERS),
        ("a" * 20 + "\u00e9", InputProblem.BAD_CHARACTERS),
        ("a" * 20 + "\x00", InputProblem.BAD_CHARACTERS),
        ("\uff41" * 20, InputProblem.BAD_CHARACTERS),
        ("https://my.budgero.app", InputProblem.BAD_CHARACTERS),
        ("X-Token: " + "a" * 20, InputProblem.BAD_CHARACTERS),
    ],
)
def test_tokens_that_are_refused(text: str, problem: InputProblem) -> None:
    """Token and key in each other's field is the most common mistake."""
    assert refusal(parse_token, text) == ("token", problem)


@given(st.text(max_size=60))
def test_a_token_fits_in_a_header(text: str) -> None:
    """No pasted text brings the form down, or a line break into a request."""
    token = attempt(parse_token, text)
    if isinstance(token, InvalidInputError):
        assert token.field == "token"
    else:
        assert re.fullmatch(r"[!-~]{16,512}", token)
