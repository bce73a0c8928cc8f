"""Fetches the encrypted database of a signed-in user, if it is a new one."""

from ..push import ServerUser, StoredDatabase
from ..push.errors import TooLongError, UpdateRequiredError
from .problems import NamesError, NamesProblem


async def fetch_database(
    user: ServerUser, known: str | None = None
) -> StoredDatabase | None:
    """Fetch the database unless it is the one that is known already.

    The server is asked for the version first, so an unchanged database is not fetched
    again. Pass the result to `read_blob`, in an executor.

    Args:
        user: of an own server.
        known: the version that was read last, or that could not be read; `None` if
            there is none.

    Raises:
        NamesError: `MISSING`, no app has uploaded one; `TOO_LARGE`, it has more
            than 32 MiB; `NEWER`, its format is not known here.
        PushError: the server could not be asked, or refused.
    """
    version = await user.database_version()
    if version is None:
        raise NamesError(NamesProblem.MISSING)
    if version == known:
        return None
    try:
        database = await user.database()
    except TooLongError:
        raise NamesError(NamesProblem.TOO_LARGE, version) from None
    except UpdateRequiredError:
        raise NamesError(NamesProblem.NEWER, version) from None
    if database is None:
        raise NamesError(NamesProblem.MISSING)
    return database
