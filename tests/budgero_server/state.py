"""What Budgero's server stores: one user, their spaces, token and push queue."""

import secrets
import sqlite3
import uuid

from .clock import now_in_seconds
from .model import FAILED, PENDING, PROCESSED, PushToken, QueueCounts, QueueItem, Space

_ITEM = (
    "SELECT id, space_id, message_id, payload, status, error, created_at,"
    " processed_at FROM push_queue"
)


class State:
    """The server's rows of one user."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use an open database; a user is made in an empty one."""
        self._db = connection
        self._db.execute(
            "INSERT INTO users SELECT ?, ? WHERE NOT EXISTS (SELECT * FROM users)",
            (str(uuid.uuid4()), now_in_seconds()),
        )

    @property
    def user_id(self) -> str:
        """The id of the user."""
        user_id: str = self._db.execute("SELECT id FROM users").fetchone()["id"]
        return user_id

    def spaces(self) -> list[Space]:
        """List the spaces of the user, the primary one first."""
        return [
            Space(**row)
            for row in self._db.execute(
                "SELECT id, name, key, created_at FROM spaces"
                " ORDER BY is_primary DESC, rowid"
            )
        ]

    def primary_space(self) -> Space:
        """Give the space that new tokens are bound to.

        Raises:
            LookupError: The user has no workspace yet.
        """
        spaces = self.spaces()
        if not spaces:
            raise LookupError("there is no workspace")
        return spaces[0]

    def find_space(self, space_id: str) -> Space | None:
        """Give a space of the user by its id."""
        return next((space for space in self.spaces() if space.id == space_id), None)

    def add_space(self, name: str, key: bytes, *, primary: bool) -> Space:
        """Add a space, and make it the primary one when asked."""
        space = Space(str(uuid.uuid4()), name, key, now_in_seconds())
        if primary:
            self._db.execute("UPDATE spaces SET is_primary = 0")
        self._db.execute(
            "INSERT INTO spaces (id, name, key, created_at, is_primary)"
            " VALUES (?, ?, ?, ?, ?)",
            (space.id, space.name, space.key, space.created_at, primary),
        )
        return space

    def set_key(self, space: Space, key: bytes) -> None:
        """Give a space another key."""
        self._db.execute("UPDATE spaces SET key = ? WHERE id = ?", (key, space.id))

    def token(self) -> PushToken | None:
        """Give the push token, if there is one."""
        row = self._db.execute("SELECT * FROM push_tokens").fetchone()
        if row is None:
            return None
        return PushToken(
            row["text"],
            row["space_id"],
            bool(row["is_enabled"]),
            row["created_at"],
            row["last_used"],
        )

    def find_token(self, text: str) -> PushToken | None:
        """Give the push token if it is exactly this one."""
        token = self.token()
        return token if token is not None and token.text == text else None

    def new_token(self, text: str | None = None) -> PushToken:
        """Replace the push token by a new one for the primary space.

        Raises:
            LookupError: The user has no workspace yet.
        """
        token = PushToken(
            text or secrets.token_hex(32),
            self.primary_space().id,
            True,
            now_in_seconds(),
            None,
        )
        self.revoke_token()
        self._db.execute(
            "INSERT INTO push_tokens VALUES (?, ?, 1, ?, NULL)",
            (token.text, token.space_id, token.created_at),
        )
        return token

    def enable_token(self, enabled: bool) -> None:
        """Switch the push token on or off; without a token nothing happens."""
        self._db.execute("UPDATE push_tokens SET is_enabled = ?", (enabled,))

    def touch_token(self) -> None:
        """Record that the push token was used now."""
        self._db.execute("UPDATE push_tokens SET last_used = ?", (now_in_seconds(),))

    def revoke_token(self) -> None:
        """Remove the push token."""
        self._db.execute("DELETE FROM push_tokens")

    def find_message(self, space_id: str, message_id: str) -> QueueItem | None:
        """Give the first item with this message id, whatever its status."""
        row = self._db.execute(
            f"{_ITEM} WHERE space_id = ? AND message_id = ? ORDER BY sequence LIMIT 1",
            (space_id, message_id),
        ).fetchone()
        return None if row is None else QueueItem(**row)

    def add_item(
        self, space_id: str, message_id: str | None, payload: str
    ) -> QueueItem:
        """Put a sealed payload into the queue."""
        item = QueueItem(
            id=str(uuid.uuid4()),
            space_id=space_id,
            message_id=message_id,
            payload=payload,
            status=PENDING,
            error=None,
            created_at=now_in_seconds(),
            processed_at=None,
        )
        self._db.execute(
            "INSERT INTO push_queue"
            " (id, space_id, message_id, payload, status, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                item.id,
                item.space_id,
                item.message_id,
                item.payload,
                item.status,
                item.created_at,
            ),
        )
        return item

    def items(self) -> list[QueueItem]:
        """List the whole queue, oldest first."""
        rows = self._db.execute(f"{_ITEM} ORDER BY created_at, sequence")
        return [QueueItem(**row) for row in rows]

    def pending(self, space_id: str, limit: int) -> list[QueueItem]:
        """List pending items of a space, oldest first."""
        rows = self._db.execute(
            f"{_ITEM} WHERE space_id = ? AND status = ?"
            " ORDER BY created_at, sequence LIMIT ?",
            (space_id, PENDING, limit),
        )
        return [QueueItem(**row) for row in rows]

    def set_status(self, item_id: str, status: str, error: str | None = None) -> None:
        """Store any status for an item; an unknown id changes nothing."""
        self._db.execute(
            "UPDATE push_queue SET status = ?, error = ?, processed_at = ?"
            " WHERE id = ?",
            (status, error, now_in_seconds(), item_id),
        )

    def clear(self, *, every_status: bool) -> int:
        """Delete the pending items, or all of them; give how many."""
        if every_status:
            return self._db.execute("DELETE FROM push_queue").rowcount
        return self._db.execute(
            "DELETE FROM push_queue WHERE status = ?", (PENDING,)
        ).rowcount

    def counts(self) -> QueueCounts:
        """Count the items by status."""
        counts: dict[str, int] = dict(
            self._db.execute("SELECT status, count(*) FROM push_queue GROUP BY status")
        )
        return QueueCounts(
            counts.get(PENDING, 0), counts.get(PROCESSED, 0), counts.get(FAILED, 0)
        )
