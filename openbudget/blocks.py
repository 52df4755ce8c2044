"""Blocks: what a published file holds before anything is understood.

A reader turns bytes into a sequence of blocks in document order. Texts are exactly as printed:
no trimming, no folding, no unit. An anchor says where in the published file a block stands.
"""

from __future__ import annotations

from dataclasses import field

from openbudget.frozen import dataclass

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points, from the top left corner of the page."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where something stands in a published file.

    Which keys are set depends on the carrier: `line` (1-based) in a text file, `page` (1-based)
    and `box` in a PDF, `sheet` and `address` (``B7``) in a workbook. Files without any of these
    (DOCX, HTML) count blocks instead: `block` is 1-based over paragraphs and grids.
    """

    line: int | None = None
    page: int | None = None
    box: Box | None = None
    sheet: str | None = None
    address: str | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text outside any table; it may hold line breaks."""

    text: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell. Row and column are 0-based in its grid; spans are at least 1.

    `text` is exactly what is printed, with line breaks; an empty string is a blank cell.
    """

    text: str
    row: int
    column: int
    anchor: Anchor
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells in reading order.

    In a `ragged` grid the carrier does not record merges: a merged cell is printed once and the
    row is shorter, so that `column` is only the ordinal of the cell in its row.
    """

    cells: tuple[Cell, ...]
    anchor: Anchor
    ragged: bool = False
    rows: tuple[tuple[Cell, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Group the cells by row, keeping rows without cells as empty tuples."""
        count = max((cell.row for cell in self.cells), default=-1) + 1
        grouped: list[list[Cell]] = [[] for _ in range(count)]
        for cell in self.cells:
            grouped[cell.row].append(cell)
        object.__setattr__(self, "rows", tuple(tuple(row) for row in grouped))


Block = Paragraph | Grid
