"""A document as it goes into the database: its rows are built, and their JSON is written.

That needs no database, so that the process that has read a document can do it. What it hands over
are texts and numbers: to pickle the document itself takes several times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from openbudget.budget.document import BudgetDocument, DocumentIdentity
from openbudget.budget.finding import CheckReport
from openbudget.budget.identifiers import department_id, document_id
from openbudget.storage.rows import Part, part_values
from openbudget.storage.rows.document import document_values
from openbudget.storage.rows.findings import checks_values
from openbudget.storage.rows.parts import Values, to_json_text

_JSON = frozenset([dict, list])
_KEYS = frozenset(["id", "document", "department", "item"])


@dataclass(frozen=True, slots=True)
class PreparedRows:
    """So many rows of one table of the database: their values by column, JSON as text.

    A column has one value where all rows have the same: half of the columns of lines do.
    """

    table: str
    columns: tuple[str, ...]
    count: int
    values: tuple[tuple[Any, ...], ...]

    @property
    def rows(self) -> list[tuple[Any, ...]]:
        """The rows: values in the order of the columns."""
        whole = (own if len(own) == self.count else own * self.count for own in self.values)
        return list(zip(*whole, strict=True))


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """What is stored of a document.

    `values` are those of its own row, but for how and when it was read; `parts` the rows of
    everything in it.
    """

    identity: DocumentIdentity
    values: Values
    parts: tuple[PreparedRows, ...]


def under_department(document: PreparedDocument, code: str) -> PreparedDocument:
    """Give a document as that of the department with another code."""
    identity = replace(document.identity, department=code)
    moves = {
        document_id(document.identity): document_id(identity),
        document.values["department"]: department_id(identity.jurisdiction, code),
    }
    described = {**document.values["described_department"], "code": code}
    values = {name: _moved(value, moves) for name, value in document.values.items()}
    parts = tuple(_moved_rows(part, moves) for part in document.parts)
    return PreparedDocument(identity, {**values, "described_department": described}, parts)


def _moved_rows(part: PreparedRows, moves: Mapping[str, str]) -> PreparedRows:
    """Move rows: whose they are stands in their keys only, all else is local to the document."""
    values = (
        tuple(_moved(value, moves) for value in own) if name in _KEYS else own
        for name, own in zip(part.columns, part.values, strict=True)
    )
    return replace(part, values=tuple(values))


def _moved(value: Any, moves: Mapping[str, str]) -> Any:
    """Move the id of a document or department, and what begins with that of a version."""
    if not isinstance(value, str):
        return value
    head, at, rest = value.partition("@")
    return f"{moves[head]}{at}{rest}" if head in moves else value


def prepare(document: BudgetDocument, report: CheckReport) -> PreparedDocument:
    """Build the rows of a document, and of what was found in it."""
    values = {**document_values(document), **checks_values(report)}
    parts = (_rows(part) for part in part_values(document, report) if part.rows)
    return PreparedDocument(document.identity, values, tuple(parts))


def _rows(part: Part) -> PreparedRows:
    """Write rows column by column: most have no JSON, or one value, and take no time."""
    names = tuple(part.rows[0])
    own = zip(*map(itemgetter(*names), part.rows), strict=True)
    values = {name: (value,) for name, value in part.common.items()}
    values.update(zip(names, map(_column, own), strict=True))
    return PreparedRows(part.table, tuple(values), len(part.rows), tuple(values.values()))


def _column(values: tuple[Any, ...]) -> tuple[Any, ...]:
    first = values[0]
    if first is values[-1] and len(set(map(id, values))) == 1:
        values = values[:1]
    # A column holds values of one type, or None.
    looked_at = values if first is None else values[:1]
    return values if _JSON.isdisjoint(map(type, looked_at)) else tuple(_json(values))


def _json(values: Iterable[Any]) -> Iterator[Any]:
    """Write the JSON of a column: once of what is one object, and equal texts are one object."""
    written: dict[int, str] = {}
    known: dict[str, str] = {}
    for value in values:
        if type(value) not in _JSON:
            yield value
            continue
        if id(value) not in written:
            text = to_json_text(value)
            written[id(value)] = known.setdefault(text, text)
        yield written[id(value)]
