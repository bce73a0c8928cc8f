"""The project's own commands: setup, test, lint and demo."""
