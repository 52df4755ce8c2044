"""A document for reading in a terminal: a summary, and its tables as recognised."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from openbudget.budget.document import BudgetDocument, Coverage
from openbudget.budget.identifiers import document_id
from openbudget.budget.money import format_yuan
from openbudget.budget.table import BudgetTable, TableRow
from openbudget.budget.vocabulary import Role

_MAX_CELL = 28
HEADER = ("table", "title", "unit", "lines", "leaves", "sum of leaves, 元")
WITHHELD = "[withheld]"


def summarize(document: BudgetDocument) -> Iterator[str]:
    """Give a summary in lines: what it is, its tables, and the account of its cells."""
    identity = document.identity
    yield f"{identity.title}  ({document_id(identity)})"
    yield f"publisher {identity.publisher}, sha256 {document.file.sha256[:12]}…"
    yield ""
    rows: list[tuple[str, ...]] = [HEADER]
    rows += [_table_summary(table) for table in document.tables]
    yield from align(rows, right={3, 4, 5})
    yield ""
    indicators = sum(len(target.indicators) for target in document.targets)
    yield (
        f"{len(document.tables)} tables, {sum(len(t.lines) for t in document.tables)} lines, "
        f"{len(document.projects)} projects, {len(document.transfers)} transfers, "
        f"{len(document.targets)} performance targets with {indicators} indicators, "
        f"{len(document.sections)} sections"
    )
    yield from coverage_lines(document.coverage)


def coverage_lines(coverage: Coverage) -> Iterator[str]:
    """Give the account of a document in lines."""
    ignored = ", ".join(f"{count} {reason}" for reason, count in coverage.ignored) or "none"
    yield (
        f"{coverage.cells} cells and paragraphs: {coverage.used} used, "
        f"ignored: {ignored}, {len(coverage.unmapped)} unmapped"
    )
    for cell in coverage.unmapped:
        reason = f" ({cell.reason})" if cell.reason else ""
        yield f"  unmapped: {_clip(cell.text or WITHHELD)} at {_where(cell.anchor.line)}{reason}"


def print_tables(document: BudgetDocument) -> Iterator[str]:
    """Give every table as recognised, row by row."""
    for table in document.tables:
        yield ""
        yield f"{table.title}  [{table.key}]" + ("  (present and empty)" if table.empty else "")
        yield from align([_row_cells(row) for row in table.rows if row.part != "title"])
    for target in document.targets:
        yield ""
        yield f"{target.kind} target: {target.name.text if target.name else '?'}"
        for indicator in target.indicators:
            quantities = "; ".join(
                f"{q.comparator} {q.value} {q.unit} ({q.period})" for q in indicator.quantities
            )
            levels = " / ".join(
                _clip(level)
                for level in (indicator.level_1, indicator.level_2, indicator.level_3)
                if level
            )
            yield f"  {indicator.number}. {levels}: {quantities or indicator.value or 'no value'}"


def _table_summary(table: BudgetTable) -> tuple[str, ...]:
    leaves = [line for line in table.lines if line.role is Role.LEAF]
    directions = dict.fromkeys(line.direction for line in leaves)
    sums = (
        format_yuan(sum(line.amount.fen or 0 for line in leaves if line.direction is direction))
        for direction in directions
    )
    total = " | ".join(sums)
    unit = table.unit.text if table.unit else ""
    lines = str(len(table.lines)) if table.lines else ("empty" if table.empty else "")
    return table.key, table.title, unit, lines, str(len(leaves) or ""), total


def _row_cells(row: TableRow) -> tuple[str, ...]:
    mark = str(row.ordinal or "")
    cells = (WITHHELD if cell.text is None else _clip(cell.text) for cell in row.cells)
    return (mark, row.role.value if row.role else "", *cells)


def _clip(text: str) -> str:
    bare = " ".join(text.split())
    return bare if len(bare) <= _MAX_CELL else bare[: _MAX_CELL - 1] + "…"


def _where(line: int | None) -> str:
    return f"line {line}" if line else "an unknown place"


def align(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> Iterator[str]:
    """Align cells in columns; Chinese characters are two columns wide."""
    to_right = set(right)
    widths: dict[int, int] = {}
    for row in rows:
        for number, cell in enumerate(row):
            widths[number] = max(widths.get(number, 0), display_width(cell))
    for row in rows:
        cells = (_pad(cell, widths[n], n in to_right) for n, cell in enumerate(row))
        yield "  ".join(cells).rstrip()


def display_width(text: str) -> int:
    """Give the number of terminal columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(cell: str, width: int, right: bool) -> str:
    padding = " " * (width - display_width(cell))
    return padding + cell if right else cell + padding
