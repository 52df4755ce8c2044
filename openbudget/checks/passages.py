"""The narrative as passages: lines that were one paragraph, put together again.

A line of a page is a paragraph of its own in a section. Here a line goes on to the next until one
ends a sentence or a heading, or the next begins an item of its own.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from openbudget.budget.document import Section
from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.table import Place, PrintedText

_NARRATIVE = Message("文字说明", "the narrative")
_CLOSED = re.compile(r"[。！？!?；;][”’」』》）)\"]*\s*$")
_OPENING = re.compile(
    r"\s*(第[一二三四五六七八九十]+[部章]|[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]"
    r"|\d{1,2}[、.．](?!\d)|注[:：])"
)
_END = re.compile(r"[。！？!?]+[”’」』》）)\"]*")
_LONGEST = 40
"""Characters of a heading; what is longer is a paragraph that begins like one."""


class Line(NamedTuple):
    """A printed line, without the spaces around it, and its section."""

    text: str
    place: Place
    section: int


@dataclass(frozen=True)
class Passage:
    """Lines that were one paragraph; `matching` is `text` folded, character for character."""

    text: str
    matching: str
    starts: tuple[int, ...]
    lines: tuple[Line, ...]

    def line_at(self, offset: int) -> Line:
        """Give the printed line that holds a character."""
        return self.lines[bisect_right(self.starts, offset) - 1]

    def sentence(self, offset: int) -> str:
        """Give the sentence of a character as printed, lines joined."""
        ends = [0, *(match.end() for match in _END.finditer(self.text)), len(self.text)]
        number = bisect_right(ends, offset)
        return self.text[ends[number - 1] : ends[min(number, len(ends) - 1)]].strip()

    def operand(self, offset: int) -> Operand:
        """Make the operand of the sentence that holds a character."""
        line = self.line_at(offset)
        return Operand(
            role=OperandRole.SUBJECT,
            label=_NARRATIVE,
            text=self.sentence(offset),
            place=line.place,
            item=f"sections.{line.section}",
        )


def find_passages(sections: Sequence[Section]) -> tuple[Passage, ...]:
    """Put the lines of the narrative together."""
    groups: list[list[Line]] = []
    for line in _lines(sections):
        if groups and _goes_on(groups[-1][-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return tuple(map(_passage, groups))


def is_heading(text: str) -> bool:
    """Whether a text is a heading, and no paragraph that begins like one."""
    bare = "".join(text.split())
    return len(bare) <= _LONGEST and not re.search(r"[，。；,;]", bare)


def passage_key(operand: Operand) -> str:
    """Give what tells a sentence from others of its section: its line, page or block."""
    anchor = operand.place.anchor if operand.place else None
    where = anchor and (anchor.line or anchor.page or anchor.block)
    return f"{operand.item}.{where or 0}"


def _passage(lines: Sequence[Line]) -> Passage:
    starts, length = [], 0
    for line in lines:
        starts.append(length)
        length += len(line.text)
    text = "".join(line.text for line in lines)
    return Passage(text, "".join(map(_fold, text)), tuple(starts), tuple(lines))


def _fold(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def _goes_on(line: Line, following: Line) -> bool:
    """Whether a line is in the middle of what the next one goes on with."""
    if line.place.anchor.page is None or _OPENING.match(following.text):
        return False  # only pages have lines that are no paragraphs
    heading = _OPENING.match(line.text) and is_heading(line.text)
    return not heading and not _CLOSED.search(line.text)


def _lines(sections: Sequence[Section]) -> Iterator[Line]:
    for section in sections:
        printed = [section.heading] if section.heading else []
        for own in (*printed, *section.paragraphs):
            yield from _parted(own, section.number)


def _parted(printed: PrintedText, section: int) -> Iterator[Line]:
    """Give the lines of a text; in a text file each has the number of its own."""
    anchor = printed.place.anchor
    for offset, text in enumerate(printed.text.split("\n")):
        own = anchor if anchor.line is None else replace(anchor, line=anchor.line + offset)
        if text.strip():
            yield Line(text.strip(), replace(printed.place, anchor=own), section)
