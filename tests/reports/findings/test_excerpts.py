from __future__ import annotations

from dataclasses import replace

from openbudget.blocks import Anchor
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import Family, Finding, Message, Operand, OperandRole, Severity
from openbudget.budget.table import BudgetTable, Place, TableCell, TableRow
from openbudget.reports.findings.excerpts import MOST_ROWS, Excerpt, excerpts
from openbudget.reports.findings.places import DocumentIndex, ranges


def cell(text: str | None, column: int, wide: int = 1, high: int = 1) -> TableCell:
    return TableCell(text, column, Anchor(), "used", column_span=wide, row_span=high)


def row(number: int, *cells: TableCell) -> TableRow:
    return TableRow(number, "body", number, None, cells)


def table(document: BudgetDocument, *rows: TableRow) -> BudgetTable:
    return replace(document.tables[0], rows=rows, columns=(), lines=())


def finding(*places: tuple[int, int]) -> Finding:
    text = Message("", "")
    operands = tuple(
        Operand(
            OperandRole.SUBJECT,
            text,
            text="1",
            place=Place(Anchor(), *place),
            table="revenue_and_expenditure",
        )
        for place in places
    )
    return Finding("findings.a.b", "a", Family.ROW, Severity.INFO, operands, text)


def excerpt(document: BudgetDocument, found: Finding, *rows: TableRow) -> Excerpt:
    changed = replace(document, tables=(table(document, *rows),))
    (one,) = excerpts(found, DocumentIndex(changed))
    return one


def test_a_row_is_complete_though_cells_reach_into_it(first_document: BudgetDocument) -> None:
    shown = excerpt(
        first_document,
        finding((4, 3)),
        row(1, cell("甲", 1, high=4), cell("乙", 2, wide=2)),
        row(2, cell("一", 2), cell("二", 3)),
        row(3, cell("三", 3)),
        row(4, cell("四", 3)),
    )
    assert [
        (r.number, r.left_out, [(c.text, c.column, c.span, c.repeated) for c in r.cells])
        for r in shown.rows
    ] == [
        (2, 1, []),
        (2, 0, [("甲", 1, 1, True), ("一", 2, 1, False), ("二", 3, 1, False)]),
        (3, 0, [("甲", 1, 1, True), ("", 2, 1, False), ("三", 3, 1, False)]),
        (4, 0, [("甲", 1, 1, True), ("", 2, 1, False), ("四", 3, 1, False)]),
    ]
    assert shown.rows[-1].cells[-1].marks == ("subject",)
    assert len(shown.headings) == 3


def test_columns_of_other_figures_are_aside(first_document: BudgetDocument) -> None:
    index = DocumentIndex(first_document)
    place = Place(Anchor(), 32, 6)
    operand = replace(
        finding((1, 1)).operands[0], place=place, table="general_public_budget_basic_expenditure"
    )
    (shown,) = excerpts(replace(finding((1, 1)), operands=(operand,)), index)
    assert shown.headings[3:] == (
        "本年预算数 · 合计",
        "本年预算数 · 人员经费",
        "本年预算数 · 公用经费",
    )
    assert shown.aside == {4, 5}


def test_an_excerpt_of_a_large_table_is_bounded(first_document: BudgetDocument) -> None:
    rows = [row(number, cell("一", 1)) for number in range(1, 501)]
    shown = excerpt(first_document, finding(*((n, 1) for n in range(1, 501, 3))), *rows)
    assert sum(not r.left_out for r in shown.rows) == MOST_ROWS
    assert sum(r.left_out for r in shown.rows) == 500 - MOST_ROWS


def test_what_is_outside_tables_or_of_another_document_has_no_excerpt(
    first_document: BudgetDocument,
) -> None:
    found = finding((1, 1))
    index = DocumentIndex(first_document)
    elsewhere = replace(found.operands[0], document="110102-1-2023-unit-approved")
    assert excerpts(replace(found, operands=(elsewhere,)), index) == []
    unplaced = replace(found.operands[0], place=Place(Anchor(line=3)))
    assert excerpts(replace(found, operands=(unplaced,)), index) == []


def test_numbers_are_written_as_ranges() -> None:
    assert ranges([]) == ""
    assert ranges([None]) == ""
    assert ranges([3]) == "3"
    assert ranges([9, 5, 6, 7, 7, None]) == "5–7, 9"
