"""Text whose cells are parted by tabs, one row a line, as spreadsheets save and copy tables.

Lines without a tab are paragraphs above and below a table; between rows they are rows of which
only the first cell is filled. An empty line is a row too, unless a line without a tab follows it:
that begins something else. A row that ends early has blank cells up to the width of its table:
editors and copying drop the tabs at the end of a line. Nothing is spread: a cell that was merged
is followed by blank ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openbudget.blocks import Anchor, Block, Cell, Grid, Paragraph
from openbudget.errors import LimitExceededError
from openbudget.reading.grids import CellMeter
from openbudget.reading.text import MAX_LINES

if TYPE_CHECKING:
    from openbudget.reading.limits import ReadingLimits

_CELL = re.compile(
    # A quoted cell may hold line breaks, and no tab: a lone quote would else swallow what follows.
    r'(?P<cell>"(?:[^"\t]|"")*+"(?=[\t\n]|\Z)|[^\t\n]*+)(?P<end>\t|\n|\Z)'
)
_NEEDS_QUOTES = re.compile(r'[,\n]|""')


@dataclass(frozen=True, slots=True)
class _Row:
    cells: list[str]
    line: int

    @property
    def is_empty(self) -> bool:
        return len(self.cells) == 1 and not self.cells[0].strip()


def is_tab_separated(text: str) -> bool:
    """Whether tabs part cells in the lines of a text, rather than begin lines of one cell each.

    A row may begin with a tab, where its first cell is blank, and a paragraph may hold one: it is
    as most lines with a tab are.
    """
    if "\t" not in text:
        return False
    parted = sum("\t" in line[1:] for line in text.splitlines())
    begun = sum(line.startswith("\t") and "\t" not in line[1:] for line in text.splitlines())
    return parted > begun


def tab_separated_blocks(text: str, limits: ReadingLimits) -> tuple[Block, ...]:
    """Set a decoded text into blocks with line anchors; no grid is ragged.

    Raises:
        LimitExceededError: more than two million lines, or too many cells.
    """
    lines = text.count("\n") + 1
    if lines > MAX_LINES:
        raise LimitExceededError(f"the text has {lines} lines, more than {MAX_LINES}")
    builder = _Builder(CellMeter(limits))
    for row in _rows(text.replace("\r\n", "\n")):
        builder.add(row)
    return builder.finish()


def _rows(text: str) -> Iterator[_Row]:
    cells: list[str] = []
    number = first = 1
    for match in _CELL.finditer(text):
        cells.append(_unquoted(match["cell"]))
        number += match[0].count("\n")
        if match["end"] != "\t":
            yield _Row(cells, first)
            cells, first = [], number
        if not match["end"]:
            return


def _unquoted(cell: str) -> str:
    """Take off the quotes of a cell that a spreadsheet set; those that are printed stay.

    It sets them around commas, line breaks and quotes only, and doubles the quotes within.
    """
    inner = cell[1:-1]
    if len(cell) > 1 and cell[0] == cell[-1] == '"' and _NEEDS_QUOTES.search(inner):
        return inner.replace('""', '"')
    return cell


@dataclass
class _Builder:
    """Collects rows into grids; `waiting` are lines of which the next tells what they are."""

    meter: CellMeter
    blocks: list[Block] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    waiting: list[_Row] = field(default_factory=list)

    def add(self, row: _Row) -> None:
        if len(row.cells) > 1:
            self.rows += [*self.waiting, row]
            self.waiting = []
            return
        if self.waiting and self.waiting[-1].is_empty and not row.is_empty:
            self._end_grid()
        if self.rows:
            self.waiting.append(row)
        else:
            self._add_paragraph(row)

    def _end_grid(self) -> None:
        if self.rows:
            self.blocks.append(self._grid())
        for row in self.waiting:
            self._add_paragraph(row)
        self.rows, self.waiting = [], []

    def _add_paragraph(self, row: _Row) -> None:
        if not row.is_empty:
            self.blocks.append(Paragraph(row.cells[0], Anchor(line=row.line)))

    def _grid(self) -> Grid:
        width = max(len(row.cells) for row in self.rows)
        self.meter.add(width * len(self.rows))
        cells = tuple(
            Cell(text, number, column, Anchor(line=row.line))
            for number, row in enumerate(self.rows)
            for column, text in enumerate(row.cells + [""] * (width - len(row.cells)))
        )
        return Grid(cells, cells[0].anchor)

    def finish(self) -> tuple[Block, ...]:
        self._end_grid()
        return tuple(self.blocks)
