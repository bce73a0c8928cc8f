"""A server that says what a test wants, to a user who has signed in."""

from collections.abc import Callable
import json

from .wire import Heard, http

LOGIN = "POST /api/v1/auth/local/login"
JSON_WEB_TOKEN = "Canary_head.Canary-body.Canary_signature"


def reply(value: object, status: int = 200) -> bytes:
    """Return JSON as it travels."""
    return http(status, json.dumps(value).encode(), Content_Type="application/json")


WELCOME = reply({"token": JSON_WEB_TOKEN, "user": {"id": "u"}})
PROFILE = reply({"id": "u", "primary_space_id": "the+space"})


def says(**answers: bytes) -> Callable[[Heard], bytes]:
    """Answer by the last word of the path; sign-in and profile are as they should be."""
    known = {"login": WELCOME, "profile": PROFILE} | answers

    def answer(heard: Heard) -> bytes:
        path = heard.line.split()[1].partition("?")[0]
        return known[path.rpartition("/")[2]]

    return answer
