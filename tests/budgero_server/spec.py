"""What `GET /push/spec` tells, release by release."""

from collections.abc import Mapping
from typing import Final

from .push_api import PATH

_INTEGER: Final = {"type": "integer"}
_STRING: Final = {"type": "string"}
_DATE: Final = {"type": "string", "format": "YYYY-MM-DD"}
_BOOLEAN: Final = {"type": "boolean"}
_OBJECT: Final = {"type": "object"}
_LEG: Final = {
    "inflow": _INTEGER,
    "outflow": _INTEGER,
    "accountId": _INTEGER,
    "categoryId": _INTEGER,
    "date": _DATE,
    "memo": _STRING,
    "payee": _STRING,
}
_ADD: Final = {**_LEG, "budgetId": _INTEGER}
_OPERATIONS: Final = {
    "transactions.add": {"description": "Add a transaction", "args": _ADD}
}
_NEWER_OPERATIONS: Final = {
    "transactions.add": {
        "description": "Add a transaction",
        "args": {
            **_ADD,
            "cleared": _BOOLEAN,
            "splits": {
                "type": "array",
                "items": {
                    "inflow": _INTEGER,
                    "outflow": _INTEGER,
                    "categoryId": _INTEGER,
                    "transferAccountId": _INTEGER,
                    "memo": _STRING,
                    "payee": _STRING,
                },
            },
        },
    },
    "transactions.updateByRef": {
        "description": "Change the transaction of a message id",
        "args": {"messageId": _STRING, "fields": {**_LEG, "cleared": _BOOLEAN}},
    },
    "transactions.deleteByRef": {
        "description": "Delete the transaction of a message id",
        "args": {"messageId": _STRING},
    },
    "transactions.addTransfer": {
        "description": "Add both legs of a transfer",
        "args": {
            "budgetId": _INTEGER,
            "transferId": _STRING,
            "source": _LEG,
            "destination": _LEG,
        },
    },
    "transactions.deleteTransfer": {
        "description": "Delete both legs of a transfer",
        "args": {"transferId": _STRING},
    },
}


def _spec(operations: Mapping[str, object], layout: str) -> Mapping[str, object]:
    return {
        "version": "2.0",
        "endpoint": {"url": PATH, "method": "POST"},
        "authentication": {
            "type": "Bearer",
            "header": "Authorization: Bearer <push token>",
        },
        "request_body": {
            "encrypted_payload": {
                **_STRING,
                "format": "base64",
                "description": "The sealed mutation",
            },
            "message_id": {
                **_STRING,
                "description": "An id of your own, so that a repeat is recognised",
            },
        },
        "payload_format": {
            "description": "JSON, before it is sealed",
            "schema": {
                "v": {**_INTEGER, "description": "2: amounts in milliunits"},
                "op": {**_STRING, "description": "The name of the operation"},
                "args": {**_OBJECT, "description": "Its arguments"},
            },
        },
        "supported_operations": operations,
        "encryption": {
            "algorithm": "AES-256-GCM",
            "key_source": "The space key, as the app shows it",
            "iv_length": 12,
            "tag_length": 16,
            "format": f"{layout}, then Base64 encoded",
        },
        "responses": {
            "202": "Taken into the queue",
            "400": "Invalid request",
            "401": "Invalid token",
            "403": "Token disabled",
        },
    }


# The layout is wrong, and so on the real server: its app also wants the salt in front.
SPEC: Final = _spec(_OPERATIONS, "IV (12 bytes) + Ciphertext + Auth Tag (16 bytes)")
NEWER_SPEC: Final = _spec(
    _NEWER_OPERATIONS,
    "Salt (32 bytes, SHA-256 of the key) + IV (12 bytes) + Ciphertext + Auth Tag"
    " (16 bytes)",
)
