"""Driving a real Home Assistant from outside, for the demo and end-to-end tests."""
