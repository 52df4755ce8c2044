"""The ruling lines of one table to its cells, with exact spans where lines are missing."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple, Self

from openbudget.blocks import Box
from openbudget.reading.pdf.ruling import positions, reached

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.reading.pdf.ruling import Ruling

NO_CELL, UNSEEN = -1, -2
Slot = tuple[int, int]
_Area = tuple[int, int, int, int]
"""The lines around an area by their numbers: top, left, bottom, right."""


Place = tuple[int, int, int, int, Box]
"""Where a cell lies: row and column, 0-based, their spans, at least 1, and its box."""


class Lattice(NamedTuple):
    """The cells of a table in reading order, and which cell each slot between the lines is in.

    `NO_CELL` goes all around the slots: that after three lines down and two across is in the cell
    `owners[3][2]`.
    """

    xs: list[float]
    ys: list[float]
    places: list[Place]
    owners: list[list[int]]

    @property
    def box(self) -> Box:
        """Give the outermost lines."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def lattice(ruling: Ruling) -> Lattice:
    """Find the cells: the smallest areas that lines enclose on all sides.

    An area that is not closed is no cell. Lines that end within an area do not part it. An area
    that is no rectangle is cut into rectangles, widest first from the top.
    """
    xs, ys = positions(ruling.vertical), positions(ruling.horizontal)
    walls = _Walls.of(ruling, xs, ys)
    found = _Cells(len(ys) - 1, len(xs) - 1)
    for row, owners in enumerate(found.owners):
        closed = walls.closed(row)
        for column in range(len(owners)):
            if closed >> column & 1:  # as nearly all are
                owners[column] = len(found.areas)
                found.areas.append((row, column, row + 1, column + 1))
            elif owners[column] == UNSEEN:
                _take(walls, found, (row, column))
    return Lattice(xs, ys, _places(found.areas, xs, ys), found.bordered())


class _Walls(NamedTuple):
    """Bit c of `over[r]`: a line runs over slot (r, c). Bit c of `beside[r]`: one left of it."""

    over: list[int]
    beside: list[int]

    @classmethod
    def of(cls, ruling: Ruling, xs: Sequence[float], ys: Sequence[float]) -> Self:
        """Set the walls where lines run from crossing to crossing."""
        over, beside = [0] * len(ys), [0] * len(ys)
        for rule in ruling.horizontal:
            first, last = reached(xs, rule)
            if last > first:
                over[bisect_left(ys, rule.at)] |= (1 << last) - (1 << first)
        for rule in ruling.vertical:
            first, last = reached(ys, rule)
            wall = 1 << bisect_left(xs, rule.at)
            for row in range(first, last):
                beside[row] |= wall
        return cls(over, beside)

    def closed(self, row: int) -> int:
        """Give a bit for each slot of a row that has lines on all four sides."""
        beside = self.beside[row]
        return self.over[row] & self.over[row + 1] & beside & beside >> 1

    def enclose(self, area: _Area) -> bool:
        """Tell whether lines run along all four sides of an area and nowhere within it."""
        top, left, bottom, right = area
        columns = (1 << right) - (1 << left)
        lines, sides = columns | 1 << right, 1 << left | 1 << right
        return (
            self.over[top] & columns == columns == self.over[bottom] & columns
            and not any(line & columns for line in self.over[top + 1 : bottom])
            and all(line & lines == sides for line in self.beside[top:bottom])
        )

    def reach(self, row: int, column: int) -> _Area | None:
        """Grow from the top left slot along its row and column; None where there is no end."""
        beyond = self.beside[row] >> column + 1
        if not beyond:
            return None
        right = column + (beyond & -beyond).bit_length()
        for bottom in range(row + 1, len(self.over)):
            if self.over[bottom] >> column & 1:
                return row, column, bottom, right
        return None

    def neighbours(self, slot: Slot) -> Iterable[Slot]:
        """List the slots that no line parts from this one; those outside the table too."""
        row, column = slot
        if not self.over[row] >> column & 1:
            yield row - 1, column
        if not self.over[row + 1] >> column & 1:
            yield row + 1, column
        if not self.beside[row] >> column & 1:
            yield row, column - 1
        if not self.beside[row] >> column + 1 & 1:
            yield row, column + 1


class _Cells:
    """The areas found so far, and for each slot the number of its area where it is settled."""

    def __init__(self, rows: int, columns: int) -> None:
        self.areas: list[_Area] = []
        self.owners = [[UNSEEN] * columns for _ in range(rows)]
        self.columns = columns

    def add(self, area: _Area) -> None:
        top, left, bottom, right = area
        for owners in self.owners[top:bottom]:
            owners[left:right] = [len(self.areas)] * (right - left)
        self.areas.append(area)

    def bordered(self) -> list[list[int]]:
        border = [NO_CELL] * (self.columns + 2)
        return [border, *([NO_CELL, *row, NO_CELL] for row in self.owners), border]


def _take(walls: _Walls, found: _Cells, slot: Slot) -> None:
    area = walls.reach(*slot)
    if area and walls.enclose(area):
        found.add(area)
        return
    slots, is_closed = _flood(walls, found, slot)
    if is_closed:
        for rectangle in _rectangles(slots):
            found.add(rectangle)


def _flood(walls: _Walls, found: _Cells, start: Slot) -> tuple[set[Slot], bool]:
    """Collect the slots that no line parts from one, and tell whether none leads outside."""
    height, width = len(found.owners), len(found.owners[0])
    slots, waiting, is_closed = {start}, [start], True
    while waiting:
        for slot in walls.neighbours(waiting.pop()):
            if not (0 <= slot[0] < height and 0 <= slot[1] < width):
                is_closed = False
            elif slot not in slots:
                slots.add(slot)
                waiting.append(slot)
    for row, column in slots:
        found.owners[row][column] = NO_CELL
    return slots, is_closed


def _rectangles(slots: set[Slot]) -> Iterable[_Area]:
    left_over = set(slots)
    for row, column in sorted(slots):
        if (row, column) not in left_over:
            continue
        right, bottom = column + 1, row + 1
        while (row, right) in left_over:
            right += 1
        columns = range(column, right)
        while all((bottom, other) in left_over for other in columns):
            bottom += 1
        left_over.difference_update((r, c) for r in range(row, bottom) for c in columns)
        yield row, column, bottom, right


def _places(areas: Sequence[_Area], xs: Sequence[float], ys: Sequence[float]) -> list[Place]:
    """Count rows and columns by where cells begin: a line that begins no cell makes no row."""
    row_at = _ordinals({area[0] for area in areas}, len(ys))
    column_at = _ordinals({area[1] for area in areas}, len(xs))
    return [
        (
            row := row_at[top],
            column := column_at[left],
            row_at[bottom] - row,
            column_at[right] - column,
            (xs[left], ys[top], xs[right], ys[bottom]),
        )
        for top, left, bottom, right in areas
    ]


def _ordinals(begun: set[int], count: int) -> list[int]:
    """Tell for each line how many of the lines before it begin a cell."""
    return list(accumulate((line in begun for line in range(count)), initial=0))
