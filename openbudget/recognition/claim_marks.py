"""Marks: where in a passage a figure stands, or a word that says there is none or no change."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple

from openbudget.frozen import dataclass
from openbudget.recognition.claim_words import load_claim_words

_MAX_DIGITS = 30
_NOT_READ = re.compile("[“”\"'‘’《》 \t\u3000\xa0\u2003]+")
LEAD_LENGTH = 160
"""Characters in front of a figure that can say what it is of."""


class MarkKind(Enum):
    """What stands at a mark."""

    FIGURE = auto()
    MISSING = auto()
    UNCHANGED = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that may be a claim; `number` is the figure without its unit."""

    kind: MarkKind
    start: int
    end: int
    number: str = ""
    unit: tuple[int, int] | None = None


class Explained(NamedTuple):
    """Digits that are no claim, and why: a year, a threshold …"""

    start: int
    end: int
    reason: str


class Lead(NamedTuple):
    """What stands in front of a mark, without spaces, quotes and years; `at` is where from."""

    text: str
    at: tuple[int, ...]


def explain_digits(matching: str) -> list[Explained]:
    """Find the digits of a folded text that are no claims, in order."""
    found = [
        Explained(match.start(), match.end(), reason)
        for reason, sought in load_claim_words().not_claims.items()
        for match in sought.find(matching)
    ]
    return sorted(found)


def find_marks(matching: str) -> list[Mark]:
    """Find everything in a folded text that may be a mark, in order."""
    return sorted(_all_marks(matching), key=lambda mark: (mark.start, mark.kind.value))


def distinct_marks(marks: list[Mark], explained: list[Explained]) -> list[Mark]:
    """Leave out the marks that begin in one before or in digits that are explained."""
    covered = bytearray(marks[-1].start + 1)
    for span in explained:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    found: list[Mark] = []
    for mark in marks:
        if (not found or mark.start >= found[-1].end) and not covered[mark.start]:
            found.append(mark)
    return found


def _all_marks(text: str) -> Iterator[Mark]:
    words = load_claim_words()
    for match in words.figure.finditer(text):
        number = match["number"].replace("−", "-")
        if len(number.lstrip("-+")) <= _MAX_DIGITS:
            unit = match.span("unit") if match["unit"] else None
            yield Mark(MarkKind.FIGURE, match.start(), match.end(), number, unit)
    for match in words.missing.find(text):
        start = match.end() - len(match[0].lstrip())
        yield Mark(MarkKind.MISSING, start, match.end(), unit=match.span("unit"))
    for kind, pattern in ((MarkKind.UNCHANGED, words.unchanged), (MarkKind.NONE, words.none)):
        for match in pattern.finditer(text):
            yield Mark(kind, match.start(), match.end())


class Readable:
    """What of a folded text is compared with words: all but spaces, quotes, years and dates."""

    def __init__(self, matching: str, explained: list[Explained]) -> None:
        """Pick out the characters once: the leads of all marks of a text are parts of them."""
        left_out = [match.span() for match in _NOT_READ.finditer(matching)]
        left_out += [span[:2] for span in explained if span.reason in ("year", "date")]
        read: list[str] = []
        at: list[int] = []
        start = 0
        for begin, end in (*sorted(left_out), (len(matching), len(matching))):
            if begin > start:
                read.append(matching[start:begin])
                at.extend(range(start, begin))
            start = max(start, end)
        self._at, self._text = tuple(at), "".join(read)

    def lead(self, start: int, end: int) -> Lead:
        """Give what stands between two places."""
        first = bisect_left(self._at, max(start, end - LEAD_LENGTH))
        last = bisect_left(self._at, end)
        return Lead(self._text[first:last], self._at[first:last])


_TO_STOP = re.compile(r".*[。;!?]", re.DOTALL)
_TO_DELIMITER = re.compile(r".*[,。;:、!?]", re.DOTALL)


def after_stop(lead: Lead) -> int:
    """Give where the sentence, or its part behind a semicolon, begins in a lead."""
    match = _TO_STOP.match(lead.text)
    return match.end() if match else 0


def after_delimiter(lead: Lead) -> int:
    """Give where the clause begins in a lead."""
    match = _TO_DELIMITER.match(lead.text)
    return match.end() if match else 0
