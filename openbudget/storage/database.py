"""Opens the database: for writing by `load`, read-only for serving; and migrates it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from openbudget.errors import StorageError
from openbudget.storage.rows.parts import to_json_text

BUSY_TIMEOUT_MS = 30_000
WRITING_CACHE_KIB = 16_384
"""Room for what the transaction of a document changes: pages that find none are written early, and
read again."""


def open_for_writing(url: str) -> Engine:
    """Open the database for loading; it is created and migrated as needed.

    Raises:
        StorageError: the address is malformed, or the database cannot be opened or migrated.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        _make_folder(Path(parsed.database).parent)
    engine = _create(parsed)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
    try:
        migrate(engine)
    except SQLAlchemyError as error:
        raise StorageError(f"the database cannot be migrated: {_first_line(error)}") from error
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"the folder {folder} cannot be made: {error.strerror}") from error


def open_for_reading(url: str) -> Engine:
    """Open the database so that no statement can change it.

    Raises:
        StorageError: the address is malformed, or there is no database of the present version.
    """
    parsed = _parse(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _create(_read_only_sqlite(parsed))
        event.listen(engine, "connect", _only_query)
        event.listen(engine, "begin", _begin)
    else:
        options = {"options": "-c default_transaction_read_only=on"}
        # All statements of an answer see one state, as they do in SQLite.
        engine = _create(parsed, connect_args=options, isolation_level="REPEATABLE READ")
    check_version(engine)
    return engine


def _read_only_sqlite(url: URL) -> URL:
    path = Path(url.database or "")
    if not path.is_file():
        raise StorageError(f"there is no database at {path}; run `openbudget load seed` first")
    location = f"file:{path.resolve().as_posix()}"
    return url.set(database=location, query={"mode": "ro", "uri": "true"})


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise StorageError("OPENBUDGET_DATABASE_URL is no database address") from error


def _create(url: URL, **options: Any) -> Engine:
    try:
        return create_engine(
            url,
            json_serializer=to_json_text,
            json_deserializer=orjson.loads,
            **options,
        )
    except (ImportError, SQLAlchemyError) as error:
        raise StorageError(f"the database cannot be used: {_first_line(error)}") from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    for statement in (
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=NORMAL",
        "PRAGMA foreign_keys=ON",
        f"PRAGMA cache_size=-{WRITING_CACHE_KIB}",
        f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(statement)


def _only_query(connection: Any, _record: Any) -> None:
    # The driver would begin no transaction for reading; then two statements could see two states.
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def migrate(engine: Engine) -> None:
    """Bring the schema of the database to the present version."""
    config = _alembic()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def include_name(name: str | None, kind: str, parents: Mapping[str, str | None]) -> bool:
    """Tell what of a database the models describe: not the full-text index of SQLite."""
    if kind == "table":
        return name is None or not name.startswith("search_index")
    own = parents.get("table_name") == "search_entries"
    return not (own and name in ("number", "uq_search_entries_key", "ix_search_entries_terms"))


def check_version(engine: Engine) -> None:
    """Check that the database has the schema of this version of the package.

    Raises:
        StorageError: it has not, or cannot be reached.
    """
    wanted = ScriptDirectory.from_config(_alembic()).get_current_head()
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise StorageError(f"the database cannot be reached: {_first_line(error)}") from error
    if found != wanted:
        raise StorageError("the database is of another version; run `openbudget load` first")


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
