"""The shape of a table: which rows are header and body, and which layout its columns fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openbudget.budget.folding import fold
from openbudget.budget.table import Place
from openbudget.recognition.folding import fold_label
from openbudget.recognition.headers import HeaderMatch, match_header
from openbudget.recognition.layout import TableLayout
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.words import load_words


@dataclass(frozen=True)
class TableShape:
    """A layout fitted to a table: its header rows are `rows[first:last]`, its body follows."""

    layout: TableLayout
    header: HeaderMatch
    first: int
    last: int


def place_of(piece: Piece, row: int) -> Place:
    """Give the place of a piece in the given 1-based row of its table."""
    return Place(piece.anchor, row, piece.column + 1)


def fit_layout(rows: Sequence[Row], layouts: Sequence[TableLayout]) -> TableShape | None:
    """Choose the layout whose columns fit the header best; None where no amount column fits."""
    width = max((row.width for row in rows if row.in_grid), default=0)
    shapes = [shape for layout in layouts if (shape := _fit(rows, width, layout)) is not None]
    return max(shapes, key=lambda shape: shape.header.fit, default=None)


def _fit(rows: Sequence[Row], width: int, layout: TableLayout) -> TableShape | None:
    first, last = header_bounds(rows, layout.labels, start=1)
    if first == last:
        return None
    header = match_header(rows[first:last], width, layout.columns)
    while last < len(rows) and numbers_columns(rows[last]):
        last += 1
    money = any(column.layout and column.layout.role == "amount" for column in header.columns)
    return TableShape(layout, header, first, last) if money else None


def header_bounds(rows: Sequence[Row], labels: frozenset[str], start: int) -> tuple[int, int]:
    """Find the first run of rows from `start` on in which every printed cell is a known label."""
    first = start
    while first < len(rows) and not _all_labels(rows[first], labels):
        first += 1
    last = first
    while last < len(rows) and (
        _all_labels(rows[last], labels) and (last == first or not _is_total(rows[last]))
    ):
        last += 1
    return first, last


def _is_total(row: Row) -> bool:
    """Whether a row is the blank total of an empty table, which looks like a header."""
    return len(row.printed) == 1 and fold(row.printed[0].text) in load_words().totals


def numbers_columns(row: Row) -> bool:
    """Whether a row numbers the columns: ``栏次 | 1 | 2``."""
    texts = [fold(piece.text) for piece in row.printed]
    words = load_words()
    if len(texts) <= 1 or not all(words.column_numbers.fullmatch(text) for text in texts):
        return False
    return not texts[0].isdigit() or texts == [str(n) for n in range(1, len(texts) + 1)]


def _all_labels(row: Row, labels: frozenset[str]) -> bool:
    printed = row.printed
    return bool(printed) and all(fold_label(piece.text) in labels for piece in printed)
