"""The repair dialog in which a person decides about transactions."""

import asyncio
from typing import Any, Final, override

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .decisions import (
    async_confirm_all,
    async_deliver_all,
    async_discard_all,
    async_find,
    async_put_back_all,
    async_remove_all,
    async_retry_all,
    can_be_put_back,
)
from .engine.outbox import STRANDED, Hold, OutboxError, Row
from .models import BudgeroConfigEntry, BudgeroData
from .problems import Problem
from .repair_flow import EntryRepairFlow
from .shielded import async_shielded
from .transaction_label import Wording, label_of
from .words import async_words

PAGE: Final = 20
"""Number of transactions on one page of the list."""

ANSWERS: Final = {
    Problem.HELD_FLOOD: ("release", "discard"),
    Problem.HELD_RESTORED: ("release", "discard"),
    Problem.FAILED: ("put_back", "retry", "booked", "remove"),
    Problem.VANISHED: ("booked", "retry", "remove"),
    Problem.DUPLICATE: ("booked", "retry", "remove"),
    Problem.UNKNOWN: ("booked", "retry", "remove"),
}
"""The answers that a person may choose, by problem."""

CONF_TRANSACTIONS: Final = "transactions"
CONF_SCOPE: Final = "scope"
TICKED: Final = "ticked"
ALL: Final = "all"
MORE: Final = "more"

_HELD: Final = {
    Problem.HELD_FLOOD: Hold.FLOOD,
    Problem.HELD_RESTORED: Hold.RESTORED,
}
_STATES: Final = {Problem(state): state for state in STRANDED}


class DecisionFlow(EntryRepairFlow):
    """Lists transactions, newest first, and takes an answer for all or for some.

    Content is decrypted only for the person's browser. It is shown as labels of
    choices, because descriptions would be rendered as Markdown.
    """

    def __init__(
        self, entry_id: str, problem: Problem, placeholders: dict[str, str]
    ) -> None:
        """Take the entry, the problem, and the placeholders of the texts."""
        super().__init__(entry_id, placeholders)
        self._reason = _HELD.get(problem) or _STATES[problem]
        self._answers = ANSWERS[problem]
        self._is_about_failures = problem is Problem.FAILED
        self._forget()

    def _forget(self) -> None:
        self._listed: tuple[str, ...] = ()
        self._can_be_put_back: frozenset[str] = frozenset()
        self._first = 0
        self._ticked: frozenset[str] = frozenset()
        self._chosen: tuple[str, ...] = ()

    @override
    def async_remove(self) -> None:
        """Forget which transactions were listed."""
        self._forget()
        super().async_remove()

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """List the transactions that are open now; end if there are none left."""
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        self._forget()
        try:
            rows = await async_find(entry.runtime_data, self._reason)
        except HomeAssistantError as error:
            return self._async_end(error)
        if not rows:
            return self.async_create_entry(data={})
        self._listed = tuple(row.message_id for row in reversed(rows))
        self._can_be_put_back = frozenset(
            row.message_id
            for row in rows
            if entry.runtime_data.user is not None and can_be_put_back(row)
        )
        if len(rows) == 1:
            self._ticked = frozenset(self._listed)
        return await self._async_list(entry)

    async def async_step_choose(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask which transactions the answer is about."""
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        if user_input is None:
            return await self._async_list(entry)
        page = self._page
        ticked = user_input.get(CONF_TRANSACTIONS, [])
        self._ticked = self._ticked.difference(page).union(ticked)
        scope = user_input.get(CONF_SCOPE, TICKED)
        if scope == MORE:
            self._first += PAGE
            if self._first >= len(self._listed):
                self._first = 0
            return await self._async_list(entry)
        self._chosen = tuple(
            message_id
            for message_id in self._listed
            if scope == ALL or message_id in self._ticked
        )
        if not self._chosen:
            return await self._async_list(entry, {CONF_TRANSACTIONS: "none_ticked"})
        return await self.async_step_decide()

    async def async_step_choose_unproven(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask the same; the text names the space key as a likely cause."""
        return await self.async_step_choose(user_input)

    async def async_step_decide(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask what to do with them."""
        can_be_put_back = not self._can_be_put_back.isdisjoint(self._chosen)
        return self.async_show_menu(
            step_id="decide",
            menu_options=[
                *(
                    answer
                    for answer in self._answers
                    if answer != "put_back" or can_be_put_back
                ),
                "choose",
            ],
            description_placeholders=self._texts(),
        )

    async def async_step_booked(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Record that they are in Budgero already."""
        return await self._async_answer("booked", user_input)

    async def async_step_retry(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Send them again, because they are not in Budgero."""
        return await self._async_answer("retry", user_input)

    async def async_step_put_back(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Let an app try the same items again, because they are not in Budgero."""
        return await self._async_answer("put_back", user_input)

    async def async_step_remove(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Remove them from the outbox."""
        return await self._async_answer("remove", user_input)

    async def async_step_discard(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Remove them without sending them."""
        return await self._async_answer("discard", user_input)

    async def async_step_release(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Deliver them without a second question."""
        return await self._async_answer("release", {})

    async def _async_list(
        self, entry: BudgeroConfigEntry, errors: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Show a page of the list."""
        page = self._page
        try:
            options = await self._async_options(entry, page)
        except OutboxError as error:
            return self._async_end(error)
        is_unproven = not entry.runtime_data.outbox.is_key_proven
        return self.async_show_form(
            step_id="choose_unproven"
            if self._is_about_failures and is_unproven
            else "choose",
            data_schema=self.add_suggested_values_to_schema(
                self._schema(options),
                {CONF_TRANSACTIONS: [name for name in page if name in self._ticked]},
            ),
            errors=errors,
            description_placeholders=self._texts(),
            last_step=False,
        )

    async def _async_options(
        self, entry: BudgeroConfigEntry, page: tuple[str, ...]
    ) -> list[SelectOptionDict]:
        """Return a line for each transaction of a page.

        Raises:
            OutboxError: the outbox cannot be read.
        """
        data = entry.runtime_data
        found = await asyncio.gather(*map(data.outbox.get, page))
        rows = [row for row in found if row is not None and row.payload is not None]
        words = await async_words(self.hass, "selector", "transaction_label.options")
        return await self.hass.async_add_executor_job(_to_options, rows, data, words)

    def _schema(self, options: list[SelectOptionDict]) -> vol.Schema:
        """Return the fields of the list; a list of one transaction has no scope."""
        lines = SelectSelector(
            SelectSelectorConfig(
                options=options, multiple=True, mode=SelectSelectorMode.LIST
            )
        )
        scopes = [TICKED, ALL, *([MORE] if len(self._listed) > PAGE else [])]
        scope = SelectSelector(
            SelectSelectorConfig(
                options=scopes,
                mode=SelectSelectorMode.LIST,
                translation_key="transaction_scope",
            )
        )
        is_one = len(self._listed) == 1
        return vol.Schema(
            {
                vol.Optional(CONF_TRANSACTIONS): lines,
                **({} if is_one else {vol.Required(CONF_SCOPE, default=TICKED): scope}),
            }
        )

    @property
    def _page(self) -> tuple[str, ...]:
        return self._listed[self._first : self._first + PAGE]

    def _texts(self) -> dict[str, str]:
        page = self._page
        return {
            **self._placeholders,
            "count": str(len(self._listed)),
            "first": str(self._first + 1),
            "last": str(self._first + len(page)),
            "elsewhere": str(len(self._ticked.difference(page))),
            "chosen": str(len(self._chosen)),
        }

    async def _async_answer(
        self, answer: str, user_input: dict[str, Any] | None
    ) -> RepairsFlowResult:
        """Ask for confirmation, carry the answer out, and list the rest."""
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        if user_input is None:
            return self.async_show_form(
                step_id=answer,
                data_schema=vol.Schema({}),
                description_placeholders=self._texts(),
            )
        try:
            await async_shielded(self.hass, self._async_do(entry.runtime_data, answer))
        except (OutboxError, HomeAssistantError) as error:
            return self._async_end(error, is_network=answer == "put_back")
        return await self.async_step_init()

    async def _async_do(self, data: BudgeroData, answer: str) -> None:
        chosen, reason = self._chosen, self._reason
        match answer:
            case "booked":
                await async_confirm_all(data, chosen)
            case "retry":
                await async_retry_all(data, chosen)
            case "put_back":
                await async_put_back_all(data, chosen)
            case "remove":
                await async_remove_all(data, chosen)
            case "release" if isinstance(reason, Hold):
                await async_deliver_all(data, reason, chosen)
            case "discard" if isinstance(reason, Hold):
                await async_discard_all(data, reason, chosen)
        data.outbox.resume()


def _to_options(
    rows: list[Row], data: BudgeroData, words: dict[str, str]
) -> list[SelectOptionDict]:
    key = data.client.key
    wording = Wording(data.defaults.currency, data.names.index, words)
    return [
        SelectOptionDict(value=row.message_id, label=label_of(row, key, wording))
        for row in rows
    ]
