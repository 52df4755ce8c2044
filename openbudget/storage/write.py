"""Writing: one transaction a document; what was stored before stays whole if it fails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
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

from openbudget.budget.classification import CodeLists, Division
from openbudget.budget.document import BudgetDocument, DocumentIdentity
from openbudget.budget.folding import fold
from openbudget.budget.identifiers import department_id
from openbudget.errors import StorageError
from openbudget.storage.aliases import add_alias
from openbudget.storage.data_version import (
    SEED_DIGEST,
    digest_versions,
    read_fact,
    renew_data_version,
    set_fact,
)
from openbudget.storage.models import (
    PART_MODELS,
    Base,
    CodeRow,
    DepartmentRow,
    DocumentRow,
    EditionRow,
    JurisdictionRow,
    SourceRow,
)
from openbudget.storage.prepared import PreparedDocument, PreparedRows, prepare

_BATCH = 500
_TOLD = ("reading_version", "title", "publisher", "media_type", "origin")
"""What makes a version of the same bytes another one: how it was read, and how it is described."""
_VERSIONED: tuple[Any, ...] = (*PART_MODELS, DocumentRow)


class Outcome(StrEnum):
    """What storing a document did."""

    LOADED = "loaded"
    UNCHANGED = "unchanged"
    OUTDATED = "unchanged: another version has superseded it"
    SUPERSEDED = "superseded the version before"
    READ_ANEW = "read anew"


def store_document(
    engine: Engine,
    document: BudgetDocument | PreparedDocument,
    content: bytes,
    reading_version: str,
    clock: Callable[[], str],
    alias: str | None = None,
) -> Outcome:
    """Store a document with its published bytes, in one transaction.

    The same bytes about the same thing change nothing, unless readers or layouts have changed
    since; other bytes about the same thing supersede the version before, which stays readable.
    `clock` gives the present time as ISO 8601 text, `alias` another id of its department.

    Raises:
        StorageError: the database refused; it is as it was before.
    """
    if isinstance(document, BudgetDocument):
        document = prepare(document)
    read = {"reading_version": reading_version, "loaded_at": clock()}
    try:
        with engine.begin() as connection:
            base = document.values["document"]
            before = digest_versions(connection, base)
            outcome = _store(connection, document, {**document.values, **read}, content)
            if outcome not in (Outcome.UNCHANGED, Outcome.OUTDATED):
                _describe_department(connection, document.identity)
                if alias is not None:
                    add_alias(connection, alias, document.values["department"])
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
        for model in PART_MODELS:
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


def _insert_rows(connection: Connection, model: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    found = list(rows)
    for start in range(0, len(found), _BATCH):
        connection.execute(insert(model), found[start : start + _BATCH])


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
    connection.execute(delete(DepartmentRow).where(DepartmentRow.id == own))
    connection.execute(
        insert(DepartmentRow).values(
            id=own,
            jurisdiction=identity.jurisdiction,
            code=identity.department,
            name=described[0]["name"],
            names=names,
            types=_merge(rows, "types"),
            supervising=_supervising(rows),
            fiscal_years=sorted({row.fiscal_year for row in rows}),
            search_text=" ".join(sorted(search_fold(name) for name in known)),
        )
    )


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


def search_fold(text: str) -> str:
    """Fold a text for searching: full-width forms, spaces, quotes and case say nothing."""
    return fold(text).casefold()


# Seed --------------------------------------------------------------------------------------------


def store_seed(
    engine: Engine,
    lists: CodeLists,
    divisions: Sequence[Division],
    digest: str,
    clock: Callable[[], str],
) -> bool:
    """Store code lists and divisions, replacing those before; False where nothing has changed.

    Raises:
        StorageError: the database refused; it is as it was before.
    """
    try:
        with engine.begin() as connection:
            if read_fact(connection, SEED_DIGEST) == digest:
                return False
            for model in (CodeRow, EditionRow, JurisdictionRow):
                connection.execute(delete(model))
            _insert_rows(connection, JurisdictionRow, (asdict(division) for division in divisions))
            _insert_lists(connection, lists)
            set_fact(connection, SEED_DIGEST, digest)
            renew_data_version(connection, clock)
            return True
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error


def _insert_lists(connection: Connection, lists: CodeLists) -> None:
    for edition in lists.editions:
        described = asdict(edition.description)
        connection.execute(insert(EditionRow).values(**described, code_count=len(edition.codes)))
        key = {"scheme": described["scheme"], "edition": described["edition"]}
        rows = (
            {**key, **asdict(code), "search_text": search_fold(f"{code.name_zh} {code.name_en}")}
            for code in edition.codes
        )
        _insert_rows(connection, CodeRow, rows)
