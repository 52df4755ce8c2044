"""Every snippet of docs/cookbook.md runs and prints what stands below it.

A new recipe is a snippet and a fence of text behind it; `--update-golden` writes what it prints.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from tests.clients.node import MODULES, NODE, missing
from tests.conftest import ROOT
from tests.documented import ADDRESS, Snippet, snippets
from tests.serving import PROGRAM, serving

DOCUMENT, TRANSLATED = "cookbook.md", "cookbook.zh-CN.md"
SNIPPETS = snippets(DOCUMENT)
(SETUP,) = (own for own in SNIPPETS if own.language == "sh")
RECIPES = [own for own in SNIPPETS if own is not SETUP]


@dataclass(frozen=True)
class Runtime:
    """What runs the snippets of a language: the command, the name of the file, what lacks."""

    command: tuple[str, ...]
    file: str
    lacking: Callable[[], str | None] = lambda: None


def _lacking(*programs: str) -> Callable[[], str | None]:
    absent = [name for name in programs if shutil.which(name) is None]
    return lambda: f"not installed: {', '.join(absent)}" if absent else None


def _lacking_in_node() -> str | None:
    absent = missing("d3", "echarts", "vega", "vega-lite")
    return "d3, echarts and vega-lite are not installed: `make npm`" if absent else None


def _lacking_in_r() -> str | None:
    if reason := _lacking("Rscript")():
        return reason
    tried = subprocess.run(
        ["Rscript", "-e", "library(readr); library(httr2)"],  # noqa: S607 - wherever it is
        capture_output=True,
        check=False,
    )
    return "readr and httr2 are not installed" if tried.returncode else None


# It warns of a function of its own, which it calls itself.
_OF_PYJSTAT = "ignore:Shouldn't use this function anymore:DeprecationWarning"
RUNTIMES: Mapping[str, Runtime] = {
    "bash": Runtime(
        ("bash", "-euo", "pipefail"), "recipe.sh", _lacking("bash", "curl", "jq", "sha256sum")
    ),
    "python": Runtime((sys.executable, "-W", "error", "-W", _OF_PYJSTAT), "recipe.py"),
    "js": Runtime((str(NODE),), "recipe.mjs", _lacking_in_node),
    "r": Runtime(("Rscript", "--vanilla"), "recipe.R", _lacking_in_r),
    "powerquery": Runtime((), "", lambda: "Excel does not run here"),
    "formula": Runtime((), "", lambda: "a formula wants a person who lets it call"),
}


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Do what the cookbook says first; gives the address of its server."""
    folder = tmp_path_factory.mktemp("cookbook")
    url, bulk = f"sqlite:///{folder}/openbudget.sqlite", str(folder / "bulk")
    seed, load, export, _serve = SETUP.code.splitlines()
    assert seed == "make load"
    for line in ("openbudget load seed", load, export):
        _, *arguments = [bulk if word == "bulk" else word for word in shlex.split(line)]
        command = [sys.executable, "-c", PROGRAM, *arguments]
        environment = {**os.environ, "OPENBUDGET_DATABASE_URL": url}
        subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    with serving(url, bulk) as address:
        yield address


def cook(recipe: Snippet, address: str, folder: Path) -> str:
    """Run a recipe in a folder of its own; gives what it prints."""
    runtime = RUNTIMES[recipe.language]
    if reason := runtime.lacking():
        pytest.skip(reason)
    if recipe.language == "js":
        (folder / "node_modules").symlink_to(MODULES)
    (folder / runtime.file).write_text(recipe.code.replace(ADDRESS, address), encoding="utf-8")
    done = subprocess.run(
        [*runtime.command, runtime.file],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout.decode().replace(address, ADDRESS)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda own: f"{own.heading}-{own.language}")
def test_every_recipe_prints_what_stands_below_it(
    recipe: Snippet, kitchen: str, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    printed = cook(recipe, kitchen, tmp_path)
    if pytestconfig.getoption("update_golden") and recipe.output is not None:
        for document in (DOCUMENT, TRANSLATED):
            recipe.write_output(document, printed)
    else:
        assert printed == recipe.output
    for picture in tmp_path.glob("*.svg"):
        assert len(list(etree.parse(picture).iter())) > 10


def test_the_chinese_cookbook_has_the_same_snippets() -> None:
    translated = snippets(TRANSLATED)
    without_heading = [(own.language, own.code, own.output) for own in SNIPPETS]
    assert [(own.language, own.code, own.output) for own in translated] == without_heading


def test_what_runs_has_an_output() -> None:
    for recipe in RECIPES:
        assert recipe.language in RUNTIMES, recipe.heading
        runs = recipe.language not in ("powerquery", "formula")
        assert (recipe.output is not None) == runs, recipe.heading
