"""The salt before a sealed payload, which Budgero's older documentation leaves out."""

import base64


def without_salt(payload: str) -> str:
    """Return a payload as the older documentation has it."""
    return base64.b64encode(base64.b64decode(payload)[32:]).decode()
