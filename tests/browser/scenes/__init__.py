"""What people do with the card and the dialogs, and what befalls them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from tests.browser.house import House

from . import (
    dialogs,
    editing,
    entries,
    faults,
    languages,
    logging,
    looks,
    people,
    typed,
    undo,
    views,
)

type Scene = Callable[[House], Awaitable[str | None]]

SCENES: Final[Mapping[str, Scene]] = {
    "three-taps": logging.three_taps,
    "one-tap": logging.one_tap,
    "double-tap": logging.double_tap,
    "several-cards": logging.several_cards,
    "names": logging.names,
    "another-budget": logging.another_budget,
    "payees": logging.payees,
    "refused-amount": logging.refused_amount,
    "typing": typed.while_the_house_goes_on,
    "keyboard": logging.keyboard_only,
    "keypad": logging.keypad,
    "dates": logging.dates,
    "undo": undo.with_the_page_closed,
    "too-late": undo.too_late,
    "preview": editing.preview,
    "editor": editing.editor,
    "bad-configuration": editing.bad_configuration,
    "lost-connection": faults.lost_connection,
    "slow-answer": typed.slow_answer,
    "given-up": faults.given_up,
    "copied-tab": faults.copied_tab,
    "preset-removed": faults.preset_removed,
    "read-only": people.read_only,
    "view": views.whole_view,
    "no-default": views.without_default,
    "hold": faults.hold,
    "looks": looks.looks,
    "languages": languages.languages,
    "two-entries": entries.two_entries,
    "other-version": entries.other_version,
    "integration-missing": entries.integration_missing,
    "cold-loads": editing.cold_loads,
    "preset": dialogs.preset,
    "upload": dialogs.upload,
    "restart": typed.restart_while_typing,
    "removed": faults.removed,
    "set-up": dialogs.set_up,
}
"""The scenes by name; a scene may return a figure. The last two remove the entry."""

SHORT: Final = ("typing", "keyboard", "preview", "looks")
"""What shows within half a minute that nothing is broken."""

__all__ = ["SCENES", "SHORT", "Scene"]
