"""Who may log: whoever may control an entity of the entry, and automations."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.engine.outbox.rows import Counts
from homeassistant.core import HomeAssistant

from .actions import call, call_as, refused_as
from .newer import NEWER
from .support import ADD, entity_id_of, running

TRANSFER = "add_transfer"

CALLS: dict[str, dict[str, Any]] = {
    ADD: {"amount": 1},
    TRANSFER: {"from_account": 1, "to_account": 3, "amount": 1},
}


@pytest.fixture
def release() -> str:
    """A newer server, which knows transfers."""
    return NEWER


@pytest.fixture(params=CALLS)
def action(request: pytest.FixtureRequest) -> str:
    """Each action that adds money."""
    return str(request.param)


def limited(user: MockUser, *entity_ids: str, **may: bool) -> MockUser:
    """Let a user do some things with some entities, and nothing else."""
    entities = dict.fromkeys(entity_ids, may)
    user.groups = []
    user.mock_policy({"entities": {"entity_ids": entities}})
    return user


async def nothing_is_kept(entry: MockConfigEntry) -> bool:
    """Return whether an outbox is empty."""
    return await running(entry).store.review.counts() == Counts()


async def test_who_may_only_look(
    hass: HomeAssistant,
    asked: MockConfigEntry,
    hass_read_only_user: MockUser,
    action: str,
) -> None:
    """Is refused, with a text, before anything is stored."""
    error = await refused_as(hass_read_only_user, hass, action, **CALLS[action])
    assert error.translation_key == "may_not_log"
    assert await nothing_is_kept(asked)


async def test_who_may_look_at_the_entry_and_control_something_else(
    hass: HomeAssistant, asked: MockConfigEntry, hass_admin_user: MockUser, action: str
) -> None:
    """Is refused."""
    user = limited(hass_admin_user, "light.kitchen", control=True)
    error = await refused_as(user, hass, action, **CALLS[action])
    assert error.translation_key == "may_not_log"
    limited(user, entity_id_of(hass, asked, "waiting"), read=True)
    error = await refused_as(user, hass, action, **CALLS[action])
    assert error.translation_key == "may_not_log"
    assert await nothing_is_kept(asked)


async def test_who_may_control_one_entity(
    hass: HomeAssistant, asked: MockConfigEntry, hass_admin_user: MockUser, action: str
) -> None:
    """May log, without being an administrator."""
    user = limited(hass_admin_user, entity_id_of(hass, asked, "waiting"), control=True)
    assert not user.is_admin
    response = await call_as(user, hass, action, **CALLS[action])
    assert response["status"] == "waiting"


async def test_the_entry_that_is_used_counts(
    hass: HomeAssistant,
    asked: MockConfigEntry,
    other: MockConfigEntry,
    hass_admin_user: MockUser,
) -> None:
    """Who may log in one space may not log in another one, named or not."""
    user = limited(hass_admin_user, entity_id_of(hass, other, "waiting"), control=True)
    error = await refused_as(user, hass, ADD, amount=1)
    assert error.translation_key == "may_not_log"
    await call_as(user, hass, ADD, amount=1, config_entry_id=other.entry_id)
    assert await nothing_is_kept(asked)


async def test_users_of_the_household(
    hass: HomeAssistant, asked: MockConfigEntry, hass_admin_user: MockUser, action: str
) -> None:
    """An administrator may, a plain user may, and an automation, which is nobody."""
    await call_as(hass_admin_user, hass, action, **CALLS[action])
    plain = await hass.auth.async_create_user("Ann", group_ids=["system-users"])
    assert not (plain.is_owner or plain.is_admin)
    await call_as(plain, hass, action, **CALLS[action])
    await call(hass, action, **CALLS[action])
    counts = await running(asked).store.review.counts()
    assert counts.waiting + counts.accepted == 3


async def test_a_user_who_was_removed(
    hass: HomeAssistant, asked: MockConfigEntry, hass_admin_user: MockUser, action: str
) -> None:
    """Is nobody's word any more."""
    user = await hass.auth.async_create_user("Ann", group_ids=["system-users"])
    await call_as(user, hass, action, **CALLS[action])
    await hass.auth.async_remove_user(user)
    error = await refused_as(user, hass, action, **CALLS[action])
    assert error.translation_key == "may_not_log"
