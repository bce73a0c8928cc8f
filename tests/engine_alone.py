"""Loads the engine alone, in an environment without Home Assistant."""

from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
import sys
from types import ModuleType
from typing import Final

# Imported early, so that Home Assistant's loader finds this folder.
import custom_components

HAS_HOME_ASSISTANT: Final = find_spec("homeassistant") is not None


def load() -> None:
    """Load the engine by its path, under the name that it has in the integration.

    The package around it imports Home Assistant. An empty one takes its place, which has
    no path: an engine that reaches outside itself fails.
    """
    budgero = ModuleType("custom_components.budgero")
    budgero.__path__ = []
    sys.modules[budgero.__name__] = budgero
    vars(custom_components)["budgero"] = budgero
    folder = Path(custom_components.__file__).parent / "budgero" / "engine"
    spec = spec_from_file_location(
        f"{budgero.__name__}.engine",
        folder / "__init__.py",
        submodule_search_locations=[str(folder)],
    )
    if spec is None or spec.loader is None:
        raise ImportError("The engine cannot be loaded by its path")
    engine = module_from_spec(spec)
    sys.modules[spec.name] = engine
    vars(budgero)["engine"] = engine
    spec.loader.exec_module(engine)
