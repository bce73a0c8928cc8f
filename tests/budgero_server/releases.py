"""The releases of Budgero that the stand-in can be, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from . import newer_transactions, transactions
from .app import Operation
from .app_database import Layout
from .spec import NEWER_SPEC, SPEC

_NO_SCALES: Final[Mapping[str, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What differs between releases, of the server and of its app.

    Attributes:
        version: What the server calls itself.
        spec: The answer of `GET /push/spec`.
        operations: What the app can do with an item.
        public_answers: Fixed answers by path, without a token.
        names_limited_client: The answer 429 tells the client's address.
        forwarded_position: Which entry of X-Forwarded-For is taken for the client.
        layout: Where the app's database differs.
        scales: Units of an amount in one of the currency, where not a thousand.
    """

    version: str
    spec: Mapping[str, object]
    operations: Mapping[str, Operation]
    public_answers: Mapping[str, Mapping[str, object]]
    names_limited_client: bool
    forwarded_position: int
    layout: Layout
    scales: Mapping[str, int] = _NO_SCALES


_BUDGERO_1_6: Final = Release(
    version="1.6.0",
    spec=SPEC,
    operations={"transactions.add": transactions.add},
    public_answers={
        "/api/v1/config": {"early_access_message": "", "early_access_mode": False}
    },
    names_limited_client=True,
    forwarded_position=0,
    layout=Layout(schema_version=41, balance="Balance"),
)
_BUDGERO_1_16: Final = Release(
    version="1.16.0",
    spec=NEWER_SPEC,
    operations={
        "transactions.add": newer_transactions.add,
        "transactions.updateByRef": newer_transactions.update_by_ref,
        "transactions.deleteByRef": newer_transactions.delete_by_ref,
        "transactions.addTransfer": newer_transactions.add_transfer,
        "transactions.deleteTransfer": newer_transactions.delete_transfer,
    },
    public_answers={},
    names_limited_client=False,
    forwarded_position=-1,
    # The newest schema that is known; the release may have a newer one.
    layout=Layout(schema_version=66, balance="BalanceNative"),
    scales=newer_transactions.SCALES,
)
_STRICT: Final = replace(
    _BUDGERO_1_16,
    operations={
        **_BUDGERO_1_16.operations,
        "transactions.deleteByRef": newer_transactions.delete_known_by_ref,
    },
)

DEFAULT_RELEASE: Final = "1.6"
RELEASES: Final[Mapping[str, Release]] = {
    "1.6": _BUDGERO_1_6,
    "1.16": _BUDGERO_1_16,
    "1.16-strict": _STRICT,
}
"""By name; 1.6 as it was seen, 1.16 as it was read.

The strict one fails a deleteByRef of an unknown message id: a client has to live
with either.
"""
