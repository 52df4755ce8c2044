"""What the checks say of a file as plain data for JSON: ids whole, money in yuan, exact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport, Explanation, Finding, Operand, RuleOutcome
from openbudget.budget.identifiers import department_id, document_id, parse_reference
from openbudget.budget.money import format_yuan
from openbudget.budget.table import Place
from openbudget.reports.findings.checked import CheckedFile, count_rules, count_severities
from openbudget.reports.plain import to_plain

Plain = Mapping[str, Any]


def check_as_json(file: CheckedFile) -> bytes:
    """Write what became of one file as one line of JSON."""
    return orjson.dumps(checked_plain(file), option=orjson.OPT_APPEND_NEWLINE)


def checked_plain(file: CheckedFile) -> Plain:
    """Give what became of one file: its findings, or one sentence of error."""
    about = {"file": file.path, "member": file.member}
    if file.document is None:
        return {**about, "document": None, "error": file.error}
    return {**about, **report_plain(file.document, file.report), "error": None}


def report_plain(document: BudgetDocument, report: CheckReport) -> Plain:
    """Give the report of a document; ids are those that the API uses."""
    counts = count_severities(report.findings)
    return {
        "document": document_id(document.identity),
        "title": document.identity.title,
        "sha256": document.file.sha256,
        "findings_by_severity": {severity.value: n for severity, n in counts.items()},
        "rules_by_status": count_rules(report.outcomes)._asdict(),
        "findings": [_finding(finding, document) for finding in report.findings],
        "rules": [_outcome(outcome) for outcome in report.outcomes],
    }


def _finding(finding: Finding, document: BudgetDocument) -> Plain:
    own, identity = document_id(document.identity), document.identity
    return {
        "id": f"{own}.{finding.id}",
        "rule": finding.rule,
        "family": finding.family.value,
        "severity": finding.severity.value,
        "within_rounding": finding.within_rounding,
        "department": department_id(identity.jurisdiction, identity.department),
        "document": own,
        "year": identity.fiscal_year,
        "operands": [_operand(operand, own) for operand in finding.operands],
        "printed": _yuan(finding.printed_fen),
        "computed": _yuan(finding.computed_fen),
        "difference": _yuan(finding.difference_fen),
        "cluster": finding.cluster,
        "explanations": [_explanation(one, own) for one in finding.explanations],
        "message": to_plain(finding.message),
    }


def _operand(operand: Operand, own: str) -> Plain:
    document = operand.document or own
    return {
        "role": operand.role.value,
        "label": to_plain(operand.label),
        "amount": _yuan(operand.fen),
        "difference": _yuan(operand.difference_fen),
        "printed": None if operand.text is None else {"text": operand.text, "unit": operand.unit},
        "document": document,
        "table": f"{document}.{operand.table}" if operand.table else None,
        "item": f"{document}.{operand.item}" if operand.item else None,
        "parts": [f"{document}.{part}" for part in operand.parts],
        "place": _place(operand.place),
    }


def _place(place: Place | None) -> Plain | None:
    if place is None:
        return None
    return {"row": place.row, "column": place.column, "anchor": to_plain(place.anchor)}


def _explanation(explanation: Explanation, own: str) -> Plain:
    return {
        "kind": explanation.kind,
        "amount": _yuan(explanation.fen),
        "lines": [_whole(line, own) for line in explanation.lines],
        "findings": [_whole(finding, own) for finding in explanation.findings],
        "message": to_plain(explanation.message),
    }


def _whole(identifier: str, own: str) -> str:
    """Make a local id whole; those of other documents are."""
    return identifier if parse_reference(identifier) else f"{own}.{identifier}"


def _outcome(outcome: RuleOutcome) -> Plain:
    return to_plain(outcome)  # type: ignore[no-any-return]


def _yuan(fen: int | None) -> orjson.Fragment | None:
    return None if fen is None else orjson.Fragment(format_yuan(fen))
