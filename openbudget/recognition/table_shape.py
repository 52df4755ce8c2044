"""The shape of a table: which rows are header and body, and which layout its columns fit."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from openbudget.blocks import Anchor
from openbudget.budget.money import FEN_PER_UNIT
from openbudget.budget.table import Place, PrintedText
from openbudget.recognition.folding import fold_label
from openbudget.recognition.headers import HeaderMatch, match_header
from openbudget.recognition.layout import TableLayout
from openbudget.recognition.ledger import Ledger
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
    width = max((row.width for row in rows), default=0)
    shapes = [shape for layout in layouts if (shape := _fit(rows, width, layout)) is not None]
    return max(shapes, key=lambda shape: shape.header.fit, default=None)


def _fit(rows: Sequence[Row], width: int, layout: TableLayout) -> TableShape | None:
    first, last = header_bounds(rows, layout.labels, start=1)
    if first == last:
        return None
    header = match_header(rows[first:last], width, layout.columns)
    money = any(column.layout and column.layout.role == "amount" for column in header.columns)
    return TableShape(layout, header, first, last) if money else None


def header_bounds(rows: Sequence[Row], labels: frozenset[str], start: int) -> tuple[int, int]:
    """Find the first run of rows from `start` on in which every printed cell is a known label."""
    first = start
    while first < len(rows) and not _all_labels(rows[first], labels):
        first += 1
    last = first
    while last < len(rows) and _all_labels(rows[last], labels):
        last += 1
    return first, last


def _all_labels(row: Row, labels: frozenset[str]) -> bool:
    printed = row.printed
    return bool(printed) and all(fold_label(piece.text) in labels for piece in printed)


def read_unit(rows: Sequence[Row], ledger: Ledger) -> PrintedText | None:
    """Find the unit of money in the rows between title and header: ``金额单位：万元``."""
    for number, row in enumerate(rows, start=1):
        for piece in row.printed:
            unit = unit_in(piece.text)
            if unit is not None:
                ledger.use(piece)
                return PrintedText(unit, place_of(piece, number))
    return None


def unit_in(text: str) -> str | None:
    """Give the unit of money that a text names, if it is a known one."""
    match = load_words().unit.search(unicodedata.normalize("NFKC", text))
    return match["unit"] if match and match["unit"] in FEN_PER_UNIT else None


NOWHERE = Place(Anchor())
