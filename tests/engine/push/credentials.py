"""A token, a space key and a user of nobody."""

from typing import Final

from custom_components.budgero.engine.push import SpaceKey
from tests.budgero_server import Credentials

TOKEN: Final = "5e" * 32
KEY: Final = SpaceKey(bytes(range(32)))
USER: Final = Credentials(username="canary-user", password="Canary p\u00e4ssword")
