"""Tests of spoken sentences, without Home Assistant."""
