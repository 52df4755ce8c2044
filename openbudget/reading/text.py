"""Plain text with tables one cell a line, as word processors save them.

A line that begins with a tab is a cell; a line without one continues the cell above it; an empty
line ends the row, a second one ends the table. Everything else is narrative, a line a paragraph.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from openbudget.blocks import Anchor, Block, Cell, Grid, Paragraph
from openbudget.errors import LimitExceededError, UnreadableFileError

MAX_BYTES = 64 * 1024 * 1024
MAX_LINES = 2_000_000


def read_text(content: bytes) -> tuple[Block, ...]:
    """Read a text file into blocks with line anchors; every grid is ragged.

    Raises:
        UnreadableFileError: empty, not text, or not UTF-8.
        LimitExceededError: more than 64 MiB or two million lines.
    """
    return text_blocks(_decode(content))


def text_blocks(text: str) -> tuple[Block, ...]:
    """Set a decoded text into blocks, as `read_text` does.

    Raises:
        LimitExceededError: more than two million lines.
    """
    lines = text.split("\n")
    if len(lines) > MAX_LINES:
        raise LimitExceededError(f"the text has {len(lines)} lines, more than {MAX_LINES}")
    builder = _Builder()
    for number, line in enumerate(lines, start=1):
        builder.add(line.removesuffix("\r"), number)
    return builder.finish()


def _decode(content: bytes) -> str:
    if not content.strip():
        raise UnreadableFileError("the file is empty")
    if len(content) > MAX_BYTES:
        raise LimitExceededError(f"the text has {len(content)} bytes, more than {MAX_BYTES}")
    if b"\0" in content:
        raise UnreadableFileError("the file is binary, not a text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = content.count(b"\n", 0, error.start) + 1
        cut = " and ends in the middle of a character" if error.end >= len(content) else ""
        raise UnreadableFileError(f"the text is not UTF-8 (line {at}){cut}") from error


@dataclass
class _OpenCell:
    lines: list[str]
    row: int
    column: int
    number: int

    def close(self) -> Cell:
        return Cell("\n".join(self.lines), self.row, self.column, Anchor(line=self.number))


@dataclass
class _Builder:
    """Collects cells into rows, rows into a grid, and both into blocks."""

    blocks: list[Block] = field(default_factory=list)
    cells: list[_OpenCell] = field(default_factory=list)
    row: int = 0
    in_row: bool = False
    empty_lines: int = 0

    def add(self, line: str, number: int) -> None:
        if not line.strip() and not line.startswith("\t"):
            self._end_row()
        elif line.startswith("\t"):
            self._add_cell(line[1:], number)
        elif self.in_row:
            self.cells[-1].lines.append(line)
        else:
            self._end_grid()
            self.blocks.append(Paragraph(line, Anchor(line=number)))

    def _add_cell(self, text: str, number: int) -> None:
        column = self.cells[-1].column + 1 if self.in_row else 0
        self.cells.append(_OpenCell([text], self.row, column, number))
        self.in_row = True
        self.empty_lines = 0

    def _end_row(self) -> None:
        self.empty_lines += 1
        if self.in_row:
            self.row += 1
            self.in_row = False
        if self.empty_lines > 1:
            self._end_grid()

    def _end_grid(self) -> None:
        if self.cells:
            cells = tuple(cell.close() for cell in self.cells)
            self.blocks.append(Grid(cells, cells[0].anchor, ragged=True))
        self.cells, self.row, self.in_row = [], 0, False

    def finish(self) -> tuple[Block, ...]:
        self._end_grid()
        return tuple(self.blocks)
