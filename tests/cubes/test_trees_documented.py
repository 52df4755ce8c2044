"""What docs/trees.md shows is true: its calls are made, and its node is one of the answer."""

from __future__ import annotations

import json
import re
import shutil
from typing import Any

import pytest

from openbudget.cubes.trees import MAX_NODES
from tests.conftest import ROOT
from tests.cubes.test_cubes_documented import answer

TEXT = (ROOT / "docs/trees.md").read_text(encoding="utf-8")
CALLS = re.findall(r"^curl .*$", TEXT, re.MULTILINE)
SHOWN = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)]

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(own for child in node["children"] for own in nodes(child))]


@pytest.mark.parametrize("call", CALLS)
def test_every_call_gives_a_tree(call: str, address: str) -> None:
    found = answer(call, address)["data"]
    assert found["value"] > 0
    assert found["children"]


def test_the_node_is_one_of_the_first_answer(address: str) -> None:
    assert SHOWN[0] in nodes(answer(CALLS[0], address)["data"])


def test_the_limit_is_the_one_that_is_kept() -> None:
    assert f"more than {MAX_NODES:,} nodes" in TEXT
