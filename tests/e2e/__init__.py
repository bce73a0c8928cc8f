"""Driving a real Home Assistant from the outside, for the demo and whole-way tests."""
