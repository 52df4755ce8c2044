"""The text of a DOC by its piece table ([MS-DOC] 2.4.1): characters only, no formatting."""

from __future__ import annotations

import io
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

import olefile

from openbudget.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD_97 = 0x00C1
_MAGIC = 0xA5EC
_ENCRYPTED = 0x0100
_TABLE_STREAM = 0x0200
_CCP = 0x4C
_CLX = 0x01A2
_PIECES = 0x02
_PROPERTIES = 0x01
_COMPRESSED = 0x40000000
_FIELD_BEGIN, _FIELD_SEPARATOR, _FIELD_END = "\x13", "\x14", "\x15"
_LONGEST_INSTRUCTION = 40
_COMPUTED = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTION|DATE|TIME|SAVEDATE|PRINTDATE|CREATEDATE|FILENAME|PAGEREF)\b",
    re.IGNORECASE,
)
"""Fields whose result a converter may compute anew."""


def document_text(content: bytes) -> str:
    """Return the characters of the main document, its footnotes and its text boxes.

    Instructions of fields are left out, deleted and hidden text is not; headers and footers are.

    Raises:
        UnreadableFileError: It is no DOC of Word 97 or later, is encrypted, damaged or cut off.
    """
    try:
        document, table = _streams(content)
        text = _text(document, table)
    except (struct.error, IndexError) as error:
        raise UnreadableFileError("the DOC file is damaged or cut off") from error
    return "".join(_without_fields(text))


def _streams(content: bytes) -> tuple[bytes, bytes]:
    """Return the stream of characters and the one of tables."""
    container = olefile.OleFileIO(io.BytesIO(content))
    document = container.openstream("WordDocument").read()
    magic, version = struct.unpack_from("<HH", document)
    (flags,) = struct.unpack_from("<H", document, 0x0A)
    if magic != _MAGIC or version < _WORD_97:
        raise UnreadableFileError(
            "the DOC file is older than Word 97; open it in a word processor and save it as DOCX"
        )
    if flags & _ENCRYPTED:
        raise UnreadableFileError("the DOC file is encrypted; publish it without a password")
    name = "1Table" if flags & _TABLE_STREAM else "0Table"
    return document, container.openstream(name).read()


def _text(document: bytes, table: bytes) -> str:
    """Return all characters but those of headers and comments, in the order of the stories."""
    main, footnotes, headers, _, comments, endnotes, boxes = struct.unpack_from(
        "<7i", document, _CCP
    )
    if min(main, footnotes, headers, comments, endnotes, boxes) < 0:
        raise UnreadableFileError("the DOC file is damaged: it says to hold less than no text")
    units = b"".join(_pieces(document, table))
    end = main + footnotes
    after = end + headers + comments
    if len(units) < 2 * end:
        raise UnreadableFileError("the DOC file is damaged: it holds less text than it says")
    kept = units[: 2 * end] + units[2 * after : 2 * (after + endnotes + boxes)]
    return kept.decode("utf-16-le", "replace")


def _pieces(document: bytes, table: bytes) -> Iterator[bytes]:
    """Yield the text in UTF-16, the units in which its lengths are counted."""
    plc = _piece_table(document, table)
    count = (len(plc) - 4) // 12
    positions = struct.unpack_from(f"<{count + 1}I", plc)
    for index in range(count):
        (offset,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)
        yield _piece(document, offset, positions[index + 1] - positions[index])


def _piece(document: bytes, offset: int, length: int) -> bytes:
    """Return one piece, which is in 16 bits a character or in 8 of the code page of Windows."""
    narrow = bool(offset & _COMPRESSED)
    start, size = ((offset & ~_COMPRESSED) // 2, length) if narrow else (offset, 2 * length)
    raw = document[start : start + size]
    if length < 0 or len(raw) < size:
        raise UnreadableFileError("the DOC file is cut off: text that it lists is not in it")
    return raw.decode("cp1252", "replace").encode("utf-16-le") if narrow else raw


def _piece_table(document: bytes, table: bytes) -> bytes:
    offset, size = struct.unpack_from("<II", document, _CLX)
    clx = table[offset : offset + size]
    position = 0
    while clx[position] == _PROPERTIES:
        (length,) = struct.unpack_from("<H", clx, position + 1)
        position += 3 + length
    if clx[position] != _PIECES:
        raise UnreadableFileError(
            "the DOC file is damaged: its list of pieces is not where it says"
        )
    (length,) = struct.unpack_from("<I", clx, position + 1)
    return clx[position + 5 : position + 5 + length]


def _without_fields(text: str) -> Iterator[str]:
    """Yield the text, of each field only its result, and not even that if it is computed."""
    fields: list[_Field] = []
    hidden = 0
    for character in text:
        if character == _FIELD_BEGIN:
            fields.append(_Field())
            hidden += 1
        elif character == _FIELD_SEPARATOR and fields:
            hidden -= fields[-1].show()
        elif character == _FIELD_END and fields:
            hidden -= not fields.pop().shown
        elif not hidden:
            yield character
        elif len(fields[-1].instruction) < _LONGEST_INSTRUCTION:
            fields[-1].instruction += character


@dataclass(slots=True)
class _Field:
    instruction: str = ""
    shown: bool = False

    def show(self) -> bool:
        """Come to the result; tell whether it is newly shown."""
        was, self.shown = self.shown, not _COMPUTED.match(self.instruction)
        return self.shown and not was
