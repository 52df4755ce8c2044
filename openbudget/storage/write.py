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
    column,
    delete,
    insert,
    select,
    table,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from openbudget.budget.document import DocumentIdentity
from openbudget.budget.identifiers import department_id
from openbudget.errors import StorageError
from openbudget.storage.aliases import add_alias
from openbudget.storage.data_version import digest_versions, renew_data_version
from openbudget.storage.folding import search_fold
from openbudget.storage.models import (
    PART_MODELS,
    DepartmentRow,
    DocumentRow,
    SearchEntryRow,
    SourceRow,
)
from openbudget.storage.prepared import PreparedDocument, PreparedRows
from openbudget.storage.relating import Relate, forget_items, forget_related, relate
from openbudget.storage.rows.search import KEY, department_entry
from openbudget.storage.search_index import index_new_entries

_BATCH = 500
_TOLD = ("reading_version", "checks_digest", "title", "publisher", "media_type", "origin")
"""What makes a version of the same bytes another one: how it was read and checked, and how it is
described."""
_PARTS: tuple[Any, ...] = (*PART_MODELS, SearchEntryRow)
_VERSIONED: tuple[Any, ...] = (*_PARTS, DocumentRow)


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
    read = {"reading_version": reading_version, "loaded_at": clock()}
    try:
        with engine.begin() as connection:
            base = document.values["document"]
            before = digest_versions(connection, base)
            outcome = _store(connection, document, {**document.values, **read}, content)
            if outcome not in (Outcome.UNCHANGED, Outcome.OUTDATED):
                _relate(connection, document, beside.check_related)
                _describe_department(connection, document.identity)
                if beside.alias is not None:
                    add_alias(connection, beside.alias, document.values["department"])
                index_new_entries(connection)
                change = digest_versions(connection, base) - before
                renew_data_version(connection, clock, change)
            return outcome
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error


def _store(
    connection: Connection, document: PreparedDocument, values: dict[str, Any], content: bytes
) -> Outcome:
    known = {row.version: row for row in _versions(connection, values["document"])}
    mine = known.get(values["version"])
    if mine is not None and all(getattr(mine, name) == values[name] for name in _TOLD):
        return Outcome.UNCHANGED if mine.current else Outcome.OUTDATED
    if mine is not None:
        values |= {"loaded_at": mine.loaded_at, "current": mine.current}
        _delete_version(connection, values)
    elif known:
        _supersede(connection, values["document"])
    _insert(connection, document.parts, values, content)
    if mine is not None:
        return Outcome.READ_ANEW
    return Outcome.SUPERSEDED if known else Outcome.LOADED


def _versions(connection: Connection, document: str) -> Sequence[Any]:
    told = (getattr(DocumentRow, name) for name in _TOLD)
    columns = (DocumentRow.version, DocumentRow.current, DocumentRow.loaded_at, *told)
    return connection.execute(select(*columns).where(DocumentRow.document == document)).all()


def _delete_version(connection: Connection, values: Mapping[str, Any]) -> None:
    for model in _VERSIONED:
        connection.execute(delete(model).where(*_same_version(model, values)))
    forget_items(connection, values)


def _relate(connection: Connection, document: PreparedDocument, check: Relate | None) -> None:
    """Hold a document against others, unless it is an older version that was read anew."""
    values = document.values
    current = select(DocumentRow.current).where(*_same_version(DocumentRow, values))
    if connection.scalar(current):
        forget_related(connection, values["document"])
        if check is not None:
            relate(connection, document.identity, check)


def _same_version(model: Any, values: Mapping[str, Any]) -> tuple[Any, ...]:
    return model.document == values["document"], model.version == values["version"]


def _supersede(connection: Connection, document: str) -> None:
    for model in _VERSIONED:
        is_current = (model.document == document, model.current)
        connection.execute(update(model).where(*is_current).values(current=False))


def _insert(
    connection: Connection, parts: Iterable[PreparedRows], values: Mapping[str, Any], content: bytes
) -> None:
    sha256 = values["sha256"]
    if connection.scalar(select(SourceRow.sha256).where(SourceRow.sha256 == sha256)) is None:
        source = {"sha256": sha256, "media_type": values["media_type"], "content": content}
        connection.execute(insert(SourceRow).values(**source))
    connection.execute(insert(DocumentRow).values(**values))
    for part in parts:
        _insert_prepared(connection, part)
    if not values["current"]:  # rows are built as those of a current version
        for model in _PARTS:
            same = _same_version(model, values)
            connection.execute(update(model).where(*same).values(current=False))


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


# Departments -----------------------------------------------------------------------------------


def _describe_department(connection: Connection, identity: DocumentIdentity) -> None:
    """Describe a department anew by all its current documents, the newest year first."""
    own = department_id(identity.jurisdiction, identity.department)
    rows = connection.execute(
        select(DocumentRow.document, DocumentRow.fiscal_year, DocumentRow.described_department)
        .where(DocumentRow.department == own, DocumentRow.current)
        .order_by(DocumentRow.fiscal_year.desc(), DocumentRow.document)
    ).all()
    described = [row.described_department for row in rows]
    names = _merge(rows, "names")
    known = {described[0]["name"], *(name["name"] for name in names)}
    values = {
        "id": own,
        "jurisdiction": identity.jurisdiction,
        "code": identity.department,
        "name": described[0]["name"],
        "names": names,
        "types": _merge(rows, "types"),
        "supervising": _supervising(rows),
        "fiscal_years": sorted({row.fiscal_year for row in rows}),
        "search_text": " ".join(sorted(search_fold(name) for name in known)),
    }
    connection.execute(delete(DepartmentRow).where(DepartmentRow.id == own))
    connection.execute(insert(DepartmentRow).values(**values))
    entry = department_entry(values)
    key = (getattr(SearchEntryRow, name) == entry[name] for name in KEY)
    connection.execute(delete(SearchEntryRow).where(*key))
    connection.execute(insert(SearchEntryRow).values(**entry))


def _merge(rows: Sequence[Any], key: str) -> list[dict[str, Any]]:
    """Give each printed name once, with the first document that prints it."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for entry in row.described_department[key]:
            found.setdefault(entry["name"], {**entry, "document": row.document})
    return list(found.values())


def _supervising(rows: Sequence[Any]) -> dict[str, Any] | None:
    for row in rows:
        if row.described_department["supervising"]:
            return {**row.described_department["supervising"], "document": row.document}
    return None
