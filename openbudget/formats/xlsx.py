"""XLSX: typed cells under one header row, in bounded memory and always the same bytes.

The rows go through files in the temporary folder, since a workbook is a ZIP archive that can only
be packed when it is whole.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from xlsxwriter import Workbook

from openbudget.formats.columns import Column, Kind, value_at
from openbudget.formats.encoding import FORMULA_STARTS, plain_text

MAX_RECORDS = 1_048_576 - 1
"""Rows of a sheet in Excel, less the header."""

MAX_TEXT = 32_767
"""Characters of a cell in Excel, counted in UTF-16."""

CUT = "… [cut: a cell holds 32767 characters; csv and ndjson have the whole]"
_DIGITS = 15  # Excel keeps no more digits of a number.
_CHUNK = 1 << 16
_WIDTHS = {Kind.TEXT: 20, Kind.MONEY: 18, Kind.LIST: 30, Kind.OBJECT: 30}
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - not a time: no workbook says when it was made
_LIKE_A_NUMBER = re.compile(r"[\d.,%]+")

Put = Callable[[int, int, Any], object]


def write_xlsx(
    name: str, records: Iterable[Mapping[str, Any]], columns: Sequence[Column], total: int
) -> Iterator[bytes]:
    """Write `total` records as a workbook with one sheet; it is made when the first part is read.

    Money and numbers are numbers, unless they have more digits than Excel keeps; codes, ids and
    all other texts are text cells, so that nothing is run as a formula and no zero is lost.
    """
    with tempfile.TemporaryDirectory(prefix="openbudget-xlsx-") as folder:
        path = Path(folder) / "book.xlsx"
        with path.open("wb") as file:
            _make(file, folder, name, records, columns, total)
        with path.open("rb") as made:
            while part := made.read(_CHUNK):
                yield part


def _make(
    file: IO[bytes],
    folder: str,
    name: str,
    records: Iterable[Mapping[str, Any]],
    columns: Sequence[Column],
    total: int,
) -> None:
    book = Workbook(file, {"constant_memory": True, "tmpdir": folder})
    book.use_zip64()
    book.set_properties({"created": _MADE})
    sheet = book.add_worksheet(name[:31])
    sheet.freeze_panes(1, 1)
    if columns:
        sheet.autofilter(0, 0, total, len(columns) - 1)
    _write_header(book, sheet, columns)
    write = _Cells(book, sheet)
    puts = [(number, c.path, write.of_kind(c.kind)) for number, c in enumerate(columns)]
    for row, record in enumerate(records, 1):
        for number, path, put in puts:
            value = value_at(record, path)
            if value is not None:
                put(row, number, value)
    book.close()


def _write_header(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    for number, column in enumerate(columns):
        sheet.set_column(number, number, _WIDTHS.get(column.kind, 12))
    sheet.set_row(0, 48)
    for number, column in enumerate(columns):
        sheet.write_string(0, number, header_of(column), bold)


def header_of(column: Column) -> str:
    """Give the header: the English key, and the Chinese title in a line below it."""
    return f"{column.name}\n{column.title}" if column.title else column.name


class _Cells:
    """Writes values as cells of their kind; a blank is no cell, so that it is not zero."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.sheet = sheet
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.whole = book.add_format({"num_format": "0"})
        self.text_format = book.add_format({"num_format": "@"})
        self.quoted = book.add_format({"num_format": "@", "quote_prefix": True})

    def of_kind(self, kind: Kind) -> Put:
        """Give what writes the values of a column."""
        puts: dict[Kind, Put] = {
            Kind.INTEGER: lambda row, at, value: self.sheet.write_number(
                row, at, value, self.whole
            ),
            Kind.TRUTH: self.sheet.write_boolean,
            Kind.MONEY: lambda row, at, value: self.number(row, at, value, self.money),
            Kind.NUMBER: self.number,
        }
        return puts.get(kind, self.text)

    def number(self, row: int, at: int, value: Any, shape: Any = None) -> None:
        """Write an exact number; as text where Excel would not keep all its digits."""
        exact = Decimal(plain_text(value))
        if len(exact.as_tuple().digits) > _DIGITS:
            self.text(row, at, value)
        else:
            # A decimal is written digit by digit: no binary number comes between.
            self.sheet.write_number(row, at, exact, shape)

    def text(self, row: int, at: int, value: Any) -> None:
        """Write a text cell, whatever the text looks like."""
        text = plain_text(value)
        if len(text) > MAX_TEXT // 2:
            text = fitting(text)
        if text:
            self.sheet.write_string(row, at, text, self._shape(text))

    def _shape(self, text: str) -> Any:
        """Keep texts texts when somebody edits them: codes, and what begins like a formula."""
        if text.startswith(FORMULA_STARTS):
            return self.quoted
        return self.text_format if _LIKE_A_NUMBER.fullmatch(text) else None


def fitting(text: str) -> str:
    """Cut a text to what a cell holds, and say so in it."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return text
    kept = units[: 2 * (MAX_TEXT - len(CUT))]
    return kept.decode("utf-16-le", errors="ignore") + CUT
