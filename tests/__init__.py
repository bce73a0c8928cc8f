"""Tests of Budgero for Home Assistant.

The tests of the engine run in two environments: beside Home Assistant, and in one that
does not have it. They, and the programs that they start, write
`from custom_components.budgero.engine...` in both.
"""

from tests import engine_alone

if not engine_alone.HAS_HOME_ASSISTANT:
    engine_alone.load()
