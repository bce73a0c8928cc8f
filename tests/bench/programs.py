"""Servers in a process of their own, so that they do not share the client's time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import json
import subprocess
import sys

from .place import ROOT


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and how to talk to it."""

    url: str
    token: str
    space_key: str


@contextmanager
def running(module: str, *arguments: str) -> Iterator[Server]:
    """Run a server that greets with one line of JSON, until the end."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            greeting = json.loads(process.stdout.readline())
            yield Server(*(greeting[key] for key in ("url", "token", "space_key")))
        finally:
            process.terminate()
