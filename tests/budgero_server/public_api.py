"""Routes that need no token: health, version, the specification of the push API."""

from collections.abc import Sequence
from typing import Final

from aiohttp import web

from .go_json import reply
from .push_api import PATH

VERSION: Final = "1.6.0"

SPEC: Final = {
    "version": "2.0",
    "endpoint": {"url": PATH, "method": "POST"},
    "authentication": {
        "type": "Bearer",
        "header": "Authorization: Bearer <push token>",
    },
    "request_body": {
        "encrypted_payload": {
            "type": "string",
            "format": "base64",
            "description": "The sealed mutation",
        },
        "message_id": {
            "type": "string",
            "description": "An id of your own, so that a repeat is recognised",
        },
    },
    "payload_format": {
        "description": "JSON, before it is sealed",
        "schema": {
            "v": {"type": "integer", "description": "2: amounts in milliunits"},
            "op": {"type": "string", "description": "The name of the operation"},
            "args": {"type": "object", "description": "Its arguments"},
        },
    },
    "supported_operations": {
        "transactions.add": {
            "description": "Add a transaction",
            "args": {
                "inflow": {"type": "integer"},
                "outflow": {"type": "integer"},
                "accountId": {"type": "integer"},
                "categoryId": {"type": "integer"},
                "budgetId": {"type": "integer"},
                "date": {"type": "string", "format": "YYYY-MM-DD"},
                "memo": {"type": "string"},
                "payee": {"type": "string"},
            },
        }
    },
    "encryption": {
        "algorithm": "AES-256-GCM",
        "key_source": "The space key, as the app shows it",
        "iv_length": 12,
        "tag_length": 16,
        # Wrong, and so on the real server: its app also wants the salt in front.
        "format": "IV (12 bytes) + Ciphertext + Auth Tag (16 bytes), then Base64"
        " encoded",
    },
    "responses": {
        "202": "Taken into the queue",
        "400": "Invalid request",
        "401": "Invalid token",
        "403": "Token disabled",
    },
}


def routes() -> Sequence[web.RouteDef]:
    """List the routes; of these only the health check answers HEAD."""
    return [
        web.get("/api/v1/health", _health),
        web.get("/api/v1/config", _config, allow_head=False),
        web.get("/api/v1/version/latest", _version, allow_head=False),
        web.get(f"{PATH}/spec", _spec, allow_head=False),
    ]


async def _health(_: web.Request) -> web.Response:
    return reply({"service": "zero-budget-web", "status": "healthy"})


async def _config(_: web.Request) -> web.Response:
    return reply({"early_access_message": "", "early_access_mode": False})


async def _version(_: web.Request) -> web.Response:
    return reply({"build_version": VERSION, "latest_version": VERSION})


async def _spec(_: web.Request) -> web.Response:
    return reply(SPEC, sort=True)
