"""The push client: seal transactions and deliver them to Budgero."""

from .address import CLOUD, ServerAddress
from .client import Client, parse_token
from .models import Accepted, Duplicate, QueueItem, QueueState, QueueStats, Sealed, Spec
from .seal import Layout, SpaceKey
from .transaction import Direction, Transaction, WireFormat

__all__ = [
    "CLOUD",
    "Accepted",
    "Client",
    "Direction",
    "Duplicate",
    "Layout",
    "QueueItem",
    "QueueState",
    "QueueStats",
    "Sealed",
    "ServerAddress",
    "SpaceKey",
    "Spec",
    "Transaction",
    "WireFormat",
    "parse_token",
]
