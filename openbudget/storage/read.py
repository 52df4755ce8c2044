"""Reading: pages of lists, single rows, whole lists for exports. Nothing here can write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, exists, func, select

from openbudget.budget.identifiers import DocumentReference, parse_reference, versioned
from openbudget.storage.models import (
    DepartmentAliasRow,
    DepartmentRow,
    DocumentRow,
    FactRow,
    SourceRow,
)
from openbudget.storage.selection import Columns, Position, Selection, beyond, sort, where

_departments: Any = DepartmentRow.__table__
_aliases: Any = DepartmentAliasRow.__table__
_DEPARTMENT = select(_departments.c.id).where(_departments.c.id == bindparam("identifier"))
_ALIASED = select(_aliases.c.department).where(_aliases.c.id == bindparam("identifier"))
EXPORT_BATCH = 500
Found = Row[Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows, and the positions of the pages beside it where there are any."""

    rows: Sequence[Found]
    next: Position | None
    previous: Position | None


@dataclass(frozen=True)
class Listing:
    """A list that clients can filter and sort: its columns by field name, and what it selects.

    What is `always` asked of its rows is no matter of a client's filters.
    """

    columns: Columns
    selects: Sequence[Any]
    always: Sequence[ColumnElement[bool]] = ()

    def count(self, connection: Connection, selection: Selection) -> int:
        """Count the rows of the whole list."""
        statement = select(func.count()).where(*self._conditions(selection))
        return connection.scalar(statement.select_from(self._table())) or 0

    def mixed(
        self, connection: Connection, selection: Selection, fields: Sequence[str]
    ) -> set[str] | None:
        """Tell which fields have several values in the whole list; None where it is empty.

        A row that differs from the first one is looked for: to count the values reads every row.
        """
        own, conditions = [self.columns[name] for name in fields], self._conditions(selection)
        first = connection.execute(select(*own).where(*conditions).limit(1)).one_or_none()
        if first is None:
            return None
        others = [
            exists(select(column).where(*conditions, column != value))
            for column, value in zip(own, first, strict=True)
        ]
        found = zip(fields, connection.execute(select(*others)).one(), strict=True)
        return {name for name, several in found if several}

    def page(self, connection: Connection, selection: Selection) -> Page:
        """Read one page: one row more than asked for tells whether another follows."""
        statement = self._statement(selection).limit(selection.page_size + 1)
        rows = list(connection.execute(statement))
        more = len(rows) > selection.page_size
        rows = rows[: selection.page_size]
        backwards = selection.position is not None and selection.position.backwards
        if backwards:
            rows.reverse()
        has_next = bool(rows) and (backwards or more)
        has_previous = bool(rows) and (more if backwards else selection.position is not None)
        return Page(
            rows,
            self._position(rows[-1], selection, backwards=False) if has_next else None,
            self._position(rows[0], selection, backwards=True) if has_previous else None,
        )

    def stream(self, connection: Connection, selection: Selection) -> Iterator[Found]:
        """Read the whole list in constant memory."""
        result = connection.execution_options(yield_per=EXPORT_BATCH).execute(
            self._statement(selection)
        )
        yield from result

    def _statement(self, selection: Selection) -> Select[Any]:
        keys = [self.columns[o.field].label(f"key_{n}") for n, o in enumerate(selection.order)]
        statement = select(*self.selects, *keys)
        statement = statement.where(*self._conditions(selection))
        limit = beyond(selection, self.columns)
        if limit is not None:
            statement = statement.where(limit)
        return sort(statement, selection, self.columns)

    def _conditions(self, selection: Selection) -> list[ColumnElement[bool]]:
        return [*self.always, *where(selection.conditions, self.columns)]

    def _table(self) -> Any:
        return self.selects[0].table

    def _position(self, row: Found, selection: Selection, *, backwards: bool) -> Position:
        keys = tuple(getattr(row, f"key_{n}") for n in range(len(selection.order)))
        return Position(keys, backwards)


def table_columns(model: Any, without: Sequence[str] = ()) -> list[Any]:
    """Give the columns of a model, but for those that only a single row needs."""
    return [column for column in model.__table__.columns if column.name not in without]


def read_row(
    connection: Connection, columns: Sequence[Any], keys: Mapping[str, Any]
) -> Found | None:
    """Read the row with the given key columns."""
    table = columns[0].table
    conditions = [table.c[name] == value for name, value in keys.items()]
    return connection.execute(select(*columns).where(*conditions)).one_or_none()


def read_by_id(connection: Connection, columns: Sequence[Any], identifier: str) -> Found | None:
    """Read the row of a document, or of a part of one, that a public id names."""
    reference = parse_reference(identifier)
    key = stored_key(connection, reference) if reference else None
    return read_row(connection, columns, key) if key else None


def read_rows(
    connection: Connection, columns: Sequence[Any], keys: Mapping[str, Any], order: Sequence[str]
) -> Sequence[Found]:
    """Read all rows with the given key columns, in order."""
    table = columns[0].table
    conditions = [table.c[name] == value for name, value in keys.items()]
    statement = select(*columns).where(*conditions)
    return connection.execute(statement.order_by(*(table.c[name] for name in order))).all()


_FACTS = select(FactRow.name, FactRow.value)


def read_facts(connection: Connection) -> dict[str, str]:
    """Read the facts about the database: data version, when it last changed."""
    return {row.name: row.value for row in connection.execute(_FACTS)}


def stored_key(connection: Connection, reference: DocumentReference) -> dict[str, Any] | None:
    """Give the primary key of what a reference names; the current version unless it names one."""
    version = reference.version or current_version(connection, reference.document)
    if version is None:
        return None
    stem = versioned(reference.document, version)
    return {
        "jurisdiction": reference.jurisdiction,
        "fiscal_year": reference.fiscal_year,
        "id": f"{stem}.{reference.rest}" if reference.rest else stem,
    }


def current_version(connection: Connection, document: str) -> str | None:
    """Give the current version of a document."""
    return connection.scalar(
        select(DocumentRow.version).where(DocumentRow.document == document, DocumentRow.current)
    )


def read_source(connection: Connection, sha256: str) -> Found | None:
    """Read published bytes with their media type."""
    return read_row(connection, table_columns(SourceRow), {"sha256": sha256})


def unknown_values(
    connection: Connection, vocabulary: Sequence[Select[Any]], values: Sequence[str]
) -> list[str]:
    """Give those values that none of some queries of one column gives, asked one by one."""
    missing = list(values)
    for query in vocabulary:
        if missing:
            wanted = query.where(query.selected_columns[0].in_(missing)).distinct()
            found = set(connection.scalars(wanted))
            missing = [value for value in missing if value not in found]
    return missing


def known_values(connection: Connection, query: Select[Any]) -> list[str]:
    """Give every value of a query of one column, by code point."""
    return sorted(set(connection.scalars(query)))


def resolve_department(connection: Connection, identifier: str) -> str | None:
    """Give the id of the department that an id or an alias is of; None if there is none."""
    own = {"identifier": identifier}
    return connection.scalar(_DEPARTMENT, own) or connection.scalar(_ALIASED, own)
