"""Servers for bad calls: one with many budgets, and those that lack something."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NoReturn

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from openbudget.api.app import create_app
from openbudget.loading.batch import BatchOptions, load_files
from openbudget.loading.pipeline import KnownIdentity
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_reading, open_for_writing
from tests.api.client import Api
from tests.conftest import LOADED_AT, ROOT
from tests.cubes.conftest import load_years
from tests.cubes.many import add_copies

PAGE = ROOT / "tests/made/beijing-a1.html"
CHANGES = {
    "without published bytes": "DELETE FROM sources",
    "without a version": "UPDATE facts SET value = '' WHERE name = 'data_version'",
    "with amounts too large": "UPDATE lines SET amount_fen = 4611686018427387904",
    "with other items and codes": """
        UPDATE lines SET item_key = 'operating' WHERE item_key = 'official_hospitality';
        UPDATE lines SET function = '2040601' WHERE table_kind = 'three_public_expenses';
        UPDATE lines SET government_economic = '50101', department_economic = NULL
        WHERE fiscal_year = 2019 AND department_economic IS NOT NULL
    """,
}
FAILURES = {
    "without a database": OperationalError("SELECT", {}, Exception("gone")),
    "broken": RuntimeError("the inside"),
}


@contextmanager
def bad_servers(
    seeded: Path, exported: Path, folder: Path, seed: Seed
) -> Iterator[Mapping[str, Api]]:
    """Serve changed copies of the database of the seed, by name."""
    with ExitStack() as stack:

        def engine_of(path: Path) -> Engine:
            engine = open_for_reading(f"sqlite:///{path}")
            stack.callback(engine.dispose)
            return engine

        path = _with_many(seeded, folder, seed)
        many = engine_of(path)
        found = {"many": create_app(many, exported), "without bulk files": create_app(many)}
        found["before the first export"] = create_app(many, folder / "nothing")
        found["empty"] = create_app(engine_of(_empty(folder)))
        for name, statements in CHANGES.items():
            found[name] = create_app(engine_of(_changed(path, folder / name, statements)))
        for name, error in FAILURES.items():
            found[name] = create_app(many)
            found[name].extensions["openbudget"].data_state = _Failing(error)
        yield {name: Api(app) for name, app in found.items()}


class _Failing:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, _connection: object) -> NoReturn:
        raise self.error


def _with_many(seeded: Path, folder: Path, seed: Seed) -> Path:
    """Add copies of other scopes, phases and years, codes that moved, and a budget twofold."""
    path = folder / "many.sqlite"
    shutil.copyfile(seeded, path)
    add_copies(path)
    load_years(f"sqlite:///{path}", folder, seed)
    engine = open_for_writing(f"sqlite:///{path}")
    for year in (2020, 2021, 2022):
        known = BatchOptions(known=KnownIdentity(jurisdiction="110102", fiscal_year=year))
        (result,) = load_files(engine, [PAGE], seed, None, lambda: LOADED_AT, known)
        assert result.error is None
    engine.dispose()
    return path


def _empty(folder: Path) -> Path:
    path = folder / "empty.sqlite"
    open_for_writing(f"sqlite:///{path}").dispose()
    return path


def _changed(many: Path, path: Path, statements: str) -> Path:
    shutil.copyfile(many, path)
    with sqlite3.connect(path) as connection:
        connection.executescript(statements)
    connection.close()
    return path
