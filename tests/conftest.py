"""Fixtures and hooks of all tests, with and without Home Assistant."""

from collections.abc import Generator
import logging
import re
from typing import override

from hypothesis import settings
import pytest
import pytest_socket

from tests.engine_alone import HAS_HOME_ASSISTANT

# Warnings that Home Assistant and asyncio log for every custom integration.
_ALWAYS_ALLOWED = (
    re.compile(r"We found a custom integration \S+ which has not been tested"),
    re.compile(r"^(Executing|Updating state for) .* took [0-9.]+ seconds"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let more be tried than each time."""
    parser.addoption(
        "--sampled-sentences",
        type=int,
        default=250,
        help="how many of Home Assistant's own sentences are tried in each language",
    )


@pytest.fixture
def sampled_sentences(pytestconfig: pytest.Config) -> int:
    """How many of Home Assistant's own sentences are tried in each language."""
    return int(pytestconfig.getoption("--sampled-sentences"))


if not HAS_HOME_ASSISTANT:

    def pytest_runtest_setup() -> None:
        """Allow no network, as Home Assistant's own plugin does."""
        pytest_socket.socket_allow_hosts(["127.0.0.1"])
        pytest_socket.disable_socket(allow_unix_socket=True)


# A slow machine must not fail a test.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(autouse=True)
def auto_enable_custom_integrations(request: pytest.FixtureRequest) -> None:
    """Let Home Assistant load custom integrations in every test that has one."""
    if "hass" in request.fixturenames:
        request.getfixturevalue("enable_custom_integrations")


class _Warnings(logging.Handler):
    """Collects what is logged as a warning or worse."""

    def __init__(self) -> None:
        """Start with none."""
        super().__init__(logging.WARNING)
        self._records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)

    def forget(self) -> None:
        """Drop the collected records."""
        self._records.clear()

    def fail_on_unexpected(self, item: pytest.Item) -> None:
        """Fail the test if there is a warning that it does not allow."""
        allowed = [
            *_ALWAYS_ALLOWED,
            *(
                re.compile(pattern)
                for marker in item.iter_markers("allowed_warnings")
                for pattern in marker.args
            ),
        ]
        unexpected = [
            f"{record.levelname} {record.name}: {record.getMessage()}"
            for record in self._records
            if not any(pattern.search(record.getMessage()) for pattern in allowed)
        ]
        self.forget()
        if unexpected:
            pytest.fail(
                "Unexpected in the log:\n" + "\n".join(unexpected), pytrace=False
            )


_WARNINGS = pytest.StashKey[_Warnings]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Collect warnings while a test runs."""
    warnings = item.stash[_WARNINGS] = _Warnings()
    logging.getLogger().addHandler(warnings)
    try:
        return (yield)
    finally:
        logging.getLogger().removeHandler(warnings)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail a test that logged an unexpected warning while it was set up or ran."""
    warnings = item.stash[_WARNINGS]
    try:
        yield
    except BaseException:
        warnings.forget()  # one failure is enough
        raise
    warnings.fail_on_unexpected(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Fail a test that logged an unexpected warning while it was cleaned up."""
    yield
    item.stash[_WARNINGS].fail_on_unexpected(item)
