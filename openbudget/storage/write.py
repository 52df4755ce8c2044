"""Writing: one transaction a document; what was stored before stays whole if it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    bindparam,
    column,
    delete,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from openbudget.errors import StorageError
from openbudget.storage.aliases import add_alias
from openbudget.storage.data_version import digest_versions, read_versions, renew_data_version
from openbudget.storage.departments import renew_department
from openbudget.storage.models import PART_MODELS, DocumentRow, SearchEntryRow, SourceRow
from openbudget.storage.prepared import PreparedDocument, PreparedRows
from openbudget.storage.relating import Relate, forget_items, forget_related, relate
from openbudget.storage.search_index import index_new_entries

_BATCH = 500
_TOLD = ("reading_version", "checks_digest", "title", "publisher", "media_type", "origin")
"""What makes a version of the same bytes another one: how it was read and checked, and how it is
described."""

# Made once: to make and to compile a statement takes several times as long as to execute it.
_documents: Any = DocumentRow.__table__
_sources: Any = SourceRow.__table__
_PARTS: tuple[Any, ...] = (*(rows.__table__ for rows in PART_MODELS), SearchEntryRow.__table__)
_VERSIONED: tuple[Any, ...] = (*_PARTS, _documents)
_SOURCE = select(_sources.c.sha256).where(_sources.c.sha256 == bindparam("sha256"))
_ADD_SOURCE = insert(_sources)
_ADD_DOCUMENT = insert(_documents)


@dataclass(frozen=True)
class Beside:
    """What is stored beside a document.

    `check_related` holds it against others of its department; `alias` is another id of that.
    """

    check_related: Relate | None = None
    alias: str | None = None


_ALONE = Beside()


class Outcome(StrEnum):
    """What storing a document did."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    OUTDATED = "unchanged: another version has superseded it"
    SUPERSEDED = "superseded the version before"
    READ_ANEW = "read anew"


def store_document(
    engine: Engine,
    document: PreparedDocument,
    content: bytes,
    reading_version: str,
    clock: Callable[[], str],
    beside: Beside = _ALONE,
) -> Outcome:
    """Store a document with its published bytes and what was found in it, in one transaction.

    The same bytes about the same thing change nothing, unless readers or layouts have changed
    since; other bytes about the same thing supersede the version before, which stays readable.
    `clock` gives the present time as ISO 8601 text.

    Raises:
        StorageError: the database refused; it is as it was before.
    """
    values = {**document.values, "reading_version": reading_version, "loaded_at": clock()}
    try:
        with engine.begin() as connection:
            known = read_versions(connection, values["document"])
            outcome = _store(connection, document.parts, values, content, known)
            if outcome not in (Outcome.UNCHANGED, Outcome.OUTDATED):
                if values["current"]:  # an older version may have been read anew
                    _relate(connection, document, beside.check_related, known=bool(known))
                renew_department(connection, document.identity)
                if beside.alias is not None:
                    add_alias(connection, beside.alias, values["department"])
                index_new_entries(connection)
                stored = read_versions(connection, values["document"])
                change = digest_versions(stored) - digest_versions(known)
                renew_data_version(connection, clock, change)
            return outcome
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error


def _store(
    connection: Connection,
    parts: Iterable[PreparedRows],
    values: dict[str, Any],
    content: bytes,
    known: Sequence[Any],
) -> Outcome:
    """Store a version beside those that are known; `values` are then those of its stored row."""
    mine = next((row for row in known if row.version == values["version"]), None)
    if mine is not None and all(getattr(mine, name) == values[name] for name in _TOLD):
        return Outcome.UNCHANGED if mine.current else Outcome.OUTDATED
    if mine is not None:
        values |= {"loaded_at": mine.loaded_at, "current": mine.current}
        _delete_version(connection, values)
    elif known:
        _supersede(connection, values["document"])
    _insert(connection, parts, values, content)
    if mine is not None:
        return Outcome.READ_ANEW
    return Outcome.SUPERSEDED if known else Outcome.LOADED


def _delete_version(connection: Connection, values: Mapping[str, Any]) -> None:
    for rows in _VERSIONED:
        connection.execute(delete(rows).where(*_same_version(rows, values)))
    forget_items(connection, values)


def _relate(
    connection: Connection, document: PreparedDocument, check: Relate | None, *, known: bool
) -> None:
    """Hold a current version against others; what was found of the one before is forgotten."""
    if known:
        forget_related(connection, document.values["document"])
    if check is not None:
        relate(connection, document.identity, check)


def _same_version(rows: Any, values: Mapping[str, Any]) -> tuple[Any, ...]:
    return rows.c.document == values["document"], rows.c.version == values["version"]


def _supersede(connection: Connection, document: str) -> None:
    for rows in _VERSIONED:
        is_current = (rows.c.document == document, rows.c.current)
        connection.execute(update(rows).where(*is_current).values(current=False))


def _insert(
    connection: Connection, parts: Iterable[PreparedRows], values: Mapping[str, Any], content: bytes
) -> None:
    sha256 = values["sha256"]
    if connection.scalar(_SOURCE, {"sha256": sha256}) is None:
        source = {"sha256": sha256, "media_type": values["media_type"], "content": content}
        connection.execute(_ADD_SOURCE, source)
    connection.execute(_ADD_DOCUMENT, values)
    for part in parts:
        _insert_prepared(connection, part)
    if not values["current"]:  # rows are built as those of a current version
        for rows in _PARTS:
            same = _same_version(rows, values)
            connection.execute(update(rows).where(*same).values(current=False))


def _insert_prepared(connection: Connection, part: PreparedRows) -> None:
    """Hand rows to the driver as they are: by way of SQLAlchemy takes twice as long."""
    rows: Any = part.rows
    statement, positional = _insertion(connection.dialect, part.table, part.columns)
    if not positional:
        rows = [dict(zip(part.columns, row, strict=True)) for row in rows]
    for start in range(0, len(rows), _BATCH):
        connection.exec_driver_sql(statement, rows[start : start + _BATCH])


@lru_cache
def _insertion(dialect: Dialect, name: str, columns: tuple[str, ...]) -> tuple[str, bool]:
    """Compile the insertion of rows whose JSON is text already; whether values have no names."""
    into = table(name, *(column(own) for own in columns))
    return str(insert(into).compile(dialect=dialect)), dialect.positional
