"""The ruling lines of one table to its cells, with exact spans where lines are missing."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from openbudget.reading.pdf.ruling import Rule, Ruling, positions, reached

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.blocks import Box

NO_CELL, UNSEEN = -1, -2
Slot = tuple[int, int]


class Place(NamedTuple):
    """Where a cell lies: row and column are 0-based, and spans are at least 1."""

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box


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
    walls = _Walls(_masks(ruling.horizontal, ys, xs), _masks(ruling.vertical, xs, ys))
    found = _Cells(len(ys) - 1, len(xs) - 1)
    for row, owners in enumerate(found.owners):
        for column in range(len(owners)):
            if owners[column] == UNSEEN:
                _take(walls, found, (row, column))
    return Lattice(xs, ys, _places(found.areas, xs, ys), found.bordered())


class _Area(NamedTuple):
    """Rows and columns of slots, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class _Walls(NamedTuple):
    """Bit c of `over[r]`: a line runs over slot (r, c). Bit r of `before[c]`: one left of it."""

    over: list[int]
    before: list[int]

    def enclose(self, area: _Area) -> bool:
        """Tell whether lines run along all four sides of an area and nowhere within it."""
        top, left, bottom, right = area
        columns = (2 << right) - (1 << left)
        rows = (2 << bottom) - (1 << top)
        return (
            self.over[top] & columns == columns == self.over[bottom + 1] & columns
            and self.before[left] & rows == rows == self.before[right + 1] & rows
            and not (top < bottom and any(m & columns for m in self.over[top + 1 : bottom + 1]))
            and not (left < right and any(m & rows for m in self.before[left + 1 : right + 1]))
        )

    def reach(self, row: int, column: int) -> _Area | None:
        """Grow from the top left slot along its row and column; None where there is no end."""
        right, bottom, before, over = column, row, self.before, self.over
        while not before[right + 1] >> row & 1:
            right += 1
            if right + 1 == len(before):
                return None
        while not over[bottom + 1] >> column & 1:
            bottom += 1
            if bottom + 1 == len(over):
                return None
        return _Area(row, column, bottom, right)

    def neighbours(self, slot: Slot) -> Iterable[Slot]:
        """List the slots that no line parts from this one; those outside the table too."""
        row, column = slot
        if not self.over[row] >> column & 1:
            yield row - 1, column
        if not self.over[row + 1] >> column & 1:
            yield row + 1, column
        if not self.before[column] >> row & 1:
            yield row, column - 1
        if not self.before[column + 1] >> row & 1:
            yield row, column + 1


class _Cells:
    """The areas found so far, and for each slot the number of its area where it is settled."""

    def __init__(self, rows: int, columns: int) -> None:
        self.areas: list[_Area] = []
        self.owners = [[UNSEEN] * columns for _ in range(rows)]
        self.columns = columns

    def add(self, area: _Area) -> None:
        top, left, bottom, right = area
        number, end = len(self.areas), right + 1
        for row in range(top, bottom + 1):
            self.owners[row][left:end] = [number] * (end - left)
        self.areas.append(area)

    def bordered(self) -> list[list[int]]:
        border = [NO_CELL] * (self.columns + 2)
        return [border, *([NO_CELL, *row, NO_CELL] for row in self.owners), border]


def _masks(rules: Iterable[Rule], along: Sequence[float], across: Sequence[float]) -> list[int]:
    masks = [0] * len(along)
    for rule in rules:
        first, last = reached(across, rule)
        if last > first:
            masks[bisect_left(along, rule.at)] |= (1 << last) - (1 << first)
    return masks


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
        right, bottom = column, row
        while (row, right + 1) in left_over:
            right += 1
        columns = range(column, right + 1)
        while all((bottom + 1, other) in left_over for other in columns):
            bottom += 1
        area = _Area(row, column, bottom, right)
        left_over.difference_update((r, c) for r in range(row, bottom + 1) for c in columns)
        yield area


def _places(areas: Sequence[_Area], xs: Sequence[float], ys: Sequence[float]) -> list[Place]:
    """Count rows and columns by where cells begin: a line that begins no cell makes no row."""
    row_at = _ordinals({area.top for area in areas}, len(ys))
    column_at = _ordinals({area.left for area in areas}, len(xs))
    places = []
    for top, left, bottom, right in areas:
        row, column = row_at[top], column_at[left]
        row_span, column_span = row_at[bottom + 1] - row, column_at[right + 1] - column
        box = xs[left], ys[top], xs[right + 1], ys[bottom + 1]
        places.append(Place(row, column, row_span, column_span, box))
    return places


def _ordinals(begun: set[int], count: int) -> list[int]:
    """Tell for each line how many of the lines before it begin a cell."""
    return list(accumulate((line in begun for line in range(count)), initial=0))
