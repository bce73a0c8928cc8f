"""The push client: seal transactions and deliver them to Budgero."""

from .address import CLOUD, ServerAddress
from .client import Client, parse_token
from .content import Content, read_content
from .currencies import currency_decimals
from .deletion import Deletion, KeyTest
from .fields import MAX_MEMO, MAX_PAYEE, parse_id, parse_text
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
    StoredDatabase,
    TokenOwner,
)
from .money import MAX_AMOUNT
from .seal import SpaceKey, reseal, unwrap_pasted
from .server_user import MAX_LISTED, ServerUser
from .split import Split
from .transaction import Transaction
from .transfer import Transfer
from .update import Update
from .wire import Direction, WireFormat
from .written_money import parse_amount

__all__ = [
    "CLOUD",
    "MAX_AMOUNT",
    "MAX_LISTED",
    "MAX_MEMO",
    "MAX_PAYEE",
    "Accepted",
    "Client",
    "Content",
    "Deletion",
    "Direction",
    "Duplicate",
    "Feature",
    "KeyProof",
    "KeyTest",
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
    "StoredDatabase",
    "TokenOwner",
    "Transaction",
    "Transfer",
    "Update",
    "WireFormat",
    "currency_decimals",
    "parse_amount",
    "parse_id",
    "parse_text",
    "parse_token",
    "read_content",
    "reseal",
    "unwrap_pasted",
]
