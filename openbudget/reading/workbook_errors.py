"""Error values (`#DIV/0!`) of workbooks: the parser reads them as blanks, but they are printed."""

from __future__ import annotations

import io
import posixpath
import re
import struct
from typing import TYPE_CHECKING

import olefile

from openbudget.reading.sheets import Position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from openbudget.reading.package import Package

Errors = dict[int, dict[Position, str]]
"""Texts of error values by index of the sheet and by cell."""

_ERROR_CELL = re.compile(rb"""\st\s*=\s*["']e["']""")
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_LETTERS = 26

_BOUNDSHEET, _BOF, _EOF, _BOOLERR, _FORMULA = 0x0085, 0x0809, 0x000A, 0x0205, 0x0006
_FORMULA_ERROR = 2
_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def xlsx_errors(package: Package) -> Errors:
    """Return the error values of an XLSX; raise `UnreadableFileError` if its parts are damaged."""
    found: Errors = {}
    for index, part in enumerate(_sheet_parts(package)):
        # Most sheets have no error, and need not be parsed a second time to learn that.
        if part in package.names and _ERROR_CELL.search(package.read(part)):
            found[index] = dict(_error_cells(package.xml(part)))
    return found


def _sheet_parts(package: Package) -> Iterator[str]:
    """Yield the name of the part of each sheet, in the order of the workbook."""
    relations = package.xml("xl/_rels/workbook.xml.rels")
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in package.xml("xl/workbook.xml").iterfind("{*}sheets/{*}sheet"):
        identifiers = (str(value) for name, value in sheet.items() if str(name).endswith("}id"))
        target = targets.get(next(identifiers, ""), "")
        yield posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _error_cells(root: etree._Element) -> Iterator[tuple[Position, str]]:
    for cell in root.iterfind("{*}sheetData/{*}row/{*}c[@t='e']"):
        found = _ADDRESS.fullmatch(cell.get("r", ""))
        text = cell.findtext("{*}v")
        if found and text:
            yield (int(found[2]) - 1, _column(found[1])), text


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return column - 1


def xls_errors(content: bytes) -> Errors:
    """Return the error values of an XLS, as far as its records can be followed."""
    container = olefile.OleFileIO(io.BytesIO(content))
    name = "Workbook" if container.exists("Workbook") else "Book"
    stream = container.openstream(name).read()
    sheets = [
        struct.unpack_from("<I", stream, start)[0]
        for kind, start, size in _records(stream, 0)
        if kind == _BOUNDSHEET and size >= 4  # noqa: PLR2004 - the offset it begins with
    ]
    return {
        index: dict(_error_records(stream, offset)) for index, offset in enumerate(sheets[:1000])
    }


def _records(stream: bytes, offset: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, start and size of each record of a substream; charts within are skipped."""
    depth = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, offset)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0 or offset + 4 + size > len(stream):
            return
        if depth == 1:
            yield kind, offset + 4, size
        offset += 4 + size


def _error_records(stream: bytes, offset: int) -> Iterator[tuple[Position, str]]:
    for kind, start, size in _records(stream, offset):
        code = None
        if kind == _BOOLERR and size >= 8 and stream[start + 7]:  # noqa: PLR2004 - its length
            code = stream[start + 6]
        elif kind == _FORMULA and size >= 14 and stream[start + 12 : start + 14] == b"\xff\xff":  # noqa: PLR2004
            code = stream[start + 8] if stream[start + 6] == _FORMULA_ERROR else None
        if code in _CODES:
            yield struct.unpack_from("<HH", stream, start), _CODES[code]
