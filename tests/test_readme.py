"""The two READMEs show the same calls in the same order, and every one is answered."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from tests.api.client import Api
from tests.conftest import ROOT
from tests.cubes.asking import Cubes
from tests.cubes.conftest import _copied, _served
from tests.serving import PROGRAM

NAMES = ("README.md", "README.zh-CN.md")
ENGLISH, CHINESE = ((ROOT / name).read_text(encoding="utf-8") for name in NAMES)
CALL = re.compile(r"^curl .*$", re.MULTILINE)
LOAD = re.compile(r"^\.venv/bin/openbudget (load tests/\S+)$", re.MULTILINE)
CALLS = CALL.findall(ENGLISH)
HOST = "http://127.0.0.1:8000"
WIDEST = 150


@pytest.fixture(scope="module")
def loaded(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cubes]:
    """Serve the seed and what the README loads beside it."""
    database = _copied(database_url, tmp_path_factory.mktemp("readme"))
    (load,) = LOAD.findall(ENGLISH)
    subprocess.run(
        [sys.executable, "-c", PROGRAM, *shlex.split(load)],
        cwd=ROOT,
        env={**os.environ, "OPENBUDGET_DATABASE_URL": f"sqlite:///{database}"},
        capture_output=True,
        check=True,
    )
    yield from _served(database)


def path(call: str) -> str:
    """Give the path and query of a call."""
    words = shlex.split(call)
    (url,) = (word for word in words if word.startswith(HOST))
    more = [(word[:1], word[2:]) for word in words[1:] if word.startswith("q=")]
    return url.removeprefix(HOST) + (f"?{urlencode(more)}" if more else "")


def answered(api: Api, call: str) -> None:
    assert api.call(path(call)).status_code == 200


@pytest.mark.parametrize("call", [call for call in CALLS if "/compare?" not in call])
def test_a_call_is_answered_with_the_seed_alone(api: Api, call: str) -> None:
    answered(api, call)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_is_answered_with_what_is_loaded(loaded: Cubes, call: str) -> None:
    answered(loaded.api, call)


def test_the_comparison_has_rows(loaded: Cubes) -> None:
    (call,) = (call for call in CALLS if "/compare?" in call)
    assert sum(loaded.api.json(path(call))["data"]["counts"].values()) == 4


def test_both_show_the_same_calls_in_the_same_order() -> None:
    assert [call.replace("lang=zh", "lang=en") for call in CALL.findall(CHINESE)] == CALLS
    assert LOAD.findall(CHINESE) == LOAD.findall(ENGLISH)


def test_both_say_as_much() -> None:
    counts = [re.findall(r"^(## |- )", text, re.MULTILINE) for text in (ENGLISH, CHINESE)]
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_too_wide(name: str) -> None:
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        width = sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in line)
        assert width <= WIDEST, line
