"""Dates that were taken from a clock without time, put right before the first push."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from ..push.client import Client
from ..push.content import read_content
from ..push.errors import CannotOpenError, InvalidInputError
from ..push.update import Update
from ..push.wire import WireFormat
from .store import Store

type Calendar = Callable[[float], date]
"""Returns the household's date at a time, in seconds since the epoch."""


async def put_dates_right(
    store: Store, client: Client, wire_format: WireFormat, calendar: Calendar
) -> None:
    """Give what was never pushed the date of the day on which it was made.

    Raises:
        StorageError: the disk refuses.
    """
    for misdated in await store.misdated():
        row = misdated.row
        try:
            content = read_content(client.key.open(row.sealed.payload))
            if isinstance(content, Update):
                continue  # a person said its date
            content = replace(content, date=calendar(misdated.created_at))
            sealed = client.seal(content, row.message_id, wire_format)
        except CannotOpenError, InvalidInputError:
            continue  # an earlier key, or an earlier format: it goes as it is
        await store.put_right(misdated, sealed)
