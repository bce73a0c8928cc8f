"""A local stand-in for Budgero: its server, its app, and a page to look at.

It behaves as Budgero 1.6.0 was seen to behave, or as releases up to 1.16 were read,
and shares no code with the integration. Every group of routes has a file of its own.
"""

from .account_api import Credentials
from .app import DEFAULT_DEVICE, Acknowledgements, AppRun
from .blob import BlobOptions, Damage, Packing
from .database import Snapshot
from .faults import (
    CaptivePortal,
    Delay,
    Drop,
    Fault,
    GzipBomb,
    HugeBody,
    Redirect,
    Reply,
    StalledBody,
    TruncatedBody,
    WrongClock,
)
from .model import (
    Account,
    Booking,
    Budget,
    Category,
    Label,
    Payee,
    QueueCounts,
    QueueItem,
    Split,
)
from .rate_limit import RateLimit
from .releases import RELEASES
from .request_log import LoggedRequest
from .seed import DEFAULT_BUDGETS, HOUSEHOLD, SIDE_BUSINESS
from .server import BudgeroServer

__all__ = [
    "DEFAULT_BUDGETS",
    "DEFAULT_DEVICE",
    "HOUSEHOLD",
    "RELEASES",
    "SIDE_BUSINESS",
    "Account",
    "Acknowledgements",
    "AppRun",
    "BlobOptions",
    "Booking",
    "BudgeroServer",
    "Budget",
    "CaptivePortal",
    "Category",
    "Credentials",
    "Damage",
    "Delay",
    "Drop",
    "Fault",
    "GzipBomb",
    "HugeBody",
    "Label",
    "LoggedRequest",
    "Packing",
    "Payee",
    "QueueCounts",
    "QueueItem",
    "RateLimit",
    "Redirect",
    "Reply",
    "Snapshot",
    "Split",
    "StalledBody",
    "TruncatedBody",
    "WrongClock",
]
