"""Budgero as it is kept: the server's rows and the app of its one user."""

import base64
from collections.abc import Sequence
from pathlib import Path
import secrets

from . import app_database
from .app import DEFAULT_DEVICE, Acknowledgements, AppRun, BudgeroApp
from .blob import BlobOptions, BlobStore
from .database import Snapshot, connect, restore_snapshot, take_snapshot
from .ledger import Ledger
from .model import MILLIUNITS, Booking, Budget, PushToken, QueueCounts, QueueItem
from .releases import RELEASES
from .state import State


class Backend:
    """Everything that a test can do or look at without a request."""

    def __init__(
        self,
        *,
        budgets: Sequence[Budget],
        token: str | None,
        space_key: str | None,
        data: Path | None,
        blob: BlobOptions,
        release: str,
        has_workspace: bool,
    ) -> None:
        """Open the database, and fill it when it is new.

        Raises:
            KeyError: There is no such release.
            ValueError: The space key is not base64 of 32 bytes.
        """
        key = None if space_key is None else _read_key(space_key)
        self.last_run: AppRun | None = None
        self._kept: dict[str, Snapshot] = {}
        self._db = connect(data)
        self._state = State(self._db)
        self._ledger = Ledger(self._db)
        self._ledger.seed(budgets)
        if has_workspace:
            self._prepare_space(token, key)
        self.install(release)
        self._blobs = BlobStore(self._db, blob)

    def _prepare_space(self, token: str | None, key: bytes | None) -> None:
        if not self._state.spaces():
            self._state.add_space(
                "My workspace", key or secrets.token_bytes(32), primary=True
            )
        elif key is not None:
            self._state.set_key(self._state.primary_space(), key)
        known = self._state.token()
        if known is None or token not in (None, known.text):
            self._state.new_token(token)

    @property
    def token(self) -> str:
        """The push token.

        Raises:
            LookupError: It was revoked, or there is no workspace yet.
        """
        token = self._state.token()
        if token is None:
            raise LookupError("there is no push token")
        return token.text

    @property
    def token_enabled(self) -> bool:
        """Whether there is a push token and it works."""
        token = self._state.token()
        return token is not None and token.is_enabled

    @property
    def space_id(self) -> str:
        """The id of the primary space.

        Raises:
            LookupError: There is no workspace yet.
        """
        return self._state.primary_space().id

    @property
    def space_key(self) -> str:
        """The key of the primary space, as the app shows it: base64 text.

        Raises:
            LookupError: There is no workspace yet.
        """
        return base64.b64encode(self._state.primary_space().key).decode()

    def install(self, release: str) -> None:
        """Install another release; the app has it at once, the server on a restart.

        Raises:
            KeyError: There is no such release.
        """
        self._release = RELEASES[release]
        self._app = BudgeroApp(
            self._state, self._ledger, self._release.operations, self._is_let_through
        )

    def _is_let_through(self) -> bool:
        """Tell whether the server's rate limit lets a request of the app through."""
        return True

    @property
    def version(self) -> str:
        """The version of the installed release."""
        return self._release.version

    def scale(self, currency: str) -> int:
        """Tell how many units of an amount make one of the currency."""
        return self._release.scales.get(currency, MILLIUNITS)

    @property
    def blob(self) -> BlobOptions:
        """How the server's blobs are made; assign to change it."""
        return self._blobs.options

    @blob.setter
    def blob(self, options: BlobOptions) -> None:
        self._blobs.options = options

    def export_database(self) -> bytes:
        """Give the file that the app downloads under Settings → Data.

        Raises:
            LookupError: There is no workspace yet.
        """
        return app_database.export(self._db, self.space_id, self._release.layout)

    def apply(
        self,
        acknowledgements: Acknowledgements = Acknowledgements.DELIVERED,
        device: str = DEFAULT_DEVICE,
    ) -> AppRun:
        """Open the app on a device: it applies up to 100 pending items."""
        self.last_run = self._app.apply(acknowledgements, device)
        return self.last_run

    def start_from_snapshot(self, device: str = DEFAULT_DEVICE) -> None:
        """Let a device start from the server's snapshot: what it applied, it forgets."""
        self._app.start_from_snapshot(device)

    def find_token(self) -> PushToken | None:
        """Give the push token with what is known of it, if there is one."""
        return self._state.token()

    def revoke_token(self) -> None:
        """Remove the push token."""
        self._state.revoke_token()

    def disable_token(self) -> None:
        """Switch the push token off."""
        self._state.enable_token(False)

    def enable_token(self) -> None:
        """Switch the push token on again."""
        self._state.enable_token(True)

    def regenerate_token(self) -> str:
        """Replace the push token; the old one stops working at once."""
        return self._state.new_token().text

    def change_space(self) -> None:
        """Make a new space with its own key the primary one.

        The token stays bound to the old space until it is regenerated; the app
        from now on opens the new one.
        """
        self._state.add_space("New workspace", secrets.token_bytes(32), primary=True)

    def set_status(self, queue_id: str, status: str) -> None:
        """Give a queue item any status, as a signed-in client can."""
        self._state.set_status(queue_id, status)

    def clear(self, *, all: bool = False) -> int:
        """Clear pending items from the queue, or with `all` every item."""
        return self._state.clear(every_status=all)

    def snapshot(self) -> Snapshot:
        """Copy everything: token, queue, bookings."""
        return take_snapshot(self._db)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to an older state, as a server restored from a backup does."""
        restore_snapshot(self._db, snapshot)

    def keep_snapshot(self) -> str:
        """Take a snapshot and give a name for it."""
        name = str(len(self._kept) + 1)
        self._kept[name] = self.snapshot()
        return name

    def restore_kept(self, name: str) -> None:
        """Go back to a named snapshot.

        Raises:
            KeyError: There is none with this name.
        """
        self.restore(self._kept[name])

    @property
    def budgets(self) -> list[Budget]:
        """The budgets with accounts, categories and labels."""
        return self._ledger.budgets()

    @property
    def balances(self) -> dict[int, int]:
        """The balance of every account, in the unit of its amounts."""
        return self._ledger.transactions.balances()

    @property
    def bookings(self) -> list[Booking]:
        """All transactions that the app has booked, in that order."""
        return self._ledger.transactions.all()

    @property
    def queue(self) -> list[QueueItem]:
        """All items of the push queue, oldest first."""
        return self._state.items()

    @property
    def counts(self) -> QueueCounts:
        """How many items are pending, processed and failed."""
        return self._state.counts()


def _read_key(space_key: str) -> bytes:
    key = base64.b64decode(space_key, validate=True)
    if len(key) != 32:
        raise ValueError("the space key must have 32 bytes")
    return key
