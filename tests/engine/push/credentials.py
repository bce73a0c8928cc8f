"""A token and a space key of nobody."""

from typing import Final

from custom_components.budgero.engine.push import SpaceKey

TOKEN: Final = "5e" * 32
KEY: Final = SpaceKey(bytes(range(32)))
