"""One SQLite file of flat tables for Datasette and its like: always the same bytes.

The file is written in one go by one connection, in a given order: no clock, no random number and no
journal takes part, so that only the version of SQLite shows in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openbudget.budget.money import parse_yuan
from openbudget.formats.columns import Column, Kind, value_at
from openbudget.formats.encoding import plain_text

_TYPES = {Kind.INTEGER: "INTEGER", Kind.TRUTH: "INTEGER"}
_SETTINGS = ("page_size=4096", "journal_mode=OFF", "synchronous=OFF", "encoding='UTF-8'")


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns that name a record of another resource by its key."""

    columns: tuple[str, ...]
    resource: str
    key: tuple[str, ...]


def table_name(resource: str) -> str:
    """Give the name of a table: no hyphens, which SQL would have to quote."""
    return resource.replace("-", "_")


class SqliteFile:
    """A file under way; one table after the other."""

    def __init__(self, path: Path) -> None:
        """Begin a new file."""
        self._connection = sqlite3.connect(path, isolation_level=None)
        for setting in _SETTINGS:
            self._connection.execute(f"PRAGMA {setting}")
        self._connection.execute("BEGIN")
        self._indexes: list[str] = []

    def add_table(
        self,
        resource: str,
        columns: Sequence[Column],
        key: Sequence[str],
        foreign_keys: Iterable[ForeignKey],
    ) -> _Table:
        """Make a table; money is kept in fen, and shown in yuan by a column computed from it."""
        links = list(foreign_keys)
        name = table_name(resource)
        parts = [part for column in columns for part in _declared(column)]
        parts.append(f"PRIMARY KEY ({_names(key)})")
        parts += [
            f"FOREIGN KEY ({_names(link.columns)}) REFERENCES "
            f"{_quoted(table_name(link.resource))} ({_names(link.key)})"
            for link in links
        ]
        self._connection.execute(f"CREATE TABLE {_quoted(name)} ({', '.join(parts)})")
        for link in links:
            index = _quoted("_".join(("ix", name, *link.columns)))
            self._indexes.append(
                f"CREATE INDEX {index} ON {_quoted(name)} ({_names(link.columns)})"
            )
        return _Table(self._connection, name, columns)

    def finish(self) -> None:
        """Index and close the file."""
        for statement in self._indexes:
            self._connection.execute(statement)
        self._connection.execute("COMMIT")
        self.close()

    def close(self) -> None:
        """Close the file as it is."""
        self._connection.close()


class _Table:
    """Inserts records into one table."""

    def __init__(
        self, connection: sqlite3.Connection, name: str, columns: Sequence[Column]
    ) -> None:
        self._connection, self._columns = connection, columns
        places = ", ".join("?" * len(columns))
        names = _names([_stored_name(column) for column in columns])
        self._insert = f"INSERT INTO {_quoted(name)} ({names}) VALUES ({places})"  # noqa: S608

    def write(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Insert some records."""
        self._connection.executemany(self._insert, map(self._row, records))

    def _row(self, record: Mapping[str, Any]) -> list[Any]:
        return [_stored(value_at(record, c.path), c.kind) for c in self._columns]


def _declared(column: Column) -> list[str]:
    name = _quoted(column.name)
    if column.kind is not Kind.MONEY:
        return [f"{name} {_TYPES.get(column.kind, 'TEXT')}"]
    fen = _quoted(_stored_name(column))
    return [f"{fen} INTEGER", f"{name} REAL GENERATED ALWAYS AS ({fen} / 100.0) VIRTUAL"]


def _stored_name(column: Column) -> str:
    return f"{column.name}_fen" if column.kind is Kind.MONEY else column.name


def _stored(value: Any, kind: Kind) -> Any:
    if value is None or kind in _TYPES:
        return value
    return parse_yuan(plain_text(value)) if kind is Kind.MONEY else plain_text(value)


def _names(names: Iterable[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return f'"{name}"'
