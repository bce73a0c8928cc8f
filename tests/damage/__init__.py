"""Damage the files of outboxes, many times, and check the results."""
