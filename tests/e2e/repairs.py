"""Answering the repairs of the integration, as a person does."""

from tests.e2e.api import Api, FlowStep, Issue
from tests.e2e.json_value import JsonObject
from tests.e2e.main_job import DOMAIN, MainJobError

_TRANSACTIONS = "transactions"
_SCOPE = "scope"


async def find_issue(api: Api, kind: str) -> Issue | None:
    """Return the repair of a kind, if one is shown."""
    issues = [issue for issue in await api.issues(DOMAIN) if issue.kind == kind]
    return issues[0] if issues else None


async def answer_issue(api: Api, issue: Issue, answer: str | None = None) -> None:
    """Choose an answer for all of its transactions, and confirm if it asks.

    Args:
        api: of Home Assistant.
        issue: what to answer.
        answer: from its menu, `None` if it is only to be confirmed.

    Raises:
        MainJobError: the dialog took an unexpected step.
    """
    step = await api.start_fix(DOMAIN, issue)
    if answer is not None:
        if _TRANSACTIONS in step.fields:
            step = await api.submit(step, _take_all(step))
        _expect(step, "menu")
        step = await api.choose(step, answer)
    if step.kind == "form":
        step = await api.submit(step, {})
    _expect(step, "create_entry")


def _take_all(step: FlowStep) -> JsonObject:
    """Return the choice of everything that is listed; one alone is only ticked."""
    if _SCOPE in step.fields:
        return {_SCOPE: "all"}
    return {_TRANSACTIONS: step.fields[_TRANSACTIONS]}


def _expect(step: FlowStep, kind: str) -> None:
    if step.kind != kind:
        raise MainJobError(
            f"The repair should show {kind}, not {step.kind} {step.reason or ''}"
        )
