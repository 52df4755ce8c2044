"""Faults put into documents one at a time, and whether the checks name the cell that was changed.

A change of a figure can be seen by a rule if its cell takes part in any comparison of the document
as it was; so can its unit. Codes, names and years of tables can always be seen.
"""

from __future__ import annotations

import random
from collections import Counter

import orjson
import pytest

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import Finding, Severity
from openbudget.budget.identifiers import line_id
from openbudget.checks.context import Context, Passed
from openbudget.checks.engine import apply_rules, check_document
from openbudget.loading.seed import Seed
from tests.checks.faults import Fault, faults
from tests.checks.mended import mended
from tests.checks.published import NAMES, published
from tests.conftest import GOLDEN

EACH = {"mended": 12}
SEEN_AT_LEAST = 0.95
NAMED_AT_LEAST = 0.9


def document(name: str, seed: Seed) -> BudgetDocument:
    return mended(seed) if name == "mended" else published(name, seed)


def compared(document: BudgetDocument, seed: Seed) -> frozenset[str]:
    """Give everything that takes part in a comparison."""
    results = apply_rules(Context(document, seed.lists)).values()
    found = (result for own in results for result in own)
    told = (result.items for result in found if isinstance(result, Passed | Finding))
    return frozenset(item for items in told for item in items)


def fingerprint(finding: Finding) -> object:
    operands = tuple((o.item, o.text, o.fen, o.unit) for o in finding.operands)
    return finding.id, finding.printed_fen, finding.computed_fen, operands


def names(finding: Finding, fault: Fault) -> bool:
    tables = {operand.table for operand in finding.operands}
    return bool(fault.items & {*finding.items, *tables})


def can_be_seen(fault: Fault, known: frozenset[str]) -> bool:
    if fault.kind == "figure" or (fault.kind, fault.place) == ("unit", "claims"):
        return bool(fault.items & known)
    return True


def test_the_mended_document_has_no_contradiction(seed: Seed) -> None:
    findings = check_document(mended(seed), seed.lists).findings
    assert {finding.severity for finding in findings} == {Severity.INFO}
    assert not any(finding.difference_fen for finding in findings)


def test_the_changed_cell_is_named(seed: Seed) -> None:
    """At least 500 changes over all documents that are there, 95 of 100 of them named."""
    seen: Counter[str] = Counter()
    named: Counter[str] = Counter()
    new: Counter[bool] = Counter()
    missed = []
    available = [name for name in ("mended", *NAMES) if is_there(name, seed)]
    for name in available:
        own = document(name, seed)
        known = compared(own, seed)
        before = {fingerprint(finding) for finding in check_document(own, seed.lists).findings}
        each = EACH.get(name, 3) * (1 if len(available) > 1 else 5)
        for fault in faults(own, random.Random(name), each):  # noqa: S311 - the same every time
            findings = check_document(fault.document, seed.lists).findings
            told = [names(f, fault) for f in findings if fingerprint(f) not in before]
            new.update(told)
            if can_be_seen(fault, known):
                seen[fault.kind] += 1
                named[fault.kind] += any(told)
                if not any(told):
                    missed.append((name, fault.kind, fault.told))
    assert seen.total() >= 500, seen
    assert named.total() >= SEEN_AT_LEAST * seen.total(), missed
    assert all(named[kind] >= SEEN_AT_LEAST * seen[kind] for kind in seen), missed
    assert new[True] >= NAMED_AT_LEAST * new.total(), new


def is_there(name: str, seed: Seed) -> bool:
    try:
        document(name, seed)
    except pytest.skip.Exception:
        return False
    return True


@pytest.mark.parametrize("name", ["mended", *NAMES])
def test_what_no_rule_can_see_is_listed(
    name: str, seed: Seed, request: pytest.FixtureRequest
) -> None:
    """Amounts of tables and of the narrative that take part in no comparison, in a golden file."""
    own = document(name, seed)
    known = compared(own, seed)
    lines = [
        f"{line_id(table.key, line)} {line.amount.text.strip()}"
        for table in own.tables
        for line in table.lines
        if line.amount.fen and line_id(table.key, line) not in known
    ]
    claims = [
        f"claims.{claim.number} {claim.measure} {claim.text}"
        for claim in own.claims
        if claim.figure and f"claims.{claim.number}" not in known
    ]
    golden = GOLDEN / "unseen" / f"{name}.json"
    made = orjson.dumps({"lines": lines, "claims": claims}, option=orjson.OPT_INDENT_2) + b"\n"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(made)
    assert made == golden.read_bytes()
