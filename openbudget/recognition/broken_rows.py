"""Rows that a page break parts: what is left of their texts stands first on the next page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from openbudget.recognition.layout import ColumnLayout
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.table_rows import CODED_ROLES, starts_with_code

NumberedRow = tuple[int, Row]


def join_broken_rows(
    rows: Sequence[NumberedRow], columns: Mapping[int, ColumnLayout]
) -> tuple[list[NumberedRow], list[Piece]]:
    """Give each rest of a row back to the row above it; also give the pieces that were rests.

    Rows keep the number under which they are printed; lists of items have no such rows, since an
    item without an amount is a row like any other.
    """
    found: list[NumberedRow] = []
    rests: list[Piece] = []
    listed = any(column.role == "item" for column in columns.values())
    for number, row in rows:
        if not listed and found and _is_rest(row, found[-1][1], columns):
            found[-1] = (found[-1][0], _joined(found[-1][1], row))
            rests += row.printed
        else:
            found.append((number, row))
    return found, rests


def _is_rest(row: Row, above: Row, columns: Mapping[int, ColumnLayout]) -> bool:
    """Whether a row is first on its page and goes on in some texts of the row above, only there."""
    if not row.printed or not above.printed or _page(row) in (None, _page(above)):
        return False
    printed = {piece.column for piece in above.printed}
    return all(
        piece.column in printed and _goes_on(piece, columns.get(piece.column))
        for piece in row.printed
    )


def _goes_on(piece: Piece, column: ColumnLayout | None) -> bool:
    if column is None or column.role in ("amount", "figure", "ordinal"):
        return False
    return column.role not in CODED_ROLES or not starts_with_code(piece.text)


def _joined(above: Row, row: Row) -> Row:
    rest = {piece.column: f"\n{piece.text}" for piece in row.printed}
    pieces = (replace(p, text=p.text + rest.get(p.column, "")) for p in above.pieces)
    return replace(above, pieces=tuple(pieces))


def _page(row: Row) -> int | None:
    return row.pieces[0].anchor.page
