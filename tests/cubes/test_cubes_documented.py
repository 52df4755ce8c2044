"""What docs/cubes.md shows is true: its calls are made, and its answers are those shown."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from typing import Any

import pytest

from openbudget.cubes.guards import NAMES
from tests.conftest import ROOT

TEXT = (ROOT / "docs/cubes.md").read_text(encoding="utf-8")
CALLS = re.findall(r"^curl .*$", TEXT, re.MULTILINE)
SHOWN = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]
REFUSED = re.compile(r"/revenue_and_expenditure/aggregate(\?lang=zh)?'$")
HOST = "http://127.0.0.1:8000"


def answer(call: str, address: str) -> Any:
    command = shlex.split(call.replace(HOST, address))
    found = subprocess.run([*command, "-sS"], capture_output=True, timeout=30, check=True)
    return json.loads(found.stdout)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("call", CALLS)
def test_every_call_gives_an_answer(call: str, address: str) -> None:
    found = answer(call, address)
    refused = REFUSED.search(call)
    assert found["status"] == ("error" if refused else "ok")
    if not refused:
        records = found.get("cells") or found.get("data")
        assert records, call


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_answers_are_as_shown(address: str) -> None:
    cell, *mistakes = SHOWN
    assert answer(CALLS[0], address)["cells"][1] == cell
    refusals = [answer(call, address) for call in CALLS if REFUSED.search(call)]
    assert [own["context"]["problem"]["errors"] for own in refusals] == [[own] for own in mistakes]


def test_every_refusal_is_in_the_table() -> None:
    assert set(re.findall(r"^\| `(\w+)` \| ", TEXT, re.MULTILINE)) == set(NAMES)
