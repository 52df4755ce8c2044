"""Findings in the shape of a validation report of the Frictionless framework.

Each table is a task. Findings of severity `error` and `warning` are its errors, `info` its
warnings; what stands in no table stands beside the tasks. The framework knows no other types of
errors than its own and writes their messages anew, from `note`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openbudget.api.common import DOCUMENT, public_id
from openbudget.api.endpoint import Call, JsonAnswer
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    flag,
    integer,
    many,
    nested,
    string,
    strings,
)
from openbudget.api.problems import Mistake, bad_request
from openbudget.budget.finding import OperandRole, Severity
from openbudget.storage.findings import tables_of_findings
from openbudget.storage.models import RuleRow
from openbudget.storage.read import Found, Listing, read_rows, table_columns
from openbudget.storage.selection import Selection
from openbudget.texts import Text

MOST_FINDINGS = 1000
TYPES = ("constraint-error", "row-constraint", "table-error", "resource-error")
_TAGS = {
    "constraint-error": ["#table", "#row", "#cell"],
    "row-constraint": ["#table", "#row"],
    "table-error": ["#table"],
    "resource-error": [],
}
_MESSAGE = "03表合计比各行之和少0.468万元。"


# Schemas of dicts: the framework's names are no names of attributes here.
FrictionlessErrorSchema = ResponseSchema.from_dict(
    {
        "type": choice("Where it stands: cell, row, table or none.", TYPES, "constraint-error"),
        "title": string("Name of the rule.", "合计与各行之和"),
        "description": string("What the rule compares.", "合计与各行之和。"),
        "message": string("The finding.", _MESSAGE),
        "tags": strings("Tags of the framework, severity, family.", ["#table", "#error"]),
        "note": string("The finding.", _MESSAGE),
        "finding": string("Id of the finding.", f"{DOCUMENT}.findings.column_total.expenditure.32"),
        "rowNumber": integer("Row of the table, from 1 at its title.", 36),
        "fieldNumber": integer("Column of the table, from 1.", 4),
        "fieldName": string("Key of the column.", "total"),
        "cell": string("The figure as printed.", "1009.286396"),
        "cells": strings("The cells of the row as printed.", ["合计", "1009.286396"]),
    },
    name="FrictionlessErrorSchema",
)
FrictionlessStatsSchema = ResponseSchema.from_dict(
    {
        "tasks": integer("Number of tasks, of a whole report.", 1),
        "errors": integer("Number of errors.", 1),
        "warnings": integer("Number of warnings.", 0),
        "seconds": integer("Always 0: findings are stored.", 0),
        "fields": integer("Columns, of a task.", 6),
        "rows": integer("Rows with the head, of a task.", 36),
    },
    name="FrictionlessStatsSchema",
)


class FrictionlessTaskSchema(ResponseSchema):
    """A budget table."""

    name = string("Id of the table, in the letters that the framework takes.", DOCUMENT)
    type = string("Always `table`.", "table")
    title = string("The title as printed.", "预算03表 支出预算总表")
    valid = flag("Whether there are no errors.", False)
    place = string("Where the table is.", f"/v1/tables/{DOCUMENT}.expenditure")
    labels = strings("Headings of its columns.", ["合计", "基本支出", "项目支出"])
    stats = nested(FrictionlessStatsSchema, "Counts.")
    warnings = strings("Findings that are worth knowing.", [])
    errors = many(FrictionlessErrorSchema, "Findings that are wrong, or probably wrong.")


class FrictionlessReportSchema(ResponseSchema):
    """A validation report."""

    valid = flag("Whether there are no errors.", False)
    stats = nested(FrictionlessStatsSchema, "Counts.")
    warnings = strings("Findings in no table that are worth knowing.", [])
    errors = many(FrictionlessErrorSchema, "Findings in no table.")
    tasks = many(FrictionlessTaskSchema, "The tables of the documents.")


def report_of(call: Call, listing: Listing, selection: Selection) -> JsonAnswer:
    """Answer the findings of a list as a report.

    Raises:
        ProblemError: they are too many for one report, or keys are asked for.
    """
    _refuse(call, listing.count(call.connection, selection))
    findings = list(listing.stream(call.connection, selection))
    rules = read_rows(call.connection, table_columns(RuleRow), {}, ["id"])
    writer = _Writer(call.language, {rule.id: rule for rule in rules})
    by_table: dict[str | None, list[Found]] = defaultdict(list)
    for finding in findings:
        by_table[_table_of(finding)].append(finding)
    tables = tables_of_findings(call.connection, findings, call.query.get("document", ()))
    tasks = [writer.task(table, by_table.pop(public_id(table), [])) for table in tables]
    # What is left stands in no table.
    warnings, errors = writer.both([f for own in by_table.values() for f in own], None)
    counts = [(len(task["errors"]), len(task["warnings"])) for task in tasks]
    counts.append((len(errors), len(warnings)))
    stats = _stats(sum(e for e, _ in counts), sum(w for _, w in counts), tasks=len(tasks))
    body = {"valid": not stats["errors"], "stats": stats, "warnings": warnings}
    return JsonAnswer({**body, "errors": errors, "tasks": tasks})


def _refuse(call: Call, total: int) -> None:
    mistakes = []
    if "fields" in call.query:
        detail = Text("has no meaning for a report")
        mistakes.append(Mistake("fields", detail, hint=Text("Leave it out.")))
    if total > MOST_FINDINGS:
        said = "a report holds at most {most} findings, not {total}"
        detail = Text(said, most=MOST_FINDINGS, total=total)
        hint = Text("Ask for one document or department.")
        mistakes.append(Mistake("format", detail, hint=hint))
    if mistakes:
        raise bad_request(mistakes)


def _stats(errors: int, warnings: int, **more: int) -> dict[str, int]:
    return {**more, "errors": errors, "warnings": warnings, "seconds": 0}


def _subject(finding: Found) -> Mapping[str, Any]:
    """Give the operand that a finding is about, of its own document where there is one."""
    own = [operand for operand in finding.operands if operand["document"] is None]
    subjects = [operand for operand in own if operand["role"] == OperandRole.SUBJECT]
    found: Mapping[str, Any] = next(iter([*subjects, *own, *finding.operands]), {})
    return found


def _table_of(finding: Found) -> str | None:
    subject = _subject(finding)
    if not subject.get("table") or subject["document"]:
        return None
    return public_id(finding, subject["table"])


class _Writer:
    """Writes errors and tasks in one language."""

    def __init__(self, language: str, rules: Mapping[str, Found]) -> None:
        self._language = language
        self._rules = rules

    def task(self, table: Found, findings: Sequence[Found]) -> dict[str, Any]:
        """Write a table with its findings."""
        own = public_id(table)
        warnings, errors = self.both(findings, table)
        headings = [column["heading"] for column in table.columns]
        size = {"fields": len(table.columns), "rows": len(table.rows)}
        return {
            "name": own.replace("@", "/").lower(),
            "type": "table",
            "title": table.title,
            "valid": not errors,
            "place": f"/v1/tables/{own}",
            "labels": [heading[-1] if heading else "" for heading in headings],
            "stats": _stats(len(errors), len(warnings), **size),
            "warnings": warnings,
            "errors": errors,
        }

    def both(
        self, findings: Iterable[Found], table: Found | None
    ) -> tuple[list[str], list[dict[str, Any]]]:
        """Write findings as warnings and as errors."""
        warnings: list[str] = []
        errors: list[dict[str, Any]] = []
        for finding in findings:
            if finding.severity == Severity.INFO:
                warnings.append(finding.message[self._language])
            else:
                errors.append(self._error(finding, table))
        return warnings, errors

    def _error(self, finding: Found, table: Found | None) -> dict[str, Any]:
        place = _cell_of(table, _subject(finding)) if table is not None else {}
        kind = _kind(table, place)
        rule, message = self._rules.get(finding.rule), finding.message[self._language]
        return {
            "type": kind,
            "title": rule.title[self._language] if rule else finding.rule,
            "description": rule.text[self._language] if rule else finding.rule,
            "message": message,
            "tags": [*_TAGS[kind], f"#{finding.severity}", f"#{finding.family}"],
            "note": message,
            "finding": public_id(finding),
            **place,
        }


def _kind(table: Found | None, place: Mapping[str, Any]) -> str:
    if table is None:
        return "resource-error"
    if "fieldNumber" in place:
        return "constraint-error"
    return "row-constraint" if place else "table-error"


def _cell_of(table: Found, subject: Mapping[str, Any]) -> dict[str, Any]:
    """Give row and column of an operand in its table, with the cells of the row."""
    place = subject["place"] or {}
    rows = [row for row in table.rows if row["number"] == place.get("row")]
    if not rows:
        return {}
    # What is withheld has no text.
    cells = [cell["text"] or "" for cell in rows[0]["cells"]]
    found = {"rowNumber": place["row"], "cells": cells}
    if place.get("column") is None:
        return found
    keys = {column["number"]: column["key"] for column in table.columns}
    name = keys.get(place["column"], str(place["column"]))
    cell = {"cell": subject["text"] or "", "fieldNumber": place["column"], "fieldName": name}
    return {**found, **cell}
