"""The cells that a finding speaks of, in an excerpt of their table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openbudget.budget.finding import Finding
from openbudget.budget.table import BudgetTable, TableCell, TableRow
from openbudget.reports.findings.places import DocumentIndex, Printed

AROUND = 2
"""How many rows are shown above and below a marked one."""

MOST_ROWS = 60
"""How many rows an excerpt has at most; the cells that a finding is about come first."""

Marks = dict[tuple[int, int], list[str]]
"""What cells are to a finding (keys of `words.MARKS`), by row and column."""


@dataclass(frozen=True, slots=True)
class ExcerptCell:
    """A cell as shown. `text` is None where it is withheld.

    A cell that reaches over several rows is shown in each of them, `repeated` but in its first.
    """

    text: str | None
    column: int
    marks: tuple[str, ...] = ()
    span: int = 1
    number: bool = False
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class ExcerptRow:
    """A row as shown, or in its place how many rows are left out."""

    number: int
    cells: tuple[ExcerptCell, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some rows of a table; `headings` are those of its columns, from the first.

    Columns `aside` hold nothing marked, and no names either: where there is no room they may go.
    """

    table: BudgetTable
    headings: tuple[str, ...]
    rows: tuple[ExcerptRow, ...]
    aside: frozenset[int]


def excerpts(finding: Finding, index: DocumentIndex) -> list[Excerpt]:
    """Give an excerpt of each table that a finding speaks of, in the order it does."""
    marked = _marks(finding, index)
    return [_excerpt(index.tables[key], marks) for key, marks in marked.items()]


def _marks(finding: Finding, index: DocumentIndex) -> dict[str, Marks]:
    marked: dict[str, Marks] = {}
    for found, mark in _marked(finding, index):
        row, column = found.place.row, found.place.column
        if found.table is None or found.table not in index.tables:
            continue
        if row is not None and column is not None:
            marks = marked.setdefault(found.table, {}).setdefault((row, column), [])
            if mark not in marks:
                marks.append(mark)
    return marked


def _marked(finding: Finding, index: DocumentIndex) -> Iterator[tuple[Printed, str]]:
    for operand in finding.operands:
        found = index.find(operand)
        if found is not None:
            yield found, operand.role.value
    for operand in finding.operands:
        yield from _known(() if operand.document else operand.parts, "part", index)
    for explanation in finding.explanations:
        yield from _known(explanation.lines, "explanation", index)


def _known(items: Sequence[str], mark: str, index: DocumentIndex) -> Iterator[tuple[Printed, str]]:
    return ((index.items[item], mark) for item in items if item in index.items)


def _excerpt(table: BudgetTable, marks: Marks) -> Excerpt:
    width = max((_end(cell) for row in table.rows for cell in row.cells), default=0)
    above = _reaching_down(table.rows)
    rows = tuple(_rows(table, _shown(table, marks), marks, above))
    aside = frozenset(range(1, width + 1)) - frozenset(_telling(rows))
    return Excerpt(table, tuple(_headings(table, width)), rows, aside)


def _telling(rows: Sequence[ExcerptRow]) -> Iterator[int]:
    """Give the columns of marked cells and of names; those under one cell belong together."""
    for row in rows:
        for cell in row.cells:
            named = cell.text is None or (cell.text.strip() and not cell.number)
            if cell.marks or named or cell.span > 1:
                yield from range(cell.column, cell.column + cell.span)


def _headings(table: BudgetTable, width: int) -> Iterator[str]:
    printed = {column.number: column.heading for column in table.columns}
    for number in range(1, width + 1):
        parts = dict.fromkeys(" ".join(part.split()) for part in printed.get(number, ()))
        yield " · ".join(filter(None, parts))


def _shown(table: BudgetTable, marks: Marks) -> set[int]:
    """Choose the rows: those marked, the most telling first, then what is around them."""
    numbers = {row.number for row in table.rows if _is_context(table, row)}
    chief = [row for (row, _), kinds in marks.items() if kinds != ["part"]]
    marked = list(dict.fromkeys([*chief, *(row for row, _ in marks)]))
    shown = set(marked[:MOST_ROWS])
    for distance in range(1, AROUND + 1):
        for row in marked:
            near = {row - distance, row + distance} & numbers
            if len(shown | near) <= MOST_ROWS:
                shown |= near
    return shown


def _is_context(table: BudgetTable, row: TableRow) -> bool:
    """Whether a row may be shown though nothing in it is marked.

    Headings that are understood stand above the excerpt; a blank row says nothing.
    """
    if not any(cell.text is None or cell.text.strip() for cell in row.cells):
        return False
    return row.part in ("body", "note") or (row.part != "title" and not table.columns)


def _rows(
    table: BudgetTable,
    shown: set[int],
    marks: Marks,
    above: Mapping[int, Mapping[int, TableCell]],
) -> Iterator[ExcerptRow]:
    left_out = 0
    for row in table.rows:
        if row.number in shown:
            if left_out:
                yield ExcerptRow(row.number, left_out=left_out)
            left_out = 0
            yield ExcerptRow(row.number, tuple(_cells(row, marks, above.get(row.number, {}))))
        elif _is_context(table, row):
            left_out += 1
    if left_out:
        yield ExcerptRow(0, left_out=left_out)


def _cells(row: TableRow, marks: Marks, reaching: Mapping[int, TableCell]) -> Iterator[ExcerptCell]:
    """Give the cells of a row so that it is complete in itself, with what reaches into it."""
    own = {cell.column: cell for cell in row.cells}
    column = 1
    for start in sorted({*own, *reaching}):
        if start < column:
            continue
        if start > column:
            yield ExcerptCell("", column, span=start - column)
        cell = own.get(start) or reaching[start]
        kinds = tuple(marks.get((row.number, start), ()))
        yield ExcerptCell(
            text=cell.text,
            column=start,
            marks=kinds,
            span=cell.column_span,
            number=cell.amount is not None,
            repeated=start not in own,
        )
        column = start + cell.column_span


def _reaching_down(rows: Sequence[TableRow]) -> dict[int, dict[int, TableCell]]:
    """Give the cells that reach into rows below theirs, by those rows and their column."""
    reaching: dict[int, dict[int, TableCell]] = {}
    for position, row in enumerate(rows):
        for cell in row.cells:
            for below in rows[position + 1 : position + cell.row_span]:
                reaching.setdefault(below.number, {})[cell.column] = cell
    return reaching


def _end(cell: TableCell) -> int:
    return cell.column + cell.column_span - 1
