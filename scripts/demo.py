"""Try it out: a real Home Assistant, a Budgero beside it, and nothing to install."""

import argparse
import asyncio
from dataclasses import asdict
import json
from pathlib import Path
import shutil
import signal
import sys
import tempfile

from scripts.console import say
from tests.e2e import phone
from tests.e2e.api import ApiError
from tests.e2e.check import check
from tests.e2e.home_assistant import RESTART_EXIT_CODE, NotStartedError, StartError
from tests.e2e.household import Household, living
from tests.e2e.json_value import UnexpectedAnswerError
from tests.e2e.main_job import Defaults, MainJobError
from tests.e2e.stand_in import Credentials

_INTERRUPTED = 130
_NOT_STARTED = 2
_WELCOME = """
Home Assistant   {dashboard}
                 (you are logged in)
Budgero          {page}{stand_in}

What to try:
  1. On the dashboard tap "Coffee", or another preset and type an amount, and log it.
     Undo it within six seconds, or let it go. To make a preset of your own:
     {url}/config/integrations/integration/budgero
  2. See it become pending: Budgero's server has it, encrypted.
  3. Open Budgero's page and let the app apply it: it becomes processed.
  4. In the second view, "Try it out", press "Wrong account" and let the app apply it:
     it fails, and Home Assistant asks what to do about it: {url}/config/repairs
  5. Type "I spent 12.50 on lunch" to Assist, at the top of the dashboard.
  6. Call budgero.add_transaction yourself: {url}/config/tools/action
  7. Log an expense from a "phone", as in docs/examples.md:
     curl --json '{{"amount": "4,20", "payee": "Kiosk", "id": "1"}}' \\
       {phone}
{set_up}
Everything is in {folder}{until}.
Ctrl-C ends it."""


_SET_UP = """
How to add the space by hand:
  1. Delete the entry that is there: {url}/config/integrations/integration/budgero
  2. Add it again: {url}/config/integrations/dashboard/add?domain=budgero
     "Own server", address {address}
  3. Token, key and IDs are on Budgero's page under "Push API": generate a token, and
     reveal the key. User name and password for the sign-in are there, too.
"""


def _port(text: str) -> int:
    """Read a port.

    Raises:
        ArgumentTypeError: It is no port.
    """
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:6]) <= 65535):
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/demo",
        description="Start a real Home Assistant with this integration, set up and"
        " ready to try, beside a local stand-in for Budgero.",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="do the whole main job with nobody at hand, print one line of JSON, end",
    )
    parser.add_argument("--dir", type=Path, help="keep everything here for next time")
    parser.add_argument(
        "--port", type=_port, help="Home Assistant's port (default: any)"
    )
    existing = parser.add_argument_group(
        "an existing Budgero in place of the stand-in",
        "What is logged stays there; with --check, two transactions.",
    )
    existing.add_argument("--budgero", metavar="URL", help="its address")
    existing.add_argument("--token", metavar="T", help="push token")
    existing.add_argument("--key", metavar="K", help="space key")
    existing.add_argument("--account", type=int, metavar="N", default=1)
    existing.add_argument("--category", type=int, metavar="N")
    existing.add_argument("--budget", type=int, metavar="N", default=1)
    arguments = parser.parse_args()
    given = [arguments.budgero, arguments.token, arguments.key]
    if any(given) and not all(given):
        parser.error("--budgero, --token and --key go together")
    return arguments


def _set_up(household: Household) -> str:
    """Return how to set up the integration as the demo did, for the stand-in only."""
    if household.stand_in is None:
        return ""
    return _SET_UP.format(url=household.installation.url, address=household.address)


async def _stay(household: Household, folder: Path, *, is_kept: bool) -> None:
    """Print the addresses and wait until the person ends the demo."""
    stand_in = " (a stand-in on this machine)" if household.stand_in else ""
    welcome = _WELCOME.format(
        dashboard=household.dashboard,
        page=household.page,
        stand_in=stand_in,
        url=household.installation.url,
        folder=folder,
        until="" if is_kept else "; it goes when you end it",
        phone=phone.address(household.installation),
        set_up=_set_up(household),
    )
    print(welcome, flush=True)
    while await household.home_assistant.process.wait() == RESTART_EXIT_CODE:
        say("Home Assistant restarts ...")
        await household.home_assistant.start_and_wait()
        say("Home Assistant is back.")
    raise StartError(f"Home Assistant ended; see {household.home_assistant.log}")


async def _demo(arguments: argparse.Namespace, folder: Path) -> None:
    """Start everything, and either check it or wait for the person to end it."""
    credentials = None
    if arguments.budgero:
        credentials = Credentials(
            url=arguments.budgero, token=arguments.token, space_key=arguments.key
        )
    category = arguments.category
    if category is None and credentials is None:
        category = 2
    defaults = Defaults(
        account=arguments.account, budget=arguments.budget, category=category
    )
    say(
        "Starting Home Assistant (some seconds; the first time up to half a minute) ..."
    )
    async with living(
        folder, port=arguments.port, credentials=credentials, defaults=defaults
    ) as household:
        if not arguments.check:
            await _stay(household, folder, is_kept=bool(arguments.dir))
        report = await check(household, defaults)
    print(json.dumps(asdict(report), ensure_ascii=False), flush=True)


async def _run(arguments: argparse.Namespace, folder: Path) -> None:
    """Run until it is done or is ended by a signal, and stop what was started."""
    task = asyncio.create_task(_demo(arguments, folder))
    ended = False

    def end() -> None:
        """End it; ignore further signals while it is being cleaned up."""
        nonlocal ended
        if not ended:
            ended = True
            say("\nStopping ...")
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, end)
    await task


def _attempt(arguments: argparse.Namespace, folder: Path) -> int:
    """Run the demo in a folder and return the exit code."""
    try:
        asyncio.run(_run(arguments, folder))
    except asyncio.CancelledError:
        return _INTERRUPTED if arguments.check else 0
    except NotStartedError as error:
        say(f"\n{error}")
        return _NOT_STARTED
    except (ApiError, MainJobError, StartError, UnexpectedAnswerError) as error:
        say(f"\n{error}\n\nEverything is kept for a look in {folder}")
        return 1
    return 0


def main() -> int:
    """Run the demo; its folder is deleted, unless it was named or the demo failed."""
    arguments = _arguments()
    if arguments.dir:
        return _attempt(arguments, arguments.dir.resolve())
    folder = Path(tempfile.mkdtemp(prefix="budgero-demo-"))
    code = _attempt(arguments, folder)
    if code != 1:
        shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
