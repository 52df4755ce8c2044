"""The shape of a table: which rows are header and body, and which layout its columns fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openbudget.budget.folding import fold
from openbudget.budget.table import Place
from openbudget.recognition.folding import fold_label
from openbudget.recognition.headers import HeaderMatch, match_header
from openbudget.recognition.layout import TableLayout
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.words import load_words

_LABELS_OF_A_HEADER = 2
_FIGURE = re.compile(r"[-+]?[\d,.]+%?")


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
    """Choose the layout whose columns fit the header best; None where no amount column fits.

    Of those that fit alike, the one is taken that knows most of the items.
    """
    grid = [piece for row in rows if row.in_grid for piece in row.pieces]
    width = max([piece.column + piece.column_span for piece in grid], default=0)
    shapes = [shape for layout in layouts if (shape := _fit(rows, width, layout)) is not None]
    best = max((shape.header.fit for shape in shapes), default=None)
    fitting = [shape for shape in shapes if shape.header.fit == best]
    if len(fitting) <= 1:
        return fitting[0] if fitting else None
    return max(fitting, key=lambda shape: _known_items(rows[shape.last :], shape))


def _fit(rows: Sequence[Row], width: int, layout: TableLayout) -> TableShape | None:
    first, last = header_bounds(rows, layout.labels, start=1, tolerant=True)
    if first == last:
        return None
    header = match_header(rows[first:last], width, layout.columns)
    while last < len(rows) and numbers_columns(rows[last]):
        last += 1
    money = any(column.layout and column.layout.role == "amount" for column in header.columns)
    return TableShape(layout, header, first, last) if money else None


def _known_items(rows: Sequence[Row], shape: TableShape) -> int:
    lists = {
        column.number: shape.layout.items[column.layout.items]
        for column in shape.header.columns
        if column.layout and column.layout.items
    }
    return sum(
        item_name(piece.text) in lists[piece.column]
        for row in rows
        for piece in row.printed
        if piece.column in lists
    )


def item_name(text: str) -> str:
    """Give the name of an item as it is looked up: without the ordinal in front of it."""
    return fold_label(load_words().item_prefix.sub("", fold(text), count=1))


def header_bounds(
    rows: Sequence[Row], labels: frozenset[str], start: int, tolerant: bool = False
) -> tuple[int, int]:
    """Find the first run of rows from `start` on in which every printed cell is a known label.

    A tolerant search lets unknown headings stand among known ones.
    """
    known = _mostly_labels if tolerant else _all_labels
    first = start
    while first < len(rows) and not known(rows[first], labels):
        first += 1
    last = first
    while last < len(rows) and (
        known(rows[last], labels) and (last == first or not _is_total(rows[last]))
    ):
        last += 1
    return first, last


def _mostly_labels(row: Row, labels: frozenset[str]) -> bool:
    """Whether a row is all labels, or has two of them, no figure, and not more of other texts."""
    printed = row.printed
    known = [fold_label(piece.text) in labels for piece in printed].count(True)
    if known == len(printed):
        return bool(printed)
    if known < _LABELS_OF_A_HEADER or 2 * known < len(printed):
        return False
    return not any(_FIGURE.fullmatch(fold(piece.text)) for piece in printed)


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
