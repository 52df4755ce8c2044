"""Databases with many budgets: made ones, and those that were published, where they are at hand."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from openbudget.api.app import create_app
from openbudget.loading.batch import BatchOptions, load_files
from openbudget.loading.folders import find_files
from openbudget.loading.pipeline import KnownIdentity
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_reading, open_for_writing
from tests.api.client import Api
from tests.conftest import LOADED_AT, ROOT
from tests.cubes.asking import Cubes
from tests.cubes.many import add_copies
from tests.made.years import pages
from tests.recognition.test_real_documents import FOLDER
from tests.storage import test_search

other_url = test_search.other_url
"""A database on the other engine, where there is a server."""
MINISTRY = ROOT / "tests/made/central-ministry.html"


def _copied(database_url: str, folder: Path) -> Path:
    path = folder / "cubes.sqlite"
    shutil.copyfile(database_url.removeprefix("sqlite:///"), path)
    return path


def _served(path: Path) -> Iterator[Cubes]:
    engine = open_for_reading(f"sqlite:///{path}")
    yield Cubes(Api(create_app(engine)), path)
    engine.dispose()


@pytest.fixture(scope="session")
def made(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cubes]:
    path = _copied(database_url, tmp_path_factory.mktemp("made"))
    add_copies(path)
    yield from _served(path)


@pytest.fixture(scope="session")
def real(
    database_url: str, seed: Seed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cubes]:
    """Serve the first document and every published one that can be loaded."""
    if not FOLDER.exists():
        pytest.skip("the published documents are not there")
    path = _copied(database_url, tmp_path_factory.mktemp("real"))
    engine = open_for_writing(f"sqlite:///{path}")
    results = list(load_files(engine, find_files([FOLDER]), seed, None, lambda: LOADED_AT))
    engine.dispose()
    assert len([result for result in results if result.error is None]) >= 8
    yield from _served(path)


@pytest.fixture(scope="session")
def years(
    database_url: str, seed: Seed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cubes]:
    """Serve two years of an office whose codes moved, and a budget that prints last year's, too."""
    folder = tmp_path_factory.mktemp("years")
    path = _copied(database_url, folder)
    load_years(f"sqlite:///{path}", folder, seed)
    yield from _served(path)


def load_years(url: str, folder: Path, seed: Seed) -> None:
    """Load them into a database; `folder` takes the files."""
    for name, page in pages().items():
        (folder / name).write_text(page, encoding="utf-8")
    engine = open_for_writing(url)
    ministry = BatchOptions(known=KnownIdentity(jurisdiction="100000"))
    results = [
        *load_files(engine, sorted(folder.glob("*.html")), seed, None, lambda: LOADED_AT),
        *load_files(engine, [MINISTRY], seed, None, lambda: LOADED_AT, ministry),
    ]
    engine.dispose()
    assert [result.error for result in results] == [None] * 3


@pytest.fixture(params=["made", "real"])
def cubes(request: pytest.FixtureRequest) -> Cubes:
    found: Cubes = request.getfixturevalue(request.param)
    return found
