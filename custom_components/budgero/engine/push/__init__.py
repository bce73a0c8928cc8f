"""The push client: seal transactions and deliver them to Budgero."""

from .address import CLOUD, ServerAddress
from .client import Client, parse_token
from .content import Content, read_content
from .deletion import Deletion, KeyTest
from .models import (
    Accepted,
    Duplicate,
    Feature,
    KeyProof,
    Operation,
    PutBack,
    QueueItem,
    QueueState,
    QueueStats,
    Sealed,
    Spec,
    TokenOwner,
)
from .seal import Layout, SpaceKey
from .server_user import ServerUser
from .split import Split
from .transaction import Transaction
from .transfer import Transfer
from .update import Update
from .wire import Direction, WireFormat

__all__ = [
    "CLOUD",
    "Accepted",
    "Client",
    "Content",
    "Deletion",
    "Direction",
    "Duplicate",
    "Feature",
    "KeyProof",
    "KeyTest",
    "Layout",
    "Operation",
    "PutBack",
    "QueueItem",
    "QueueState",
    "QueueStats",
    "Sealed",
    "ServerAddress",
    "ServerUser",
    "SpaceKey",
    "Spec",
    "Split",
    "TokenOwner",
    "Transaction",
    "Transfer",
    "Update",
    "WireFormat",
    "parse_token",
    "read_content",
]
