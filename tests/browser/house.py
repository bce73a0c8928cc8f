"""A household in which somebody uses a browser."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.browser.browser import Chromium, Device, Tab
from tests.browser.card import Card
from tests.budgero_server import BudgeroServer
from tests.e2e.household import living
from tests.e2e.json_value import JsonObject
from tests.e2e.scenarios.stage import DEFAULTS, Stage
from tests.e2e.stand_in import Credentials

CARD: Final[JsonObject] = {"type": "custom:budgero-card"}
_DASHBOARD: Final = "browser-test"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What runs, and the browser."""

    stage: Stage
    chromium: Chromium

    @property
    def url(self) -> str:
        """Home Assistant's address."""
        return self.stage.household.installation.url

    @property
    def token(self) -> str:
        """The owner's access token."""
        return self.stage.household.installation.token

    @property
    def server(self) -> BudgeroServer:
        """The stand-in for Budgero."""
        return self.stage.server

    async def put_cards(self, *cards: JsonObject) -> str:
        """Make a dashboard with these cards only; return its path."""
        async with self.stage.api() as api:
            listed = await api.command("lovelace/dashboards/list")
            assert isinstance(listed, Sequence)
            if not any(
                isinstance(each, dict) and each["url_path"] == _DASHBOARD
                for each in listed
            ):
                await api.command(
                    "lovelace/dashboards/create",
                    url_path=_DASHBOARD,
                    title="Money",
                    icon="mdi:wallet",
                    mode="storage",
                    require_admin=False,
                    show_in_sidebar=False,
                )
            view: JsonObject = {
                "title": "Money",
                "type": "sections",
                "sections": [{"type": "grid", "cards": list(cards)}],
            }
            await api.command(
                "lovelace/config/save", url_path=_DASHBOARD, config={"views": [view]}
            )
        return f"/{_DASHBOARD}"

    @asynccontextmanager
    async def card(
        self,
        *,
        config: JsonObject | None = None,
        device: Device | None = None,
        token: str | None = None,
    ) -> AsyncIterator[Card]:
        """Open a dashboard that has one card."""
        path = await self.put_cards({**CARD, **(config or {})})
        async with self.chromium.tab(self.url, token or self.token, device) as tab:
            await tab.go(path)
            yield await self.card_of(tab)

    async def sent(self) -> int:
        """Return how many transactions the server has got, when none waits any more."""
        await self.stage.until_waiting(0)
        return len(self.server.queue)

    async def ask_again(self) -> None:
        """Let the integration ask Budgero what became of what it has accepted."""
        async with self.stage.api() as api:
            entities = await api.entity_ids(self.stage.household.entry.entry_id)
            data: JsonObject = {"entity_id": entities["pending"]}
            await api.call("homeassistant", "update_entity", data)

    async def card_of(self, tab: Tab) -> Card:
        """Return the card of a page, when it shows."""
        card = Card(tab)
        await card.heading.wait_for()
        return card


def credentials_of(server: BudgeroServer) -> Credentials:
    """Return what a household enters, with a user who signs in."""
    return Credentials(
        url=server.url,
        token=server.token,
        space_key=server.space_key,
        username=server.credentials.username,
        password=server.credentials.password,
    )


@asynccontextmanager
async def house(
    folder: Path, chromium: Chromium, frontend: Path | None = None
) -> AsyncIterator[House]:
    """Start a household in an empty folder.

    Args:
        folder: Keeps everything.
        chromium: The browser.
        frontend: A folder with the package of another frontend.
    """
    async with (
        BudgeroServer() as server,
        living(
            folder,
            port=None,
            credentials=credentials_of(server),
            defaults=DEFAULTS,
            frontend=frontend,
        ) as household,
    ):
        stage = Stage(household=household, server=server)
        yield House(stage=stage, chromium=chromium)
