"""Thousands of households whose server forgets: outbox and sender against a model."""
