"""Header rows: which headings stand above a column, and which column of the layout that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from openbudget.frozen import dataclass
from openbudget.recognition.folding import fold_label
from openbudget.recognition.layout import ColumnLayout, Heading
from openbudget.recognition.pieces import Row

_MAX_LEVELS = 4
_MAX_RAGGED_WIDTH = 64
_MAX_KEPT_WIDTH = 64


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
    known: int
    missing: int

    @property
    def fit(self) -> tuple[int, int]:
        """Matched columns, and (negated) those of the layout that are not there."""
        return self.known, -self.missing


_Cell = tuple[str | None, int, int]
"""A cell of a header: its text (None where it is blank), its column and how many it spans."""
_Cells = tuple[tuple[_Cell, ...], ...]
_Path = tuple[str, ...]


def match_header(rows: Sequence[Row], width: int, layouts: Sequence[ColumnLayout]) -> HeaderMatch:
    """Match header rows against the columns of one layout, left to right."""
    cells = tuple(
        tuple([(None if p.blank else p.text, p.column, p.column_span) for p in row.pieces])
        for row in rows
    )
    ragged = any(row.ragged for row in rows)
    match = _match if width <= _MAX_KEPT_WIDTH else _match.__wrapped__
    return match(cells, ragged, width, tuple(layouts))


@lru_cache(maxsize=1_024)
def _match(
    cells: _Cells, ragged: bool, width: int, layouts: tuple[ColumnLayout, ...]
) -> HeaderMatch:
    """Match the cells of a header. It is kept, since thousands of offices print the same one."""
    if ragged:
        return _match_paths(_ragged_paths(cells, width, layouts), layouts)
    merged = _match_paths(_spanned_paths(cells, width), layouts)
    spread = _match_paths(_spread_paths(cells, width), layouts)
    return max(merged, spread, key=lambda match: match.fit)


def _match_paths(paths: Sequence[_Path], layouts: Sequence[ColumnLayout]) -> HeaderMatch:
    waiting = list(layouts)
    columns = []
    for number, path in enumerate(paths):
        folded = tuple(map(fold_label, path))
        fitting = next((layout for layout in waiting if folded in layout.folded), None)
        if fitting is not None:
            waiting.remove(fitting)
        columns.append(HeadedColumn(number, path, fitting))
    return HeaderMatch(tuple(columns), len(layouts) - len(waiting), len(waiting))


def _spanned_paths(rows: _Cells, width: int) -> list[_Path]:
    """Collect the headings above each column where the carrier records spans."""
    paths: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        for text, first, span in row:
            for column in range(first, min(first + span, width)):
                if text is not None:
                    paths[column].append(text)
    return [tuple(path) for path in paths]


def _spread_paths(rows: _Cells, width: int) -> list[_Path]:
    """Collect the headings where a heading is not merged over its columns, but blanks follow it."""
    paths: list[list[str]] = [[] for _ in range(width)]
    for level, row in enumerate(rows):
        printed = [(text, first, span) for text, first, span in row if text is not None]
        at = {c: text for text, first, span in printed for c in range(first, first + span)}
        last: str | None = None
        for column in range(width):
            last = at.get(column, last if level + 1 < len(rows) else None)
            if last is not None:
                paths[column].append(last)
    return [tuple(path) for path in paths]


def _ragged_paths(rows: _Cells, width: int, layouts: Sequence[ColumnLayout]) -> list[_Path]:
    """Find the merges that the carrier does not record.

    A row of fewer cells than columns has merged cells; of all ways to spread them over the row
    below, the one is taken that gives the most columns of the layout. A blank cell continues the
    cell above it, so it parts what is above it as well.
    """
    if len(rows) > _MAX_LEVELS or width > _MAX_RAGGED_WIDTH:
        return [()] * width
    labels = tuple(tuple([_label(text) for text, _, _ in row]) for row in rows)
    wanted = tuple(layout.folded for layout in layouts)
    spread = _best_spread(labels, width, wanted)
    return [_path(rows, at) for at in spread] if spread else [()] * width


def _path(rows: _Cells, at: Pointers) -> _Path:
    texts = (row[cell][0] for row, cell in zip(rows, at, strict=True))
    return tuple(text for text in texts if text is not None)


def _label(text: str | None) -> str | None:
    return None if text is None else fold_label(text)


Labels = tuple[str | None, ...]
"""The cells of a header row as they are compared; None where one is blank."""
Pointers = tuple[int, ...]


@lru_cache(maxsize=4_096)
def _best_spread(
    rows: tuple[Labels, ...], width: int, wanted: tuple[frozenset[Heading], ...]
) -> tuple[Pointers, ...]:
    """Give the cells of each column, none where the rows cannot be spread."""
    return _Spread(rows, width, wanted).best()


class _Spread:
    """Dynamic programming over columns: for each row, which of its cells stands there.

    The columns of the layout are met in their order, each once at most.
    """

    def __init__(
        self, rows: tuple[Labels, ...], width: int, wanted: tuple[frozenset[Heading], ...]
    ) -> None:
        self.rows, self.width, self.wanted = rows, width, wanted
        self.best_from = cache(self._best_from)

    def best(self) -> tuple[Pointers, ...]:
        start = tuple(0 for _ in self.rows)
        found = self.best_from(0, start, 0) if all(self.rows) else None
        return found[1] if found else ()

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
        path = (row[cell] for row, cell in zip(self.rows, at, strict=True))
        folded = tuple(label for label in path if label is not None)
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
            if stays_above and None in (row[at[level]], row[following[level]]):
                return False
        return True
