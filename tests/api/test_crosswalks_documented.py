"""What docs/crosswalks.md shows is true: its calls are made, and its program runs."""

from __future__ import annotations

import re
import shlex
from decimal import Decimal
from typing import Any

import pytest

from tests.api.client import Api
from tests.conftest import ROOT

TEXT = (ROOT / "docs/crosswalks.md").read_text(encoding="utf-8")
CALLS = [shlex.split(line)[1] for line in re.findall(r"^curl .*$", TEXT, re.MULTILINE)]
(PROGRAM,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
HOST = "http://127.0.0.1:8000"


@pytest.mark.parametrize("call", CALLS)
def test_every_call_gives_an_answer(api: Api, call: str) -> None:
    response = api.call(call.removeprefix(HOST))
    assert response.status_code == 200
    assert "functional-to-cofog" in response.text or "30201" in response.text


def test_every_crosswalk_is_in_the_table_with_its_status(api: Api) -> None:
    shown = dict(re.findall(r"^\| `([a-z-]+)` \| `([a-z]+)` \|", TEXT, re.MULTILINE))
    assert shown == {own["id"]: own["status"] for own in api.json("/v1/crosswalks")["data"]}


def test_the_program_adds_up_all_lines(address: str, api: Api) -> None:
    shown: list[Any] = []
    exec(PROGRAM.replace(HOST, address), {"print": shown.append})  # noqa: S102
    lines = api.json("/v1/lines?table=expenditure&role=leaf&page_size=1000")["data"]
    (sums,) = shown
    assert sorted(sums.index) == ["03", "07", "10"]
    assert round(Decimal(str(sums.sum())), 2) == sum(line["amount"] for line in lines)
