"""From a sealed payload to an operation, by the rules of the Budgero app."""

from collections.abc import Mapping
from dataclasses import dataclass
import hashlib
import hmac
import math
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from . import javascript
from .javascript import Json

_SALT_LENGTH: Final = 32
_IV_LENGTH: Final = 12
_SHORTEST: Final = 60
_NEWEST_FORMAT: Final = 2
_MONEY_KEYS: Final = frozenset(
    {
        "inflow",
        "outflow",
        "infloworiginal",
        "outfloworiginal",
        "inflowbudget",
        "outflowbudget",
        "amount",
        "balance",
        "target",
    }
)


class Refusal(Exception):
    """The app refuses an item: the code and text go into its audit log."""

    def __init__(self, code: str, text: str) -> None:
        """Keep the code and the text."""
        super().__init__(f"{code}: {text}")


class DecryptionFailed(Refusal):
    """The payload cannot be opened or holds no JSON."""

    def __init__(self) -> None:
        """Say it in the app's words."""
        super().__init__(
            "DECRYPTION_FAILED",
            "Failed to decrypt payload. Check your encryption key matches the one"
            " used to encrypt.",
        )


class InvalidPayload(Refusal):
    """The payload holds JSON that is no mutation."""

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__("INVALID_PAYLOAD", text)


class MutationError(Refusal):
    """The mutation cannot be carried out."""

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__("MUTATION_ERROR", text)


@dataclass(frozen=True, slots=True)
class Mutation:
    """An operation and its arguments, with amounts in milliunits."""

    op: str
    args: Json


def open_payload(payload: str, key: bytes) -> Json:
    """Open `base64(SHA-256(key) | IV | ciphertext | tag)`.

    Raises:
        DecryptionFailed: Wrong base64, length, key, tag or not JSON.
    """
    try:
        sealed = javascript.atob(payload)
        if len(sealed) < _SHORTEST:
            raise DecryptionFailed
        salt, rest = sealed[:_SALT_LENGTH], sealed[_SALT_LENGTH:]
        if not hmac.compare_digest(salt, hashlib.sha256(key).digest()):
            raise DecryptionFailed
        plain = AESGCM(key).decrypt(rest[:_IV_LENGTH], rest[_IV_LENGTH:], None)
        return javascript.parse_json(plain)
    except (ValueError, InvalidTag) as error:
        raise DecryptionFailed from error


def normalise(content: Json) -> Mutation:
    """Read the operation and bring old amounts to the present format.

    Raises:
        InvalidPayload: Not an object, no operation, or a newer format.
    """
    if not isinstance(content, Mapping):
        raise InvalidPayload("The payload is not an object")
    version = content.get("v")
    number = 1.0 if version is None else javascript.number(version)
    if number > _NEWEST_FORMAT:
        raise InvalidPayload("The payload is in a newer format than this app knows")
    op = content.get("op")
    if not isinstance(op, str) or not op:
        raise InvalidPayload("The payload has no operation")
    args = content.get("args")
    return Mutation(op, _in_milliunits(args) if number < _NEWEST_FORMAT else args)


def _in_milliunits(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _upgrade(key, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_in_milliunits(item) for item in value]
    return value


def _upgrade(key: str, value: Json) -> Json:
    if key.lower() in _MONEY_KEYS and isinstance(value, float) and math.isfinite(value):
        return javascript.round_half_up(value * 1000)
    return _in_milliunits(value)
