"""A configuration folder in which Home Assistant starts without asking anything.

What is stored are the formats of Home Assistant 2026.11.0: after an upgrade look again
at `http`, `onboarding`, `auth` and `core.config` in a folder that it made by itself.
"""

import base64
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
import hashlib
import hmac
import json
from pathlib import Path
import secrets
import shutil
import time

from tests.e2e.json_value import JsonObject

INTEGRATION = Path(__file__).parents[2] / "custom_components" / "budgero"
CONFIGURATION = Path(__file__).parent / "configuration"
_INSTALLATION = ".installation.json"
_TEN_YEARS = 315_360_000
# As Linux and macOS call it.
_LOOPBACK = ["lo", "lo0"]


@dataclass(frozen=True, kw_only=True)
class Installation:
    """A configuration folder that is ready to start."""

    folder: Path
    port: int
    token: str

    @property
    def url(self) -> str:
        """Where it answers once it runs."""
        return f"http://127.0.0.1:{self.port}"


def read(folder: Path) -> Installation | None:
    """Return what an earlier `seed` made in this folder."""
    file = folder / _INSTALLATION
    if not file.exists():
        return None
    return Installation(**{**json.loads(file.read_text()), "folder": folder})


def seed(folder: Path, port: int, *, is_alone: bool = False) -> Installation:
    """Make a folder with an owner who is logged in, and with the integration.

    Called again for the same folder it moves it to another port and keeps the rest. The
    integration is linked: a changed file is used at the next start.

    Args:
        folder: The configuration folder.
        port: Where Home Assistant shall listen.
        is_alone: Whether to turn off announcements and discovery on the network. With
            them Home Assistant makes no HTTP session on a machine without a network.
    """
    known = read(folder)
    token = known.token if known else _make(folder)
    _store(folder, "http", _http(port), version=3)
    _store(folder, "core.network", _network(is_alone=is_alone))
    installation = Installation(folder=folder, port=port, token=token)
    values = {**asdict(installation), "folder": str(folder)}
    _write_private(folder / _INSTALLATION, json.dumps(values))
    return installation


def _make(folder: Path) -> str:
    """Fill a new folder and return the owner's access token."""
    (folder / "custom_components").mkdir(parents=True)
    (folder / "custom_components" / "budgero").symlink_to(INTEGRATION)
    for file in ("configuration.yaml", "scripts.yaml"):
        shutil.copy(CONFIGURATION / file, folder)
    (folder / "automations.yaml").write_text("[]\n")
    (folder / "scenes.yaml").write_text("[]\n")
    refresh_token, key = secrets.token_hex(16), secrets.token_hex(64)
    _store(folder, "auth", _auth(refresh_token, key))
    _store(folder, "core.config", _core(), minor_version=4)
    _store(
        folder, "core.analytics", {"onboarded": True, "preferences": {}, "uuid": None}
    )
    done = ["user", "core_config", "analytics", "integration"]
    _store(folder, "onboarding", {"done": done}, version=4)
    return _access_token(refresh_token, key)


def _store(
    folder: Path,
    key: str,
    data: JsonObject,
    *,
    version: int = 1,
    minor_version: int = 1,
) -> None:
    """Write one of Home Assistant's stores."""
    stored = {
        "version": version,
        "minor_version": minor_version,
        "key": key,
        "data": data,
    }
    (folder / ".storage").mkdir(exist_ok=True)
    _write_private(folder / ".storage" / key, json.dumps(stored, indent=2))


def _write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _http(port: int) -> JsonObject:
    """Listen on this machine only.

    In YAML it would be a trial that ends with another port after five minutes.
    """
    return {
        "stable": {
            "server_host": ["127.0.0.1"],
            "server_port": port,
            "cors_allowed_origins": [],
            "login_attempts_threshold": -1,
            "ip_ban_enabled": False,
            "ssl_profile": "intermediate_v6",
            "use_x_frame_options": True,
            "created_at": _now(),
            "error": None,
            "error_message": None,
        },
        "pending": None,
        "yaml_migration_done": True,
    }


def _network(*, is_alone: bool) -> JsonObject:
    """Choose the network interfaces: this machine's own, or whatever is found."""
    return {"configured_adapters": _LOOPBACK if is_alone else []}


def _core() -> JsonObject:
    return {
        "latitude": 52.52,
        "longitude": 13.405,
        "elevation": 34,
        "unit_system_v2": "metric",
        "location_name": "Home",
        "time_zone": "Europe/Berlin",
        "external_url": None,
        "internal_url": None,
        "currency": "EUR",
        "country": "DE",
        "language": "en",
        "radius": 100,
    }


def _auth(refresh_token: str, key: str) -> JsonObject:
    """Store one owner with one long-lived token, logged in without a question."""
    user, credential = secrets.token_hex(16), secrets.token_hex(16)
    return {
        "users": [
            {
                "id": user,
                "group_ids": ["system-admin"],
                "is_owner": True,
                "is_active": True,
                "name": "Demo",
                "system_generated": False,
                "local_only": False,
            }
        ],
        "groups": [
            {"id": "system-admin", "name": "Administrators"},
            {"id": "system-users", "name": "Users"},
            {"id": "system-read-only", "name": "Read Only"},
        ],
        "credentials": [
            {
                "id": credential,
                "user_id": user,
                "auth_provider_type": "homeassistant",
                "auth_provider_id": None,
                "data": {"username": "demo"},
            }
        ],
        "refresh_tokens": [
            {
                "id": refresh_token,
                "user_id": user,
                "client_id": None,
                "client_name": "Demo",
                "client_icon": None,
                "token_type": "long_lived_access_token",
                "created_at": _now(),
                "access_token_expiration": float(_TEN_YEARS),
                "token": secrets.token_hex(64),
                "jwt_key": key,
                "last_used_at": None,
                "last_used_ip": None,
                "expire_at": None,
                "credential_id": None,
                "version": "2026.11.0",
            }
        ],
    }


def _access_token(refresh_token: str, key: str) -> str:
    """Sign the token that Home Assistant itself would give for this refresh token."""
    now = int(time.time())
    claims: JsonObject = {"iss": refresh_token, "iat": now, "exp": now + _TEN_YEARS}
    signed = ".".join(
        _encode(part) for part in ({"alg": "HS256", "typ": "JWT"}, claims)
    )
    signature = hmac.digest(key.encode(), signed.encode(), hashlib.sha256)
    return f"{signed}.{_base64(signature)}"


def _encode(part: JsonObject) -> str:
    return _base64(json.dumps(part, separators=(",", ":")).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
