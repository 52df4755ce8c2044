"""Facts of the claims of a document as they stand in its golden file, and what became of digits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from openbudget.budget.claim import Claim
from openbudget.budget.document import BudgetDocument
from openbudget.budget.passages import Passage, find_passages
from openbudget.recognition.claim_marks import explain_digits
from openbudget.recognition.narrative import is_heading

UNEXPLAINED = "nobody knows"
_DIGITS = re.compile(r"\d(?:[\d,，.]*\d)?")
Span = tuple[int, int, str]


def facts(document: BudgetDocument) -> dict[str, object]:
    """Count claims by kind and digits by what they are, and write a line for each claim."""
    claims = document.claims
    return {
        "claims": len(claims),
        "kinds": dict(sorted(Counter(claim.kind.value for claim in claims).items())),
        "digits": dict(sorted(Counter(reason for _, reason in digits(document)).items())),
        "list": [line(claim) for claim in claims],
    }


def line(claim: Claim) -> str:
    """Write a claim in one line: 9,101.68万元 -> revenue,amount,910168000 fen …"""
    value = f"{claim.fen} fen" if claim.fen is not None else f"{claim.figure}"
    own = [claim.measure, claim.kind.value, value, claim.function, claim.fiscal_year, claim.phase]
    named = {"about": claim.about, "base": claim.base, "of": claim.base_year}
    links = [f"{name} {value}" for name, value in named.items() if value]
    told = [str(entry) for entry in own if entry is not None]
    return f"{claim.number} {claim.text} -> {','.join([*told, *links])}"


def digits(document: BudgetDocument) -> Iterator[tuple[str, str]]:
    """Give every run of digits in the narrative, and what it is: a claim, or no claim and why."""
    left = list(document.claims)
    for passage in find_passages(document.sections, is_heading):
        spans = [*_claimed(passage, left), *explain_digits(passage.matching)]
        for run in _DIGITS.finditer(passage.text):
            yield run[0], _reason(run, spans)


def _reason(run: re.Match[str], spans: Iterable[Span]) -> str:
    for start, end, reason in spans:
        if start <= run.start() and run.end() <= end:
            return reason
    return UNEXPLAINED


def _claimed(passage: Passage, left: list[Claim]) -> Iterator[Span]:
    """Take the claims of a passage off the list; they stand there in printed order."""
    places = {id(line.place): line.place for line in passage.lines}.values()
    at = 0
    while left and left[0].place in places:
        claim = left.pop(0)
        at = passage.text.index(claim.text, at)
        yield at, at + len(claim.text), "claim"
        at += len(claim.text)
