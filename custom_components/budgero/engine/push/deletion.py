"""Deleting what Budgero already has, for newer servers."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import uuid4

from .models import Feature, Operation
from .wire import WireFormat, write


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """Deletes a transaction or a transfer.

    Attributes:
        target: message id under which it was sent.
        transfer_id: of the transfer, if it is one. Budgero deletes transfers by this
            id, as read in the source of its release 1.16.
    """

    operation: ClassVar = Operation.DELETE

    target: str
    transfer_id: str | None = None

    @property
    def features(self) -> frozenset[Feature]:
        """Return the features that the server must have."""
        return frozenset({self._feature})

    @property
    def _feature(self) -> Feature:
        if self.transfer_id is None:
            return Feature.DELETE
        return Feature.DELETE_TRANSFER

    def to_wire(self, wire_format: WireFormat = WireFormat.MILLIUNITS) -> bytes:
        """Return the JSON plaintext that is sealed."""
        args = (
            {"messageId": self.target}
            if self.transfer_id is None
            else {"transferId": self.transfer_id}
        )
        return write(self._feature, args, wire_format)


@dataclass(frozen=True, slots=True)
class KeyTest:
    """Asks to delete a transaction that does not exist.

    If an app processes it, the app could open it, so the space key is right. Whether
    apps report an unknown message id as processed or as failed was not verified.
    """

    operation: ClassVar = Operation.TEST
    features: ClassVar = frozenset({Feature.DELETE})
    target: ClassVar = None

    def to_wire(self, wire_format: WireFormat = WireFormat.MILLIUNITS) -> bytes:
        """Return the JSON plaintext that is sealed."""
        return write(Feature.DELETE, {"messageId": str(uuid4())}, wire_format)
