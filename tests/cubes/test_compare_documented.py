"""What docs/compare.md shows is true: its calls are made, and its answers are those shown."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
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
from tests.cubes.conftest import _copied, _served
from tests.made.years import MOVED, pages
from tests.serving import PROGRAM

TEXT = (ROOT / "docs/compare.md").read_text(encoding="utf-8")
CALLS = [shlex.split(call)[1] for call in re.findall(r"^curl .*$", TEXT, re.MULTILINE)]
SHOWN = [
    json.loads(block, parse_float=Decimal)
    for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
]
REFUSED = [call for call in CALLS if call.endswith("jurisdiction=100000")]


LOADS = re.findall(r"^\.venv/bin/openbudget (load .*)$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def loaded(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cubes]:
    """Serve what the page says is to be loaded beside the seed."""
    database = _copied(database_url, tmp_path_factory.mktemp("compared"))
    environment = {**os.environ, "OPENBUDGET_DATABASE_URL": f"sqlite:///{database}"}
    assert len(LOADS) == 2
    for line in LOADS:
        command = [sys.executable, "-c", PROGRAM, *shlex.split(line)]
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    yield from _served(database)


def test_the_files_are_as_the_script_makes_them() -> None:
    found = {file.name: file.read_text(encoding="utf-8") for file in MOVED.iterdir()}
    assert found == pages()


def path(call: str) -> str:
    return call.removeprefix("http://127.0.0.1:8000")


@pytest.mark.parametrize("call", CALLS)
def test_every_call_gives_rows_unless_it_is_refused(loaded: Cubes, call: str) -> None:
    answer = loaded.api.call(path(call))
    assert answer.status_code == (400 if call in REFUSED else 200)
    if answer.mimetype != JSON:
        rows: list[Any] = answer.text.splitlines()
    else:
        found = parse(answer)["data"]
        rows = [row for change in found["counts"] for row in found[change]]
    assert rows or call in REFUSED


def test_answers_are_as_shown(loaded: Cubes) -> None:
    row, mistake = SHOWN
    assert loaded.api.json(path(CALLS[0]))["data"]["decreased"] == [row]
    (refused,) = REFUSED
    assert loaded.api.problem(path(refused), 400)["errors"] == [mistake]


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
