"""What AI agents log with their tools, and a person who is asked."""

import json
from typing import Final

from tests.e2e import assist
from tests.e2e.api import Api
from tests.e2e.companion import companion
from tests.e2e.json_value import Json, JsonObject, to_object
from tests.e2e.main_job import DOMAIN

from .stage import Stage, require, until

_ADD: Final = f"{DOMAIN}__add_transaction"
_STATUS: Final = f"{DOMAIN}__queue_status"
_UNDO: Final = f"{DOMAIN}__undo"

_WAITING: Final = "waiting_to_be_sent"
_ASKED: Final = "not_logged_an_administrator_is_asked"
_ISSUE: Final = "agent_asks"
_PHONE: Final = "mobile_app_phone"


async def tools(stage: Stage) -> None:
    """Each tool, through an agent of Assist; the stand-in books what they say."""
    await assist.add_parrot(stage.household)
    async with stage.api() as api:
        unknown = await _use(api, _ADD, amount=1)
        require(unknown == {"error": "no_such_tool"}, f"Not allowed yet: {unknown}")
        await _allow(stage, api)
        lunch: JsonObject = {"amount": 12.5, "payee": "Lidl", "memo": "Lunch"}
        first = await _use(api, _ADD, **lunch)
        require(first["status"] == _WAITING, f"Should wait: {first}")
        again = await _use(api, _ADD, **lunch)
        require(again["status"] == "already_logged", f"Is the same: {again}")
        second = await _use(api, _ADD, **lunch, another=True)
        require(second["status"] == _WAITING, f"Is another: {second}")
        income = await _use(api, _ADD, amount="0,99 €", type="income", payee="Bank")
        require(income["status"] == _WAITING, f"Should wait: {income}")
        wrong: dict[str, JsonObject] = {
            "invalid_too_precise": {"amount": 12.345},
            "invalid_arguments": {"amount": 1, "nonsense": 2},
            "missing_amount": {},
            "not_a_name": {"amount": 1, "account": "1"},
        }
        for error, arguments in wrong.items():
            refused = await _use(api, _ADD, **arguments)
            require(refused["error"] == error, f"{arguments}: {refused}")
        await _use(api, _ADD, amount=3, payee="Mistake")
        undone = await _use(api, _UNDO)
        require(undone["status"] == "taken_back", f"Was not sent yet: {undone}")
        await stage.until_waiting(0)
        status = await _use(api, _STATUS)
        require(status["waiting_to_be_sent"] == 0, f"Nothing waits: {status}")
        require(status["sent_but_not_booked_yet"] == 3, f"No app was open: {status}")
    await _until_booked(
        stage, [(0, 990, "Bank"), (12_500, 0, "Lidl"), (12_500, 0, "Lidl")]
    )


async def ask(stage: Stage) -> None:
    """Above the limit a repair and a phone ask; what they answer is done, once."""
    await assist.add_parrot(stage.household)
    async with (
        stage.api() as api,
        companion(api, stage.household.installation) as phone,
    ):

        async def is_known() -> bool:
            return _PHONE in await api.actions("notify")

        await until(is_known, "There should be a phone")
        await _allow(stage, api, agent_phone=_PHONE)
        notices = []
        for payee in ("Landlord", "Garage", "Mistake"):
            asked = await _use(api, _ADD, amount=980, payee=payee)
            require(asked["status"] == _ASKED, f"Should ask: {asked}")
            notices.append(await phone.notification())
            require("980" not in notices[-1].message, "The notice shows the amount")
        rows = await stage.unfinished()
        require(not rows, f"Nothing is logged yet: {rows}")
        await phone.press(notices[0], "Log it")
        await phone.press(notices[2], "Do not log it")

        async def is_one_left() -> bool:
            return [issue.kind for issue in await api.issues(DOMAIN)] == [_ISSUE]

        await until(is_one_left, "One question should be left")
        issue = await stage.until_issue(_ISSUE)
        step = await api.start_fix(DOMAIN, issue)
        step = await api.submit(step, {"answer": "log"})
        require(step.kind == "create_entry", f"Should be done: {step}")
        for notice in notices:
            await phone.press(notice, "Log it")  # too late
        await stage.until_no_issue()
    await _until_booked(stage, [(980_000, 0, "Garage"), (980_000, 0, "Landlord")])


async def _allow(stage: Stage, api: Api, **chosen: Json) -> None:
    """Allow agents in the options, as a person does."""
    step = await api.start_options(stage.household.entry)
    step = await api.choose(step, "agents")
    step = await api.submit(step, {"ai_agents": True, **chosen})
    require(step.kind == "create_entry", f"The options were not kept: {step}")


async def _use(api: Api, tool: str, **arguments: Json) -> JsonObject:
    """Let the agent use a tool; return what it is told."""
    order = f"Use {tool} {json.dumps(arguments)}"
    said = await assist.process(api, order, agent_id=assist.PARROT)
    answer: Json = json.loads(said)
    return to_object(answer)


async def _until_booked(stage: Stage, expected: list[tuple[int, int, str]]) -> None:
    """Let the app be opened until this is booked, and nothing else."""

    def booked() -> list[tuple[int, int, str]]:
        stage.server.apply()
        return sorted(
            (each.outflow, each.inflow, each.payee or "")
            for each in stage.server.bookings
        )

    async def is_so() -> bool:
        return booked() == expected

    await until(is_so, f"Should be booked: {expected}", patience=30)
    rows = await stage.unfinished()
    require(not any(row["state"] == "waiting" for row in rows.values()), f"{rows}")
