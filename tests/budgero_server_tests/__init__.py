"""Tests of the stand-in itself; they need no Home Assistant."""
