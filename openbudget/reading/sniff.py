"""What a file is, by its content alone: names and types given by others are not believed."""

from __future__ import annotations

import io
import re
from enum import StrEnum
from typing import TYPE_CHECKING

import olefile

from openbudget.errors import UnknownFormatError, UnreadableFileError
from openbudget.reading.border import reader
from openbudget.reading.encoding import decode_html, decode_text
from openbudget.reading.package import Package
from openbudget.reading.tab_separated import is_tab_separated

if TYPE_CHECKING:
    from openbudget.reading.limits import ReadingLimits


class Format(StrEnum):
    """The formats that have a reader."""

    TEXT = "text"
    TAB_SEPARATED = "tab-separated"
    PDF = "pdf"
    DOCX = "docx"
    DOC = "doc"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    HTML = "html"
    ZIP = "zip"


_PDF_HEADER_BYTES = 1024
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"RIFF", "an image or a recording"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"MZ", "a Windows executable"),
    (b"\x7fELF", "an executable"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"AC1", "a CAD drawing"),
    (b"{\\rtf", "an RTF document; save it as DOCX"),
    (b"MIME-Version:", "a web archive (MHTML); save it as HTML"),
)
_TEXTUAL_FOREIGN = frozenset({b"BM", b"MZ", b"AC1", b"RIFF", b"GIF8"})
"""Signatures that may also begin a text; then it is the rest that decides."""
_CONTAINERS = (
    ("word/document.xml", Format.DOCX),
    ("xl/workbook.xml", Format.XLSX),
)
_FOREIGN_CONTAINERS = (
    ("OFD.xml", "an OFD document; convert it to PDF"),
    ("xl/workbook.bin", "a binary workbook (XLSB); save it as XLSX"),
    ("ppt/presentation.xml", "a presentation"),
    ("AndroidManifest.xml", "an Android package"),
    ("META-INF/container.xml", "an EPUB book"),
)
_STREAMS = (
    ("WordDocument", Format.DOC),
    ("Workbook", Format.XLS),
    ("Book", Format.XLS),
)
_FOREIGN_STREAMS = (
    ("EncryptedPackage", "an Office file protected by a password; publish it without one"),
    ("PowerPoint Document", "a presentation"),
    ("__properties_version1.0", "an e-mail message"),
)
_ODF_TYPE = b"application/vnd.oasis.opendocument."
_HTML_START = re.compile(
    # Possessive and atomic: a long run of spaces or comments is tried in one way only.
    r"(?:<\?xml[^>]*+>|(?><!--.*?-->)|\s++)*+"
    r"<(?:!doctype\s+html|(?:html|head|body|meta|title|table|div|p|span|center|font|h[1-6])\b)",
    re.IGNORECASE | re.DOTALL,
)
_XML_START = re.compile(r"\s*<(?:\?xml|[A-Za-z][\w.-]*:[A-Za-z])")
_START_CHARACTERS = 20_000


@reader("file")
def sniff(content: bytes, limits: ReadingLimits) -> Format:
    """Name the format of a file by its content.

    Raises:
        UnknownFormatError: The file has no reader; the message says what it looks like.
        UnreadableFileError: It is a container that is damaged or encrypted.
        TruncatedFileError: It is a text cut off in the middle of a character.
        LimitExceededError: It is too large, or unpacks to too much.
    """
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnknownFormatError("the file is empty")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):  # a PDF may be stored in it as it is
        return _sniff_zip(content, limits)
    if b"%PDF-" in content[:_PDF_HEADER_BYTES]:
        return Format.PDF
    if content.startswith(_OLE):
        return _sniff_ole(content)
    _refuse_foreign(content)
    return _sniff_text(content)


def _sniff_zip(content: bytes, limits: ReadingLimits) -> Format:
    package = Package(content, limits)
    names = package.names
    for name, found in _CONTAINERS:
        if name in names:
            return found
    for name, what in _FOREIGN_CONTAINERS:
        if name in names:
            raise _looks_like(what)
    if "mimetype" in names:
        return _sniff_opendocument(package.read("mimetype"))
    if "[Content_Types].xml" in names:
        raise _looks_like("an Office file without a document or a workbook in it")
    return Format.ZIP


def _sniff_opendocument(mimetype: bytes) -> Format:
    kind = mimetype.strip().removeprefix(_ODF_TYPE)
    if kind in (b"spreadsheet", b"spreadsheet-template"):
        return Format.ODS
    if kind in (b"text", b"text-template"):
        raise _looks_like("an OpenDocument text; save it as DOCX")
    raise _looks_like(f"a container of the type {mimetype[:60]!r}")


def _sniff_ole(content: bytes) -> Format:
    try:
        container = olefile.OleFileIO(io.BytesIO(content))
    except Exception as error:
        message = f"the file looks like an old Office file, damaged or cut off ({error})"
        raise UnreadableFileError(message) from error
    for name, what in _FOREIGN_STREAMS:
        if container.exists(name):
            raise _looks_like(what)
    for name, found in _STREAMS:
        if container.exists(name):
            return found
    raise _looks_like("an old Office file without a document or a workbook in it")


def _refuse_foreign(content: bytes) -> None:
    for signature, what in _FOREIGN:
        if content.startswith(signature) and not (
            signature in _TEXTUAL_FOREIGN and _is_text(content)
        ):
            raise _looks_like(what)


def _is_text(content: bytes) -> bool:
    try:
        decode_text(content)
    except UnreadableFileError:
        return False
    return True


def _sniff_text(content: bytes) -> Format:
    try:
        text = decode_html(content)
    except UnreadableFileError as error:
        raise UnknownFormatError(
            f"the file is in no format that is read: it looks like binary data ({error})"
        ) from error
    start = text[:_START_CHARACTERS]
    if _HTML_START.match(start):
        return Format.HTML
    if _XML_START.match(start):
        raise _looks_like("an XML file")
    return Format.TAB_SEPARATED if is_tab_separated(text) else Format.TEXT


def _looks_like(what: str) -> UnknownFormatError:
    return UnknownFormatError(f"the file looks like {what}")
