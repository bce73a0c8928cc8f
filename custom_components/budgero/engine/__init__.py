"""The engine: everything of Budgero that needs no Home Assistant.

It depends on aiohttp, cryptography and the standard library only, and is tested
in an environment without Home Assistant.
"""
