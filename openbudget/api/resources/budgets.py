"""One department's year at a glance: documents side by side, never merged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from openbudget.api.common import (
    DEPARTMENT,
    DEPARTMENT_PATTERN,
    DOCUMENT,
    LinksToFindingsSchema,
    MoneySchema,
    findings_link,
    money,
    public_id,
)
from openbudget.api.endpoint import Call, Endpoint, JsonAnswer, PathParameter
from openbudget.api.envelopes import one_envelope
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    flag,
    integer,
    many,
    nested,
    optional_string,
    string,
    strings,
)
from openbudget.api.problems import not_found
from openbudget.api.resources.checks import SeverityCountsSchema, severity_counts
from openbudget.api.resources.departments import find_department
from openbudget.budget.vocabulary import Direction, Phase, Role, Scope, TableKind
from openbudget.storage.findings import count_by_severity
from openbudget.storage.models import DocumentRow, LineRow, ProjectRow, TableRow, TargetRow
from openbudget.storage.read import Found, read_rows, table_columns
from openbudget.texts import Text


class TableGlanceSchema(ResponseSchema):
    """A table, present or empty."""

    id = string("Id of the table.", f"{DOCUMENT}.expenditure")
    kind = choice("Kind of the table.", TableKind, "expenditure")
    title = string("The title as printed.", "预算03表 支出预算总表")
    empty = flag("Whether it is present and empty.", False)
    line_count = integer("Number of its lines.", 65)


TotalSchema = ResponseSchema.from_dict(
    {
        "line": string("Id of the line.", f"{DOCUMENT}.revenue_and_expenditure.27.expenditure"),
        "table": choice("Kind of the table.", TableKind, "revenue_and_expenditure"),
        "column": string("Key of the column.", "expenditure"),
        "role": choice("Part of the sums.", Role, "total"),
        "direction": choice("Revenue or expenditure.", Direction, "expenditure", optional=True),
        "item": optional_string("The printed item.", "支出总计"),
        **MoneySchema().fields,
    },
    name="TotalSchema",
)


class DocumentGlanceSchema(ResponseSchema):
    """One document of the year."""

    document = string("Id of the document.", DOCUMENT)
    scope = choice("Whose budget.", Scope, "department")
    phase = choice("Phase of the budget.", Phase, "approved")
    title = string("The title.", "北京市西城区法律援助中心 2024年部门预算")
    headline = nested(TotalSchema, "支出总计 of the table 收支总表.", optional=True)
    tables = many(TableGlanceSchema, "All tables, present and empty.")
    totals = many(TotalSchema, "Every printed total, none chosen.")
    three_public_expenses = many(TotalSchema, "Lines of the table of “三公” expenses.")
    projects = strings("Ids of its projects.", [f"{DOCUMENT}.projects.1"])
    performance_targets = strings("Ids of its targets.", [f"{DOCUMENT}.performance-targets.1"])
    findings = nested(SeverityCountsSchema, "Findings by severity.")
    links = nested(LinksToFindingsSchema, "Where its findings are.")


class BudgetSchema(ResponseSchema):
    """A department's budget of one year."""

    department = string("Id of the department.", DEPARTMENT)
    name = string("The publisher's name.", "北京市西城区法律援助中心")
    fiscal_year = integer("Budget year.", 2024)
    documents = many(DocumentGlanceSchema, "The documents of the year, side by side.")


def budget(call: Call) -> JsonAnswer:
    """Answer a department's budget of one year."""
    department, year = call.arguments["id"], call.arguments["fiscal_year"]
    row = find_department(call, department)
    known = row is not None and year.isdigit() and int(year) in row.fiscal_years
    if row is None or not known:
        hint = Text("GET /v1/departments lists them.")
        if row:
            hint = Text("Years with data: {years}.", years=row.fiscal_years)
        named = Text("{department} of {year}", department=department, year=year)
        raise not_found(Text("budget"), named, hint)
    key = {"jurisdiction": row.jurisdiction, "fiscal_year": int(year), "current": True}
    parts = _Parts(call, {**key, "department": row.id})
    record = {
        "department": row.id,
        "name": row.name,
        "fiscal_year": int(year),
        "documents": [_document(document, parts) for document in parts.documents],
    }
    body = {
        "data": BudgetSchema().dump(record),
        "links": {"self": call.path},
        "meta": {"query": {}},
    }
    return JsonAnswer(body)


class _Parts:
    """Everything of one year, one query a resource."""

    def __init__(self, call: Call, key: dict[str, Any]) -> None:
        def read(model: Any, *names: str) -> Sequence[Found]:
            chosen = [c for c in table_columns(model) if not names or c.name in names]
            return read_rows(call.connection, chosen, key, ["document", "position", "id"])

        base = ("id", "document", "version", "current")
        self.documents = read(DocumentRow, *base, "scope", "phase", "title")
        self.tables = read(TableRow, *base, "kind", "title", "empty", "line_count")
        self.lines = read(LineRow)
        self.projects = read(ProjectRow, *base)
        self.targets = read(TargetRow, *base)
        self.findings = count_by_severity(call.connection, self.documents)


def _of(rows: Iterable[Found], document: Found) -> list[Found]:
    return [row for row in rows if row.document == document.document]


def _document(row: Found, parts: _Parts) -> dict[str, Any]:
    lines = _of(parts.lines, row)
    totals = [line for line in lines if line.role == Role.TOTAL]
    three = [line for line in lines if line.table_kind == TableKind.THREE_PUBLIC_EXPENSES]
    headline = next((line for line in totals if _is_headline(line)), None)
    tables = [
        {"id": public_id(t), **{n: getattr(t, n) for n in ("kind", "title", "empty", "line_count")}}
        for t in _of(parts.tables, row)
    ]
    return {
        "document": public_id(row),
        **{name: getattr(row, name) for name in ("scope", "phase", "title")},
        "headline": _total(headline) if headline is not None else None,
        "tables": tables,
        "totals": [_total(line) for line in totals],
        "three_public_expenses": [_total(line) for line in three],
        "projects": [public_id(project) for project in _of(parts.projects, row)],
        "performance_targets": [public_id(target) for target in _of(parts.targets, row)],
        "findings": severity_counts(parts.findings.get((row.document, row.version), {})),
        "links": findings_link("document", public_id(row)),
    }


def _is_headline(line: Found) -> bool:
    found = (line.table_kind, line.direction, line.own_year)
    wanted = (TableKind.REVENUE_AND_EXPENDITURE, Direction.EXPENDITURE, line.fiscal_year)
    return found == wanted


def _total(line: Found) -> dict[str, Any]:
    return {
        "line": public_id(line),
        "table": line.table_kind,
        **{name: getattr(line, name) for name in ("column", "role", "direction", "item")},
        **money(line, public_id(line, line.table_key)),
    }


BUDGET = Endpoint(
    path="/v1/departments/{id}/budgets/{fiscal_year}",
    operation_id="get_budget",
    summary="One department's year at a glance",
    description=(
        "Documents of every scope and phase side by side, never merged; all tables, present and "
        "empty; every printed total, none chosen; “三公” expenses, projects and targets."
    ),
    view=budget,
    answers=one_envelope(BudgetSchema, "BudgetOne"),
    tag="departments",
    parameters=(
        PathParameter("id", "Id of the department.", DEPARTMENT, DEPARTMENT_PATTERN),
        PathParameter("fiscal_year", "Budget year.", "2024", r"^\d{4}$"),
    ),
)
