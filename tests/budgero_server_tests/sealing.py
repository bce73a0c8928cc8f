"""Sealing for these tests, straight from `cryptography`."""

import base64
from collections.abc import Mapping
import hashlib
import json
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

EXPENSE: Mapping[str, object] = {
    "budgetId": 1,
    "accountId": 1,
    "categoryId": 5,
    "date": "2026-07-01",
    "inflow": 0,
    "outflow": 42500,
    "memo": "m",
    "payee": "Vendor",
}


def seal_bytes(space_key: str, plain: bytes) -> bytes:
    """Seal in the layout that the app accepts."""
    key = base64.b64decode(space_key)
    iv = os.urandom(12)
    return hashlib.sha256(key).digest() + iv + AESGCM(key).encrypt(iv, plain, None)


def seal(space_key: str, content: object) -> str:
    """Seal any JSON and encode it."""
    plain = json.dumps(content).encode()
    return base64.b64encode(seal_bytes(space_key, plain)).decode()


def mutation(
    args: object, *, v: object = 2, op: str = "transactions.add"
) -> dict[str, object]:
    """Wrap the arguments of an operation."""
    return {"v": v, "op": op, "args": args}


def expense(**changes: object) -> dict[str, object]:
    """Make a good expense, with some arguments changed."""
    return mutation({**EXPENSE, **changes})


def expense_without(name: str) -> dict[str, object]:
    """Make a good expense that lacks one argument."""
    return mutation({key: EXPENSE[key] for key in EXPENSE if key != name})
