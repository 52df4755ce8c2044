"""From nested tables and paragraphs, as HTML and Word hold them, to a flat sequence of blocks.

A reader of such a format builds items; what becomes of tables in tables is decided here, once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openbudget.blocks import Anchor, Block, Grid, Paragraph
from openbudget.reading.grids import Draft, build_grid

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True)
class TableCell:
    """A cell with what stands in it, in order. Row and column are 0-based, spans at least 1."""

    items: list[Item]
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1

    @property
    def text(self) -> str:
        """Its own lines, without those of the tables in it; empty if it has line breaks only."""
        text = "\n".join(item for item in self.items if isinstance(item, str))
        if self.tables:
            text = text.strip("\n")
        return text if text.strip("\n") else ""

    @property
    def tables(self) -> list[Table]:
        """The tables that stand in it."""
        return [item for item in self.items if isinstance(item, Table)]


@dataclass(slots=True)
class Table:
    """A table in reading order."""

    cells: list[TableCell] = field(default_factory=list)

    @property
    def is_layout(self) -> bool:
        """Tell a frame around tables from a table that has tables in it.

        A frame has at most one cell with content in each row: what stands in it reads from top to
        bottom just as it would without the frame, and titles stay beside their tables.
        """
        if not any(cell.tables for cell in self.cells):
            return False
        filled = Counter(cell.row for cell in self.cells if cell.tables or cell.text.strip())
        return max(filled.values()) == 1


Item = str | Table
"""A paragraph, with its line breaks, or a table."""


def emit_blocks(items: Iterable[Item]) -> tuple[Block, ...]:
    """Number items as blocks, leaving out paragraphs that print nothing.

    A frame around tables is dissolved. A table in another one becomes a grid of its own right
    after it; the text of the cell that held it is without it.
    """
    blocks: list[Block] = []
    _emit(items, blocks)
    return tuple(blocks)


def _emit(items: Iterable[Item], blocks: list[Block]) -> None:
    for item in items:
        if isinstance(item, Table):
            _emit_table(item, blocks)
        elif item.strip():
            blocks.append(Paragraph(item, Anchor(block=len(blocks) + 1)))


def _emit_table(table: Table, blocks: list[Block]) -> None:
    if table.is_layout:
        for cell in table.cells:
            _emit(cell.items, blocks)
        return
    blocks.append(_grid(table, Anchor(block=len(blocks) + 1)))
    for cell in table.cells:
        _emit(cell.tables, blocks)


def _grid(table: Table, anchor: Anchor) -> Grid:
    drafts = [
        Draft(cell.text, cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in table.cells
    ]
    return build_grid(drafts, anchor)
