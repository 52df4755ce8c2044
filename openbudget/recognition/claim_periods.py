"""The years and phases that figures of the narrative are of, and are compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from openbudget.budget.passages import Passage
from openbudget.budget.vocabulary import Phase
from openbudget.recognition.claim_words import load_claim_words

_FAR = 2
"""Years further than this from the document's are of laws and foundations, not of figures."""
_LOOK_BACK = 6


class Period(NamedTuple):
    """A year and a phase."""

    year: int
    phase: Phase | None


class Token(NamedTuple):
    """A year in a passage; `compared` where 比, 较 … stands in front, `as_of` where 截至 does."""

    start: int
    end: int
    year: int
    compared: bool = False
    as_of: bool = False
    phase: Phase | None = None


def find_tokens(passage: Passage, fiscal_year: int) -> list[Token]:
    """Find the years of a passage, in order."""
    words, text = load_claim_words(), passage.matching
    found = [_token(text, match, fiscal_year) for match in words.year.finditer(text)]
    near = [token for token in found if abs(token.year - fiscal_year) <= _FAR]
    near += (
        Token(match.start(), match.end(), fiscal_year, compared=True, phase=Phase.APPROVED)
        for match in words.planned.finditer(text)
    )
    return sorted(near)


def _token(text: str, match: re.Match[str], fiscal_year: int) -> Token:
    words = load_claim_words()
    start = match.start()
    front = text[max(0, start - _LOOK_BACK) : start]
    year = int(match["year"]) if match["year"] else fiscal_year - 1
    compared, as_of = bool(words.compared.search(front)), bool(words.as_of.search(front))
    return Token(start, match.end(), year, compared, as_of)


def phase_in(text: str) -> Phase | None:
    """Give the phase that words between a measure and its figure tell, the last one."""
    words = load_claim_words()
    bare = words.budgets.sub("", text)
    if not words.any_phase.search(bare):
        return None
    found = [(m.end(), -m.start(), phase) for p, phase in words.phases for m in p.finditer(bare)]
    return max(found, key=lambda entry: entry[:2])[2] if found else None


@dataclass
class Periods:
    """Follows the years through a passage, from mark to mark."""

    passage: Passage
    document: Period

    def __post_init__(self) -> None:
        """Begin with the document's own year."""
        self._tokens = find_tokens(self.passage, self.document.year)
        self._next = 0
        self._sentence = 0
        self._sticky: int | None = None
        self.year = self.document.year
        self.dated = False
        self.comparison: Token | None = None

    def move_to(self, offset: int) -> None:
        """Read the years up to a mark; a sentence begins with the document's year again.

        A date (截至2024年8月31日) holds on.
        """
        sentence = self.passage.sentence_start(offset)
        if sentence != self._sentence:
            self._sentence, self.year = sentence, self._sticky or self.document.year
            self.comparison = None
        while self._next < len(self._tokens) and self._tokens[self._next].start < offset:
            self._take(self._tokens[self._next])
            self._next += 1

    def _take(self, token: Token) -> None:
        if token.start < self._sentence:
            self._sticky = token.year if token.as_of else self._sticky
            return
        if token.compared:
            self.comparison = token
            return
        self.year = token.year
        self.dated = token.as_of
        self._sticky = token.year if token.as_of else None
