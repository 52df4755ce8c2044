"""CSV for spreadsheets: UTF-8 with a byte order mark, stable columns, no formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openbudget.formats.encoding import plain_text

BYTE_ORDER_MARK = "\ufeff"
KeyPath = tuple[str, ...]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(records: Iterable[Mapping[str, Any]], paths: Sequence[KeyPath]) -> Iterator[bytes]:
    """Write nested records as CSV rows; each column is a path of keys, joined by underscores."""
    yield (BYTE_ORDER_MARK + _line(["_".join(path) for path in paths])).encode()
    for record in records:
        yield _line([_cell(_at(record, path)) for path in paths]).encode()


def _at(record: Mapping[str, Any], path: KeyPath) -> Any:
    found: Any = record
    for key in path:
        if not isinstance(found, dict):
            return None
        found = found.get(key)
    return found


def _cell(value: Any) -> str:
    """Give the text of a cell; text that a spreadsheet would run as a formula is quoted."""
    text = plain_text(value)
    if isinstance(value, str) and text.startswith(_FORMULA_STARTS):
        return "'" + text
    return text


def _line(cells: Sequence[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
