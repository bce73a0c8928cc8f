"""Damage the files of an outbox, again and again, and look what comes out."""
