"""Documents of one department against each other: a unit, the year before, final accounts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openbudget.budget.document import BudgetDocument, RelatedDocument
from openbudget.budget.finding import Finding, OperandRole
from openbudget.budget.identifiers import document_id, line_id
from openbudget.budget.table import BudgetLine
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.checks.related import check_related
from openbudget.loading.seed import Seed
from tests.checks.faults import other_amount
from tests.checks.mended import mended
from tests.checks.published import published

TOTALS = ("expenditure.32.total", "general_public_budget_expenditure.9.total")


@pytest.fixture
def budget(seed: Seed) -> BudgetDocument:
    """Give the first document with its contradictions mended: the budget of a department, 2024."""
    return mended(seed)


def related(document: BudgetDocument, version: str = "a") -> RelatedDocument:
    identity = document.identity
    tables = tuple(replace(table, rows=()) for table in document.tables)
    return RelatedDocument(document_id(identity), version, identity, tables, document.claims)


def as_of(document: BudgetDocument, year: int, phase: Phase, scope: Scope) -> BudgetDocument:
    """Give a document as that of another year, phase or scope."""
    own = document.identity
    tables = tuple(
        replace(t, lines=tuple(_moved(line, own.fiscal_year, year, phase) for line in t.lines))
        for t in document.tables
    )
    identity = replace(own, fiscal_year=year, phase=phase, scope=scope)
    return replace(document, identity=identity, tables=tables)


def _moved(line: BudgetLine, own: int, year: int, phase: Phase) -> BudgetLine:
    return replace(line, fiscal_year=line.fiscal_year - own + year, phase=phase)


def larger(document: BudgetDocument, *items: str) -> BudgetDocument:
    """Make the first digit of some cells larger by one."""
    tables = tuple(
        replace(
            table,
            lines=tuple(
                replace(line, amount=other_amount(line.amount))
                if line_id(table.key, line) in items
                else line
                for line in table.lines
            ),
        )
        for table in document.tables
    )
    return replace(document, tables=tables)


def found(own: BudgetDocument, *others: BudgetDocument) -> list[Finding]:
    return [f.finding for f in check_related(related(own), [related(o, "b") for o in others])]


def told(finding: Finding) -> tuple[object, ...]:
    subject, counterpart = finding.operands
    assert (subject.role, counterpart.role) == (OperandRole.SUBJECT, OperandRole.COUNTERPART)
    return finding.rule, finding.printed_fen, finding.computed_fen, subject.item, counterpart.item


def test_a_unit_within_its_department_is_right(budget: BudgetDocument) -> None:
    unit = as_of(budget, 2024, Phase.APPROVED, Scope.UNIT)
    assert found(budget, unit) == []
    assert found(unit, budget) == []
    assert found(larger(budget, *TOTALS), unit) == []


def test_a_unit_that_spends_more_than_its_department(budget: BudgetDocument) -> None:
    cells = ("expenditure.10.basic", "expenditure.10.total")
    unit = larger(as_of(budget, 2024, Phase.APPROVED, Scope.UNIT), *cells)
    (finding,) = found(budget, unit)
    assert told(finding) == (
        "unit-within-department",
        33988976,
        23988976,
        "expenditure.10.total",
        "expenditure.10.total",
    )
    own = "110102-231002-2024-unit-approved"
    assert [operand.document for operand in finding.operands] == [own, None]
    (turned,) = found(unit, budget)
    other = "110102-231002-2024-department-approved"
    assert [operand.document for operand in turned.operands] == [None, other]
    assert finding.message.zh == (
        "2024年单位预算《预算03表 支出预算总表》“2080505 机关事业单位基本养老保险缴费支出”的“合计”"
        "为 33.988976 万元，而2024年部门预算《预算03表 支出预算总表》"
        "“2080505 机关事业单位基本养老保险缴费支出”的“合计”为 23.988976 万元，前者多 10 万元。"
    )


def test_what_is_told_of_last_year_is_held_against_its_document(budget: BudgetDocument) -> None:
    before = as_of(budget, 2023, Phase.APPROVED, Scope.DEPARTMENT)
    findings = found(budget, before)
    assert [told(finding) for finding in findings] == [
        (
            "last-year",
            930698796,
            1009754396,
            "claims.4",
            "revenue_and_expenditure.27.revenue",
        )
    ]
    (turned,) = found(before, budget)
    assert told(turned) == told(findings[0])
    two_years = as_of(budget, 2022, Phase.APPROVED, Scope.DEPARTMENT)
    assert found(budget, two_years) == []


def test_final_accounts_tell_the_budget_that_was_published(seed: Seed) -> None:
    accounts = published("sh_putuo_planning_final_dept_2024", seed)
    told_budget = {
        claim.measure: claim.fen
        for claim in accounts.claims
        if claim.phase is Phase.APPROVED and claim.fen
    }
    assert told_budget["three_public_expenses"] == 2850000
    public = next(t for t in accounts.tables if t.kind.value == "three_public_expenses")
    lines = tuple(
        replace(line, phase=Phase.APPROVED, column="total", place=line.place)
        for line in public.lines
        if line.column == "total_budget"
    )
    budget = replace(
        as_of(accounts, 2024, Phase.APPROVED, Scope.DEPARTMENT),
        tables=(replace(public, lines=lines),),
        claims=(),
    )
    assert found(accounts, budget) == []
    findings = found(accounts, larger(budget, f"{public.key}.1.total"))
    assert {(f.rule, f.printed_fen, f.computed_fen) for f in findings} == {
        ("approved-in-final-accounts", 2850000, 3850000)
    }
