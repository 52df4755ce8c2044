"""The queries of a cube: aggregate, facts, members, and how many members there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, Subquery, func, select

from openbudget.budget.vocabulary import Role
from openbudget.cubes.columns import LINES, Editions, LineColumns
from openbudget.cubes.dialect import Cut, Sorting, parse_order
from openbudget.cubes.guards import Selected, Whole, materialized, survey
from openbudget.cubes.model import (
    AMOUNT,
    AMOUNT_SUM,
    COUNT,
    CUBES,
    attribute_refs,
    dimensions,
    expand,
    key_of,
    resolve,
)

LEAF = (Role.LEAF.value,)
_NARROW = ("department.id", "document.id", "project.id", "line.id")
"""Cuts that leave few lines, and have an index."""
_NATURAL = (LINES.document, LINES.position, LINES.id)
_BATCH = 1000


@dataclass(frozen=True)
class CubeQuery:
    """What a client asks of a cube, checked; `order` is still the client's text.

    `years` are the first and the last fiscal year, both included; None leaves a side open.
    Cells are `nested` where they are added up level by level after they were read.
    """

    cube: str
    cuts: tuple[Cut, ...] = ()
    drilldown: tuple[str, ...] = ()
    aggregates: tuple[str, ...] = (AMOUNT_SUM, COUNT)
    order: str | None = None
    page: int = 1
    page_size: int = 10_000
    across: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    roles: tuple[str, ...] = LEAF
    years: tuple[int | None, int | None] = (None, None)
    nested: bool = False


@dataclass(frozen=True)
class Table:
    """A page of an answer: its rows by reference, how many there are in all, and their order."""

    refs: tuple[str, ...]
    rows: list[dict[str, Any]]
    total: int
    order: tuple[Sorting, ...]
    whole: Whole | None = field(default=None)


@dataclass(frozen=True)
class Cells:
    """All cells of an answer, by reference: they are read while they are taken, once."""

    refs: tuple[str, ...]
    rows: Iterator[dict[str, Any]]
    total: int
    whole: Whole


@dataclass(frozen=True)
class _Asked:
    """An aggregate before its cells are read: the statement that gives them all, in order."""

    attributes: tuple[str, ...]
    refs: tuple[str, ...]
    order: tuple[Sorting, ...]
    whole: Whole
    total: int
    statement: Select[Any]


def aggregate(connection: Connection, query: CubeQuery, editions: Editions) -> Table:
    """Sum the leaf lines of a cube, in three statements at most.

    Raises:
        CubeQueryError: the order names what is not answered, or money would be counted twice.
    """
    asked = _ask(connection, query, editions)
    found = connection.execute(_page(asked.statement, query)) if asked.total else ()
    rows = [_cell(asked.refs, row) for row in found]
    return Table(asked.attributes, rows, asked.total, asked.order, asked.whole)


def all_cells(connection: Connection, query: CubeQuery, editions: Editions) -> Cells:
    """Sum as `aggregate` does, and give every cell, whatever the page, in constant memory.

    Raises:
        CubeQueryError: the order names what is not answered, or money would be counted twice.
    """
    asked = _ask(connection, query, editions)
    found = connection.execution_options(yield_per=_BATCH).execute(asked.statement)
    rows = (_cell(asked.refs, row) for row in found)
    return Cells(asked.refs, rows, asked.total, asked.whole)


def _ask(connection: Connection, query: CubeQuery, editions: Editions) -> _Asked:
    attributes = _attributes(query.drilldown)
    known = _sortable(attributes) | {name: name for name in query.aggregates}
    order = _total(parse_order(query.order, tuple(known)), known, attributes)
    lines = select_lines(query, editions)
    summed = AMOUNT_SUM in query.aggregates
    whole = survey(connection, lines, attributes, query.across, summed=summed, nested=query.nested)
    cells, found = _grouped(lines, attributes)
    total = _count(connection, cells)
    refs = (*attributes, *query.aggregates)
    return _Asked(attributes, refs, order, whole, total, _sorted(cells, found, order))


def facts(connection: Connection, query: CubeQuery, editions: Editions) -> Table:
    """List the lines of a cube: leaves, unless totals and subtotals are asked for.

    Raises:
        CubeQueryError: the order names what is not answered.
    """
    wanted = query.fields or (*attribute_refs(), AMOUNT)
    refs = tuple(dict.fromkeys(r for ref in wanted for r in (expand(ref) or (ref,))))
    known = _sortable(attribute_refs()) | {AMOUNT: AMOUNT}
    order = parse_order(query.order, tuple(known))
    lines = select_lines(query, editions)
    total = connection.scalar(lines.read(select(func.count()))) or 0
    chosen = [_fact(lines.columns, ref).label(f"c{n}") for n, ref in enumerate(refs)]
    keys = [_fact(lines.columns, known[own.ref]) for own in order]
    statement = lines.read(select(*chosen))
    for key, own in zip(keys, order, strict=True):
        statement = statement.order_by(key.is_(None), key.desc() if own.descending else key)
    rows = connection.execute(_page(statement.order_by(*_NATURAL), query))
    found = [dict(zip(refs, row, strict=True)) for row in rows]
    return Table(refs, found, total, order)


def members(connection: Connection, query: CubeQuery, editions: Editions) -> Table:
    """List the members of a dimension, or the values of an attribute: `drilldown` names it.

    Raises:
        CubeQueryError: the order names what is not answered.
    """
    attributes = _attributes(query.drilldown)
    known = _sortable(attributes)
    order = _total(parse_order(query.order, tuple(known)), known, attributes)
    cells, found = _grouped(select_lines(query, editions), attributes)
    statement = _page(_sorted(cells, found, order), query)
    total = _count(connection, cells)
    rows = [_cell(attributes, row) for row in connection.execute(statement)]
    return Table(attributes, rows, total, order)


def cardinalities(connection: Connection, cube: str) -> dict[str, int]:
    """Count the members of every dimension, in one statement."""
    lines = select_lines(CubeQuery(cube), {})
    keys = {name: lines.columns.expression(name) for name in dimensions()}
    counts = [func.count(key.distinct()).label(name) for name, key in keys.items()]
    counted: Any = select(*counts)
    statement = lines.read(counted)
    return dict(connection.execute(statement).mappings().one())


def line_counts(connection: Connection) -> dict[str, int]:
    """Count the leaf lines of every cube."""
    statement = (
        select(LINES.table_kind, func.count())
        .where(LINES.current, LINES.role == Role.LEAF.value)
        .group_by(LINES.table_kind)
    )
    found: dict[str, int] = {row[0]: row[1] for row in connection.execute(statement)}
    return {cube: found.get(cube, 0) for cube in CUBES}


def _attributes(refs: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(attribute for ref in refs for attribute in expand(ref)))


def select_lines(query: CubeQuery, editions: Editions) -> Selected:
    """Give the lines of a cut; joins that the cuts need are known before all others."""
    columns = LineColumns(editions)
    narrow = any(key_of(cut.ref) in _NARROW and None not in cut.values for cut in query.cuts)
    # Nothing is appended so that the index by table is not taken where another has fewer lines.
    kind, role = (own.concat("") if narrow else own for own in (LINES.table_kind, LINES.role))
    conditions = [
        LINES.current,
        kind == query.cube,
        role.in_(query.roles),
        *(columns.condition(cut) for cut in query.cuts),
    ]
    first, last = query.years
    conditions += [LINES.own_year >= first] if first is not None else []
    conditions += [LINES.own_year <= last] if last is not None else []
    return Selected(columns, query.cuts, conditions)


def _fact(columns: LineColumns, ref: str) -> Any:
    return LINES.amount_fen if ref == AMOUNT else columns.expression(ref)


def _sortable(attributes: Sequence[str]) -> dict[str, str]:
    """Give what can be sorted by: attributes, and dimensions whose key is there."""
    keys = {
        ref.partition(".")[0]: ref for ref in attributes if key_of(ref.partition(".")[0]) == ref
    }
    return {**keys, **{ref: ref for ref in attributes}}


def _total(
    order: Sequence[Sorting], known: Mapping[str, str], attributes: Sequence[str]
) -> tuple[Sorting, ...]:
    """Make an order total: what is asked for, then every attribute."""
    asked = [Sorting(known[own.ref], own.descending) for own in order]
    found = {own.ref: own for own in reversed(asked)}
    kept = [own for own in asked if found.pop(own.ref, None)]
    named = {own.ref for own in kept}
    return (*kept, *(Sorting(ref) for ref in attributes if ref not in named))


def _grouped(lines: Selected, attributes: Sequence[str]) -> tuple[Subquery, dict[str, Any]]:
    """Group lines by the keys; other attributes of a key that is there follow from it."""
    names = {ref: f"a{n}" for n, ref in enumerate(attributes)}
    chosen = [lines.columns.expression(ref).label(name) for ref, name in names.items()]
    base = materialized(lines.read(select(*chosen, LINES.amount_fen.label("fen"))))
    groups = {ref: base.c[names[ref]] for ref in attributes if not _follows(ref, attributes)}
    others = [
        func.min(base.c[name]).label(name) for ref, name in names.items() if ref not in groups
    ]
    cells: Select[Any] = select(
        *groups.values(),
        *others,
        func.sum(base.c.fen).label("fen"),
        func.count().label("lines"),
    ).select_from(base)
    found = (cells.group_by(*groups.values()) if groups else cells).subquery()
    known = {ref: found.c[name] for ref, name in names.items()}
    return found, known | {AMOUNT_SUM: found.c.fen, COUNT: found.c.lines}


def _follows(ref: str, attributes: Sequence[str]) -> bool:
    found = resolve(ref)
    return found is not None and ref != found[0].key_ref and found[0].key_ref in attributes


def _sorted(cells: Subquery, found: Mapping[str, Any], order: Sequence[Sorting]) -> Select[Any]:
    refs = [own for own in found if own not in (AMOUNT_SUM, COUNT)]
    statement = select(
        *(found[ref].label(ref) for ref in refs),
        found[AMOUNT_SUM].label(AMOUNT_SUM),
        found[COUNT].label(COUNT),
    )
    for own in order:
        key = found[own.ref]
        statement = statement.order_by(key.is_(None), key.desc() if own.descending else key)
    return statement.where(cells.c.lines > 0)


def _count(connection: Connection, cells: Subquery) -> int:
    statement = select(func.count()).select_from(cells).where(cells.c.lines > 0)
    return connection.scalar(statement) or 0


def _page(statement: Select[Any], query: CubeQuery) -> Select[Any]:
    offset = (max(query.page, 1) - 1) * query.page_size
    return statement.limit(query.page_size).offset(offset)


def _cell(refs: Sequence[str], row: Any) -> dict[str, Any]:
    found = {ref: row._mapping[ref] for ref in refs}
    if found.get(AMOUNT_SUM) is not None:
        found[AMOUNT_SUM] = int(found[AMOUNT_SUM])
    return found
