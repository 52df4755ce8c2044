"""What docs/statistics.md shows is true: its calls are made and its programs are run."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess

import pytest

from openbudget.api.endpoint import EXTENSIONS
from openbudget.api.resources.cubes.formats import MOST_POSITIONS
from openbudget.cubes.statistics import vocabulary
from tests.conftest import ROOT

TEXT = (ROOT / "docs/statistics.md").read_text(encoding="utf-8")
CALLS = re.findall(r"^curl .*$", TEXT, re.MULTILINE)
PROGRAMS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
HOST = "http://127.0.0.1:8000"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("call", CALLS)
def test_every_call_gives_an_answer(call: str, address: str) -> None:
    command = shlex.split(call.replace(HOST, address))
    subprocess.run([*command, "-sSgf"], capture_output=True, timeout=30, check=True)


# pyjstat warns of a function of its own, which it calls itself.
@pytest.mark.filterwarnings("ignore:Shouldn't use this function anymore:DeprecationWarning")
@pytest.mark.parametrize("program", PROGRAMS)
def test_every_program_runs(program: str, address: str) -> None:
    exec(compile(program.replace(HOST, address), "docs/statistics.md", "exec"), {})  # noqa: S102


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_answer_that_is_shown_is_the_answer(address: str) -> None:
    (shown,) = re.findall(r"```csv\n(.*?)```", TEXT, re.DOTALL)
    (call,) = (own for own in CALLS if "sdmx-csv-1.0" in own)
    command = [*shlex.split(call.replace(HOST, address)), "-sSgf"]
    found = subprocess.run(command, capture_output=True, timeout=30, check=True)
    assert found.stdout.decode().replace("\r\n", "\n") == shown


def test_formats_are_those_of_the_code() -> None:
    table = TEXT.partition("| `format=` |")[2].partition("\n\n")[0]
    found = re.findall(r"^\| `(.*?)`.* \| `(.*?)` \|$", table, re.MULTILINE)
    assert dict(found) == {name: own for name, own in EXTENSIONS.items() if "sdmx" in name}


def test_statuses_and_limit_are_those_of_the_code() -> None:
    table = TEXT.partition("| status |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(vocabulary().statuses)
    assert f"{MOST_POSITIONS:,} positions" in TEXT
