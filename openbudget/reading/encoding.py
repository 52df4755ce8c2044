"""From bytes to characters, strictly: a text is in one of few encodings, or it is refused."""

from __future__ import annotations

import codecs
import re
import unicodedata

from openbudget.errors import TruncatedFileError, UnreadableFileError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE
)
_DECLARATION_BYTES = 4096
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    # A page that could declare itself in bytes is not UTF-16, whatever it says.
    "utf-16": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
}
"""Encodings a page may declare. GB18030 contains the older GB2312 and GBK, and so do the pages."""
_PRINTED_CONTROLS = frozenset("\t\n\r\f\v\x1a")
"""Controls found in texts: 0x1A ended text files once, and some exporters still write it."""


def decode_text(content: bytes) -> str:
    """Decode a plain text: by its byte order mark, else UTF-8, else GB18030.

    Raises:
        TruncatedFileError: The text is UTF-8 and ends in the middle of a character.
        UnreadableFileError: It decodes in none of them, or decodes to what no text holds.
    """
    marked = _decode_marked(content)
    return _checked(_decode_unmarked(content) if marked is None else marked)


def decode_html(content: bytes) -> str:
    """Decode a page: by its byte order mark, else as it declares itself, else as a plain text.

    A page declared as GB2312 or GBK is read as GB18030, which contains both. A wrong declaration is
    passed over when the bytes decode otherwise. Raises as `decode_text` does.
    """
    marked = _decode_marked(content)
    if marked is not None:
        return _checked(marked)
    declared = _declared_encoding(content)
    if declared is not None and declared != "utf-8":
        try:
            return _checked(content.decode(declared))
        except UnicodeDecodeError:
            pass
    return _checked(_decode_unmarked(content))


def _decode_marked(content: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            try:
                return content[len(mark) :].decode(encoding)
            except UnicodeDecodeError as error:
                message = f"the text is marked as {encoding} but is not ({error.reason})"
                raise UnreadableFileError(message) from error
    return None


def _decode_unmarked(content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_broken_utf8(content, error)
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as error:
        message = "the text is neither UTF-8 nor GB18030 (nor UTF-16 with a byte order mark)"
        raise UnreadableFileError(message) from error


def _refuse_broken_utf8(content: bytes, error: UnicodeDecodeError) -> None:
    """Keep damaged UTF-8 from being read as GB18030: it would often decode, to wrong characters."""
    lenient = content.decode("utf-8", errors="replace")
    valid = sum(character > "\x7f" and character != "\ufffd" for character in lenient)
    if valid <= lenient.count("\ufffd"):
        return
    if error.end == len(content) and error.reason == "unexpected end of data":
        raise TruncatedFileError("the text is UTF-8 and ends in the middle of a character")
    message = f"the text is UTF-8, but damaged at byte {error.start + 1:,}"
    raise UnreadableFileError(message)


def _declared_encoding(content: bytes) -> str | None:
    found = _DECLARED.search(content[:_DECLARATION_BYTES])
    return _ENCODINGS.get(found[1].decode("ascii", "replace").lower()) if found else None


def _checked(text: str) -> str:
    """Refuse characters that no text holds: random bytes may well decode."""
    for character in set(text):
        category = unicodedata.category(character)
        if category == "Cn" or (category == "Cc" and character not in _PRINTED_CONTROLS):
            raise UnreadableFileError(
                f"the file is not text: it holds the character U+{ord(character):04X}"
            )
    return text
