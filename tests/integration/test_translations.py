"""Texts, forms and icons agree with each other and with the code."""

from collections.abc import Iterator
from dataclasses import fields
from functools import partial
from itertools import product
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components import budgero
from custom_components.budgero import agent_log, forms, preset_repairs
from custom_components.budgero.action_schemas import (
    ADD_TRANSACTION_SCHEMA,
    ADD_TRANSFER_SCHEMA,
    GET_NAMES_SCHEMA,
    GET_QUEUE_SCHEMA,
    REMOVE_TRANSACTION_SCHEMA,
    RETRY_TRANSACTION_SCHEMA,
    UPDATE_TRANSACTION_SCHEMA,
)
from custom_components.budgero.binary_sensor import BINARY_SENSORS
from custom_components.budgero.button import BUTTONS, TEST_KEY
from custom_components.budgero.config_flow import BudgeroConfigFlow
from custom_components.budgero.const import CONF_ACCOUNT, CONF_IS_DEFAULT, DOMAIN
from custom_components.budgero.decision_flow import (
    ALL,
    ANSWERS,
    CONF_SCOPE,
    CONF_TRANSACTIONS,
    MORE,
    TICKED,
    DecisionFlow,
)
from custom_components.budgero.engine import outbox
from custom_components.budgero.engine.draft import Defaults, Draft, resolve
from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    Directory,
    Kind,
    NameIndex,
    NamesProblem,
    Source,
)
from custom_components.budgero.engine.places import Places
from custom_components.budgero.engine.preset import Preset
from custom_components.budgero.engine.preset_draft import resolve_with
from custom_components.budgero.engine.push import (
    Direction,
    KeyProof,
    ServerAddress,
    SpaceKey,
    TokenOwner,
    parse_id,
    parse_token,
)
from custom_components.budgero.engine.push.errors import (
    BudgeroError,
    InputProblem,
    InvalidInputError,
    NotAllowedError,
    PushError,
    UnsupportedError,
)
from custom_components.budgero.engine.split_draft import SPLIT_FIELDS
from custom_components.budgero.engine.transfer_draft import (
    TransferDraft,
    resolve_transfer,
)
from custom_components.budgero.engine.update_draft import UpdateDraft, resolve_update
from custom_components.budgero.errors import (
    to_action_error,
    to_change_error,
    to_queue_error,
)
from custom_components.budgero.event import TRANSACTION
from custom_components.budgero.names_by_hand_flow import parse_name
from custom_components.budgero.number import AMOUNT
from custom_components.budgero.options_flow import BudgeroOptionsFlow
from custom_components.budgero.preset_button import LOG
from custom_components.budgero.problems import Problem
from custom_components.budgero.repairs import HOLD_ANSWERS, HoldFlow
from custom_components.budgero.sensor import SENSORS
from custom_components.budgero.services import BudgeroService
from custom_components.budgero.transaction_label import WORDS
from custom_components.budgero.trigger import TRIGGERS
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import selector, service, translation
from homeassistant.helpers.translation import recursive_flatten
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict
from tests.engine.named import NAMES, NO_NAMES

from .flows import TYPED
from .support import ADD, DEFAULTS
from .texts import Texts, placeholders_in

type Refusal = tuple[str, InputProblem]

FOLDER = Path(budgero.__file__).parent
DRAFT_FIELDS = [field.name for field in fields(Draft)]
_STEP = "async_step_"
GOOD_KEY = "x7B7" * 10 + "x7A="
HOSTILE: tuple[object, ...] = (
    *("", " ", "x", "12.5", "1.234", "1,000", "1.2345", "-1", "0", "nan", "12 €"),
    *("12 $", "unknown", "{{ x }}"),
    *("2026-02-30", "1969-12-31", "2099-01-01", "2026-01-01", "\x07", "é", "\ud800"),
    *("x" * 2001, "9" * 15, "9" * 400, "expense", "income", "transfer"),
    *(True, 0, -1, 1, 12.5, 1.00001, 1e14, 1e300, float("inf"), float("nan")),
    *(2**53, 10**400, [], {}, (1, 2), b"x", object()),
)


@pytest.fixture(autouse=True)
async def _loaded(hass: HomeAssistant) -> None:
    """Load the integration, and with it its texts."""
    assert await async_setup_component(hass, DOMAIN, {})


def _refusal(function: Any, *args: object) -> Iterator[Refusal]:
    """Return how a function refuses its arguments, if it does."""
    try:
        function(*args)
    except InvalidInputError as error:
        yield error.field, error.problem


def refused_drafts() -> set[Refusal]:
    """Return every field that an action can refuse, with every reason."""
    now = dt_util.now()
    defaults = Defaults(account=1, category=1, budget=1, currency="EUR")
    nothing = Defaults(account=None, category=None, budget=None, currency="EUR")
    drafts = [
        Draft(**({way: 1} | {name: value}))
        for name in DRAFT_FIELDS
        for value in HOSTILE
        for way in ("amount", "outflow", "inflow")
    ]
    found = {
        refusal
        for draft in drafts
        for refusal in _refusal(resolve, draft, defaults, NO_NAMES, now)
    }
    found |= set(_refusal(resolve, Draft(), defaults, NO_NAMES, now))
    found |= set(_refusal(resolve, Draft(amount=1), nothing, NO_NAMES, now))
    found |= set(_refusal(resolve, Draft(amount=1, account=1), nothing, NO_NAMES, now))
    for said in ({"amount": 3}, {"amount": 2, "category": 1}):
        divided = Draft(**said, splits=({"amount": 1, "category": 1},) * 2)
        found |= set(_refusal(resolve, divided, defaults, NO_NAMES, now))
    return found | refused_names() | refused_transfers() | refused_updates()


def refused_names() -> set[Refusal]:
    """Return every reason for which something that is known by name is refused."""
    now = dt_util.now()
    defaults = Defaults(account=1, category=5, budget=1, currency="EUR")
    drafts = [
        Draft(amount=1, **{name: value})
        for name in ("account", "category", "budget")
        for value in ("Saving", "Fun", "2026", "Old Card", "Wallet", 8)
    ]
    lines = [{"amount": 1, "category": 5}, {"amount": 1, "transfer_account": 3}]
    drafts.append(Draft(amount=2, splits=lines))
    found = {
        refusal
        for draft in drafts
        for refusal in _refusal(resolve, draft, defaults, NAMES, now)
    }
    preset = Preset(preset_id="x", name="x", account=3, amount="1", currency="EUR")
    return found | set(_refusal(resolve_with, preset, Draft(), defaults, NAMES, now))


def refused_transfers() -> set[Refusal]:
    """Return every field of a transfer that can be refused, with every reason."""
    now = dt_util.now()
    defaults = Defaults(account=1, category=1, budget=1, currency="EUR")
    said = {"from_account": 1, "to_account": 2, "amount": 1}
    drafts = [
        TransferDraft(**(said | {field.name: value}))
        for field in fields(TransferDraft)
        for value in HOSTILE
    ]
    return {
        refusal
        for draft in drafts
        for refusal in _refusal(resolve_transfer, draft, defaults, NO_NAMES, now)
    }


def refused_updates() -> set[Refusal]:
    """Return every field of a change that can be refused, with every reason."""
    now = dt_util.now()
    places = Places(NO_NAMES, 1, "EUR")
    drafts = [
        UpdateDraft(**({"message_id": "m"} | {field.name: value}))
        for field in fields(UpdateDraft)
        for value in HOSTILE
    ]
    return {
        refusal
        for draft in drafts
        for refusal in _refusal(resolve_update, draft, places, None, now)
    }


def refused_forms() -> set[Refusal]:
    """Return every field that a form can refuse, with every reason."""
    texts = [value for value in HOSTILE if isinstance(value, str)]
    texts += ["https://", "ftp://a", "https://a:b@c", "https://a/b", "http://8.8.8.8"]
    texts += [GOOD_KEY, "Bearer x", "0" * 64]
    found = set()
    for text in texts:
        for parse in (ServerAddress.parse, SpaceKey.parse, parse_token):
            found |= set(_refusal(parse, text))
    same = {"token": "0" * 64, "space_key": "0" * 64}
    found |= set(_refusal(forms.parse_credentials, same))
    whole = {"username": "x", "password": "x", "plain_http": False}
    users: list[dict[str, Any]] = [{"username": "x"}, {"password": "x"}, whole]
    for user in users:
        ask = partial(forms.parse_user, user, None, is_exposed=True)
        found |= set(_refusal(ask))
    return found | refused_defaults()


def refused_defaults() -> set[Refusal]:
    """Return every field of the defaults that can be refused, with every reason."""
    twice = ("Twice", "Twice")
    names = Directory(
        budgets=tuple(Budget(id=n, name=name) for n, name in enumerate(twice, 1)),
        accounts=(
            *(Account(id=n, name=name) for n, name in enumerate(twice, 1)),
            Account(id=3, name="Archived", is_archived=True),
            Account(id=4, name="Coins", currency="BTC"),
        ),
        categories=(
            *(Category(id=n, name=name) for n, name in enumerate(twice, 1)),
            Category(id=3, name="Elsewhere", budget=2),
        ),
    )
    entries = [
        (Directory(), "0"),
        (names, ""),
        (names, "0"),
        (names, "Twice"),
        (names, "nothing"),
    ]
    entries += [(names, "3"), (names, "4")]
    return {
        refusal
        for directory, text in entries
        for field in ("account", "category", "budget")
        for refusal in _refusal(
            forms.parse_defaults, TYPED | {field: text}, NameIndex(directory), None
        )
    }


def refused_names_by_hand() -> set[Refusal]:
    """Return every field of a name by hand that can be refused, with every reason."""
    return {
        *_refusal(parse_id, "0", "id"),
        *_refusal(parse_name, Kind.PAYEE, {"name": " "}, -1),
    }


def steps_of(flow: type) -> set[str]:
    """Return the steps of a flow, without those that Home Assistant gives it."""
    own = [
        each for each in flow.__mro__ if each.__module__.startswith(budgero.__name__)
    ]
    names = (name for each in own for name in vars(each) if name.startswith(_STEP))
    return {name.removeprefix(_STEP) for name in names}


def push_errors(kind: type[PushError] = PushError) -> set[type[PushError]]:
    """Return all ways in which an exchange can end badly."""
    below = set(kind.__subclasses__())
    return below.union(*(push_errors(error) for error in below))


def keys_of(texts: dict[str, str], *levels: str) -> set[str]:
    """Return the names that come next below some levels."""
    prefix = "".join(f"{level}." for level in levels)
    return {
        key.removeprefix(prefix).split(".")[0]
        for key in texts
        if key.startswith(prefix)
    }


async def test_every_refusal_of_the_action_has_its_text(texts: Texts) -> None:
    """Each text names the field, and there is none for what cannot happen."""
    missing = {
        f"missing_{field}"
        for field, problem in refused_drafts()
        if problem == "missing"
    }
    invalid = {
        f"invalid_{problem}" for _, problem in refused_drafts() if problem != "missing"
    }
    exceptions = keys_of(await texts.all_of("exceptions"))
    assert {key for key in exceptions if key.startswith("missing_")} == missing
    assert {key for key in exceptions if key.startswith("invalid_")} == invalid


async def test_refusals_of_the_action_read_well(hass: HomeAssistant) -> None:
    """Each text names its field and keeps no placeholder."""
    for field, problem in refused_drafts():
        error = to_action_error(InvalidInputError(field, problem), "")
        assert isinstance(error, ServiceValidationError)
        assert field in str(error), (field, problem)
        assert str(error) != error.translation_key
        assert not placeholders_in(str(error))


def _outbox_errors() -> list[BudgeroError]:
    kinds = [getattr(outbox, name) for name in outbox.__all__ if name.endswith("Error")]
    return [kind("text for developers") for kind in kinds]


async def test_trouble_with_the_disk_reads_well(
    hass: HomeAssistant, subtests: pytest.Subtests
) -> None:
    """The text is for people, and says how to repeat the call where that helps."""
    ways = (to_action_error, to_change_error, to_queue_error)
    for error, translate in product(_outbox_errors(), ways):
        with subtests.test(error=type(error).__name__, way=translate.__name__):
            translated = translate(error, "my-id")
            assert isinstance(translated, HomeAssistantError)
            given = translated.translation_placeholders or {}
            assert all(value in str(translated) for value in given.values())
            assert not placeholders_in(str(translated))
            assert str(translated) != translated.translation_key
            assert "developers" not in str(translated)


async def test_no_exception_text_is_left_over(texts: Texts) -> None:
    """Every text belongs to something that can happen."""
    used = {
        *(
            str(to_action_error(InvalidInputError(*each), "").translation_key)
            for each in refused_drafts()
        ),
        *(
            str(to_action_error(error, "").translation_key)
            for error in _outbox_errors()
        ),
        *(str(to_queue_error(error, "").translation_key) for error in _outbox_errors()),
        *(
            str(to_change_error(UnsupportedError(is_known=known), "").translation_key)
            for known in (True, False)
        ),
        # Of what Budgero has already.
        *("not_changeable", "not_removable", "still_waiting"),
    }
    modules = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.py"))
    known = keys_of(await texts.all_of("exceptions"))
    assert used <= known
    assert {key for key in known - used if f'"{key}"' not in modules} == set()


async def test_errors_of_the_forms(texts: Texts) -> None:
    """Every refused input and every bad answer has a text, and none is left over."""
    inputs = {f"{field}_{problem}" for field, problem in refused_forms()}
    answers = {kind.code for kind in push_errors() - {NotAllowedError}}
    proofs = {f"token_{owner}" for owner in set(TokenOwner) - {TokenOwner.USER}}
    proofs.add(f"space_key_{KeyProof.WRONG}")
    config = await texts.all_of("config")
    # The server's blob is not one of the files, and no file is sealed.
    files = {f"file_{problem}" for problem in set(NamesProblem) - {"wrong_key"}}
    files.add("file_other_workspace")
    read = {*files, "names_not_read"}
    assert keys_of(config, "error") == inputs | answers | proofs | read
    typed = refused_defaults() | refused_names_by_hand()
    options = {f"{field}_{problem}" for field, problem in typed}
    assert keys_of(await texts.all_of("options"), "error") == {
        # One's own account is of the budget of the default one.
        *(*options, *files, "is_default_needed", "account_other_budget")
    }


async def test_steps_of_the_flows(texts: Texts) -> None:
    """There is a text for every step, and a step for every text."""

    silent = {  # they lead to another one, or to the end
        *("cloud", "verify", "save_anyway", "reauth"),
        *("correct_key", "other_workspace", "move"),
        *("keep_entry", "change_entry", "enabled_again"),
    }
    config = await texts.all_of("config")
    assert keys_of(config, "step") == steps_of(BudgeroConfigFlow) - silent
    assert keys_of(config, "abort") == {
        *("already_configured", "other_workspace", "storage_unavailable"),
        *("reauth_successful", "reconfigure_successful", "saved_anyway"),
        "signed_out",
    }
    options = await texts.all_of("options")
    silent = {"read_now", "finish"}
    assert keys_of(options, "step") == steps_of(BudgeroOptionsFlow) - silent
    assert keys_of(options, "abort") == {"not_loaded"}
    asked = {*DEFAULTS, CONF_IS_DEFAULT}
    for flow, text in product((config, options), ("data", "data_description")):
        assert keys_of(flow, "step", "defaults", text) == asked
        assert keys_of(flow, "step", "account", text) == {CONF_ACCOUNT}
        assert keys_of(flow, "step", "category", text) == asked - {CONF_ACCOUNT}


async def test_texts_of_the_repairs(texts: Texts) -> None:
    """There is a text for every problem, and none is left over."""
    issues = await texts.all_of("issues")
    of_files = {"kept_outbox", "kept_unreadable_outbox", "salvaged"}
    of_files |= {"foreign_outbox", "newer_outbox", "storage_unavailable"}
    others = {"default_entry", preset_repairs.ISSUE, agent_log.ISSUE}
    assert keys_of(issues) == set(Problem) | of_files | others
    for problem in set(Problem) - {*ANSWERS, *HOLD_ANSWERS}:
        assert keys_of(issues, problem) == {"title", "description"}


@pytest.mark.parametrize("problem", HOLD_ANSWERS)
async def test_texts_of_the_dialogs_about_holds(texts: Texts, problem: Problem) -> None:
    """Every answer has a label and a description, and so has every end."""
    issues = await texts.all_of("issues")
    flow = (problem, "fix_flow")
    answers = set(HOLD_ANSWERS[problem])
    assert keys_of(issues, problem) == {"title", "fix_flow"}
    assert keys_of(issues, *flow) == {"step", "abort"}
    assert keys_of(issues, *flow, "step") == {"init"}
    for texts_of_answers in ("menu_options", "menu_option_descriptions"):
        assert keys_of(issues, *flow, "step", "init", texts_of_answers) == answers
    opened = {f"enter_{answer}" for answer in answers - {"release"}}
    assert keys_of(issues, *flow, "abort") == {
        *("not_loaded", "storage_unavailable"),
        *opened,
    }
    assert answers | {"init"} <= steps_of(HoldFlow)


@pytest.mark.parametrize("problem", ANSWERS)
async def test_texts_of_the_dialogs_about_transactions(
    texts: Texts, problem: Problem
) -> None:
    """The list, every answer and every second question have their words."""
    issues = await texts.all_of("issues")
    flow = (problem, "fix_flow")
    answers = set(ANSWERS[problem])
    assert keys_of(issues, problem) == {"title", "fix_flow"}
    assert keys_of(issues, *flow) == {"step", "error", "abort"}
    lists = {"choose"}
    if problem is Problem.FAILED:
        lists.add("choose_unproven")
    asked_again = answers - {"release"}
    assert keys_of(issues, *flow, "step") == {*lists, "decide", *asked_again}
    for step in lists:
        for texts_of_fields in ("data", "data_description"):
            assert keys_of(issues, *flow, "step", step, texts_of_fields) == {
                CONF_TRANSACTIONS,
                CONF_SCOPE,
            }
    for texts_of_answers in ("menu_options", "menu_option_descriptions"):
        place = (*flow, "step", "decide", texts_of_answers)
        assert keys_of(issues, *place) == {*answers, "choose"}
    for step in asked_again:
        assert keys_of(issues, *flow, "step", step) == {
            "title",
            "description",
            "submit",
        }
    assert keys_of(issues, *flow, "error") == {"none_ticked"}
    assert keys_of(issues, *flow, "abort") == {
        *("not_loaded", "storage_unavailable"),
        *(["not_put_back"] if "put_back" in answers else []),
    }
    assert answers | lists | {"init", "decide"} <= steps_of(DecisionFlow)


async def test_words_of_the_lists(texts: Texts) -> None:
    """Every word of a line, and every scope of an answer, has a text."""
    selectors = await texts.all_of("selector")
    assert keys_of(selectors, "transaction_label", "options") == set(WORDS)
    assert keys_of(selectors, "transaction_scope", "options") == {TICKED, ALL, MORE}
    of_names = {*Kind, *Source, *NamesProblem, "none", "problem"}
    assert keys_of(selectors, "names", "options") == of_names


async def test_repairs_name_budgero_once(texts: Texts) -> None:
    """The title begins with the name of the entry, which most often is Budgero."""
    for key, text in (await texts.all_of("issues")).items():
        if key.endswith(".title") and "{title}" in text:
            assert text.replace("{title}", "Budgero").count("Budgero") == 1, key
        assert "Budgero server of {title}" not in text, key


async def test_texts_of_the_sensors(texts: Texts) -> None:
    """Every sensor has a name, and every word a text; no unit reads “1 transactions”."""
    entity = await texts.all_of("entity")
    assert keys_of(entity) == {
        *("binary_sensor", "button", "event", "number", "sensor")
    }
    assert keys_of(entity, "sensor") == {sensor.key for sensor in SENSORS}
    for sensor in SENSORS:
        assert sensor.translation_key == sensor.key
        expected = {"name"}
        if sensor.options is not None:
            expected.add("state")
        assert keys_of(entity, "sensor", sensor.key) == expected
        words = keys_of(entity, "sensor", sensor.key, "state")
        assert words == set(sensor.options or ())


async def test_texts_of_the_other_entities(texts: Texts) -> None:
    """Every name, every reason and every kind of event has a text."""
    entity = await texts.all_of("entity")
    for platform, descriptions in (
        ("binary_sensor", BINARY_SENSORS),
        ("button", (*BUTTONS, TEST_KEY, LOG)),
        ("number", (AMOUNT,)),
        ("event", (TRANSACTION,)),
    ):
        keys = [description.key for description in descriptions]
        assert [each.translation_key for each in descriptions] == keys
        assert keys_of(entity, platform) == set(keys)
        assert all(f"{platform}.{key}.name" in entity for key in keys)
    reason = ("binary_sensor", "problem", "state_attributes", "reason")
    assert keys_of(entity, *reason) == {"name", "state"}
    assert keys_of(entity, *reason, "state") == set(Problem)
    attributes = ("event", "transaction", "state_attributes")
    assert keys_of(entity, *attributes) == {"event_type", "message_ids", "count", "at"}
    kinds = keys_of(entity, *attributes, "event_type", "state")
    assert kinds == set(TRANSACTION.event_types or ())


async def test_texts_of_the_triggers(texts: Texts) -> None:
    """Every trigger and each of its fields has a name and a description."""
    described = load_yaml_dict(str(FOLDER / "triggers.yaml"))
    triggers = await texts.all_of("triggers")
    assert keys_of(triggers) == set(described) == set(TRIGGERS)
    for key, trigger in described.items():
        assert keys_of(triggers, key) == {"name", "description", "fields"}
        assert keys_of(triggers, key, "fields") == set(trigger["fields"])
        for name in trigger["fields"]:
            assert keys_of(triggers, key, "fields", name) == {"name", "description"}


def described_fields(action: str = ADD) -> dict[str, dict[str, Any]]:
    """Return the fields that services.yaml describes, those in sections too."""
    described = load_yaml_dict(str(FOLDER / "services.yaml"))
    fields: dict[str, dict[str, Any]] = {}
    for name, field in described[action]["fields"].items():
        fields |= field.get("fields", {name: field})
    return fields


def sections() -> set[str]:
    """Return the sections of services.yaml."""
    described = load_yaml_dict(str(FOLDER / "services.yaml"))[ADD]["fields"]
    return {name for name, field in described.items() if "fields" in field}


def test_description_of_the_action_is_valid() -> None:
    """Home Assistant only warns of a broken one, and then shows nothing."""
    described = load_yaml_dict(str(FOLDER / "services.yaml"))
    service._SERVICES_SCHEMA(described)  # noqa: SLF001
    assert set(described) == set(BudgeroService)
    for action in BudgeroService:
        for field in described_fields(action).values():
            selector.selector(field["selector"])


def test_description_and_schema_agree() -> None:
    """What can be said can be seen, and the other way round."""
    accepted = {str(name) for name in ADD_TRANSACTION_SCHEMA.schema}
    assert set(described_fields()) == accepted
    assert accepted == {*DRAFT_FIELDS, "undo", "wait", "config_entry_id"}
    # The amount may come from a preset, and no form lets out what is required.
    assert not any(field.get("required") for field in described_fields().values())


@pytest.mark.parametrize(
    ("action", "schema"),
    [
        (BudgeroService.GET_NAMES, GET_NAMES_SCHEMA),
        (BudgeroService.GET_QUEUE, GET_QUEUE_SCHEMA),
        (BudgeroService.RETRY_TRANSACTION, RETRY_TRANSACTION_SCHEMA),
        (BudgeroService.REMOVE_TRANSACTION, REMOVE_TRANSACTION_SCHEMA),
        (BudgeroService.ADD_TRANSFER, ADD_TRANSFER_SCHEMA),
        (BudgeroService.UPDATE_TRANSACTION, UPDATE_TRANSACTION_SCHEMA),
    ],
)
async def test_the_other_actions_agree(
    texts: Texts, action: str, schema: vol.Schema
) -> None:
    """Schema, description and texts name the same fields."""
    fields = described_fields(action)
    assert {str(name) for name in schema.schema} == set(fields)
    required = {name for name in schema.schema if isinstance(name, vol.Required)}
    assert {name for name, field in fields.items() if field.get("required")} == {
        str(name) for name in required
    }
    services = await texts.all_of("services")
    assert keys_of(services, action) == {"name", "description", "fields"}
    assert keys_of(services, action, "fields") == set(fields)
    for name in fields:
        assert keys_of(services, action, "fields", name) == {"name", "description"}


def test_examples_of_the_action_work() -> None:
    """Each example that a person copies is accepted."""
    now = dt_util.now()
    defaults = Defaults(account=2, category=None, budget=2, currency="EUR")
    examples = {
        name: field["example"]
        for name, field in described_fields().items()
        if "example" in field
    }
    for way in ("amount", "outflow", "inflow"):
        others = {"amount", "outflow", "inflow"} - {way}
        said = {name: value for name, value in examples.items() if name not in others}
        resolved = resolve(Draft(**said), defaults, NAMES, now)
        assert resolved.message_id is not None
        assert resolved.transaction.account == 1


async def test_texts_of_the_action(texts: Texts) -> None:
    """Every field and section has its texts, every choice its label."""
    services = await texts.all_of("services")
    assert keys_of(services) == set(BudgeroService)
    assert keys_of(services, ADD) == {"name", "description", "fields", "sections"}
    assert keys_of(services, ADD, "fields") == set(described_fields())
    for name in described_fields():
        assert keys_of(services, ADD, "fields", name) == {"name", "description"}
    assert keys_of(services, ADD, "sections") == sections()
    choices = await texts.all_of("selector")
    options = described_fields()["type"]["selector"]["select"]["options"]
    assert {"transaction_type", "split"} <= keys_of(choices)
    lines = described_fields()["splits"]["selector"]["object"]["fields"]
    assert keys_of(choices, "split", "fields") == set(lines) == set(SPLIT_FIELDS)
    for name in lines:
        assert keys_of(choices, "split", "fields", name) == {"name", "description"}
    assert keys_of(choices, "transaction_type", "options") == set(options)
    assert set(options) == set(Direction)


def test_icons() -> None:
    """Everything has an icon, but for the binary sensors, whose class has one."""
    icons = json.loads((FOLDER / "icons.json").read_text("utf-8"))
    assert set(icons) == {"entity", "services", "triggers"}
    assert set(icons["entity"]) == {"button", "event", "number", "sensor"}
    assert set(icons["entity"]["number"]) == {AMOUNT.key}
    buttons = (*BUTTONS, TEST_KEY, LOG)
    assert set(icons["entity"]["button"]) == {button.key for button in buttons}
    assert set(icons["entity"]["sensor"]) == {sensor.key for sensor in SENSORS}
    event = icons["entity"]["event"]["transaction"]
    kinds = event["state_attributes"]["event_type"]["state"]
    assert set(kinds) == set(TRANSACTION.event_types or ())
    assert all(binary_sensor.device_class for binary_sensor in BINARY_SENSORS)
    assert set(icons["triggers"]) == set(TRIGGERS)
    assert set(icons["services"]) == set(BudgeroService)
    assert set(icons["services"][ADD]["sections"]) == sections()


def test_texts_are_plain() -> None:
    """No text says "queued" of our own waiting, and none has a link in it."""
    text = (FOLDER / "translations" / "en.json").read_text("utf-8")
    assert "queued" not in text
    assert "http://my" not in text
    assert json.loads(text).keys() == {
        *("common", "config", "config_subentries", "entity", "exceptions", "issues"),
        *("options", "selector", "services", "system_health", "triggers"),
    }


async def test_every_step_can_be_formatted(
    hass: HomeAssistant, entry: MockConfigEntry, texts: Texts
) -> None:
    """No text has a placeholder that nobody fills in."""
    known = {
        "config": {"url", "example", "name", "count", "title", "known", "near"},
        "config_subentries": {"near"},
        "options": {
            *("source", "accounts", "categories", "payees", "by_hand"),
            *("count", "near", "call", "day"),
        },
        "issues": {
            *("title", "count", "file", "preset"),
            *("first", "last", "elsewhere", "chosen"),
        },
        "exceptions": {"field", "fields", "message_id", "code"},
        "services": set(),
        "entity": set(),
        "selector": set(),
        "triggers": set(),
    }
    for category, placeholders in known.items():
        for key, text in (await texts.all_of(category)).items():
            assert placeholders_in(text) <= placeholders, f"{category}.{key}"


@pytest.mark.parametrize(
    "language",
    sorted(file.stem for file in (FOLDER / "translations").glob("*.json")),
)
async def test_home_assistant_takes_every_language(
    hass: HomeAssistant, texts: Texts, language: str
) -> None:
    """Home Assistant would show English where placeholders differ, and log it."""
    file = FOLDER / "translations" / f"{language}.json"
    told = json.loads(file.read_text("utf-8"))
    for category in ("config", "entity", "exceptions", "issues", "options", "services"):
        prefix = f"component.{DOMAIN}.{category}."
        found = await translation.async_get_translations(
            hass, language, category, {DOMAIN}
        )
        shown = {
            key.removeprefix(prefix): text
            for key, text in found.items()
            if key.startswith(prefix)
        }
        assert shown == recursive_flatten("", told[category])
        assert shown.keys() == (await texts.all_of(category)).keys()
