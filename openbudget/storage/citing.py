"""Reads what citations need of the documents and tables of a page: at most three queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from openbudget.storage.models import DocumentRow, TableRow
from openbudget.storage.read import Found

_DOCUMENT = DocumentRow.__table__.c
_TABLE = TableRow.__table__.c
_KEY = ("jurisdiction", "fiscal_year", "id")
_NEEDED = (*_KEY, "document", "title", "publisher", "sha256", "origin")


@dataclass(frozen=True, slots=True)
class Spot:
    """What is cited of a document: a table by its key, a place as it is stored, both or none.

    `document` is the id of another document than that of the row that is cited.
    """

    table: str | None = None
    place: Mapping[str, Any] | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """Documents by their stored id, current ones by their id without a version too; titles."""

    documents: Mapping[str, Found]
    titles: Mapping[str, str]


def stored_document(row: Found) -> str:
    """Give the stored id of the document version that a row belongs to."""
    return f"{row.document}@{row.version}"


def read_cited(
    connection: Connection, rows: Sequence[Found], spots: Sequence[Iterable[Spot]]
) -> Cited:
    """Read the documents of some rows with the titles of the tables that are cited of each."""
    others = {spot.document for own in spots for spot in own if spot.document}
    documents = _own_documents(connection, rows) | _current_documents(connection, others)
    wanted = [
        (document, f"{document.id}.{spot.table}")
        for row, own in zip(rows, spots, strict=True)
        for spot in own
        if spot.table
        for document in [documents[spot.document or stored_document(row)]]
    ]
    return Cited(documents, _titles(connection, wanted))


def _own_documents(connection: Connection, rows: Sequence[Found]) -> dict[str, Found]:
    wanted = select(*(_DOCUMENT[name] for name in _NEEDED)).where(
        _DOCUMENT.jurisdiction.in_({row.jurisdiction for row in rows}),
        _DOCUMENT.fiscal_year.in_({row.fiscal_year for row in rows}),
        _DOCUMENT.id.in_({stored_document(row) for row in rows}),
    )
    return {row.id: row for row in connection.execute(wanted)}


def _current_documents(connection: Connection, others: set[str]) -> dict[str, Found]:
    """Give the current versions: a finding between documents is there only while both are."""
    if not others:
        return {}
    wanted = select(*(_DOCUMENT[name] for name in _NEEDED)).where(
        _DOCUMENT.document.in_(others), _DOCUMENT.current
    )
    return {row.document: row for row in connection.execute(wanted)}


def _titles(connection: Connection, tables: Sequence[tuple[Found, str]]) -> dict[str, str]:
    if not tables:
        return {}
    wanted = select(_TABLE.id, _TABLE.title).where(
        _TABLE.jurisdiction.in_({document.jurisdiction for document, _ in tables}),
        _TABLE.fiscal_year.in_({document.fiscal_year for document, _ in tables}),
        _TABLE.id.in_({identifier for _, identifier in tables}),
    )
    return {row.id: row.title for row in connection.execute(wanted)}
