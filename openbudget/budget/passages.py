"""Passages: the lines of the narrative put together again, and their sentences.

A line of a page is a paragraph of its own in a section, and the first line of a long paragraph may
have been taken for a heading. A passage is what was one paragraph before it was printed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field, replace
from itertools import accumulate

from openbudget.budget.document import Section
from openbudget.budget.folding import fold_each
from openbudget.budget.table import Place, PrintedText
from openbudget.frozen import dataclass

_END = re.compile(r"[。！？!?]+[”’」』》）)\"]*")
_ITEM = re.compile(r"\s*(?:\d{1,3}(?:[.．、](?!\d)|\s*$)|[（(]\d{1,3}[)）])")
_TOKEN = re.compile(r"[-\d.,，%％A-Za-z]+|.")
_CLOSING = re.compile(
    r"(?<=\d)[百千万亿元]{0,3}[，。、；：！？）”》」,;:!?)%％]*|[，。、；：！？）”》」]*"
)
_SLACK = 1.0
"""Of a character: lines are set with rounded widths."""


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line, without the spaces around it; `opens` where a new paragraph must begin.

    `size` is that of its characters on a page, 0 elsewhere.
    """

    text: str
    place: Place
    section: int
    opens: bool
    size: float


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that were one paragraph; `matching` is `text` folded, character for character."""

    text: str
    starts: tuple[int, ...]
    lines: tuple[Line, ...]
    matching: str = field(init=False)
    sentences: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Fold the text and find where its sentences begin."""
        begins = [0, *(match.end() for match in _END.finditer(self.text))]
        if begins[-1] == len(self.text) > 0:
            begins.pop()
        object.__setattr__(self, "sentences", tuple(begins))
        object.__setattr__(self, "matching", fold_each(self.text))

    def line_at(self, offset: int) -> Line:
        """Give the printed line that holds a character."""
        return self.lines[bisect_right(self.starts, offset) - 1]

    def sentence_start(self, offset: int) -> int:
        """Give where the sentence of a character begins."""
        return self.sentences[bisect_right(self.sentences, offset) - 1]

    def sentence(self, offset: int) -> str:
        """Give the sentence of a character as printed, lines joined."""
        number = bisect_right(self.sentences, offset)
        end = self.sentences[number] if number < len(self.sentences) else len(self.text)
        return self.text[self.sentences[number - 1] : end].strip()


def find_passages(
    sections: Sequence[Section], is_heading: Callable[[str], bool]
) -> Iterator[Passage]:
    """Put the lines of the narrative together, across what was taken for a heading.

    `is_heading` tells the lines that begin a paragraph of their own wherever they stand.
    """
    lines = list(_lines(sections, is_heading))
    margins = _margins(lines)
    group: list[Line] = []
    for line in lines:
        if group and not _runs_on(group[-1], line, margins):
            yield _passage(group)
            group = []
        group.append(line)
    if group:
        yield _passage(group)


def _passage(lines: list[Line]) -> Passage:
    starts = (0, *accumulate(len(line.text) for line in lines[:-1]))
    return Passage("".join([line.text for line in lines]), starts, tuple(lines))


def _lines(sections: Iterable[Section], is_heading: Callable[[str], bool]) -> Iterator[Line]:
    for section in sections:
        printed = [section.heading] if section.heading else []
        for own in (*printed, *section.paragraphs):
            yield from _parted(own, section.number, is_heading)


def _parted(
    printed: PrintedText, section: int, is_heading: Callable[[str], bool]
) -> Iterator[Line]:
    texts, box = printed.text.split("\n"), printed.place.anchor.box
    size = (box[3] - box[1]) / len(texts) if box else 0.0
    for offset, text in enumerate(texts):
        bare = text.strip()
        if bare:
            opens = is_heading(text) or _ITEM.match(text) is not None
            yield Line(bare, _down(printed.place, offset), section, opens, size)


def _down(place: Place, lines: int) -> Place:
    anchor = place.anchor
    if anchor.line is None or not lines:
        return place
    return replace(place, anchor=replace(anchor, line=anchor.line + lines))


def _margins(lines: Iterable[Line]) -> dict[int | None, float]:
    """Give where the longest line of each page ends."""
    found: dict[int | None, float] = {}
    for line in lines:
        if line.place.anchor.box:
            page = line.place.anchor.page
            found[page] = max(found.get(page, 0.0), line.place.anchor.box[2])
    return found


def _runs_on(line: Line, following: Line, margins: dict[int | None, float]) -> bool:
    """Whether a line is full: what follows could not have been printed in it any more."""
    box = line.place.anchor.box
    if box is None or following.opens or following.place.anchor.box is None:
        return False
    width = line.size * (_width(following.text) + _SLACK)
    return box[2] + width > margins[line.place.anchor.page]


def _width(text: str) -> float:
    """Give the width of what cannot be parted at the beginning of a text, in characters."""
    token = _TOKEN.match(text)
    end = token.end() if token else 0
    closing = _CLOSING.match(text, end)
    whole = text[: closing.end() if closing else end]
    return len(whole) - len(whole.encode("ascii", "ignore")) / 2
