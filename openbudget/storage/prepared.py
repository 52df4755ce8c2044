"""A document as it goes into the database: its rows are built, and their JSON is written.

That needs no database, so that the process that has read a document can do it. What it hands over
are texts and numbers: to pickle the document itself takes several times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openbudget.budget.document import BudgetDocument, DocumentIdentity
from openbudget.storage.rows import part_values
from openbudget.storage.rows.document import document_values
from openbudget.storage.rows.parts import Values, to_json_text

_JSON = frozenset([dict, list])


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """Rows of one table of the database: values in the order of the columns, JSON as text."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """What is stored of a document.

    `values` are those of its own row, but for how and when it was read; `parts` the rows of
    everything in it.
    """

    identity: DocumentIdentity
    values: Values
    parts: tuple[PreparedRows, ...]


def prepare(document: BudgetDocument) -> PreparedDocument:
    """Build the rows of a document."""
    parts = (_rows(table, rows) for table, rows in part_values(document) if rows)
    return PreparedDocument(document.identity, document_values(document), tuple(parts))


def _rows(table: str, rows: Sequence[Values]) -> PreparedRows:
    columns = tuple(rows[0])
    return PreparedRows(table, columns, [_row(row, columns) for row in rows])


def _row(row: Values, columns: tuple[str, ...]) -> tuple[Any, ...]:
    values = map(row.__getitem__, columns)
    return tuple(to_json_text(value) if type(value) in _JSON else value for value in values)
