"""Text from outside, as it is shown where Home Assistant expects Markdown."""

import re
from typing import Final

_SIGNS: Final = re.compile(r"[!-/:-@\[-`{-~]")
"""All of them: Markdown lets each be escaped, and no link is made of what is left."""


def plain_text(text: str) -> str:
    """Return Markdown that shows a text as it is, in one line."""
    return _SIGNS.sub(r"\\\g<0>", " ".join(text.split()))
