"""Deleting what Budgero has, and testing the key by deleting what it has not."""

import json

import pytest

from custom_components.budgero.engine.push import (
    Client,
    Deletion,
    Feature,
    KeyTest,
    Operation,
    read_content,
)
from custom_components.budgero.engine.push.errors import CannotOpenError


def test_a_transaction_is_deleted_by_its_message_id() -> None:
    """That is the handle that the app keeps."""
    deletion = Deletion(target="m")
    assert json.loads(deletion.to_wire()) == {
        "v": 2,
        "op": "transactions.deleteByRef",
        "args": {"messageId": "m"},
    }
    assert deletion.features == {Feature.DELETE}


def test_a_transfer_is_deleted_by_its_own_id() -> None:
    """Both legs go."""
    deletion = Deletion(target="m", transfer_id="t")
    assert json.loads(deletion.to_wire()) == {
        "v": 2,
        "op": "transactions.deleteTransfer",
        "args": {"transferId": "t"},
    }
    assert deletion.features == {Feature.DELETE_TRANSFER}


def test_a_test_of_the_key_harms_nothing() -> None:
    """Each asks for another id, which nobody ever used."""
    first, second = (json.loads(KeyTest().to_wire()) for _ in range(2))
    assert first["op"] == second["op"] == "transactions.deleteByRef"
    assert first["args"] != second["args"]
    assert KeyTest().features == {Feature.DELETE}


@pytest.mark.parametrize("content", [Deletion(target="m"), KeyTest()])
def test_there_is_nothing_to_read_in_a_deletion(content: Deletion | KeyTest) -> None:
    """What is deleted is told by the target."""
    with pytest.raises(CannotOpenError):
        read_content(content.to_wire())


def test_what_is_sealed_says_what_it_is(client: Client) -> None:
    """Outside the seal, for the outbox."""
    deletion = client.seal(Deletion(target="m", transfer_id="t"))
    assert (deletion.operation, deletion.target) == (Operation.DELETE, "m")
    test = client.seal(KeyTest())
    assert (test.operation, test.target) == (Operation.TEST, None)
