"""CSV for spreadsheets: UTF-8 with a byte order mark, stable columns, no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openbudget.formats.columns import KeyPath, value_at
from openbudget.formats.encoding import FORMULA_STARTS, plain_text

BYTE_ORDER_MARK = "\ufeff"


def write_csv(records: Iterable[Mapping[str, Any]], paths: Sequence[KeyPath]) -> Iterator[bytes]:
    """Write nested records as CSV rows; each column is a path of keys, joined by underscores."""
    yield csv_header(paths)
    for record in records:
        yield csv_row(record, paths)


def csv_header(paths: Sequence[KeyPath]) -> bytes:
    """Write the first row, behind the byte order mark."""
    return (BYTE_ORDER_MARK + _line(["_".join(path) for path in paths])).encode()


def csv_row(record: Mapping[str, Any], paths: Sequence[KeyPath]) -> bytes:
    """Write a record as a row."""
    return _line([_cell(value_at(record, path)) for path in paths]).encode()


def _cell(value: Any) -> str:
    """Give the text of a cell; text that a spreadsheet would run as a formula is quoted."""
    text = plain_text(value)
    if isinstance(value, str) and text.startswith(FORMULA_STARTS):
        return "'" + text
    return text


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
