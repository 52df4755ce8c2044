"""From the filled cells of a sheet to a grid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from openbudget.blocks import Anchor, Cell, Grid
from openbudget.errors import LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openbudget.reading.limits import ReadingLimits

Position = tuple[int, int]
"""Row and column of a sheet, 0-based."""
Range = tuple[Position, Position]
"""First and last cell of a merged range."""
CellValue = str | int | float | bool | date | datetime | time | timedelta

_LAST_ROWS = frozenset({65_535, 1_048_575})
_LAST_COLUMNS = frozenset({255, 16_383})
_LETTERS = 26
_DIGITS = 15


@dataclass(slots=True)
class Sheet:
    """What one sheet stores: texts of filled cells, and merged ranges."""

    name: str
    texts: dict[Position, str] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)


def value_text(value: CellValue) -> str:
    """Write a stored value as a spreadsheet shows it without any number format.

    Numbers have at most 15 significant digits and no exponent, whole ones no decimal point; dates
    and times are in ISO 8601, durations in hours; truth values are TRUE and FALSE.
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, timedelta):
        return _duration_text(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def number_text(value: float) -> str:
    """Write a number with the 15 significant digits that spreadsheets keep.

    A sheet stores 1009.286396 as the nearest binary fraction, some programs as
    1009.2863959999999: the digits past the fifteenth were never typed.
    """
    if value == 0:
        return "0"
    return format(Decimal(format(value, f".{_DIGITS}g")), "f")


def _duration_text(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def address(row: int, column: int) -> str:
    """Name a cell as spreadsheets do: the one in row 6 and column 1 is `B7`."""
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def sheet_grids(sheets: Iterable[Sheet], limits: ReadingLimits) -> tuple[Grid, ...]:
    """Make the grids of sheets; raise `LimitExceededError` if they have too many cells together."""
    grids: list[Grid] = []
    left = limits.cells
    for sheet in sheets:
        grids.append(_grid(sheet, left))
        left -= len(grids[-1].cells)
    return tuple(grids)


def _grid(sheet: Sheet, most_cells: int) -> Grid:
    """Make the grid of a sheet, cut down to what prints something or is merged.

    Blank cells between are cells. A range merged over whole rows or columns of the sheet ends
    where all else does. Text that a file keeps beneath a merged range is not printed and left out.
    An empty sheet is a grid without cells, and without an address.
    """
    corners = [position for position, text in sheet.texts.items() if text]
    corners += [corner for merged in sheet.merged for corner in _corners(merged)]
    if not corners:
        return Grid((), Anchor(sheet=sheet.name))
    top, bottom = min(row for row, _ in corners), max(row for row, _ in corners)
    left, right = min(column for _, column in corners), max(column for _, column in corners)
    _check_area(sheet.name, bottom - top + 1, right - left + 1, most_cells)
    spans, covered = _spans(sheet, (bottom, right), most_cells)
    cells = tuple(
        _cell(sheet, (row, column), (top, left), spans.get((row, column), (1, 1)))
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) not in covered
    )
    return Grid(cells, Anchor(sheet=sheet.name, address=address(top, left)))


def _corners(merged: Range) -> Iterator[Position]:
    """Yield the first cell of a range, and its last one unless it lies on the sheet's edge."""
    (top, left), (bottom, right) = merged
    yield top, left
    yield (top if bottom in _LAST_ROWS else bottom, left if right in _LAST_COLUMNS else right)


def _check_area(name: str, height: int, width: int, most_cells: int) -> None:
    if height * width > most_cells:
        raise LimitExceededError(
            f"the sheet {name!r} spreads over {height:,} rows and {width:,} columns,"
            f" more than the {most_cells:,} cells that the limit leaves for it"
        )


def _spans(
    sheet: Sheet, last: Position, most_cells: int
) -> tuple[dict[Position, tuple[int, int]], set[Position]]:
    """Return the spans by first cell, and all other cells beneath; of two that overlap, one."""
    spans: dict[Position, tuple[int, int]] = {}
    covered: set[Position] = set()
    seen = 0
    for (top, left), (bottom, right) in sheet.merged:
        height, width = min(bottom, last[0]) - top + 1, min(right, last[1]) - left + 1
        seen += height * width
        if seen > most_cells:
            raise LimitExceededError(f"the sheet {sheet.name!r} has too many merged cells")
        under = set(_positions(top, left, height, width))
        if covered.isdisjoint(under) and spans.keys().isdisjoint(under):
            spans[top, left] = (height, width)
            covered |= under - {(top, left)}
    return spans, covered


def _positions(top: int, left: int, height: int, width: int) -> Iterable[Position]:
    return (
        (row, column) for row in range(top, top + height) for column in range(left, left + width)
    )


def _cell(sheet: Sheet, position: Position, origin: Position, span: tuple[int, int]) -> Cell:
    return Cell(
        text=sheet.texts.get(position, ""),
        row=position[0] - origin[0],
        column=position[1] - origin[1],
        anchor=Anchor(sheet=sheet.name, address=address(*position)),
        row_span=span[0],
        column_span=span[1],
    )
