"""PDFs and grids made by hand, for the tests of the PDF reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from openbudget.blocks import Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.blocks import Block
    from openbudget.reading.pdf.runs import Character

PAGE_HEIGHT = 800
HELLO = b"BT /F 10 Tf 100 700 Td (AB) Tj ET 100 690 m 300 690 l S "


class Edge(NamedTuple):
    """An edge whose sides have names."""

    left: float
    top: float
    right: float
    bottom: float


def pdf(objects: Sequence[bytes]) -> bytes:
    """Put objects 1, 2, ... into a file; object 1 is the catalog."""
    out, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    size, start = len(objects) + 1, len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return out


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def page_objects(content: bytes, entries: bytes = b"", form: bytes = b"") -> list[bytes]:
    """List the objects of a PDF with one page of 600 x 800 points; `/X` is the form."""
    resources = b"/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>"
    return [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/Contents 4 0 R%s/MediaBox[0 0 600 800]%s>>"
        % (resources, entries),
        stream(content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        stream(form, b"/Type/XObject/Subtype/Form/BBox[0 0 500 500]" + resources),
    ]


def one_page(content: bytes, entries: bytes = b"", form: bytes = b"") -> bytes:
    return pdf(page_objects(content, entries, form))


def text_at(text: str, left: float, top: float, size: float = 10) -> list[Character]:
    """Set a text in characters half as wide as high (CJK: as wide as high)."""
    characters = []
    for character in text:
        width = size if ord(character) > 0x2E7F else size / 2
        characters.append((character, left, top, left + width, top + size, 0, None))
        left += width
    return characters


def box_lines(left: float, top: float, right: float, bottom: float) -> list[Edge]:
    return [
        Edge(left, top, right, top),
        Edge(left, bottom, right, bottom),
        Edge(left, top, left, bottom),
        Edge(right, top, right, bottom),
    ]


def grids(blocks: Iterable[Block]) -> list[Grid]:
    return [block for block in blocks if isinstance(block, Grid)]


def facts(grid: Grid) -> list[tuple[str, int, int, int, int]]:
    """List text, row, column, row span and column span of each cell."""
    return [(c.text, c.row, c.column, c.row_span, c.column_span) for c in grid.cells]


def squeezed(text: str) -> str:
    """Leave out white space: PDFium and pdfplumber each drop some of it."""
    return "".join(text.split())
