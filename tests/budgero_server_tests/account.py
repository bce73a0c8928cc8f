"""A signed-in user of the stand-in, for these tests."""

import json

from .client import Answer, Client

LOGIN = "/api/v1/auth/local/login"


async def log_in(client: Client, username: str, password: str) -> Answer:
    """Try to sign in."""
    body = json.dumps({"username": username, "password": password})
    return await client.request("POST", LOGIN, body=body)


async def open_session(client: Client) -> str:
    """Sign in, untidily, and give the value of the header."""
    known = client.server.credentials
    answer = await log_in(client, f" {known.username.upper()} ", known.password)
    assert answer.status == 200
    return f"Bearer {json.loads(answer.text)['token']}"
