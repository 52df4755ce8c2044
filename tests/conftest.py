"""Shared fixtures: the first document, read once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server

from openbudget.api.app import create_app
from openbudget.budget.document import BudgetDocument
from openbudget.checks.rules import load_rules
from openbudget.exporting.export import Exported, export_all
from openbudget.loading.batch import load_files
from openbudget.loading.folders import find_files
from openbudget.loading.pipeline import read_file
from openbudget.loading.seed import Seed, read_seed
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.reference import store_rules, store_seed
from tests.api.client import Api
from tests.serving import serving

ROOT = Path(__file__).parent.parent
SEED = ROOT / "seed"
FIRST = SEED / "documents/110102/231002/2024/xicheng-legal-aid-center-2024.txt"
GOLDEN = ROOT / "tests/golden"


@pytest.fixture(scope="session")
def seed() -> Seed:
    return read_seed(SEED)


@pytest.fixture(scope="session")
def first_document(seed: Seed) -> BudgetDocument:
    return read_file(FIRST, seed).document


@pytest.fixture(scope="session")
def first_lines() -> list[str]:
    """Give the lines of the first document's file; line 1 is at index 0."""
    return FIRST.read_text(encoding="utf-8").split("\n")


LOADED_AT = "2024-03-01T00:00:00Z"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory, seed: Seed) -> str:
    """Load the whole seed into a database of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('database')}/openbudget.sqlite"
    engine = open_for_writing(url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: LOADED_AT)
    store_rules(engine, load_rules(), lambda: LOADED_AT)
    results = list(load_files(engine, find_files([SEED]), seed, None, lambda: LOADED_AT))
    assert [result.error for result in results] == [None]
    engine.dispose()
    return url


def export(url: str, root: Path, **options: bool) -> Exported:
    engine = open_for_reading(url)
    try:
        return export_all(engine, root, lambda *_: None, **options)
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def exported(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the bulk files of the seed; gives the folder of the version."""
    return export(database_url, tmp_path_factory.mktemp("bulk")).folder


@pytest.fixture(scope="session")
def app(database_url: str, exported: Path) -> Iterator[Flask]:
    engine = open_for_reading(database_url)
    yield create_app(engine, exported.parent)
    engine.dispose()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The API behind a real socket, for clients that are programs of their own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def gunicorn(database_url: str, exported: Path) -> Iterator[str]:
    """The API as it is served, for clients that others have made."""
    with serving(database_url, str(exported.parent)) as address:
        yield address


@pytest.fixture(scope="session")
def port(gunicorn: str) -> int:
    """Where it is served on this machine."""
    return int(gunicorn.rpartition(":")[2])


@pytest.fixture(scope="session")
def api(app: Flask) -> Api:
    return Api(app)
