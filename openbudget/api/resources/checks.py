"""What became of the rules on a document, and how many findings it has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from openbudget.api.common import MessageSchema
from openbudget.api.fields import ResponseSchema, choice, integer, many, nested, string
from openbudget.budget.finding import RuleStatus, Severity


class SeverityCountsSchema(ResponseSchema):
    """Numbers of findings by severity."""

    error = integer("Two printed figures cannot both be right.", 1)
    warning = integer("Probably wrong.", 0)
    info = integer("Worth knowing.", 0)


class StatusCountsSchema(ResponseSchema):
    """Numbers of rules by what became of them."""

    passed = integer("Everything they look at agrees.", 20)
    failed = integer("Something does not agree.", 5)
    not_applicable = integer("There is nothing to look at.", 7)


class OutcomeSchema(ResponseSchema):
    """What became of a rule."""

    rule = string("Id of the rule.", "column_total")
    status = choice("What became of it.", RuleStatus, "failed")
    applied = integer("How often it was applied.", 12)
    failed = integer("How often it failed.", 1)
    reason = nested(MessageSchema, "Why it does not apply.", optional=True)


class ChecksSchema(ResponseSchema):
    """What the checks say of a document."""

    rules = nested(StatusCountsSchema, "Rules by what became of them.")
    findings = nested(SeverityCountsSchema, "Findings by severity, those with others included.")
    outcomes = many(OutcomeSchema, "What became of each rule on the document alone.")


def severity_counts(counted: Mapping[str, int]) -> dict[str, int]:
    """Make the numbers of findings by severity."""
    return {severity.value: counted.get(severity.value, 0) for severity in Severity}


def present_checks(
    stored: Mapping[str, Any] | None, counted: Mapping[str, int]
) -> dict[str, Any] | None:
    """Make what the checks say; null for a document that was stored before there were any."""
    if stored is None:
        return None
    statuses = Counter(outcome["status"] for outcome in stored["outcomes"])
    return {
        "rules": {status.value: statuses[status.value] for status in RuleStatus},
        "findings": severity_counts(counted),
        "outcomes": stored["outcomes"],
    }
