"""What AI agents are told: prompt, results and refusals, in English.

The results repeat what was logged, so that the agent can read it back. They have no
word that could mean "booked". The error texts of the actions are written for people who
write automations. A model that reads them rounds, converts or guesses IDs, so refusals
have texts of their own.
"""

from typing import Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.llm import ToolResult
from homeassistant.util.json import JsonObjectType, JsonValueType

from .agent_wish import Answer
from .engine.outbox import State
from .engine.push import currency_decimals
from .fates import Fate
from .spoken_log import Logged, Noted

PROMPT: Final = (
    "Budgero is this household's budget. When somebody says that they spent, paid,"
    " earned or received money, log it with budgero__add_transaction, once for each"
    " purchase or income. Amounts are in {currency} unless the account says otherwise;"
    " never convert or add them up yourself. What is logged waits to be sent:"
    " never say that it was booked."
)
"""The household's `currency` is filled in."""

_ANSWERS: Final = {
    Answer.ALREADY_LOGGED: (
        "Nothing was logged now, because the same was logged a moment ago. If the person"
        " really means a second one, call again with another: true."
    ),
    Answer.ASKED: (
        "NOT logged. The amount is above what an AI agent may log by itself, for one"
        " transaction or for a day. An administrator is asked in Home Assistant, under"
        " Settings > System > Repairs. Tell the person so. Do not call again, and do not"
        " divide the amount."
    ),
    Answer.DECLINED: (
        "NOT logged. An administrator was asked about the same and has declined it."
    ),
    Answer.TOO_MANY: (
        "NOT logged. Too many transactions already wait for an administrator, in Home"
        " Assistant under Settings > System > Repairs."
    ),
}
_STATUS: Final = {
    Answer.ALREADY_LOGGED: "already_logged",
    Answer.ASKED: "not_logged_an_administrator_is_asked",
    Answer.DECLINED: "not_logged_declined",
    Answer.TOO_MANY: "not_logged_too_many_questions",
}

_FATES: Final = {
    Fate.UNSENT: (
        "taken_back",
        "It was not sent, and never will be.",
    ),
    Fate.REMOVED: (
        "removed_here_but_may_be_booked",
        "It is not sent any more, but Budgero may have it already.",
    ),
    Fate.DELETING: (
        "budgero_is_asked_to_delete_it",
        "Budgero has it already, and is asked to delete it.",
    ),
    Fate.TOO_LATE: (
        "too_late",
        "It was sent and stays. It can only be deleted in the Budgero app.",
    ),
}

STANDS: Final = {
    State.WAITING: "waiting_to_be_sent",
    State.ACCEPTED: "sent_but_not_booked_yet",
    State.PROCESSED: "booked",
    State.REMOVED: "taken_back",
}
"""What became of a transaction; the other states need a person."""

_HINTS: Final = {
    "missing_amount": "The amount is missing. Ask the person for it.",
    "invalid_ambiguous": (
        "The amount can be read in two ways. Send a plain number, such as 1234.5, if you"
        " are sure what the person meant. Otherwise ask."
    ),
    "invalid_not_a_number": (
        "The amount cannot be read. Send one plain number, such as 12.5. If there are"
        " several amounts, call once for each."
    ),
    "invalid_not_positive": (
        "The amount must be above zero. For money that was received set type to income."
    ),
    "invalid_other_currency": (
        "The account has another currency. Do not convert the amount: ask the person for"
        " the amount in the currency of the account."
    ),
    "invalid_too_precise": (
        "The amount has more decimals than the currency of the account. Do not round it:"
        " ask the person for the exact amount."
    ),
    "invalid_unknown_name": (
        "No {field} is called so. Take one of the choices only if it is clearly what the"
        " person meant. Otherwise ask, or leave {field} out."
    ),
    "invalid_ambiguous_name": (
        "More than one {field} is called so, and they cannot be told apart here. Leave"
        " {field} out, or take another one that the person agrees to."
    ),
    "invalid_other_budget": (
        "This {field} is in another budget, where AI agents cannot log. Take one of the"
        " choices only if the person agrees."
    ),
    "invalid_not_an_id": (
        "No name is known here that a {field} could have. Leave {field} out."
    ),
    "not_a_name": "{field} must be a name, never a number. Leave {field} out or ask.",
    "missing_account": (
        "No account is the default one. Ask the person which of the choices it was."
    ),
    "may_not_log": (
        "This person may not log transactions. An administrator can allow it."
    ),
    "turned_off": "AI agents may not use Budgero in this household.",
    "nothing_to_take_back": (
        "This person has logged nothing in the last minutes, or it was taken back"
        " elsewhere. Older transactions can only be changed in the Budgero app."
    ),
    "storage_failed": (
        "It was not saved, because the disk of Home Assistant is full or failing. Tell"
        " the person."
    ),
    "failed": "Something went wrong, and it may be half done. Do not repeat it.",
}
"""Sentences for refusals, by translation key; the others have those of the actions."""


def refusal(key: str, field: str = "", **more: JsonValueType) -> ToolResult:
    """Return a refusal that has a sentence here.

    Args:
        key: of the sentence.
        field: the name of the argument that it is about.
        more: what the agent is told besides.
    """
    return _refused(key, _HINTS[key].format(field=field), more)


def refusal_of(error: HomeAssistantError, **more: JsonValueType) -> ToolResult:
    """Return the refusal for an error; nothing was done."""
    key = error.translation_key or "failed"
    field = (error.translation_placeholders or {}).get("field", "")
    hint = _HINTS.get(key)
    return _refused(key, hint.format(field=field) if hint else str(error), more)


def wrong_arguments(problem: str) -> ToolResult:
    """Return the refusal of arguments that do not fit the schema."""
    return _refused("invalid_arguments", problem, {})


def _refused(key: str, sentence: str, more: JsonObjectType) -> ToolResult:
    message = sentence if key == "failed" else f"Nothing was done. {sentence}"
    return ToolResult({"error": key, "message": message, **more}, error=True)


def answer_result(answer: Answer) -> ToolResult:
    """Return why nothing was logged, which is no error."""
    return ToolResult({"status": _STATUS[answer], "message": _ANSWERS[answer]})


def noted_result(noted: Noted) -> ToolResult:
    """Return what was logged."""
    said: JsonObjectType = {
        "status": "waiting_to_be_sent",
        "message": (
            "Noted, not booked. Home Assistant sends it to Budgero; it is in the budget"
            " once somebody opens the Budgero app. Do not call again for the same."
        ),
    }
    if noted.hold is not None:
        said = {
            "status": "kept_but_not_sent",
            "message": (
                "Noted, not booked and not sent: Home Assistant holds it until a person"
                " has looked at Settings > System > Repairs. Do not call again."
            ),
            "held_because_of": str(noted.hold),
        }
    return ToolResult({**said, **_content(noted.logged)})


def taken_result(taken: Logged, fate: Fate) -> ToolResult:
    """Return what became of a transaction that was taken back."""
    status, message = _FATES[fate]
    return ToolResult({"status": status, "message": message, **_content(taken)})


def _content(logged: Logged) -> JsonObjectType:
    """Repeat what is logged, for the agent to read back."""
    transaction, decimals = logged.transaction, currency_decimals(logged.currency)
    return {
        "amount": f"{transaction.amount:.{decimals}f}",
        "currency": logged.currency,
        "type": str(transaction.direction),
        "date": transaction.date.isoformat(),
        "payee": _as_said(transaction.payee, logged.said.payee),
        "memo": _as_said(transaction.memo, logged.said.memo) or None,
        "account": logged.account,
    }


def _as_said(stored: str | None, said: object) -> str | None:
    """Return a text that the agent has given; it is not told that of a preset."""
    return stored if isinstance(said, str) and said.strip() == stored else None
