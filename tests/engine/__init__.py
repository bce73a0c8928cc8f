"""Tests of the engine: they need no Home Assistant, and pass beside it too."""
