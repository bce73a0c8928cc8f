"""Spoken sentences: what somebody says or types about money, without Home Assistant."""
