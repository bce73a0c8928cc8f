"""Tests of the directory and of finding names in it."""
