"""The steps that change an entry: a new token, or another connection."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_TOKEN
from homeassistant.core import callback

from .connection import Connection
from .const import CONF_SPACE_KEY
from .engine.outbox import Hold, OutboxError
from .engine.push import SpaceKey, parse_token
from .engine.push.errors import InvalidInputError, PushError, WrongTokenError
from .forms import parse_new_credentials, to_form_errors
from .models import BudgeroConfigEntry
from .sign_in_flow import SignInFlow


class ChangeFlow(SignInFlow):
    """Changes how an added space is reached."""

    _corrected_key: SpaceKey | None = None

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Start the dialog for a refused token."""
        self._entry_id = self.context["entry_id"]
        self._take_over(Connection.of(entry_data))
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether the token was enabled again or is replaced."""
        return self.async_show_menu(
            step_id="reauth_confirm",
            menu_options=["enabled_again", "new_token"],
            description_placeholders={"name": self._entry.title},
        )

    async def async_step_enabled_again(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Try the stored token."""
        self._known = Connection.of(self._entry.data)
        return await self.async_step_verify()

    async def async_step_still_refused(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask again: the stored token is still refused."""
        return self.async_show_menu(
            step_id="still_refused", menu_options=["enabled_again", "new_token"]
        )

    async def async_step_new_token(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another token."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._remember(user_input, CONF_TOKEN)
            try:
                token = parse_token(user_input[CONF_TOKEN])
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                self._known = self._with_token(token)
                return await self.async_step_verify()
        return self._show_credentials(errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask what is to be changed."""
        self._entry_id = self.context["entry_id"]
        connection = Connection.of(self._entry.data)
        self._take_over(connection)
        sign_in = [] if connection.server.is_cloud else ["sign_in"]
        sign_out = ["sign_out"] if connection.user else []
        return self.async_show_menu(
            step_id="reconfigure",
            menu_options=["own_server", "new_credentials", *sign_in, *sign_out],
        )

    async def async_step_new_credentials(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another token or key; an empty field keeps its value."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._remember(user_input, CONF_TOKEN, CONF_SPACE_KEY)
            try:
                credentials = parse_new_credentials(user_input, self._connection)
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                return await self._async_accept(credentials)
        return self._show_credentials(errors)

    async def async_step_key_change(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask why the key has changed."""
        return self.async_show_menu(
            step_id="key_change", menu_options=["correct_key", "other_workspace"]
        )

    async def async_step_correct_key(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Replace a wrong key; waiting transactions are sealed again."""
        self._corrected_key = self._connection.key
        return await self._async_claim()

    async def async_step_other_workspace(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """End without a change: another workspace needs its own entry."""
        return self.async_abort(reason="other_workspace")

    async def async_step_sign_out(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for confirmation, then delete user name and password."""
        if user_input is None:
            return self.async_show_form(step_id="sign_out", data_schema=vol.Schema({}))
        self._known = replace(self._connection, user=None)
        return self._update_entry("signed_out")

    async def async_step_settle(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the entry, unless transactions may be on their way."""
        try:
            count = await self._async_count_on_their_way()
        except OutboxError:
            return self.async_abort(reason="storage_unavailable")
        if not count:
            return self._update_entry("reconfigure_successful")
        self._entry.runtime_data.outbox.resume()
        return self.async_show_menu(
            step_id="settle",
            menu_options=["settle", "move"],
            description_placeholders={"count": str(count)},
        )

    async def async_step_move(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change the entry although transactions may be on their way."""
        return self._update_entry("reconfigure_successful")

    @callback
    @override
    def async_remove(self) -> None:
        """Let the dialog for a new token open that this flow has kept closed."""
        super().async_remove()
        entry = self.hass.config_entries.async_get_entry(self._entry_id or "")
        if entry is not None and entry.state is ConfigEntryState.LOADED:
            entry.runtime_data.coordinator.async_note_change()

    @override
    async def _async_entered(self) -> ConfigFlowResult:
        key = self._connection.key
        if self.source == SOURCE_RECONFIGURE and key not in (
            Connection.of(self._entry.data).key,
            self._corrected_key,
        ):
            return await self.async_step_key_change()
        return await self._async_claim()

    @override
    async def _async_not_verified(self, error: PushError) -> ConfigFlowResult:
        if self.source == SOURCE_REAUTH and isinstance(error, WrongTokenError):
            if self._connection.token == Connection.of(self._entry.data).token:
                return await self.async_step_still_refused()
        return await super()._async_not_verified(error)

    @override
    async def _async_verified(self) -> ConfigFlowResult:
        if self.source == SOURCE_REAUTH:
            return self._update_token("reauth_successful")
        return await self._async_check_user()

    @override
    async def _async_complete(self) -> ConfigFlowResult:
        if self.source == SOURCE_REAUTH:
            return self._update_token("saved_anyway")
        return await self.async_step_settle()

    @property
    def _entry(self) -> BudgeroConfigEntry:
        """The entry that is changed."""
        assert self._entry_id is not None
        return self.hass.config_entries.async_get_known_entry(self._entry_id)

    async def _async_count_on_their_way(self) -> int:
        """Count transactions that may have reached the server or workspace before.

        With a refused token no answer can come, so they are not counted then.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        entry = self._entry
        if entry.state is not ConfigEntryState.LOADED:
            return 0
        before, after = Connection.of(entry.data), self._connection
        is_left = after.server.address != before.server.address or (
            after.token != before.token
            and entry.runtime_data.outbox.hold not in (Hold.TOKEN, Hold.WORKSPACE)
        )
        return await entry.runtime_data.outbox.count_on_their_way() if is_left else 0

    def _with_token(self, token: str) -> Connection:
        """Return the entry's connection with another token.

        The rest is read again, because it may have changed while the dialog was open.
        """
        return replace(Connection.of(self._entry.data), token=token)

    def _update_token(self, reason: str) -> ConfigFlowResult:
        self._known = self._with_token(self._connection.token)
        return self._update_entry(reason)

    def _update_entry(self, reason: str) -> ConfigFlowResult:
        """Store the connection and end the flow.

        Unchanged data causes no reload, so the sender is woken here.
        """
        entry = self._entry
        data = self._connection.put_into(entry.data)
        if entry.state is ConfigEntryState.LOADED and data == dict(entry.data):
            entry.runtime_data.outbox.resume()
        return self.async_update_and_abort(
            entry, unique_id=self._connection.unique_id, data=data, reason=reason
        )
