"""Bytes to an open PDF, and to blocks within this process."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Literal

from openbudget.errors import UnreadableFileError
from openbudget.reading.pdf.limits import PdfLimits
from openbudget.reading.pdf.reader import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openbudget.blocks import Block
    from openbudget.reading.pdf.page import PageSource

BackEnd = Literal["oxide", "pdfium"]

HEAD = 1024
TAIL = 2048
"""How far into a file its first and last mark may stand; some servers add bytes of their own."""

_SOURCES = {"oxide": "OxideSource", "pdfium": "PdfiumSource"}


def open_pdf(content: bytes, back_end: BackEnd = "oxide") -> PageSource:
    """Open a PDF; raises `UnreadableFileError` when it is broken, cut off or needs a password.

    A back end is imported when it is first used, so that either may be missing.
    """
    if b"%PDF-" not in content[:HEAD]:
        raise UnreadableFileError("the file is no PDF: it does not begin with %PDF-")
    # The back ends mend a file that was cut off, and would leave out its last pages silently.
    if b"%%EOF" not in content[-TAIL:]:
        raise UnreadableFileError("the PDF is cut off: it does not end with %%EOF")
    module = import_module(f"openbudget.reading.pdf.{back_end}")
    source: PageSource = getattr(module, _SOURCES[back_end])(content)
    return source


def read_pdf_here(
    content: bytes, limits: PdfLimits | None = None, back_end: BackEnd = "oxide"
) -> tuple[Block, ...]:
    """Read a PDF that is trusted not to harm the process it is read in.

    Same result and same errors as `read_pdf`, but time is looked at between pages only, and a
    hostile file can end or fill the process.
    """
    source = open_pdf(content, back_end)
    try:
        with _without_collections():
            return read_source(source, limits or PdfLimits())
    finally:
        source.close()


@contextmanager
def _without_collections() -> Iterator[None]:
    """Look for no circles among thousands of characters, since they form none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
