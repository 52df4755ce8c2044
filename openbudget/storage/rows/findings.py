"""The rows of findings, what they touch, rules, and what checks say of a document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict

from openbudget.budget.document import BudgetDocument, RelatedDocument
from openbudget.budget.finding import (
    CheckReport,
    Explanation,
    Family,
    Finding,
    Message,
    Operand,
    Rule,
    RuleOutcome,
)
from openbudget.budget.identifiers import line_id
from openbudget.budget.table import BudgetLine
from openbudget.storage.rows.parts import Values, place_of

_DIGEST_LENGTH = 16
_INDICATOR = ".indicators."
_OF_ROWS = frozenset([Family.CODE, Family.CLASSIFICATION, Family.NAME])
"""What these speak of, a code and its name, is printed once for all amounts of a row."""


def checks_values(report: CheckReport) -> Values:
    """Give the columns of a document that say what became of every rule."""
    digest = hashlib.sha256(repr(report).encode()).hexdigest()
    return {
        "checks": {"outcomes": [_outcome(outcome) for outcome in report.outcomes]},
        "checks_digest": digest[:_DIGEST_LENGTH],
    }


def _outcome(outcome: RuleOutcome) -> Values:
    return {
        "rule": outcome.rule,
        "status": outcome.status.value,
        "applied": outcome.applied,
        "failed": outcome.failed,
        "reason": _optional(outcome.reason),
    }


def total_checks(report: CheckReport) -> dict[str, Values]:
    """Give what the checks say of printed totals, by the local id of the line."""
    return {
        check.line: {
            "computed_fen": check.computed_fen,
            "difference_fen": check.difference_fen,
            "findings": list(check.findings),
        }
        for check in report.totals
    }


def rule_values(rule: Rule) -> Values:
    """Give the row of a rule."""
    texts = {name: asdict(getattr(rule, name)) for name in ("title", "text", "source", "example")}
    return {"id": rule.id, "family": rule.family.value, "severity": rule.severity.value, **texts}


def finding_values(finding: Finding, related: str | None = None) -> Values:
    """Give the row of a finding; `related` is the other document of one between documents."""
    difference = finding.difference_fen
    return {
        "id": finding.id,
        "rule": finding.rule,
        "family": finding.family.value,
        "severity": finding.severity.value,
        "within_rounding": finding.within_rounding,
        "cluster": finding.cluster,
        "related": related,
        "printed_fen": finding.printed_fen,
        "computed_fen": finding.computed_fen,
        "difference_fen": difference,
        "magnitude_fen": None if difference is None else abs(difference),
        "message": message_of(finding.message),
        "operands": [_operand(operand) for operand in finding.operands],
        "explanations": [_explanation(given) for given in finding.explanations],
    }


def _operand(operand: Operand) -> Values:
    return {
        "role": operand.role.value,
        "label": message_of(operand.label),
        "fen": operand.fen,
        "text": operand.text,
        "unit": operand.unit,
        "place": place_of(operand.place) if operand.place else None,
        "item": operand.item,
        "table": operand.table,
        "parts": list(operand.parts),
        "document": operand.document,
        "difference_fen": operand.difference_fen,
    }


def _explanation(given: Explanation) -> Values:
    return {
        "kind": given.kind,
        "message": message_of(given.message),
        "fen": given.fen,
        "lines": list(given.lines),
        "findings": list(given.findings),
    }


def message_of(message: Message) -> Values:
    """Give a message in both languages."""
    return {"zh": message.zh, "en": message.en}


def _optional(message: Message | None) -> Values | None:
    return None if message is None else message_of(message)


_Row = tuple[str, int]
"""The key of a table, and the ordinal of a row in it."""


class Touching:
    """Tells what a finding of a document touches, by local id."""

    def __init__(self, document: BudgetDocument | RelatedDocument) -> None:
        """Know the table and the project of every line, and the lines of every row."""
        self._lines: dict[str, tuple[str, str | None]] = {}
        self._row_of: dict[str, _Row] = {}
        self._rows: dict[_Row, list[str]] = {}
        for table in document.tables:
            for line in table.lines:
                self._know(table.key, line)

    def _know(self, table: str, line: BudgetLine) -> None:
        identifier, row = line_id(table, line), (table, line.ordinal)
        project = f"projects.{line.project}" if line.project else None
        self._lines[identifier] = table, project
        self._row_of[identifier] = row
        self._rows.setdefault(row, []).append(identifier)

    def items(self, finding: Finding) -> Iterable[str]:
        """Give everything a finding speaks of, with the tables, projects and targets it is of."""
        found: dict[str, None] = dict.fromkeys(finding.items)
        if finding.family in _OF_ROWS:
            found |= dict.fromkeys(line for item in finding.items for line in self._beside(item))
        for item in finding.items:
            found |= dict.fromkeys(self._above(item))
        for operand in finding.operands:
            if operand.document is None:
                found |= dict.fromkeys(self._of_operand(operand))
        return found

    def _beside(self, item: str) -> Sequence[str]:
        """Give the lines of the row of a line: a code is that of all of them."""
        return self._rows.get(self._row_of.get(item, ("", 0)), ())

    def _above(self, item: str) -> Iterator[str]:
        if item in self._lines:
            yield self._lines[item][0]
        elif _INDICATOR in item:
            yield item.partition(_INDICATOR)[0]

    def _of_operand(self, operand: Operand) -> Iterator[str]:
        """Give its table, and its project: a sum over several projects touches none of them."""
        if operand.table:
            yield operand.table
        for lines in ((operand.item,) if operand.item else (), operand.parts):
            projects = {self._lines.get(line, ("", None))[1] for line in lines}
            if len(projects) == 1 and (project := projects.pop()):
                yield project


def item_values(row: Mapping[str, str], stem: str, items: Iterable[str]) -> Iterator[Values]:
    """Give the rows of what a finding touches, from the stored row of the finding."""
    key = {name: row[name] for name in ("jurisdiction", "fiscal_year", "id")}
    for item in items:
        yield {**key, "item": f"{stem}.{item}"}
