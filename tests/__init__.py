"""Tests of Budgero for Home Assistant.

The tests of the engine run where there is no Home Assistant, the others beside it. All
of them, and the programs that they start, write
`from custom_components.budgero.engine...`.
"""

from tests import engine_alone

if not engine_alone.HAS_HOME_ASSISTANT:
    engine_alone.load()
