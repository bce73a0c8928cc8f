"""Texts, forms and icons agree with each other and with the code."""

from collections.abc import Callable, Iterator
from dataclasses import fields
import json
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components import budgero
from custom_components.budgero import forms
from custom_components.budgero.config_flow import BudgeroConfigFlow, BudgeroOptionsFlow
from custom_components.budgero.const import DOMAIN
from custom_components.budgero.coordinator import Source
from custom_components.budgero.engine import outbox
from custom_components.budgero.engine.draft import Defaults, Draft, resolve
from custom_components.budgero.engine.push import ServerAddress, SpaceKey, parse_token
from custom_components.budgero.engine.push.errors import (
    BudgeroError,
    InputProblem,
    InvalidInputError,
    NotAllowedError,
    PushError,
)
from custom_components.budgero.engine.push.transaction import Direction
from custom_components.budgero.errors import to_action_error, to_queue_error
from custom_components.budgero.repairs import VanishedFlow
from custom_components.budgero.sensor import SENSORS
from custom_components.budgero.services import (
    ADD_TRANSACTION_SCHEMA,
    GET_QUEUE_SCHEMA,
    REMOVE_TRANSACTION_SCHEMA,
    RETRY_TRANSACTION_SCHEMA,
    BudgeroService,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import selector, service
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.yaml import load_yaml_dict

from .support import ADD, DEFAULTS
from .texts import Texts, placeholders_in

type Refusal = tuple[str, InputProblem]

FOLDER = Path(budgero.__file__).parent
DRAFT_FIELDS = [field.name for field in fields(Draft)]
GOOD_KEY = "x7B7" * 10 + "x7A="
HOSTILE: tuple[object, ...] = (
    *("", " ", "x", "12.5", "1.234", "1,000", "1.2345", "-1", "0", "nan", "12 €"),
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
    today = dt_util.now().date()
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
        for refusal in _refusal(resolve, draft, defaults, today)
    }
    found |= set(_refusal(resolve, Draft(), defaults, today))
    found |= set(_refusal(resolve, Draft(amount=1), nothing, today))
    return found | set(_refusal(resolve, Draft(amount=1, account=1), nothing, today))


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
    for name in ("account", "category", "budget"):
        values = DEFAULTS | {name: 0}
        found |= set(_refusal(forms.parse_defaults, values))
    return found


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


@pytest.mark.parametrize(
    "error", _outbox_errors(), ids=lambda error: type(error).__name__
)
@pytest.mark.parametrize("translate", [to_action_error, to_queue_error])
async def test_trouble_with_the_disk_reads_well(
    hass: HomeAssistant,
    error: BudgeroError,
    translate: Callable[[BudgeroError, str], HomeAssistantError],
) -> None:
    """The text is for people, and says how to repeat the call where that helps."""
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
        # Of set-up, and of choosing an entry.
        *("newer_outbox", "unusable_outbox", "several_entries", "not_confirmed"),
    }
    assert keys_of(await texts.all_of("exceptions")) == used


async def test_errors_of_the_forms(texts: Texts) -> None:
    """Every refused input and every bad answer has a text, and none is left over."""
    inputs = {f"{field}_{problem}" for field, problem in refused_forms()}
    answers = {kind.code for kind in push_errors() - {NotAllowedError}}
    config = await texts.all_of("config")
    assert keys_of(config, "error") == inputs | answers
    defaults = {f"{name}_not_an_id" for name in ("account", "category", "budget")}
    assert keys_of(await texts.all_of("options"), "error") == defaults


async def test_steps_of_the_flows(texts: Texts) -> None:
    """There is a text for every step, and a step for every text."""

    def steps_of(flow: type) -> set[str]:
        names = (name for name in vars(flow) if name.startswith("async_step_"))
        return {name.removeprefix("async_step_") for name in names}

    silent = {"cloud", "verify", "save_anyway", "reauth"}  # they lead to another one
    config = await texts.all_of("config")
    assert keys_of(config, "step") == steps_of(BudgeroConfigFlow) - silent
    assert keys_of(config, "abort") == {"already_configured", "reauth_successful"}
    options = await texts.all_of("options")
    assert keys_of(options, "step") == steps_of(BudgeroOptionsFlow)
    fixed = await texts.all_of("issues")
    steps = keys_of(fixed, "vanished", "fix_flow", "step")
    assert steps == steps_of(VanishedFlow) - {"init"}
    assert keys_of(fixed) == {
        *("held_address", "held_certificate", "vanished"),
        *("kept_outbox", "kept_unreadable_outbox"),
    }
    for text in ("data", "data_description"):
        assert keys_of(config, "step", "defaults", text) == set(DEFAULTS)
        assert keys_of(options, "step", "init", text) == set(DEFAULTS)


async def test_texts_of_the_sensors(texts: Texts) -> None:
    """Every sensor has a name and, if it counts, a unit; every word has a text."""
    entity = await texts.all_of("entity")
    assert keys_of(entity, "sensor") == {sensor.key for sensor in SENSORS}
    for sensor in SENSORS:
        assert sensor.translation_key == sensor.key
        second = "state" if sensor.options else "unit_of_measurement"
        assert keys_of(entity, "sensor", sensor.key) == {"name", second}
    words = keys_of(entity, "sensor", "statistics_source", "state")
    assert words == set(Source)


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
    assert accepted == {*DRAFT_FIELDS, "wait", "config_entry_id"}
    assert not any(field.get("required") for field in described_fields().values())


@pytest.mark.parametrize(
    ("action", "schema"),
    [
        (BudgeroService.GET_QUEUE, GET_QUEUE_SCHEMA),
        (BudgeroService.RETRY_TRANSACTION, RETRY_TRANSACTION_SCHEMA),
        (BudgeroService.REMOVE_TRANSACTION, REMOVE_TRANSACTION_SCHEMA),
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
    today = dt_util.now().date()
    defaults = Defaults(account=1, category=None, budget=1, currency="EUR")
    examples = {
        name: field["example"]
        for name, field in described_fields().items()
        if "example" in field
    }
    for way in ("amount", "outflow", "inflow"):
        others = {"amount", "outflow", "inflow"} - {way}
        said = {name: value for name, value in examples.items() if name not in others}
        assert resolve(Draft(**said), defaults, today).message_id is not None


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
    assert keys_of(choices) == {"transaction_type"}
    assert keys_of(choices, "transaction_type", "options") == set(options)
    assert set(options) == set(Direction)


def test_icons() -> None:
    """Every sensor, action and section has an icon, and nothing else."""
    icons = json.loads((FOLDER / "icons.json").read_text("utf-8"))
    assert set(icons) == {"entity", "services"}
    assert set(icons["entity"]["sensor"]) == {sensor.key for sensor in SENSORS}
    assert set(icons["services"]) == set(BudgeroService)
    assert set(icons["services"][ADD]["sections"]) == sections()


def test_texts_are_plain() -> None:
    """No text says "queued" of our own waiting, and none has a link in it."""
    text = (FOLDER / "translations" / "en.json").read_text("utf-8")
    assert "queued" not in text
    assert "http://my" not in text
    assert json.loads(text).keys() == {
        *("config", "entity", "exceptions", "issues", "options", "selector", "services")
    }


async def test_every_step_can_be_formatted(
    hass: HomeAssistant, entry: MockConfigEntry, texts: Texts
) -> None:
    """No text has a placeholder that nobody fills in."""
    known = {
        "config": {"url", "example", "name"},
        "options": set(),
        "issues": {"title", "count", "file"},
        "exceptions": {"field", "message_id"},
        "services": set(),
        "entity": set(),
        "selector": set(),
    }
    for category, placeholders in known.items():
        for key, text in (await texts.all_of(category)).items():
            assert placeholders_in(text) <= placeholders, f"{category}.{key}"
