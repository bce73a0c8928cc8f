"""Fetching the encrypted database of a signed-in user, when there is another one."""

from ..push import ServerUser, StoredDatabase
from ..push.errors import TooLongError, UpdateRequiredError
from .problems import NamesError, NamesProblem


async def fetch_database(
    user: ServerUser, known: str | None = None
) -> StoredDatabase | None:
    """Fetch the database unless it is the one that is known already.

    It is asked for its version first, so nothing is fetched again while that stays
    the same. What is fetched goes to `read_blob`, in an executor.

    Args:
        user: of an own server.
        known: the version that was read last, or that could not be, if there was one.

    Raises:
        NamesError: `MISSING`, no app has uploaded one; `TOO_LARGE`, it has more
            than 32 MiB; `NEWER`, its format is not known here.
        PushError: any.
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
