"""Building grids from tables that state spans: HTML and word-processing documents."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openbudget.blocks import Anchor, Cell, Grid
from openbudget.errors import LimitExceededError

if TYPE_CHECKING:
    from openbudget.reading.limits import ReadingLimits


class CellMeter:
    """Counts the cells of one file against its limit."""

    def __init__(self, limits: ReadingLimits) -> None:
        """Start at no cells."""
        self._limit = limits.cells
        self._count = 0

    def add(self, count: int) -> None:
        """Count more cells; raise `LimitExceededError` past the limit."""
        self._count += count
        if self._count > self._limit:
            raise LimitExceededError(f"the tables have more than {self._limit:,} cells")


@dataclass(slots=True)
class Draft:
    """A cell whose spans may still grow; row and column are 0-based."""

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


def build_grid(drafts: list[Draft], anchor: Anchor) -> Grid:
    """Make a grid whose cells all have its anchor.

    Columns in which no cell begins are closed up: word processors draw a table on a lattice finer
    than its columns, and a column that nothing tells from its neighbour is none. Row spans end
    with the last row.
    """
    starts = sorted({draft.column for draft in drafts})
    rows = max((draft.row for draft in drafts), default=-1) + 1
    cells = [_finish(draft, starts, rows, anchor) for draft in drafts]
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return Grid(tuple(cells), anchor)


def _finish(draft: Draft, starts: list[int], rows: int, anchor: Anchor) -> Cell:
    column = bisect_left(starts, draft.column)
    end = bisect_left(starts, draft.column + draft.column_span)
    return Cell(
        text=draft.text,
        row=draft.row,
        column=column,
        anchor=anchor,
        row_span=max(1, min(draft.row_span, rows - draft.row)),
        column_span=max(1, end - column),
    )
