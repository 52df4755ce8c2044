from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, create_engine, insert, inspect

from openbudget.errors import StorageError
from openbudget.loading.seed import Seed
from openbudget.storage import database
from openbudget.storage.database import _alembic, open_for_reading, open_for_writing
from openbudget.storage.models import PART_MODELS, Base
from openbudget.storage.reference import store_seed
from tests.conftest import LOADED_AT


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"include_name": database.include_name})


def test_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    engine = open_for_writing(f"sqlite:///{tmp_path}/new.sqlite")
    with engine.connect() as connection:
        assert compare_metadata(_context(connection), Base.metadata) == []
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_a_database_of_before_findings_keeps_its_documents(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.sqlite"
    engine = open_for_writing(url)
    with engine.begin() as connection:
        config = database._alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        assert "findings" not in inspect(connection).get_table_names()
        documents = Table("documents", MetaData(), autoload_with=connection)
        assert "checks" not in documents.columns
        connection.execute(insert(documents).values(dict.fromkeys(documents.columns.keys(), 0)))
    engine.dispose()
    engine = open_for_writing(url)
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT id, checks FROM documents").all()
    assert [tuple(row) for row in found] == [("0", None)]


def test_a_database_without_claims_is_upgraded(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.sqlite"
    engine = create_engine(url)
    with engine.begin() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    engine = open_for_writing(url)
    with engine.connect() as connection:
        assert compare_metadata(_context(connection), Base.metadata) == []
    engine.dispose()


def test_the_seed_is_stored_anew_where_there_were_no_crosswalks(tmp_path: Path, seed: Seed) -> None:
    engine = open_for_writing(f"sqlite:///{tmp_path}/old.sqlite")
    stored = (engine, seed.lists, seed.divisions, seed.digest, lambda: LOADED_AT)
    assert store_seed(*stored)
    assert not store_seed(*stored)
    with engine.begin() as connection:
        config = _alembic()
        config.attributes["connection"] = connection
        command.downgrade(config, "0006")
        assert "crosswalks" not in inspect(connection).get_table_names()
        command.upgrade(config, "head")
    assert store_seed(*stored)
    with engine.connect() as connection:
        counts = connection.exec_driver_sql("SELECT id, mapping_count FROM crosswalks").all()
        mappings = "SELECT crosswalk, count(*) FROM crosswalk_mappings GROUP BY crosswalk"
        assert connection.exec_driver_sql(mappings).all() == counts
    assert [tuple(row) for row in counts] == [
        ("department-to-government-economic", 166),
        ("functional-to-cofog", 306),
    ]
    engine.dispose()


def test_large_tables_are_keyed_by_jurisdiction_and_year(tmp_path: Path) -> None:
    engine = open_for_writing(f"sqlite:///{tmp_path}/new.sqlite")
    for model in PART_MODELS:
        key = inspect(engine).get_pk_constraint(model.__tablename__)["constrained_columns"]
        assert key == ["jurisdiction", "fiscal_year", "id"]
    engine.dispose()


def test_serving_without_a_database_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="run `openbudget load seed` first"):
        open_for_reading(f"sqlite:///{tmp_path}/none.sqlite")


def test_a_database_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()
    with pytest.raises(StorageError, match="of another version"):
        open_for_reading(f"sqlite:///{tmp_path}/empty.sqlite")


def test_a_malformed_address_is_told_without_repeating_it() -> None:
    with pytest.raises(StorageError, match="is no database address"):
        open_for_writing("postgres//user:secret@host")
