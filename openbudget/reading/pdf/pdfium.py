"""Characters and paths by PDFium, the second reader.

Its text page leaves out some of several spaces in a row; everything else is as printed.
"""

from __future__ import annotations

from contextlib import contextmanager
from ctypes import byref, c_float, c_int
from math import degrees
from typing import TYPE_CHECKING, Any

import pypdfium2
import pypdfium2.raw as pdfium

from openbudget.errors import UnreadableFileError
from openbudget.reading.pdf.page import Frame
from openbudget.reading.pdf.paths import Drawn, Point, outline_edges, shown
from openbudget.reading.pdf.runs import runs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openbudget.reading.pdf.page import Edge
    from openbudget.reading.pdf.runs import Character, Run

DEEPEST_FORM = 16
"""Forms within forms are followed no deeper, as PDFium itself does not paint them."""
SPACE = 0x20
UNKNOWN = "\ufffd"
INVISIBLE = 3
"""The text rendering mode that paints nothing, as under the picture of a scan."""

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class PdfiumSource:
    """A `PageSource` by PDFium. It tells invisible text."""

    def __init__(self, content: bytes) -> None:
        """Open a PDF; raises `UnreadableFileError` when it is broken or needs a password."""
        self._open: tuple[int, Any, Frame] | None = None
        try:
            self._document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
                raise UnreadableFileError("the PDF is encrypted and needs a password") from error
            raise UnreadableFileError(f"the PDF cannot be opened: {error}") from error

    def page_count(self) -> int:
        """Tell how many pages the document has."""
        return len(self._document)

    def runs(self, page: int) -> list[Run]:
        """List the runs of characters on the visible part of a page."""
        with self._page(page) as (opened, frame):
            text_page = opened.get_textpage()
            try:
                return frame.shown(runs_of(_characters(text_page.raw, frame)))
            finally:
                text_page.close()

    def edges(self, page: int) -> list[Edge]:
        """List the ruling lines of a page."""
        with self._page(page) as (opened, frame):
            raw = opened.raw
            drawn: list[Drawn] = []
            for index in range(pdfium.FPDFPage_CountObjects(raw)):
                drawn.extend(_object_edges(pdfium.FPDFPage_GetObject(raw, index), IDENTITY, 0))
            return shown(drawn, frame)

    def close(self) -> None:
        """Close the document, and the page that was read last."""
        self._leave_page()
        self._document.close()

    @contextmanager
    def _page(self, page: int) -> Iterator[tuple[Any, Frame]]:
        """Open a page, or take it as left open; nothing gets out but `UnreadableFileError`."""
        try:
            if self._open is None or self._open[0] != page:
                self._leave_page()
                opened = self._document[page]
                crop = opened.get_cropbox(fallback_ok=False)
                frame = Frame.of(opened.get_mediabox(), crop, opened.get_rotation())
                self._open = page, opened, frame
            yield self._open[1:]
        except (MemoryError, UnreadableFileError):
            raise
        except Exception as error:
            raise UnreadableFileError(
                f"page {page + 1} of the PDF cannot be read: {error}"
            ) from error

    def _leave_page(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None


def _characters(text_page: Any, frame: Frame) -> Iterator[Character]:
    box = pdfium.FS_RECTF()
    high = 0
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        if code <= SPACE and pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue  # spaces and line breaks that PDFium adds between words
        if 0xD800 <= code < 0xDC00:  # noqa: PLR2004  first half of a UTF-16 pair
            high = code
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, byref(box)):
            continue
        yield (
            _text(code, high),
            *frame.box(box.left, box.bottom, box.right, box.top),
            # PDFium counts clockwise.
            frame.angle(-degrees(pdfium.FPDFText_GetCharAngle(text_page, index))),
            _is_visible(text_page, index),
        )
        high = 0


def _text(code: int, high: int) -> str:
    if high and 0xDC00 <= code < 0xE000:  # noqa: PLR2004  second half of a UTF-16 pair
        return chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00)
    return UNKNOWN if code in {0, 0xFFFE, 0xFFFF} or 0xD800 <= code < 0xE000 else chr(code)  # noqa: PLR2004


def _is_visible(text_page: Any, index: int) -> bool | None:
    text_object = pdfium.FPDFText_GetTextObject(text_page, index)
    if not text_object:
        return None
    return bool(pdfium.FPDFTextObj_GetTextRenderMode(text_object) != INVISIBLE)


def _object_edges(painted: Any, matrix: Matrix, depth: int) -> Iterator[Drawn]:
    kind = pdfium.FPDFPageObj_GetType(painted)
    if kind == pdfium.FPDF_PAGEOBJ_PATH:
        yield from _path_edges(painted, _product(_matrix(painted), matrix))
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
        inner = _product(_matrix(painted), matrix)
        for index in range(pdfium.FPDFFormObj_CountObjects(painted)):
            part = pdfium.FPDFFormObj_GetObject(painted, index)
            yield from _object_edges(part, inner, depth + 1)


def _path_edges(path: Any, matrix: Matrix) -> Iterator[Drawn]:
    fill, stroke = c_int(), c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke)):
        return
    stroked = bool(stroke.value)
    pieces: list[list[Point]] = [[]]
    for kind, point, closes in _segments(path, matrix):
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            yield from outline_edges(pieces, stroked)
            pieces = [[point]]
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            pieces[-1].append(point)
        else:
            pieces.append([point])
        if closes and pieces[-1][-1:] != pieces[0][:1]:  # PDFium has drawn some back already
            pieces[-1].extend(pieces[0][:1])
    yield from outline_edges(pieces, stroked)


def _segments(path: Any, matrix: Matrix) -> Iterator[tuple[int, Point, bool]]:
    a, b, c, d, e, f = matrix
    x, y = c_float(), c_float()
    at_x, at_y = byref(x), byref(y)
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, at_x, at_y)
        point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        closes = bool(pdfium.FPDFPathSegment_GetClose(segment))
        yield pdfium.FPDFPathSegment_GetType(segment), point, closes


def _matrix(painted: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(painted, byref(found)):
        return IDENTITY
    return found.a, found.b, found.c, found.d, found.e, found.f


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )
