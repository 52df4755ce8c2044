"""Header rows: which headings stand above a column, and which column of the layout that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from openbudget.recognition.folding import fold_label
from openbudget.recognition.layout import ColumnLayout, Heading
from openbudget.recognition.pieces import Piece, Row

_MAX_LEVELS = 4
_MAX_RAGGED_WIDTH = 64


@dataclass(frozen=True, slots=True)
class HeadedColumn:
    """A column of a grid: its 0-based number, printed headings, and its layout if one fits."""

    number: int
    heading: tuple[str, ...]
    layout: ColumnLayout | None


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """How the columns of a layout fit the header rows."""

    columns: tuple[HeadedColumn, ...]
    missing: int

    @property
    def fit(self) -> tuple[int, int]:
        """Matched columns, and (negated) those of the layout that are not there."""
        return sum(column.layout is not None for column in self.columns), -self.missing


def match_header(rows: Sequence[Row], width: int, layouts: Sequence[ColumnLayout]) -> HeaderMatch:
    """Match header rows against the columns of one layout, left to right."""
    if _is_ragged(rows):
        return _match_paths(_ragged_paths(rows, width, layouts), layouts)
    merged = _match_paths(_spanned_paths(rows, width), layouts)
    spread = _match_paths(_spread_paths(rows, width), layouts)
    return max(merged, spread, key=lambda match: match.fit)


def _match_paths(
    paths: Sequence[tuple[Piece, ...]], layouts: Sequence[ColumnLayout]
) -> HeaderMatch:
    waiting = list(layouts)
    columns = []
    for number, path in enumerate(paths):
        folded = tuple(fold_label(piece.text) for piece in path)
        fitting = next((layout for layout in waiting if folded in layout.folded), None)
        if fitting is not None:
            waiting.remove(fitting)
        columns.append(HeadedColumn(number, tuple(piece.text for piece in path), fitting))
    return HeaderMatch(tuple(columns), len(waiting))


def _is_ragged(rows: Sequence[Row]) -> bool:
    return any(row.ragged for row in rows)


def _spanned_paths(rows: Sequence[Row], width: int) -> list[tuple[Piece, ...]]:
    """Collect the headings above each column where the carrier records spans."""
    paths: list[list[Piece]] = [[] for _ in range(width)]
    for row in rows:
        for piece in row.printed:
            for column in range(piece.column, min(piece.column + piece.column_span, width)):
                paths[column].append(piece)
    return [tuple(path) for path in paths]


def _spread_paths(rows: Sequence[Row], width: int) -> list[tuple[Piece, ...]]:
    """Collect the headings where a heading is not merged over its columns, but blanks follow it."""
    paths: list[list[Piece]] = [[] for _ in range(width)]
    for level, row in enumerate(rows):
        at = {column: piece for piece in row.printed for column in _columns_of(piece)}
        last: Piece | None = None
        for column in range(width):
            last = at.get(column, last if level + 1 < len(rows) else None)
            if last is not None:
                paths[column].append(last)
    return [tuple(path) for path in paths]


def _columns_of(piece: Piece) -> range:
    return range(piece.column, piece.column + piece.column_span)


def _ragged_paths(
    rows: Sequence[Row], width: int, layouts: Sequence[ColumnLayout]
) -> list[tuple[Piece, ...]]:
    """Find the merges that the carrier does not record.

    A row of fewer cells than columns has merged cells; of all ways to spread them over the row
    below, the one is taken that gives the most columns of the layout. A blank cell continues the
    cell above it, so it parts what is above it as well.
    """
    if len(rows) > _MAX_LEVELS or width > _MAX_RAGGED_WIDTH:
        return [()] * width
    wanted = tuple(layout.folded for layout in layouts)
    spread = _Spread(tuple(row.pieces for row in rows), width, wanted)
    return spread.best()


Pointers = tuple[int, ...]


class _Spread:
    """Dynamic programming over columns: for each row, which of its cells stands there.

    The columns of the layout are met in their order, each once at most.
    """

    def __init__(
        self,
        rows: tuple[tuple[Piece, ...], ...],
        width: int,
        wanted: tuple[frozenset[Heading], ...],
    ) -> None:
        self.rows, self.width, self.wanted = rows, width, wanted
        self.best_from = cache(self._best_from)

    def best(self) -> list[tuple[Piece, ...]]:
        start = tuple(0 for _ in self.rows)
        if any(not row for row in self.rows):
            return [()] * self.width
        found = self.best_from(0, start, 0)
        return [self._path(at) for at in found[1]] if found else [()] * self.width

    def _best_from(
        self, column: int, at: Pointers, met: int
    ) -> tuple[int, tuple[Pointers, ...]] | None:
        """Give the most columns that can be met from here on, and the cells of each column."""
        score, met = self._meet(at, met)
        if column == self.width - 1:
            done = all(cell == len(row) - 1 for cell, row in zip(at, self.rows, strict=True))
            return (score, (at,)) if done else None
        best: tuple[int, tuple[Pointers, ...]] | None = None
        for following in self._moves(column, at):
            rest = self.best_from(column + 1, following, met)
            if rest is not None and (best is None or score + rest[0] > best[0]):
                best = (score + rest[0], (at, *rest[1]))
        return best

    def _meet(self, at: Pointers, met: int) -> tuple[int, int]:
        folded = tuple(fold_label(piece.text) for piece in self._path(at))
        for number in range(met, len(self.wanted)):
            if folded in self.wanted[number]:
                return 1, number + 1
        return 0, met

    def _moves(self, column: int, at: Pointers) -> Iterator[Pointers]:
        """All ways to step one column on: where a row steps, every row below it steps too."""
        for first in range(len(self.rows) + 1):
            following = tuple(cell + (level >= first) for level, cell in enumerate(at))
            if self._allowed(column, at, following, first):
                yield following

    def _allowed(self, column: int, at: Pointers, following: Pointers, first: int) -> bool:
        for level, row in enumerate(self.rows):
            if following[level] >= len(row):
                return False
            if len(row) == self.width and following[level] != column + 1:
                return False
            # A blank cell is the lower half of the cell above: that cell is as narrow as it is.
            stays_above = 0 < level <= first
            if stays_above and (row[at[level]].blank or row[following[level]].blank):
                return False
        return True

    def _path(self, at: Pointers) -> tuple[Piece, ...]:
        pieces = (row[cell] for row, cell in zip(self.rows, at, strict=True))
        return tuple(piece for piece in pieces if not piece.blank)
