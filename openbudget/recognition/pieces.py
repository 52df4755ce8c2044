"""Pieces: the smallest parts of a document that are accounted for.

A piece is a cell or a paragraph; a cell that also holds a table title on a line of its own is two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace

from openbudget.blocks import Anchor, Block, Grid, Paragraph
from openbudget.frozen import dataclass

PieceKey = tuple[int, int, int]
"""Ordinals of the block, of the cell in it, and of the part in the cell."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A cell, a paragraph or a part of one. `withheld` names the kind of personal data."""

    key: PieceKey
    text: str
    anchor: Anchor
    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1
    withheld: str | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing is printed."""
        return not self.text.strip() and self.withheld is None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of pieces, from a grid or (one piece) from a paragraph.

    `printed` are the pieces that print something.
    """

    pieces: tuple[Piece, ...]
    in_grid: bool
    ragged: bool = False
    printed: tuple[Piece, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Pick out what is printed, once: everything asks for it."""
        # As `blank` says, which is asked here for every cell there is.
        printed = [p for p in self.pieces if p.text.strip() or p.withheld is not None]
        object.__setattr__(self, "printed", tuple(printed))

    @property
    def width(self) -> int:
        """How many columns the row covers."""
        return max((piece.column + piece.column_span for piece in self.pieces), default=0)


def split_rows(blocks: Iterable[Block], is_title: Callable[[str], bool]) -> Iterator[Row]:
    """Give the document as rows in printed order; titles inside a cell become rows of their own."""
    for ordinal, block in enumerate(blocks):
        if isinstance(block, Paragraph):
            piece = Piece((ordinal, 0, 0), block.text, block.anchor)
            yield from _split_titles(Row((piece,), in_grid=False), is_title)
        else:
            for row in _grid_rows(block, ordinal):
                yield from _split_titles(row, is_title)


def _grid_rows(grid: Grid, ordinal: int) -> Iterator[Row]:
    rows: list[list[Piece]] = [[] for _ in grid.rows]
    for number, cell in enumerate(grid.cells):
        key = (ordinal, number, 0)
        piece = Piece(
            key, cell.text, cell.anchor, cell.row, cell.column, cell.row_span, cell.column_span
        )
        rows[cell.row].append(piece)
    for pieces in rows:
        yield Row(tuple(pieces), True, grid.ragged)


def _split_titles(row: Row, is_title: Callable[[str], bool]) -> Iterator[Row]:
    """Part a row whose only printed piece holds a title on one of several lines."""
    printed = row.printed
    if len(printed) != 1 or "\n" not in printed[0].text or is_title(printed[0].text):
        yield row
        return
    lines = printed[0].text.split("\n")
    if not any(is_title(line) for line in lines):
        yield row
        return
    for part, (offset, text) in enumerate(_runs(lines, is_title)):
        yield Row((_part_of(printed[0], part, offset, text),), row.in_grid, row.ragged)


def _runs(lines: list[str], is_title: Callable[[str], bool]) -> Iterator[tuple[int, str]]:
    """Titles line by line, the lines between them together; each with the offset of its line."""
    start = 0
    for offset, line in enumerate([*lines, ""]):
        if offset < len(lines) and not is_title(line):
            continue
        if start < offset:
            yield start, "\n".join(lines[start:offset])
        if offset < len(lines):
            yield offset, line
        start = offset + 1


def _part_of(piece: Piece, part: int, offset: int, text: str) -> Piece:
    line = piece.anchor.line
    anchor = piece.anchor if line is None else replace(piece.anchor, line=line + offset)
    return replace(piece, key=(*piece.key[:2], part), text=text, anchor=anchor)
