"""What a client asks of a list: conditions, order and a page; turned into SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, and_, false, literal, or_, tuple_

from openbudget.budget.identifiers import DocumentReference

Operator = Literal["eq", "not", "gte", "lte", "prefix", "contains", "isnull", "refers"]
_LAST_CHARACTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Condition:
    """One filter: any of `values` may hold; with `not`, none of them."""

    field: str
    operator: Operator
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A field to sort by. Nulls come last in both directions."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page begins: after (or, going back, before) the row with these sort values."""

    values: tuple[Any, ...]
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """A page of a list. `order` is total: it ends in fields that no two rows share."""

    conditions: tuple[Condition, ...]
    order: tuple[Order, ...]
    page_size: int
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class ReferenceColumns:
    """The columns that a public id is compared with; `local` holds the part behind the document.

    Without `local` the reference is to the document itself, unless `touches` gives the condition
    that a row has to do with the part.
    """

    document: Any
    version: Any
    current: Any
    local: Any = None
    touches: Callable[[str], ColumnElement[bool]] | None = None


Columns = Mapping[str, Any]
"""The column behind each field that a client can name."""


def where(conditions: Sequence[Condition], columns: Columns) -> list[ColumnElement[bool]]:
    """Turn conditions into SQL; all of them hold."""
    return [_condition(columns[c.field], c) for c in conditions]


def _condition(column: Any, condition: Condition) -> ColumnElement[bool]:
    values = condition.values
    if condition.operator == "eq":
        return _bool(column.in_(values))
    if condition.operator == "refers":
        return or_(*(_refers(column, reference) for reference in values))
    if condition.operator == "not":
        return or_(column.not_in(values), column.is_(None))
    if condition.operator == "isnull":
        return or_(*(column.is_(None) if wanted else column.is_not(None) for wanted in values))
    return or_(*(_SINGLE[condition.operator](column, value) for value in values))


def _refers(columns: ReferenceColumns, reference: DocumentReference) -> ColumnElement[bool]:
    """Compare with a public id: without a version it means the current one."""
    named = columns.version == reference.version if reference.version else columns.current
    found = and_(columns.document == reference.document, named)
    if columns.touches is not None:
        return and_(found, columns.touches(reference.rest))
    return found if columns.local is None else and_(found, columns.local == reference.rest)


def _starts(column: Any, value: str) -> ColumnElement[bool]:
    """Compare by range, which an index serves and no wildcard disturbs."""
    return and_(column >= value, column < value + _LAST_CHARACTER)


def _contains(column: Any, value: str) -> ColumnElement[bool]:
    return _bool(column.contains(value, autoescape=True))


def _bool(expression: Any) -> ColumnElement[bool]:
    found: ColumnElement[bool] = expression
    return found


_SINGLE: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "gte": lambda column, value: _bool(column >= value),
    "lte": lambda column, value: _bool(column <= value),
    "prefix": _starts,
    "contains": _contains,
}


def sort(statement: Select[Any], selection: Selection, columns: Columns) -> Select[Any]:
    """Sort a statement, the other way round for a page before a position."""
    backwards = selection.position is not None and selection.position.backwards
    for order in selection.order:
        column = columns[order.field]
        descending = order.descending != backwards
        if column.nullable:
            nulls = column.is_(None)
            statement = statement.order_by(nulls.desc() if backwards else nulls)
        statement = statement.order_by(column.desc() if descending else column)
    return statement


def beyond(selection: Selection, columns: Columns) -> ColumnElement[bool] | None:
    """Give the condition of the rows beyond the position, or None on the first page."""
    position = selection.position
    if position is None:
        return None
    sides = [(columns[o.field], o.descending != position.backwards) for o in selection.order]
    if all(not column.nullable and not descending for column, descending in sides):
        own = tuple_(*(column for column, _ in sides))
        return _bool(own > tuple_(*position.values))
    found: ColumnElement[bool] = false()
    equal: list[ColumnElement[bool]] = []
    for (column, descending), value in zip(sides, position.values, strict=True):
        found = or_(found, and_(*equal, _after(column, value, descending, position.backwards)))
        equal.append(_bool(column.is_(None) if value is None else column == value))
    return found


def _after(column: Any, value: Any, descending: bool, backwards: bool) -> ColumnElement[bool]:
    if value is None:
        return _bool(column.is_not(None)) if backwards else false()
    own = literal(value, column.type)  # a bare True or False has no order in SQLAlchemy
    strictly = _bool(column < own if descending else column > own)
    if column.nullable and not backwards:
        return or_(strictly, column.is_(None))
    return strictly
