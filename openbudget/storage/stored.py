"""What is stored already, so that a batch need not read it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from openbudget.errors import StorageError
from openbudget.storage.models import DocumentRow, TableRow


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version of a document, and what reading it gave; `ignored` counts by reason.

    `size` is that of its file in bytes, `origin` where that is said to be from; `unrecognised` are
    the titles of the tables whose columns no layout knew.
    """

    document: str
    title: str
    publisher: str
    size: int
    media_type: str
    origin: Mapping[str, Any]
    tables: int
    unrecognised: tuple[str, ...]
    lines: int
    cells: int
    used: int
    ignored: Mapping[str, int]

    @property
    def all_tables(self) -> int:
        """How many tables it has, recognised or not."""
        return self.tables + len(self.unrecognised)


def find_stored(engine: Engine, reading_version: str) -> dict[str, list[StoredVersion]]:
    """Give, by sha256 of the bytes, all versions that were read in just this way.

    Raises:
        StorageError: the database cannot be asked.
    """
    try:
        with engine.connect() as connection:
            return _stored(connection, reading_version)
    except SQLAlchemyError as error:
        raise StorageError(f"the database refused: {str(error).partition(chr(10))[0]}") from error


def _stored(connection: Connection, reading_version: str) -> dict[str, list[StoredVersion]]:
    unrecognised = _unrecognised(connection)
    row = DocumentRow
    columns = (row.document, row.version, row.sha256, row.table_count, row.line_count)
    counts = (row.cells, row.used, row.ignored, row.title, row.publisher, row.size)
    told = (row.media_type, row.origin)
    wanted = select(*columns, *counts, *told).where(row.reading_version == reading_version)
    found: dict[str, list[StoredVersion]] = defaultdict(list)
    for stored in connection.execute(wanted):
        titles = unrecognised.get((stored.document, stored.version), [])
        found[stored.sha256].append(_version(stored, titles))
    return found


def _version(stored: Any, unrecognised: Sequence[str]) -> StoredVersion:
    return StoredVersion(
        document=stored.document,
        title=stored.title,
        publisher=stored.publisher,
        size=stored.size,
        media_type=stored.media_type,
        origin=stored.origin,
        tables=stored.table_count - len(unrecognised),
        unrecognised=tuple(unrecognised),
        lines=stored.line_count,
        cells=stored.cells,
        used=stored.used,
        ignored={entry["reason"]: entry["count"] for entry in stored.ignored},
    )


def _unrecognised(connection: Connection) -> dict[tuple[str, str], list[str]]:
    columns = (TableRow.document, TableRow.version, TableRow.title)
    wanted = select(*columns).where(TableRow.layout == "").order_by(TableRow.position)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for table in connection.execute(wanted):
        found[table.document, table.version].append(table.title)
    return found
