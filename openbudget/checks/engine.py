"""Applies every rule to a document."""

from __future__ import annotations

from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import (
    CheckReport,
    Finding,
    RuleOutcome,
)
from openbudget.checks import facts, sums
from openbudget.checks.context import Check, Context
from openbudget.checks.rules import load_declarations

CHECKS: dict[str, Check] = {
    "row_sums": sums.row_sums,
    "column_totals": sums.column_totals,
    "code_parents": sums.code_parents,
    "item_totals": sums.item_totals,
    "item_parts": sums.item_parts,
    "same_fact": facts.same_fact,
    "none": lambda declaration, context: iter(()),
}


def check_document(document: BudgetDocument, lists: CodeLists) -> CheckReport:
    """Hold the figures, codes and names of a document against each other."""
    context = Context(document, lists)
    findings: list[Finding] = []
    outcomes: list[RuleOutcome] = []
    for declaration in load_declarations():
        results = CHECKS[declaration.check](declaration, context)
        findings += [result for result in results if isinstance(result, Finding)]
    return CheckReport(tuple(findings), tuple(outcomes))
