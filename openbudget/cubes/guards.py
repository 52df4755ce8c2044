"""Sums that would count money twice: found before anything is added up, and refused.

A guard is a dimension whose values must not be added up together. It is content where the cut
leaves one value, where cells are parted by it, or where the client says that it wants the sum all
the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, Subquery, func, select

from openbudget.cubes.columns import LINES, LineColumns
from openbudget.cubes.dialect import Cut
from openbudget.cubes.mistakes import CubeQueryError, QueryMistake
from openbudget.cubes.model import dimensions, expand
from openbudget.texts import Text

_SHOWN = 20
_ALWAYS = (LINES.department, LINES.document, LINES.amount_fen)


@dataclass(frozen=True)
class Guard:
    """A dimension that must not be summed over unasked, and why.

    `parts` are attributes that part its values; `twice`, that its sum counts money twice, so that
    a summary over several values has no amount either.
    """

    dimension: str
    why: Text
    parts: tuple[str, ...]
    twice: bool = True


GUARDS = (
    Guard(
        "fiscal_year",
        Text("a sum over years is seldom what is meant"),
        ("fiscal_year.year", "line.id"),
        twice=False,
    ),
    Guard(
        "scope",
        Text("the budget of a department (部门) holds those of its units (单位)"),
        ("scope.code", "scope.label", "scope.label_en", "document.id", "line.id"),
    ),
    Guard(
        "phase",
        Text("a budget and its final accounts are about the same money"),
        ("phase.code", "phase.label", "phase.label_en", "line.id"),
    ),
    Guard(
        "direction",
        Text("revenue and the expenditure that it pays are the same money"),
        ("direction.code", "direction.label", "direction.label_en", "line.id"),
    ),
    Guard(
        "table_key",
        Text("tables of one kind in a document may print the same money"),
        ("table_key.key", "line.id"),
    ),
    Guard(
        "item_group",
        Text("other items, 机关运行经费 above all, hold parts of the three public expenses"),
        ("item_group.code", "item_group.label", "item.code", "line.id"),
    ),
)
DOCUMENTS = Guard(
    "document",
    Text("several documents print amounts of the same department, scope, year and phase"),
    ("document.id", "line.id"),
)
NAMES = (*(guard.dimension for guard in GUARDS), DOCUMENTS.dimension)


def materialized(lines: Select[Any]) -> Subquery:
    """Select lines before they are grouped: else an index may be taken for its order alone.

    An offset, even of nothing, keeps engines from looking at both together.
    """
    return lines.offset(0).subquery("selected")


@dataclass(frozen=True)
class Selected:
    """The lines of a cut: its cuts, their conditions, and the columns that know their joins."""

    columns: LineColumns
    cuts: Sequence[Cut]
    conditions: Sequence[Any]

    def read(self, statement: Select[Any]) -> Select[Any]:
        """Let a statement read these lines."""
        return self.columns.read_from(statement.where(*self.conditions))


Mixed = tuple[Guard, list[Any]]
"""A guard, and the values of its dimension that are mixed."""


@dataclass(frozen=True)
class Whole:
    """The whole cut: its sum, its lines, and what it mixes that the client did not ask to mix."""

    fen: int | None
    lines: int
    mixed: tuple[Guard, ...]

    @property
    def additive(self) -> bool:
        """Whether its sum counts nothing twice."""
        return not any(guard.twice for guard in self.mixed)


def survey(
    connection: Connection,
    lines: Selected,
    drilldown: Sequence[str],
    across: Sequence[str],
    *,
    summed: bool,
    nested: bool = False,
) -> Whole:
    """Sum the whole cut by what must not be mixed, in one query.

    Where cells are `nested`, sums are made over each level: to part them by a level is no way out
    of counting twice.

    Raises:
        CubeQueryError: cells would add up what counts twice; it names every legal way.
    """
    groups = read_groups(connection, lines)
    mixed = [found for found in _mixed(groups) if found[0].dimension not in across]
    if summed:
        parting = {attribute for ref in drilldown for attribute in expand(ref)}
        refused = [own for own in mixed if not _parted(own[0], parting, nested=nested)]
        _refuse(connection, lines, refused, nested=nested)
    amounts = [int(row.fen) for row in groups if row.fen is not None]
    return Whole(
        sum(amounts) if amounts else None,
        sum(int(row.lines) for row in groups),
        tuple(guard for guard, _ in mixed),
    )


def read_groups(
    connection: Connection,
    lines: Selected,
    keys: Mapping[str, Any] | None = None,
    counted: Mapping[str, Any] | None = None,
) -> Sequence[Row[Any]]:
    """Sum by everything that must not be mixed, and by `keys`: a handful of rows, in one query.

    Each has the values of the guards by the names of their dimensions, `fen`, `lines`, and how
    many `documents` print amounts of one department; `counted` are expressions whose values are
    counted besides.
    """
    return connection.execute(_groups(lines, keys or {}, counted or {})).all()


def _mixed(groups: Sequence[Row[Any]]) -> list[Mixed]:
    """Give the guards that have several values, with these."""
    found = [(guard, _values(groups, guard)) for guard in GUARDS]
    mixed: list[Mixed] = [(guard, values) for guard, values in found if len(values) > 1]
    return [*mixed, (DOCUMENTS, [])] if any(row.documents > 1 for row in groups) else mixed


def _parted(guard: Guard, parting: AbstractSet[str], *, nested: bool) -> bool:
    """Whether cells are parted by a guard, and are not added up again on a level above."""
    return not parting.isdisjoint(guard.parts) and not (nested and guard.twice)


def _refuse(
    connection: Connection, lines: Selected, mixed: Sequence[Mixed], *, nested: bool
) -> None:
    """Refuse to add up what is mixed in cells, unless a cut says that it is meant."""
    refused = [found for found in mixed if not _said(found[0], lines.cuts)]
    if refused:
        mistakes = [_mistake(connection, lines, *found, nested=nested) for found in refused]
        raise CubeQueryError(mistakes)


def _groups(lines: Selected, more: Mapping[str, Any], counted: Mapping[str, Any]) -> Select[Any]:
    guards = {guard.dimension: lines.columns.expression(guard.dimension) for guard in GUARDS}
    keys = {**guards, **more}
    named = [own.label(name) for name, own in (*keys.items(), *counted.items())]
    base = materialized(lines.read(select(*named, *_ALWAYS)))
    names = [base.c[name] for name in keys]
    offices = (
        select(
            *names,
            *(func.count(base.c[name]).label(name) for name in counted),
            func.count(base.c.document.distinct()).label("documents"),
            func.sum(base.c.amount_fen).label("fen"),
            func.count().label("lines"),
        )
        .group_by(*names, base.c.department)
        .subquery()
    )
    own = [offices.c[name] for name in keys]
    return select(
        *own,
        *(func.sum(offices.c[name]).label(name) for name in counted),
        func.max(offices.c.documents).label("documents"),
        func.sum(offices.c.fen).label("fen"),
        func.sum(offices.c.lines).label("lines"),
    ).group_by(*own)


def _values(groups: Iterable[Row[Any]], guard: Guard) -> list[Any]:
    found = {getattr(row, guard.dimension) for row in groups}
    return sorted(found, key=lambda value: (value is None, str(value)))


def _said(guard: Guard, cuts: Sequence[Cut]) -> bool:
    """Whether a cut names the values on purpose, where their sum counts nothing twice."""
    names = (guard.dimension, *dimensions()[guard.dimension].refs)
    return not guard.twice and any(cut.ref in names for cut in cuts)


def _mistake(
    connection: Connection, lines: Selected, guard: Guard, values: Sequence[Any], *, nested: bool
) -> QueryMistake:
    name = guard.dimension
    if guard is DOCUMENTS:
        cuts = ['cut=period:"own"', *_document_cuts(connection, lines)]
    else:
        cuts = [f"cut={name}:{_quoted(value)}" for value in values]
    parted = not (nested and guard.twice)
    across = f"sum_across={name}"
    ways = [*cuts, *([f"drilldown={name}"] if parted else []), across]
    said = "the lines have several values of {name}, and {why}"
    detail = Text(said, name=name, why=guard.why)
    hint = Text("Add {cut}, or another one, to those that are there", cut=cuts[0])
    if parted:
        hint = Text("{said}; or {way}", said=hint, way=f"drilldown={name}")
    hint = Text("{said}; or {across} to add up all the same.", said=hint, across=across)
    return QueryMistake("cut", detail, ways, hint, name, values)


def _quoted(value: Any) -> str:
    return "" if value is None else f'"{value}"'


def _document_cuts(connection: Connection, lines: Selected) -> list[str]:
    statement = lines.read(select(LINES.document).distinct().order_by(LINES.document))
    found = connection.scalars(statement.limit(_SHOWN))
    return [f'cut=document:"{document}"' for document in found]
