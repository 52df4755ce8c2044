"""What a conversion from DOC to DOCX lost, told from the characters of both."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from openbudget.errors import UnreadableFileError
from openbudget.reading.docx_text import name_of
from openbudget.reading.package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

    from openbudget.reading.limits import ReadingLimits

_NOT_WORDS = re.compile(r"[\W_]+")
_MARKS = re.compile(r"[\r\x07\x0b\x0c]")
_CELL_MARK = "\x07"
_TEXTS = frozenset({"w:t", "w:delText", "m:t", "a:t"})
_BREAKS = frozenset({"w:br", "w:cr"})
_STORIES = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_NAMED = 5
_LONGEST_EXAMPLE = 40
_SEARCHED = 2_000
"""Paragraphs searched for examples: each search reads the whole conversion."""


def check_conversion(text: str, converted: bytes, limits: ReadingLimits) -> None:
    """Raise `UnreadableFileError`, naming examples, if text or cells are not in the conversion.

    Only letters and digits count: marks and spaces may be stored in other ways. `text` is what
    `document_text` returned.
    """
    package = Package(converted, limits)
    roots = [package.xml(name) for name in _STORIES if name in package.names]
    kept = "".join(_bare("".join(_texts(root))) for root in roots)
    characters = Counter(_bare(text))
    lost = characters - Counter(kept)
    if lost:
        missing = [part for part in islice(_segments(text), _SEARCHED) if part not in kept]
        raise _loss(f"{lost.total():,} of its {characters.total():,} characters", missing)
    cells = Counter(_cell_ends(text))
    gone = cells - Counter(end for root in roots for end in _converted_cell_ends(root))
    if gone:
        raise _loss(f"{gone.total():,} of its {cells.total():,} table cells", list(gone))


def _loss(what: str, examples: list[str]) -> UnreadableFileError:
    named = ", ".join(f"“{example[:_LONGEST_EXAMPLE]}”" for example in examples[:_NAMED])
    return UnreadableFileError(
        f"the conversion of this DOC file lost {what} ({named or 'repeated ones'});"
        " save it as DOCX in a word processor and read that"
    )


def _bare(text: str) -> str:
    return _NOT_WORDS.sub("", text)


def _segments(text: str) -> Iterator[str]:
    """Yield what stands between marks of paragraphs and cells."""
    return filter(None, map(_bare, _MARKS.split(text)))


def _cell_ends(text: str) -> Iterator[str]:
    """Yield the last paragraph of every cell that has text there."""
    for cell in text.split(_CELL_MARK)[:-1]:
        end = _bare(_MARKS.split(cell)[-1])
        if end:
            yield end


def _texts(element: etree._Element) -> Iterator[str]:
    """Yield all text, deleted one too, and of twofold content (text boxes) one form only."""
    for child in element:
        name = name_of(child)
        if name in _TEXTS:
            yield child.text or ""
        elif name in _BREAKS:
            yield "\n"
        elif name != "mc:Fallback":
            yield from _texts(child)


def _converted_cell_ends(root: etree._Element) -> Iterator[str]:
    for cell in root.iter("{*}tc"):
        paragraphs = [child for child in cell if name_of(child) == "w:p"]
        lines = "".join(_texts(paragraphs[-1])).split("\n") if paragraphs else [""]
        end = _bare(lines[-1])
        if end:
            yield end
