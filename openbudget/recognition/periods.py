"""The year and the phase of money, where its column prints them: 上年执行数, 预算数 | 决算数."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from openbudget.budget.folding import fold
from openbudget.budget.vocabulary import Phase
from openbudget.recognition.words import load_words

_YEAR = re.compile(r"(?P<year>20\d{2})(?:年|-度|-)")


class Period(NamedTuple):
    """A fiscal year, and whether its money was approved, adjusted or executed."""

    fiscal_year: int
    phase: Phase


def period_of(heading: Sequence[str], document: Period) -> Period:
    """Read the period of a column from its headings; what they do not say, the document says.

    预算数 speaks of the approved budget in final accounts only: the budget of an adjusted document
    is the adjusted one.
    """
    return _period_of(tuple(heading), document)


@lru_cache(maxsize=4_096)
def _period_of(heading: tuple[str, ...], document: Period) -> Period:
    folded = [fold(label) for label in reversed(heading)]
    year = next(_years(folded), None)
    for label in folded:
        for words in load_words().periods:
            if not words.pattern.search(label):
                continue
            if words.in_final_accounts and document.phase is not Phase.EXECUTED:
                return Period(year or document.fiscal_year, _of_year(year, document))
            phase = Phase(words.phase) if words.phase else document.phase
            return Period(year or document.fiscal_year + words.year, phase)
    return Period(year or document.fiscal_year, document.phase)


def _of_year(year: int | None, document: Period) -> Phase:
    """Give the phase of a budget column: that of another year is not the one adjusted here."""
    return document.phase if year in (None, document.fiscal_year) else Phase.APPROVED


def _years(labels: Sequence[str]) -> Iterator[int]:
    for label in labels:
        match = _YEAR.match(label)
        if match is not None:
            yield int(match["year"])
