"""Which reader reads which format, by the content of the file alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from openbudget.blocks import Block
from openbudget.errors import UnreadableFileError
from openbudget.reading.encoding import decode_text
from openbudget.reading.limits import DEFAULT_LIMITS, ReadingLimits
from openbudget.reading.pdf import read_pdf, read_pdf_here
from openbudget.reading.sniff import Format, sniff
from openbudget.reading.tab_separated import tab_separated_blocks
from openbudget.reading.text import text_blocks

Blocks = tuple[Block, ...]

MEDIA_TYPES: Mapping[Format, str] = {
    Format.TEXT: "text/plain; charset=utf-8",
    Format.TAB_SEPARATED: "text/tab-separated-values; charset=utf-8",
    Format.PDF: "application/pdf",
    Format.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Format.DOC: "application/msword",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.XLS: "application/vnd.ms-excel",
    Format.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    Format.HTML: "text/html",
    Format.ZIP: "application/zip",
}
_READERS: Mapping[Format, tuple[str, str]] = {
    Format.DOCX: ("docx", "read_docx"),
    Format.DOC: ("doc", "read_doc"),
    Format.XLSX: ("workbook", "read_workbook"),
    Format.XLS: ("workbook", "read_workbook"),
    Format.ODS: ("workbook", "read_workbook"),
    Format.HTML: ("html", "read_html"),
}
"""Module and function of each reader that takes bytes and limits; imported when a file needs it.

Most batches have files of one format, and every process that reads waits for what it imports.
"""


@dataclass(frozen=True)
class ReadBlocks:
    """The blocks of a file, its format, and the media type its bytes are served as."""

    blocks: Blocks
    format: Format
    media_type: str


def read_blocks(
    content: bytes, limits: ReadingLimits = DEFAULT_LIMITS, *, isolate: bool = True
) -> ReadBlocks:
    """Read the bytes of one document in whatever format they are.

    A PDF is read in a process of its own, unless `isolate` is off: a process that may end itself
    (a worker of a batch) saves that one.

    Raises:
        UnreadableFileError: no format that is read, damaged, or an archive of several files.
        LimitExceededError: it costs more to read than the limits allow.
    """
    found = sniff(content, limits)
    if found is Format.ZIP:
        raise UnreadableFileError("the file is an archive: its members are documents of their own")
    if found is Format.PDF:
        blocks = read_pdf(content) if isolate else read_pdf_here(content)
    elif found is Format.TEXT:
        blocks = text_blocks(decode_text(content))
    elif found is Format.TAB_SEPARATED:
        blocks = tab_separated_blocks(decode_text(content), limits)
    else:
        blocks = _reader(found)(content, limits)
    return ReadBlocks(blocks, found, _media_type(content, found))


def _reader(found: Format) -> Callable[[bytes, ReadingLimits], Blocks]:
    module, function = _READERS[found]
    read: Callable[[bytes, ReadingLimits], Blocks] = getattr(
        import_module(f"openbudget.reading.{module}"), function
    )
    return read


def _media_type(content: bytes, found: Format) -> str:
    """Give the media type of a format; a text that is no UTF-8 is stored as it was published."""
    media_type = MEDIA_TYPES[found]
    if found not in (Format.TEXT, Format.TAB_SEPARATED):
        return media_type
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
        return media_type.replace("utf-8", "utf-16" if utf16 else "gb18030")
    return media_type
