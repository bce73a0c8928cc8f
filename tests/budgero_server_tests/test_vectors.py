"""The recorded vectors have the recorded outcome."""

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.budgero_server import Booking, BudgeroServer

from .client import Client

_FILE = Path(__file__).parent.parent / "fixtures" / "budgero-vectors.json"
_VECTORS: list[dict[str, Any]] = json.loads(_FILE.read_text("utf-8"))["vectors"]


def _recorded_form(booking: Booking) -> dict[str, object]:
    return {
        "Inflow": booking.inflow,
        "Outflow": booking.outflow,
        "CategoryName": booking.category,
        "Date": booking.date,
        "Memo": booking.memo,
        "Payee": booking.payee,
    }


@pytest.mark.parametrize("vector", _VECTORS, ids=lambda vector: vector["id"])
async def test_vector(vector: dict[str, Any]) -> None:
    """Status, outcome and booking are those that were recorded."""
    async with (
        BudgeroServer(space_key=vector["decrypt_key_base64"]) as server,
        aiohttp.ClientSession() as session,
    ):
        answer = await Client(server, session).push(
            json.dumps({"encrypted_payload": vector["encrypted_payload"]})
        )
        server.apply()

        assert answer.status == vector["server_v1_6_0_http_status"]
        assert server.queue[0].status == vector["queue_status_after_app_v1_6_0"]
        assert server.queue[0].error == vector["app_error"]
        booked = [vector["booked"]] if vector["booked"] else []
        assert [_recorded_form(booking) for booking in server.bookings] == booked
