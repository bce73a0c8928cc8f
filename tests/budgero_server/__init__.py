"""A local stand-in for Budgero: its server, its app, and a page to look at.

It behaves as Budgero 1.6.0 was seen to behave and shares no code with the
integration. Every group of routes has a file of its own; what the server does
not simulate (the encrypted database, newer releases) would be another one.
"""

from .account_api import Credentials
from .app import Acknowledgements, AppRun
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
)
from .model import Account, Booking, Budget, Category, Label, QueueCounts, QueueItem
from .rate_limit import RateLimit
from .request_log import LoggedRequest
from .seed import DEFAULT_BUDGETS, HOUSEHOLD, SIDE_BUSINESS
from .server import BudgeroServer

__all__ = [
    "DEFAULT_BUDGETS",
    "HOUSEHOLD",
    "SIDE_BUSINESS",
    "Account",
    "Acknowledgements",
    "AppRun",
    "Booking",
    "BudgeroServer",
    "Budget",
    "CaptivePortal",
    "Category",
    "Credentials",
    "Delay",
    "Drop",
    "Fault",
    "GzipBomb",
    "HugeBody",
    "Label",
    "LoggedRequest",
    "QueueCounts",
    "QueueItem",
    "RateLimit",
    "Redirect",
    "Reply",
    "Snapshot",
    "StalledBody",
    "TruncatedBody",
]
