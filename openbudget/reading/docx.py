"""Word documents (DOCX) to blocks."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from openbudget.errors import UnreadableFileError
from openbudget.reading.border import reader
from openbudget.reading.docx_numbers import Numbers
from openbudget.reading.docx_text import (
    child_of,
    choose_alternative,
    name_of,
    paragraph_text,
    value_of,
)
from openbudget.reading.flow import Item, Table, TableCell, emit_blocks
from openbudget.reading.grids import CellMeter
from openbudget.reading.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from openbudget.blocks import Block
    from openbudget.reading.limits import ReadingLimits

_OFFICE_DOCUMENT = "/officeDocument"
_DELETED = frozenset({"w:del", "w:moveFrom"})
_SIBLINGS = ("numbering.xml", "styles.xml", "footnotes.xml", "endnotes.xml")
_SEPARATOR_NOTES = frozenset({"separator", "continuationSeparator", "continuationNotice"})


@reader("DOCX file")
def read_docx(content: bytes, limits: ReadingLimits) -> tuple[Block, ...]:
    """Read the paragraphs and tables of a DOCX in their order, then its foot- and endnotes.

    Anchors count blocks. Text boxes follow the paragraph they are anchored in. Deleted and hidden
    text is left out, as it is when printed; inserted text is kept. Headers and footers of pages,
    comments and pictures are not read. Automatic numbers are text, parted by what the list says,
    mostly a tab. The columns of a grid are those in which some cell begins.

    Raises:
        UnreadableFileError: It is no DOCX, is damaged, or embeds a document in another format.
        LimitExceededError: It unpacks to too much, nests too deeply, or has too many cells.
    """
    package = Package(content, limits)
    main = _main_part(package)
    body = next((child for child in package.xml(main) if name_of(child) == "w:body"), None)
    if body is None:
        raise UnreadableFileError("the DOCX file has no body")
    numbering, styles, *notes = (_sibling(package, main, name) for name in _SIBLINGS)
    story = _Story(CellMeter(limits), Numbers(numbering, styles))
    items = list(story.items(body))
    for part in notes:
        items.extend([] if part is None else story.notes(part))
    return emit_blocks(items)


def _main_part(package: Package) -> str:
    if "_rels/.rels" in package.names:
        for relation in package.xml("_rels/.rels"):
            if relation.get("Type", "").endswith(_OFFICE_DOCUMENT):
                return posixpath.normpath(relation.get("Target", "").lstrip("/"))
    return "word/document.xml"


def _sibling(package: Package, main: str, name: str) -> etree._Element | None:
    """Parse a part that stands beside the main one, if there is one."""
    part = posixpath.join(posixpath.dirname(main), name)
    return package.xml(part) if part in package.names else None


class _Story:
    """Reads what stands one below the other: a body, a cell, a text box or a note."""

    def __init__(self, meter: CellMeter, numbers: Numbers) -> None:
        self._meter = meter
        self._numbers = numbers

    def items(self, container: etree._Element) -> Iterator[Item]:
        """Yield paragraphs and tables, whatever they are wrapped in."""
        for child in container:
            name = name_of(child)
            if name in _DELETED:
                continue
            if name == "w:p":
                yield from self._paragraph(child)
            elif name == "w:tbl":
                yield self._table(child)
            elif name == "w:altChunk":
                raise UnreadableFileError(
                    "the document embeds another one (altChunk), whose text would be lost;"
                    " open it in a word processor and save it anew"
                )
            elif name == "mc:AlternateContent":
                yield from self.items(choose_alternative(child))
            else:
                yield from self.items(child)

    def notes(self, root: etree._Element) -> Iterator[Item]:
        """Yield the foot- or endnotes, without the lines that part them from the text."""
        for note in root:
            if value_of(note, "type") not in _SEPARATOR_NOTES:
                yield from self.items(note)

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Item]:
        text, boxes = paragraph_text(paragraph)
        label = self._numbers.label(paragraph)
        yield label + text if text else label.rstrip()
        for box in boxes:
            yield from self.items(box)

    def _table(self, element: etree._Element) -> Table:
        table = Table()
        placed = _Placement(table)
        for row in _descend(element, "w:tr"):
            properties = child_of(row, "w:trPr")
            if child_of(properties, "w:del") is not None:
                continue
            placed.start_row(_number(properties, "w:gridBefore", default=0))
            for cell in _descend(row, "w:tc"):
                self._meter.add(1)
                placed.add(cell, list(self.items(cell)))
        return table


class _Placement:
    """Puts the cells of a table on its lattice and merges those that continue others."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._row = -1
        self._column = 0
        self._open: dict[int, TableCell] = {}

    def start_row(self, skipped_columns: int) -> None:
        self._row += 1
        self._column = skipped_columns

    def add(self, element: etree._Element, items: list[Item]) -> None:
        properties = child_of(element, "w:tcPr")
        if child_of(properties, "w:cellDel") is not None:
            return
        cell = TableCell(items, self._row, self._column)
        cell.column_span = max(1, _number(properties, "w:gridSpan", default=1))
        self._column += cell.column_span
        blank = not cell.text and not cell.tables
        if blank and (
            self._continues_left(properties, cell) or self._continues_above(properties, cell)
        ):
            return
        self._table.cells.append(cell)
        self._open[cell.column] = cell

    def _continues_above(self, properties: etree._Element | None, cell: TableCell) -> bool:
        if _merge(properties, "w:vMerge") != "continue":
            return False
        above = self._open.get(cell.column)
        if above is None or above.column_span != cell.column_span:
            return False
        if above.row + above.row_span != cell.row:
            return False
        above.row_span += 1
        return True

    def _continues_left(self, properties: etree._Element | None, cell: TableCell) -> bool:
        if _merge(properties, "w:hMerge") != "continue" or not self._table.cells:
            return False
        left = self._table.cells[-1]
        if left.row != cell.row or left.column + left.column_span != cell.column:
            return False
        left.column_span += cell.column_span
        return True


def _merge(properties: etree._Element | None, name: str) -> str | None:
    """Tell `restart`, `continue` (also what an element without a value means) or nothing."""
    merge = child_of(properties, name)
    return None if merge is None else value_of(merge, "val") or "continue"


def _descend(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield rows or cells, also those in content controls and marked as inserted."""
    for child in element:
        if name_of(child) == name:
            yield child
        elif name_of(child) not in _DELETED and name_of(child) not in ("w:tr", "w:tc"):
            yield from _descend(child, name)


def _number(properties: etree._Element | None, name: str, default: int) -> int:
    element = child_of(properties, name)
    value = "" if element is None else value_of(element, "val") or ""
    return int(value) if value.isdecimal() and len(value) < 5 else default  # noqa: PLR2004
