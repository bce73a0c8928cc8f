"""The scenarios: faults and repairs with a real Home Assistant."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from . import agents, blueprints, files, network, scripts, sign_in, tokens, voice
from .stage import ScenarioError, Stage, stage

type Scenario = Callable[[Stage], Awaitable[None]]

SCENARIOS: Final[Mapping[str, Scenario]] = {
    "token-enabled-again": tokens.enabled_again,
    "token-replaced": tokens.replaced,
    "damaged-file": files.damaged,
    "cloned-folder": files.cloned,
    "no-names": network.no_names,
    "script-restarted": scripts.restarted,
    "script-turned-off": scripts.turned_off,
    "blueprints": blueprints.run,
    "voice": voice.in_every_language,
    "voice-agents": voice.agents,
    "agents": agents.tools,
    "agents-ask": agents.ask,
    "wrong-key": sign_in.wrong_key,
    "http-faults": network.faults,
}
"""The scenarios by name, the longest one last."""

__all__ = ["SCENARIOS", "Scenario", "ScenarioError", "Stage", "stage"]
