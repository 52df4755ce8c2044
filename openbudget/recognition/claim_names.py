"""What a figure is of: the measure whose words stand by it, or the 科目 that is named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from openbudget.budget.classification import (
    ClassificationCode,
    ClassificationEdition,
    CodeLists,
    once_per_edition,
)
from openbudget.budget.folding import fold
from openbudget.budget.passages import Passage
from openbudget.budget.vocabulary import Scheme
from openbudget.frozen import dataclass
from openbudget.recognition.claim_marks import Lead
from openbudget.recognition.claim_words import MeasureWords, load_claim_words

_BEFORE_LENGTH = 300
_SHORT = 24
_OPENING = ("“", '"')


@dataclass(frozen=True, slots=True)
class Named:
    """A measure as printed; `rest` are the words between it and its figure."""

    measure: str | None
    label: str
    function: str | None = None
    rest: str = ""


class Mention(NamedTuple):
    """Words of a measure, somewhere in a lead."""

    start: int
    end: int
    measure: str


def mentions(lead: Lead, passage: Passage, start: int = 0) -> list[Mention]:
    """Find the words of every measure in a lead; those on a condition first at one place."""
    known = _find_known if len(lead.text) <= _SHORT else _find_mentions
    return [
        mention
        for mention, measure in known(lead.text, start)
        if _applies(measure, passage, lead.at[mention.start])
    ]


def _find_mentions(text: str, start: int) -> list[tuple[Mention, MeasureWords]]:
    found = [
        (Mention(match.start(), match.end(), measure.key), measure)
        for any_of_them, measures in load_claim_words().bundles
        if any_of_them.search(text, start)
        for measure in measures
        if measure.words
        for match in measure.words.finditer(text, start)
    ]
    return sorted(found, key=lambda entry: entry[0][:2])


_find_known = lru_cache(maxsize=4096)(_find_mentions)
"""Of short leads, which are the same in most budgets of a place: 其中:财政拨款收入."""


def _applies(measure: MeasureWords, passage: Passage, offset: int) -> bool:
    if measure.before is None:
        return True
    start = max(passage.sentence_start(offset), offset - _BEFORE_LENGTH)
    return bool(measure.before.search(passage.matching[start:offset]))


def named_in(lead: Lead, passage: Passage, mention: Mention) -> Named:
    """Give the printed words of a mention."""
    start = lead.at[mention.start]
    start -= passage.text[start - 1 : start] in _OPENING
    label = passage.text[start : lead.at[mention.end - 1] + 1]
    return Named(mention.measure, label, rest=lead.text[mention.end :])


def adjacent(lead: Lead, found: list[Mention]) -> Mention | None:
    """Of mentions that reach the end of a lead, give the first to begin, of these the longest."""
    filler = load_claim_words().filler
    reaching = [mention for mention in found if filler.fullmatch(lead.text, mention.end)]
    return max(reaching, key=_first_and_longest, default=None)


def _first_and_longest(mention: Mention) -> tuple[int, int]:
    return (-mention.start, mention.end)


def nearest(lead: Lead, found: list[Mention]) -> Mention | None:
    """Give the mention that reaches the end of a lead, else the last, of these the longest."""
    last = max(found, key=lambda mention: (mention.end, -mention.start), default=None)
    return adjacent(lead, found) or last


def named_behind(passage: Passage, end: int) -> Named | None:
    """Give the measure named behind a count: 1个所属单位."""
    best: Named | None = None
    for key, words in load_claim_words().behind:
        match = words.match(passage.matching, end)
        if match and (best is None or len(match[0]) > len(best.label)):
            best = Named(key, passage.text[match.start() : match.end()])
    return best


_Below = Mapping[str | None, Mapping[str, ClassificationCode]]


class NamedFunction(NamedTuple):
    """A 科目 as printed, and its code where the lists know it."""

    start: int
    end: int
    label: str
    code: str | None


class Functions:
    """The functional codes of a year, by the names on their way down."""

    def __init__(self, lists: CodeLists, fiscal_year: int) -> None:
        """Take the codes of the edition that serves the year."""
        edition = lists.for_year(Scheme.FUNCTIONAL, fiscal_year)
        self._below = _codes_below(edition) if edition else {}
        self._last: str | None = None

    def find(self, passage: Passage) -> Iterator[NamedFunction]:
        """Find every 科目 named in a passage."""
        if not _SIGN.search(passage.matching):
            return  # as most passages: looking closer takes long
        for match in load_claim_words().function.finditer(passage.matching):
            start = match.start() - (passage.text[match.start() - 1 : match.start()] == "“")
            label = passage.text[start : match.end()]
            code = self._last = self.resolve(match[0])
            yield NamedFunction(match.start(), match.end(), _unquoted(label), code)

    def resolve(self, path: str) -> str | None:
        """Give the code of a path of names; None where a name is unknown at its place.

        A 款 or 项 alone stands below what was named before it.
        """
        parts = load_claim_words().function_marks.split(path)
        names = [fold(part) for part in parts if part.strip()]
        found = self._above(path)
        for name in names:
            below = self._below.get(found, {})
            code = below.get(name) or _ending(below, name)
            if code is None:
                return None
            found = code.code
        return found

    def _above(self, path: str) -> str | None:
        for mark, length in _LEVELS:
            if path.endswith(mark) and _FIRST_LEVEL not in path and "-" not in path:
                return (self._last or "?")[:length]
        return None


_SIGN = re.compile("[(科](?:目|[类款项][)])")
"""One of these stands behind every name of a 科目."""
_FIRST_LEVEL = "(类)"
_LEVELS = (("(款)", 3), ("(项)", 5))
"""The ends of a 款 and of a 项 that are named alone, and the digits of the codes above them."""


def _unquoted(label: str) -> str:
    return label[1:-1] if label[:1] == "“" and label[-1:] == "”" else label


@once_per_edition
def _codes_below(edition: ClassificationEdition) -> _Below:
    """Index codes by the code above them, and by name."""
    found: dict[str | None, dict[str, ClassificationCode]] = defaultdict(dict)
    for code in edition.codes:
        parent = code.parent if code.level > 1 else None
        found[parent][fold(code.name_zh)] = code
    return found


def _ending(below: Mapping[str, ClassificationCode], name: str) -> ClassificationCode | None:
    """Find the first name where other words stand in front of it: 用于教育支出（类）."""
    fitting = [known for known in below if name.endswith(known)]
    return below[max(fitting, key=len)] if fitting else None
