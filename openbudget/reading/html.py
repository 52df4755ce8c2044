"""Web pages to blocks."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HTMLParser

from openbudget.blocks import Block, Grid
from openbudget.errors import LimitExceededError, TruncatedFileError, UnreadableFileError
from openbudget.reading.border import reader
from openbudget.reading.encoding import decode_html
from openbudget.reading.flow import Item, Table, TableCell, emit_blocks
from openbudget.reading.grids import CellMeter
from openbudget.reading.html_text import BLOCKS, DROPPED, Lines, keeps_spaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openbudget.reading.limits import ReadingLimits

_WIDEST_SPAN = 1_000
_TALLEST_SPAN = 65_534
"""Spans as browsers clamp them."""
_SMALLEST_PICTURE = 100
"""Pixels: a picture narrower or lower than this is an icon or a rule, not a table."""
_LENGTH = re.compile(r"\s*(\d{1,6})(?:\.\d*)?\s*(?:px)?\s*(?:;|$)")
_SECTIONS = {"thead": 0, "tfoot": 2}
"""Order in which the sections of a table are shown, all others between."""
_TAG = re.compile(r"<(/?(?:html|body|table))\b")
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


@reader("HTML page")
def read_html(content: bytes, limits: ReadingLimits) -> tuple[Block, ...]:
    """Read the paragraphs and tables of a page in their order.

    Anchors count blocks. Every block element is a paragraph of its own, or a line in a cell. Runs
    of spaces are one, as a browser shows them; no-break spaces and ideographic ones stay, and a
    line break of the source between two Chinese characters is nothing. Scripts, styles and
    characters that print nothing are left out. A cell of spaces only is blank. Elements that a
    style hides are read: spreadsheets hide there what does not fit its cell, sites other tabs.

    Raises:
        UnreadableFileError: The page is damaged, or its tables are pictures.
        TruncatedFileError: The page was cut off: it opens what it never closes.
        LimitExceededError: It nests too deeply, or has too many cells.
    """
    page = _Page(CellMeter(limits))
    text = decode_html(content)
    _check_end(text)
    blocks = emit_blocks(page.items(_body(text)))
    if page.pictures and not any(_has_text(block) for block in blocks):
        raise UnreadableFileError(
            f"the tables of this page are pictures ({page.pictures} of them):"
            " there is no text in them to read"
        )
    return blocks


def _check_end(text: str) -> None:
    """Refuse a page that was cut off, which a browser would show as far as it goes.

    The end of a page may be left out by the standard, but no program that writes pages does; the
    end of a table may not, except that a page that has its end shows what is unclosed to be a slip.
    """
    markup = _without(_without(text.lower(), "<!--", "-->"), "<script", "</script")
    tags = Counter(_TAG.findall(markup))
    if tags["/html"] or tags["/body"]:
        return
    if tags["html"] or tags["body"]:
        raise TruncatedFileError("the page is cut off: its end is missing")
    if tags["table"] > tags["/table"]:
        raise TruncatedFileError("the page is cut off in the middle of a table")


def _without(text: str, opening: str, closing: str) -> str:
    """Cut out what stands between marks; by hand, since a pattern would search again and again."""
    kept = []
    position = 0
    while (start := text.find(opening, position)) >= 0:
        kept.append(text[position:start])
        end = text.find(closing, start)
        position = len(text) if end < 0 else end + len(closing)
    return "".join([*kept, text[position:]])


def _body(text: str) -> etree._Element:
    parser = HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    source = _XML_DECLARATION.sub("", text).encode("utf-8")
    root = etree.fromstring(source, parser)
    # The parser mends what it can; past its limits it stops, and would lose the rest in silence.
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        raise LimitExceededError("the page nests its elements too deeply")
    if root is None:
        raise UnreadableFileError("the page holds nothing")
    return root


def _has_text(block: Block) -> bool:
    return isinstance(block, Grid) and any(cell.text.strip() for cell in block.cells)


class _Page:
    """Reads what stands one below the other, and counts the pictures on the way."""

    def __init__(self, meter: CellMeter) -> None:
        self._meter = meter
        self.pictures = 0

    def items(self, container: etree._Element) -> list[Item]:
        """Return the lines and tables in an element."""
        lines = Lines()
        self._visit(container, lines, keeps_spaces(container))
        lines.end_block()
        return lines.items

    def _visit(self, element: etree._Element, lines: Lines, pre: bool) -> None:
        lines.add(element.text, pre)
        for child in element:
            self._visit_child(child, lines, pre)
            lines.add(child.tail, pre)

    def _visit_child(self, child: etree._Element, lines: Lines, pre: bool) -> None:
        tag = child.tag
        if tag in DROPPED:
            return
        if tag == "br":
            lines.break_line()
        elif tag == "img":
            self.pictures += _is_content(child)
        elif tag == "table":
            lines.end_block()
            lines.items.extend(self._table(child))
        elif tag in BLOCKS:
            lines.end_block()
            self._visit(child, lines, pre or keeps_spaces(child))
            lines.end_block()
        else:
            self._visit(child, lines, pre or keeps_spaces(child))

    def _table(self, element: etree._Element) -> Iterator[Item]:
        """Yield the captions of a table, then the table."""
        for caption in element.iterchildren("caption"):
            yield from self.items(caption)
        table = Table()
        busy: dict[int, int] = {}
        for index, row in enumerate(_rows(element)):
            self._row(row, index, table, busy)
        yield table

    def _row(self, row: etree._Element, index: int, table: Table, busy: dict[int, int]) -> None:
        """Place the cells of a row; `busy` tells of each column the first row it is free in."""
        column = 0
        for cell in row.iterchildren("td", "th"):
            while busy.get(column, 0) > index:
                self._meter.add(1)
                column += 1
            width = _span(cell, "colspan", _WIDEST_SPAN)
            # 0 means: down to the last row; building the grid clamps it.
            height = _span(cell, "rowspan", _TALLEST_SPAN) or _TALLEST_SPAN
            self._meter.add(width)
            placed = TableCell(_without_blanks(self.items(cell)), index, column, height, width or 1)
            table.cells.append(placed)
            for taken in range(column, column + placed.column_span):
                busy[taken] = max(busy.get(taken, 0), index + height)
            column += placed.column_span


def _without_blanks(items: list[Item]) -> list[Item]:
    """Take away what makes a blank cell keep its height: lines of no-break spaces."""
    if any(isinstance(item, Table) or item.strip() for item in items):
        return items
    return []


def _rows(table: etree._Element) -> list[etree._Element]:
    """Return the rows of a table as shown: head first and foot last, forms looked through."""
    found: list[tuple[int, etree._Element]] = []
    for child in table:
        if child.tag == "tr":
            found.append((1, child))
        elif child.tag not in ("table", "caption", "td", "th"):
            found += [(_SECTIONS.get(str(child.tag), 1), row) for row in _rows(child)]
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def _span(cell: etree._Element, name: str, most: int) -> int:
    value = (cell.get(name) or "").strip()
    if not (value.isascii() and value.isdecimal()):
        return 1
    return min(int(value[:9]), most)


def _is_content(image: etree._Element) -> bool:
    """Tell pictures that may be tables from icons by their stated size; without one they may."""
    sizes = [image.get("width"), image.get("height")]
    for part in (image.get("style") or "").lower().split(";"):
        name, _, value = part.partition(":")
        if name.strip() in ("width", "height"):
            sizes.append(value)
    stated = [int(found[1]) for size in sizes if size and (found := _LENGTH.match(size))]
    return all(size >= _SMALLEST_PICTURE for size in stated)
