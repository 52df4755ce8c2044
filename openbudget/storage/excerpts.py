"""Excerpts of what was found: exact pieces of the printed text, and which of them match."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from openbudget.storage.terms import Query, split_units

BEFORE, LENGTH = 30, 120
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text, exact; `parts` put together are `text`, each with whether it matches."""

    text: str
    parts: tuple[tuple[str, bool], ...]
    cut_start: bool
    cut_end: bool


def make_excerpt(texts: Sequence[str], query: Query) -> Excerpt:
    """Make the excerpt of the text that holds most words of a query, the first one of these."""
    best = texts[0] if texts else ""
    spans: tuple[Span, ...] = ()
    most = 0
    for text in texts:
        found, words = find_matches(text, query)
        if words > most:
            best, spans, most = text, found, words
            if most == len(query.words):
                break
    start = max(0, spans[0][0] - BEFORE) if spans else 0
    end = min(len(best), start + LENGTH)
    parts = _parts(best, spans, (start, end))
    return Excerpt(best[start:end], tuple(parts), start > 0, end < len(best))


@lru_cache(maxsize=256)
def find_matches(text: str, query: Query) -> tuple[tuple[Span, ...], int]:
    """Give where the words of a query stand in a text, and how many of them do.

    The hits of a page often have texts in common: the lines of a row, the claims of a sentence.
    """
    units = split_units(text)
    written = f" {' '.join(unit.text for unit in units)} "
    starts, at = [], 1
    for unit in units:
        starts.append(at)
        at += len(unit.text) + 1
    spans: list[Span] = []
    words = 0
    for word in query.words:
        before, length = len(spans), len(word.needle) - 2
        place = written.find(word.needle)
        while place >= 0:
            first = bisect_left(starts, place + 1)
            last = bisect_left(starts, place + 1 + length) - 1
            spans.append((units[first].start, units[last].end))
            place = written.find(word.needle, place + 1)
        words += len(spans) > before
    return tuple(_merged(spans)), words


def _merged(spans: list[Span]) -> list[Span]:
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _parts(text: str, spans: Sequence[Span], window: Span) -> list[tuple[str, bool]]:
    at, until = window
    found = []
    for start, end in spans:
        if start < until:
            found += [(text[at:start], False), (text[start : min(end, until)], True)]
            at = min(end, until)
    return [(part, matches) for part, matches in [*found, (text[at:until], False)] if part]
