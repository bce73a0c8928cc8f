"""The HTTP session that reaches Budgero."""

from typing import Final

from aiohttp import ClientSession, DummyCookieJar

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_create_clientsession
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

_SESSIONS: Final[HassKey[dict[bool, ClientSession]]] = HassKey(f"{DOMAIN}_sessions")


@callback
def async_get_session(hass: HomeAssistant, *, verify_ssl: bool) -> ClientSession:
    """Return the HTTP session of this integration.

    It stores no cookies, so all entries and flows share it. There are at most two: with
    and without verification of certificates. Home Assistant owns their connections and
    closes them when it stops.

    Raises:
        OSError: this machine has no network.
    """
    sessions = hass.data.setdefault(_SESSIONS, {})
    session = sessions.get(verify_ssl)
    if session is None or session.closed:
        session = sessions[verify_ssl] = async_create_clientsession(
            hass, verify_ssl, auto_cleanup=False, cookie_jar=DummyCookieJar()
        )
    return session
