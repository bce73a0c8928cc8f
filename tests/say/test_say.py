"""`scripts/say` says what a sentence would do."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest

from scripts.environment import ROOT

from . import __main__ as say

KEYS = ["payee", "memo", "date", "preset", "account", "category", "say"]


def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *arguments: str,
    lines: str = "",
) -> list[dict[str, Any]]:
    """Run it, and return its lines."""
    monkeypatch.setattr(sys, "argv", ["say", *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    assert say.main() == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_sentence(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The keys are always the same, in this order; the flow tells the direction."""
    [found] = run(
        capsys,
        monkeypatch,
        "--today=2026-11-28",
        "--name=payee=Lidl",
        "yesterday I spent twelve fifty at lidl",
    )
    assert list(found) == ["outflow", *KEYS]
    assert found | {"say": ""} == dict.fromkeys(KEYS) | {
        "outflow": "12.50",
        "payee": "Lidl",
        "date": "2026-11-27",
        "say": "",
    }
    assert found["say"].startswith("Noted: 12.50 € at Lidl, yesterday")


def test_lines(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line each, in every language; the pipeline's decides how digits are read."""
    found = run(
        capsys,
        monkeypatch,
        "--language=de-CH",
        "--currency=chf",
        lines="Ich habe 1'250.50 Franken bekommen\n"
        "I spent four twenty on lunch\n\nadd milk to the list\nannule cette dépense\n",
    )
    income, unclear, *nothing, undo = found
    assert list(income) == ["inflow", *KEYS]
    assert income["inflow"] == "1250.50"
    assert income["say"].startswith("Notiert: eine Einnahme von 1250.50 CHF")
    assert list(unclear) == ["refused", "say"]
    assert unclear["refused"] == "ambiguous"
    assert nothing == [{"no_match": True}] * 2
    assert undo["refused"] == "nothing_to_take_back"


def test_same_sentence_in_two_languages(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pipeline's language counts."""
    text = "anota 12 euros para o almoço daqui a 10 minutos"
    [found] = run(capsys, monkeypatch, "--language=pt", text)
    assert found["refused"] == "later"


@pytest.mark.parametrize("name", ["Lidl", "shop=Lidl", "payee="])
def test_names_that_are_none(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Are refused with the kinds that there are."""
    with pytest.raises(SystemExit):
        run(capsys, monkeypatch, f"--name={name}", "hello")
    assert "KIND=NAME" in capsys.readouterr().err


def test_command() -> None:
    """It runs from anywhere."""
    command = [str(ROOT / "scripts" / "say"), "--currency=JPY", "I spent 1250 on lunch"]
    done = subprocess.run(command, cwd="/", capture_output=True, check=True, text=True)
    assert json.loads(done.stdout)["outflow"] == "1250"
