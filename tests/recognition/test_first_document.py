"""The figures the first document must give, cell by cell against its file."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal

from openbudget.budget.document import BudgetDocument
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.budget.vocabulary import Role
from openbudget.reports.plain import document_as_json
from tests.conftest import GOLDEN

LINES_AND_LEAVES = {
    "revenue_and_expenditure": (9, 5),
    "revenue": (3, 1),
    "expenditure": (65, 31),
    "project_expenditure": (10, 5),
    "fiscal_appropriation": (9, 5),
    "general_public_budget_expenditure": (30, 10),
    "general_public_budget_basic_expenditure": (55, 26),
    "government_fund_budget_expenditure": (0, 0),
    "state_capital_operations_budget_expenditure": (0, 0),
    "three_public_expenses": (0, 0),
    "government_service_procurement": (0, 0),
    "transfer_payments": (2, 2),
    "project_performance_target": (0, 0),
    "department_performance_target": (0, 0),
}


def table(document: BudgetDocument, key: str) -> BudgetTable:
    return next(found for found in document.tables if found.key == key)


def leaves(document: BudgetDocument, key: str) -> list[BudgetLine]:
    return [line for line in table(document, key).lines if line.role is Role.LEAF]


def total(lines: list[BudgetLine]) -> Decimal:
    return Decimal(sum(line.amount.fen or 0 for line in lines)).scaleb(-2)


def test_every_table_has_its_lines(first_document: BudgetDocument) -> None:
    counts = {
        t.key: (len(t.lines), len(leaves(first_document, t.key))) for t in first_document.tables
    }
    assert counts == LINES_AND_LEAVES
    assert sum(lines for lines, _ in counts.values()) == 183
    assert sum(found for _, found in counts.values()) == 85


def test_empty_tables_are_present_and_empty(first_document: BudgetDocument) -> None:
    assert [t.key for t in first_document.tables if t.empty] == [
        "government_fund_budget_expenditure",
        "state_capital_operations_budget_expenditure",
        "three_public_expenses",
        "government_service_procurement",
    ]


def test_numbers_and_units_are_as_printed(first_document: BudgetDocument) -> None:
    numbers = [t.number for t in first_document.tables]
    assert numbers == [
        *(f"预算{n:02d}表" for n in range(1, 11)),
        "预算表11",
        "预算12表",
        None,
        "预算14表",
    ]
    assert {t.unit.text for t in first_document.tables if t.unit} == {"万元"}
    assert table(first_document, "revenue_and_expenditure").place.anchor.line == 60


def test_leaf_sums(first_document: BudgetDocument) -> None:
    expenditure = leaves(first_document, "expenditure")
    basic = leaves(first_document, "general_public_budget_basic_expenditure")
    assert total(expenditure) == Decimal("10097543.96")
    assert Counter(line.expenditure_type for line in expenditure) == {"basic": 26, "project": 5}
    assert total(leaves(first_document, "project_expenditure")) == Decimal("6946158.38")
    overall = leaves(first_document, "general_public_budget_expenditure")
    assert total(overall) == Decimal("10100423.96")
    assert total(basic) == Decimal("3151385.58")
    personnel = [line for line in basic if line.expenditure_type == "personnel"]
    operating = [line for line in basic if line.expenditure_type == "operating"]
    assert total(personnel) == Decimal("2873965.39")
    assert total(operating) == Decimal("277420.19")
    assert total(leaves(first_document, "transfer_payments")) == Decimal("1800000.00")


def test_the_printed_total_of_03_is_kept_beside_its_rows(first_document: BudgetDocument) -> None:
    totals = [t for t in table(first_document, "expenditure").lines if t.role is Role.TOTAL]
    assert [(line.column, str(total([line]))) for line in totals] == [
        ("total", "10092863.96"),
        ("basic", "3146705.58"),
        ("project", "6946158.38"),
    ]


def test_a_code_printed_by_name_is_found(first_document: BudgetDocument) -> None:
    line = next(
        line
        for line in table(first_document, "revenue_and_expenditure").lines
        if line.item and line.item.text == "公共安全支出"
    )
    assert line.function is not None
    assert (line.function.code, line.function.source) == ("204", "name")
    assert total([line]) == Decimal("9087972.68")


def test_rows_with_equal_codes_stay_separate(first_document: BudgetDocument) -> None:
    def amounts(function: str, economic: str) -> list[tuple[str, str | None]]:
        return [
            (line.amount.text, line.expenditure_type)
            for line in leaves(first_document, "expenditure")
            if line.function and line.function.code == function
            if line.department_economic and line.department_economic.code == economic
        ]

    assert amounts("2040601", "30228") == [("0.916460", "basic"), ("2.138408", "basic")]
    assert amounts("2040607", "30227") == [
        ("482.500000", "project"),
        ("60.000000 ", "project"),
        ("120.000000", "project"),
    ]
    assert amounts("2040607", "30299") == [("2.000000", "basic"), ("29.764800", "project")]


def test_every_line_is_printed_on_its_line_of_the_file(
    first_document: BudgetDocument, first_lines: list[str]
) -> None:
    lines = [line for t in first_document.tables for line in t.lines]
    assert len(lines) == 183
    for line in lines:
        assert line.place.anchor.line is not None
        assert first_lines[line.place.anchor.line - 1] == "\t" + line.amount.text


def test_every_code_is_printed_on_its_line_of_the_file(
    first_document: BudgetDocument, first_lines: list[str]
) -> None:
    coded = [
        code
        for t in first_document.tables
        for line in t.lines
        for code in (line.function, line.government_economic, line.department_economic)
        if code
    ]
    assert len(coded) > 300
    for code in coded:
        assert code.place.anchor.line is not None
        assert first_lines[code.place.anchor.line - 1] == "\t" + code.printed


def test_coverage_adds_up_to_every_cell(
    first_document: BudgetDocument, first_lines: list[str]
) -> None:
    coverage = first_document.coverage
    cells = sum(bool(re.match(r"\t.*\S", line)) for line in first_lines)
    assert cells == 796
    assert coverage.cells == cells + 1 + 40
    assert coverage.used + sum(count for _, count in coverage.ignored) == coverage.cells
    assert coverage.ignored == (("personal data", 2), ("text of the blank form", 22))
    assert coverage.unmapped == ()


def test_projects_and_transfers_are_linked_by_document_number(
    first_document: BudgetDocument,
) -> None:
    projects = [(p.name.text, p.document_number, p.ordinals) for p in first_document.projects]
    assert projects == [
        ("西城区法律援助工作经费", None, (1,)),
        ("西城区法律援助补贴经费", None, (2,)),
        ("法援中心预留机动费", None, (3,)),
        ("京财公检法指[2023]2154号法援案件补贴", "京财公检法指[2023]2154号", (4,)),
        ("京财公检法指[2023]1929号法援案件补贴", "京财公检法指[2023]1929号", (5,)),
    ]
    transfers = [
        (t.document_number.text if t.document_number else None, t.amount.fen, t.project)
        for t in first_document.transfers
    ]
    assert transfers == [
        ("京财公检法指[2023]2154号", 60_000_000, 4),
        ("京财公检法指[2023]1929号", 120_000_000, 5),
    ]


def test_department_names_and_supervision(first_document: BudgetDocument) -> None:
    department = first_document.department
    assert [name.name for name in department.names] == [
        "西城区法律援助中心",
        "北京市西城区法律援助中心",
    ]
    assert department.supervising is not None
    assert department.supervising.name == "西城区司法局"
    assert department.supervising.credit_code == "111101020000292256"
    assert [kind.name for kind in department.types] == ["22-公益一类"]


def test_staff_and_sections(first_document: BudgetDocument) -> None:
    (staff,) = first_document.staff
    assert (staff.count, staff.label, staff.place.anchor.line) == (
        9,
        "参照公务员管理人员编制人员",
        11,
    )
    headings = [s.heading.text for s in first_document.sections if s.heading and s.level == 2]
    assert headings == [
        "一、部门主要职责及机构设置情况",
        "二、2024年部门预算收支及增减变化情况说明",
        "三、主要支出情况",
        "四、部门“三公”经费财政拨款预算说明",
        "五、其他情况说明",
        "六、名称解释",
    ]
    assert first_document.sections[-1].heading is not None
    assert first_document.sections[-1].heading.text == "第二部分、2023年部门预算表"


def test_the_whole_document_equals_its_golden_file(first_document: BudgetDocument) -> None:
    golden = GOLDEN / "xicheng-legal-aid-center-2024" / "document.json"
    assert document_as_json(first_document).decode() == golden.read_text(encoding="utf-8")
