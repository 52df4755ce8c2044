"""What docs/compare.md shows is true: its calls are made, and its answers are those shown."""

from __future__ import annotations

import json
import re
import shlex
from decimal import Decimal
from typing import Any

import pytest

from openbudget.api.endpoint import JSON
from openbudget.api.resources.compare.query import BETWEEN
from openbudget.cubes.following import Method
from openbudget.cubes.sides import AXES
from tests.api.client import parse
from tests.conftest import ROOT
from tests.cubes.asking import Cubes

TEXT = (ROOT / "docs/compare.md").read_text(encoding="utf-8")
CALLS = [shlex.split(call)[1] for call in re.findall(r"^curl .*$", TEXT, re.MULTILINE)]
SHOWN = [
    json.loads(block, parse_float=Decimal)
    for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
]
REFUSED = [call for call in CALLS if call.endswith("jurisdiction=100000")]


def path(call: str) -> str:
    return call.removeprefix("http://127.0.0.1:8000")


@pytest.mark.parametrize("call", CALLS)
def test_every_call_gives_rows_unless_it_is_refused(years: Cubes, call: str) -> None:
    answer = years.api.call(path(call))
    assert answer.status_code == (400 if call in REFUSED else 200)
    if answer.mimetype != JSON:
        rows: list[Any] = answer.text.splitlines()
    else:
        found = parse(answer)["data"]
        rows = [row for change in found["counts"] for row in found[change]]
    assert rows or call in REFUSED


def test_answers_are_as_shown(years: Cubes) -> None:
    row, mistake = SHOWN
    assert years.api.json(path(CALLS[0]))["data"]["decreased"] == [row]
    (refused,) = REFUSED
    assert years.api.problem(path(refused), 400)["errors"] == [mistake]


def test_every_way_is_in_the_tables() -> None:
    words = set(re.findall(r"^\| `(\w+)`", TEXT, re.MULTILINE))
    assert {*Method} <= words
    assert all(f"`{word}`" in TEXT for word in (*BETWEEN, *AXES))


def test_every_word_of_notes_and_warnings_is_in_the_tables() -> None:
    code = ROOT / "openbudget"
    modules = ("cubes/following.py", *(f"api/resources/compare/{n}.py" for n in SAID))
    source = "".join((code / name).read_text(encoding="utf-8") for name in modules)
    found = set(re.findall(r'(?:Note\(|yield |"code": )"([a-z_]+)"', source))
    tables = TEXT.partition("| `note.code` |")[2]
    assert found == set(re.findall(r"^\| `(\w+)` \|", tables, re.MULTILINE))


SAID = ("warnings", "choices")
