"""The narrative: sections by heading, and the number of staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from openbudget.budget.document import Section, Staff
from openbudget.budget.table import Place, PrintedText
from openbudget.recognition.ledger import Ledger
from openbudget.recognition.pieces import Piece
from openbudget.recognition.words import load_words


@dataclass
class _Open:
    number: int
    level: int
    heading: PrintedText | None
    parent: int | None
    paragraphs: list[PrintedText] = field(default_factory=list)

    def close(self) -> Section:
        return Section(self.number, self.level, self.heading, self.parent, tuple(self.paragraphs))


def read_sections(pieces: Sequence[Piece], ledger: Ledger) -> tuple[Section, ...]:
    """Put paragraphs under their headings; text before the first heading has a section without."""
    sections: list[_Open] = []
    path: list[_Open] = []
    for piece in pieces:
        ledger.use(piece)
        if piece.withheld:
            continue
        text = PrintedText(piece.text, Place(piece.anchor))
        level = heading_level(piece.text)
        if level is None:
            if not sections:
                sections.append(_Open(1, 1, None, None))
            sections[-1].paragraphs.append(text)
            continue
        path = [above for above in path if above.level < level]
        parent = path[-1].number if path else None
        path.append(_Open(len(sections) + 1, level, text, parent))
        sections.append(path[-1])
    return tuple(section.close() for section in sections)


def heading_level(text: str) -> int | None:
    """Give the level of a heading, from 1 (第一部分) to 3 (（一）); None for a paragraph."""
    words = load_words()
    for level, pattern in enumerate(words.headings, start=1):
        if pattern.match(text):
            return None if words.not_heading.fullmatch(text) else level
    return None


def is_heading(text: str) -> bool:
    """Whether a text begins and ends like a heading."""
    return heading_level(text) is not None


def find_staff(sections: Sequence[Section]) -> Iterator[Staff]:
    """Find printed numbers of staff in the sections on staff."""
    words = load_words()
    for section in sections:
        heading = section.heading.text if section.heading else ""
        if not words.staff_heading.search(heading):
            continue
        for paragraph in section.paragraphs:
            for pattern in words.staff:
                for match in pattern.finditer(paragraph.text):
                    count, label = int(match["count"]), match["label"].strip()
                    yield Staff(count, label, paragraph.text, paragraph.place)
