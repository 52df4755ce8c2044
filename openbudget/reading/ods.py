"""Sheets of OpenDocument workbooks, from their XML: it alone has the merged ranges and tabs."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from openbudget.errors import UnreadableFileError
from openbudget.reading.grids import CellMeter
from openbudget.reading.sheets import Sheet, number_text, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from openbudget.reading.limits import ReadingLimits
    from openbudget.reading.package import Package
    from openbudget.reading.sheets import Position

_NAMESPACE = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TABLE, _TEXT = (_NAMESPACE % name for name in ("office", "table", "text"))
_MANIFEST = "META-INF/manifest.xml"
_CELLS = frozenset({f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"})
_NUMBERS = frozenset({"float", "currency", "percentage"})
_DURATION = re.compile(r"(-?)PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")
_SPACES = re.compile(r"[ \t\r\n]+")
_LARGEST_REPEAT = 1_048_576
_MOST_SPACES = 200
"""Spaces in a row: more than a page is wide, and few enough to write out."""


def ods_sheets(package: Package, limits: ReadingLimits) -> list[Sheet]:
    """Read the filled cells and merged ranges of every sheet.

    Raises:
        UnreadableFileError: The workbook is damaged, or protected by a password.
        LimitExceededError: It has too many filled cells, repeated ones counted.
    """
    if _MANIFEST in package.names and b"encryption-data" in package.read(_MANIFEST):
        raise UnreadableFileError("the workbook is protected by a password; publish it without one")
    body = package.xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}spreadsheet")
    if body is None:
        raise UnreadableFileError("the ODS file has no sheets")
    meter = CellMeter(limits)
    return [_sheet(table, meter) for table in body.iterchildren(f"{_TABLE}table")]


def _sheet(table: etree._Element, meter: CellMeter) -> Sheet:
    sheet = Sheet(table.get(f"{_TABLE}name", ""))
    row = 0
    for element in _rows(table):
        repeated = _number(element, "number-rows-repeated")
        filled = list(_filled_cells(element, meter))
        meter.add(len(filled) * (repeated - 1))
        for copy in range(row, row + repeated if filled else row):
            for column, text, spans in filled:
                _add(sheet, (copy, column), text, spans)
        row += repeated
    return sheet


def _rows(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the rows, also those in groups, in hidden ones and in the repeated head."""
    for child in element:
        if child.tag == f"{_TABLE}table-row":
            yield child
        elif child.tag in (
            f"{_TABLE}table-rows",
            f"{_TABLE}table-row-group",
            f"{_TABLE}table-header-rows",
        ):
            yield from _rows(child)


def _filled_cells(
    row: etree._Element, meter: CellMeter
) -> Iterator[tuple[int, str, tuple[int, int]]]:
    """Yield column, text and spans of what prints or is merged, as often as it is repeated."""
    column = 0
    for cell in row:
        if cell.tag not in _CELLS:
            continue
        repeated = _number(cell, "number-columns-repeated")
        text, spans = _cell_text(cell), _spans(cell)
        if text or spans != (1, 1):
            meter.add(repeated)
            for copy in range(repeated):
                yield column + copy, text, spans
        column += repeated


def _add(sheet: Sheet, position: Position, text: str, spans: tuple[int, int]) -> None:
    if text:
        sheet.texts[position] = text
    if spans != (1, 1):
        (row, column), (height, width) = position, spans
        sheet.merged.append((position, (row + height - 1, column + width - 1)))


def _spans(cell: etree._Element) -> tuple[int, int]:
    return _number(cell, "number-rows-spanned"), _number(cell, "number-columns-spanned")


def _number(element: etree._Element, name: str) -> int:
    """Return a count of at least 1, which is also what an absent one means."""
    value = element.get(f"{_TABLE}{name}", "1")
    if not (value.isascii() and value.isdecimal()):
        raise UnreadableFileError(f"the ODS file is damaged: {name} is {value[:20]!r}")
    return max(1, min(int(value[:9]), _LARGEST_REPEAT))


def _cell_text(cell: etree._Element) -> str:
    kind = cell.get(f"{_OFFICE}value-type", "")
    printed = "\n".join(_paragraph(child) for child in cell.iterchildren(f"{_TEXT}p"))
    if kind in _NUMBERS:
        return number_text(float(cell.get(f"{_OFFICE}value", "")))
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value") or printed
    if kind == "time":
        return _time(cell.get(f"{_OFFICE}time-value", "")) or printed
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value", "").upper() or printed
    return printed or cell.get(f"{_OFFICE}string-value", "")


def _time(value: str) -> str:
    found = _DURATION.fullmatch(value)
    if found is None:
        return ""
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    duration = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return value_text(-duration if found[1] else duration)


def _paragraph(element: etree._Element) -> str:
    return "".join(_parts(element)).removeprefix("\0").replace("\0", " ")


def _parts(element: etree._Element) -> Iterator[str]:
    """Yield the text, with NUL for white space of the XML: at the beginning it is none."""
    yield _SPACES.sub("\0", element.text or "")
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * max(1, min(int(child.get(f"{_TEXT}c", "1")[:6]), _MOST_SPACES))
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag != f"{_OFFICE}annotation":
            yield from _parts(child)
        yield _SPACES.sub("\0", child.tail or "")
