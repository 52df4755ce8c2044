"""A comparison as data, whatever format it is answered in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openbudget.api.endpoint import Call
from openbudget.api.problems import Mistake, bad_request
from openbudget.api.resources.compare.choices import Settled, settle
from openbudget.api.resources.compare.query import Asked, side_query, understand
from openbudget.api.resources.lines import COLUMNS
from openbudget.api.resources.table_ids import table_ids
from openbudget.cubes.comparison import Comparison, compare
from openbudget.cubes.following import CodeList, Entry
from openbudget.cubes.guards import Selected
from openbudget.cubes.sides import (
    TooManyEntriesError,
    leaf_lines,
    read_code_list,
    read_entries,
    read_offices,
    serving,
    survey_side,
)
from openbudget.storage.selection import Condition, where
from openbudget.storage.trees import distinct_values
from openbudget.texts import Text


@dataclass(frozen=True)
class ComparedSide:
    """One side: what it is of, its entries, and whose lines they are.

    `fen` is their sum, None without amounts or where it would count twice; `beside`, how many of
    its lines are of another year or phase than their document; `query`, that of its lines.
    """

    value: Any
    entries: Sequence[Entry]
    fen: int | None
    lines: int
    beside: int
    year: int | None
    edition: str | None
    codes: CodeList
    departments: Sequence[str]
    documents: Sequence[str]
    query: Mapping[str, str]


@dataclass(frozen=True)
class Compared:
    """Two sides and the rows between them; there are no rows where a side has no lines.

    `present` are the values of what is compared that have lines, where a side has none.
    """

    asked: Asked
    settled: Settled
    sides: tuple[ComparedSide, ComparedSide]
    comparison: Comparison
    present: Sequence[Any] = ()


def compared(call: Call) -> Compared:
    """Compare two sides as a call asks for it.

    Raises:
        ProblemError: 400 where parameters contradict each other, where several tables, years,
            scopes, phases or documents would be mixed, or where the sides have no codes in common.
    """
    asked = understand(call)
    settled = _settled(call, asked)
    base, other = _side(call, asked, settled, 0), _side(call, asked, settled, 1)
    if not settled.comparable:
        conditions = [*asked.conditions, *_equal(settled.chosen)]
        found = distinct_values(call.connection, COLUMNS[asked.between], conditions, COLUMNS)
        return Compared(asked, settled, (base, other), Comparison(()), found)
    lists = (base.codes, other.codes)
    rows = compare(base.entries, other.entries, lists, follow=asked.follow)
    return Compared(asked, settled, (base, other), rows)


def _equal(chosen: Mapping[str, Any]) -> list[Condition]:
    settled = [Condition(name, "eq", (value,)) for name, value in chosen.items()]
    return [Condition("current", "eq", (True,)), *settled]


def side_lines(asked: Asked, place: int, chosen: Mapping[str, Any]) -> Selected:
    """Select the leaf lines of a side."""
    conditions = [*asked.conditions, *_equal(chosen), asked.of_side(place)]
    return leaf_lines(where(conditions, COLUMNS))


def _settled(call: Call, asked: Asked) -> Settled:
    base, other = (side_lines(asked, place, {}) for place in (0, 1))

    def documents() -> list[str]:
        offices = (read_offices(call.connection, own) for own in (base, other))
        return sorted({document for own in offices for _, document in own})

    def tables(chosen: Mapping[str, Any]) -> list[str]:
        sides = Condition(asked.between, "eq", asked.values)
        return table_ids(call.connection, [*asked.conditions, *_equal(chosen), sides])

    groups = (
        survey_side(call.connection, base, asked.axis),
        survey_side(call.connection, other, asked.axis),
    )
    return settle(asked, groups, documents, tables)


def _side(call: Call, asked: Asked, settled: Settled, place: int) -> ComparedSide:
    lines, year = side_lines(asked, place, settled.chosen), settled.year(place)
    groups = settled.groups[place]
    entries = _entries(call, asked, lines, place) if settled.comparable else []
    offices = read_offices(call.connection, lines)
    editions = call.names.editions
    return ComparedSide(
        value=asked.values[place],
        entries=entries,
        fen=_sum(groups) if settled.additive and not settled.mixed else None,
        lines=sum(int(row.lines) for row in groups),
        beside=sum(int(row.comparison) for row in groups),
        year=year,
        edition=serving(editions, asked.axis, year),
        codes=read_code_list(call.connection, asked.axis, editions, year),
        departments=sorted({department for department, _ in offices}),
        documents=[document for _, document in offices],
        query=side_query(asked, settled.chosen, place),
    )


def _sum(groups: Sequence[Any]) -> int | None:
    found = [int(row.fen) for row in groups if row.fen is not None]
    return sum(found) if found else None


def _entries(call: Call, asked: Asked, lines: Selected, place: int) -> list[Entry]:
    by_office = asked.between != "department"
    try:
        return read_entries(call.connection, lines, asked.axis, by_office=by_office)
    except TooManyEntriesError as error:
        said = "Narrow it by a filter such as department= or function__under=, or take level=1."
        hint = Text(said)
        detail = Text("{side} has {entries}", side=asked.said(place), entries=error.args[0])
        raise bad_request([Mistake("by", detail, hint=hint)]) from error
