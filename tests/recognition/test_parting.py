"""How a document is parted: contents, titles, grids that go on over pages, notes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openbudget.blocks import Anchor, Block, Cell, Grid, Paragraph
from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument, DocumentIdentity, PublishedFile
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.errors import BlankFormError
from openbudget.recognition.recognize import Surroundings, recognize

EDGES = (50.0, 150.0, 250.0, 350.0, 450.0)
HEADER = ["科目编码", "科目名称", "合计", "基本支出"]
IDENTITY = DocumentIdentity(
    "310000", "501", 2024, Scope.DEPARTMENT, Phase.APPROVED, "2024年部门预算", "上海市水务局"
)


def text(value: str, page: int, top: float = 0.0) -> Paragraph:
    return Paragraph(value, Anchor(page=page, box=(50.0, top, 400.0, top + 10.0)))


def grid(page: int, *rows: list[str], edges: tuple[float, ...] = EDGES) -> Grid:
    cells = [
        Cell(value, row, column, Anchor(page=page, box=box(row, edges, column)))
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
    ]
    return Grid(tuple(cells), Anchor(page=page))


def box(row: int, edges: tuple[float, ...], column: int) -> tuple[float, float, float, float]:
    return (edges[column], 100.0 + row, edges[column + 1], 101.0 + row)


def read(*blocks: Block) -> BudgetDocument:
    file = PublishedFile("0" * 64, "application/pdf", 0)
    return recognize(blocks, IDENTITY, file, Surroundings(CodeLists()))


def amounts(document: BudgetDocument) -> list[tuple[str | None, str, str]]:
    (table,) = document.tables
    return [
        (line.function.code if line.function else None, line.column, line.amount.text)
        for line in table.lines
    ]


FIRST = grid(3, HEADER, ["201", "一般公共服务支出", "5.00", "5.00"])


def test_a_grid_with_the_same_edges_goes_on_with_the_table() -> None:
    document = read(
        text("支出总表", 3),
        text("单位：万元", 3),
        FIRST,
        text("- 3 -", 3),
        grid(4, HEADER, ["20101", "人大事务", "5.00", "5.00"]),
        text("第 4 页 共 9 页", 4),
        grid(5, ["合计", "5.00", "5.00"], edges=(50.0, 250.0, 350.0, 450.0)),
    )
    assert amounts(document) == [
        ("201", "total", "5.00"),
        ("201", "basic", "5.00"),
        ("20101", "total", "5.00"),
        ("20101", "basic", "5.00"),
        (None, "total", "5.00"),
        (None, "basic", "5.00"),
    ]
    roles = [line.role.value for line in document.tables[0].lines]
    assert roles == ["subtotal", "subtotal", "subtotal", "leaf", "total", "total"]
    assert document.coverage.ignored == (("page number", 2), ("repeated header", 4))
    assert document.coverage.unmapped == ()
    assert [row.part for row in document.tables[0].rows][4:6] == ["header", "body"]


def test_a_ragged_grid_after_one_of_fewer_columns_stands_where_it_is_printed() -> None:
    ragged = replace(grid(5, ["20101", "人大事务", "5.00", "4.00"]), ragged=True)
    document = read(
        text("支出总表", 3),
        text("单位：万元", 3),
        FIRST,
        grid(4, ["合计", "5.00", "5.00"], edges=(50.0, 250.0, 350.0, 450.0)),
        ragged,
    )
    assert amounts(document)[2:] == [
        (None, "total", "5.00"),
        (None, "basic", "5.00"),
        ("20101", "total", "5.00"),
        ("20101", "basic", "4.00"),
    ]


def test_a_grid_of_other_columns_or_after_narrative_is_not_of_the_table() -> None:
    other = grid(4, ["序号", "单位"], edges=(60.0, 100.0, 200.0))
    alike = grid(4, ["20101", "人大事务", "5.00", "5.00"])
    for following in ([other], [text("另有说明。", 4), alike]):
        document = read(text("支出总表", 3), text("单位：万元", 3), FIRST, *following)
        assert len(amounts(document)) == 2


def test_a_table_that_nobody_knows_is_told_and_a_list_is_text() -> None:
    document = read(
        grid(2, ["序号", "单位名称"], ["1", "上海市水务局（本级）"], edges=EDGES[:3]),
        text("支出总表", 3),
        text("单位：万元", 3),
        FIRST,
        text("某种新表", 4),
        grid(4, ["甲", "乙"], ["1.00", "2.00"], edges=EDGES[:3]),
    )
    reason = "of a table that no known title stands above"
    found = [(cell.text, cell.reason) for cell in document.coverage.unmapped]
    assert found == [("甲", reason), ("乙", reason), ("1.00", reason), ("2.00", reason)]
    assert "上海市水务局（本级）" in {p.text for s in document.sections for p in s.paragraphs}


def test_a_row_that_a_page_break_parts_is_one_row() -> None:
    document = read(
        text("支出总表", 3),
        text("单位：万元", 3),
        grid(3, HEADER, ["2080505", "机关事业单位基本", "5.00", "5.00"]),
        grid(4, ["", "养老保险缴费支出", "", ""], ["2080506", "职业年金", "1.00", "1.00"]),
    )
    (table,) = document.tables
    labels = {line.function.label for line in table.lines if line.function}
    assert labels == {"机关事业单位基本养老保险缴费支出", "职业年金"}
    assert {line.ordinal for line in table.lines} == {1, 2}
    assert document.coverage.unmapped == ()


def test_titles_of_a_contents_list_open_no_table() -> None:
    document = read(
        text("目  录", 1),
        text("收支总表", 1),
        text("收入总表", 1),
        text("支出总表", 2),
        text("第二部分 预算表", 2),
        text("收支总表", 3),
        text("支出总表", 3),
        text("编制部门：上海市水务局 单位：万元", 3),
        FIRST,
        text("注：本表反映支出。", 3),
        text("二、名词解释", 4),
    )
    (table,) = document.tables
    assert table.title == "支出总表"
    assert [row.part for row in table.rows] == ["title", "unit", "header", "body", "note"]
    assert document.coverage.ignored == (("contents", 5),)
    assert [s.heading.text for s in document.sections if s.heading] == ["二、名词解释"]
    assert document.coverage.unmapped == ()


def test_a_title_that_each_page_repeats_opens_one_table() -> None:
    head = ("支出总表", "编制部门：上海市水务局 单位：万元")
    more = grid(4, HEADER, ["20101", "人大事务", "5.00", "5.00"])
    document = read(*(text(t, 3) for t in head), FIRST, *(text(t, 4) for t in head), more)
    assert len(amounts(document)) == 4
    assert document.coverage.ignored == (("repeated header", 6),)
    other = ("支出总表", "编制部门：上海市海塘管理所 单位：万元")
    document = read(*(text(t, 3) for t in head), FIRST, *(text(t, 4) for t in other), more)
    assert [table.key for table in document.tables] == ["expenditure", "expenditure-2"]


def test_a_title_that_says_that_its_table_goes_on_opens_none() -> None:
    more = grid(4, HEADER, ["20101", "人大事务", "5.00", "5.00"])
    office, unit = text("编制部门：上海市水务局", 3), text("单位：万元", 3)
    for title, under in (
        ("支出总表（续）", []),
        ("支出总表续表1", [unit]),
        ("支出总表(续)", [office, unit]),
    ):
        document = read(text("支出总表", 3), office, unit, FIRST, text(title, 4), *under, more)
        assert [line[0] for line in amounts(document)] == ["201", "201", "20101", "20101"]
        assert document.coverage.ignored == (("repeated header", 5 + len(under)),)
    total = grid(
        3, HEADER, ["201", "一般公共服务支出", "5.00", "5.00"], ["合计", "", "5.00", "5.00"]
    )
    document = read(text("支出总表", 3), unit, total, text("支出总表（续）", 4), unit, more)
    assert [table.key for table in document.tables] == ["expenditure", "expenditure-2"]


def test_a_form_without_figures_is_told_from_a_budget() -> None:
    blank = grid(3, HEADER, ["201", "一般公共服务支出", "", ""], ["合计", "", "", ""])
    with pytest.raises(BlankFormError, match="a blank form: its tables hold no figures"):
        read(text("支出总表", 3), text("单位：万元", 3), blank)
    zero = grid(3, HEADER, ["201", "一般公共服务支出", "0", "0.00"])
    assert len(amounts(read(text("支出总表", 3), text("单位：万元", 3), zero))) == 2


def test_a_title_may_be_broken_over_two_lines() -> None:
    basic = grid(3, HEADER[:3], ["301", "工资福利支出", "5.00"], edges=EDGES[:4])
    document = read(
        text("2025年部门一般公共预算基本支出部门预算经济分类", 3),
        text("预算表", 3),
        text("单位：万元", 3),
        basic,
    )
    (table,) = document.tables
    assert table.title == "2025年部门一般公共预算基本支出部门预算经济分类预算表"
    assert [line.amount.text for line in table.lines] == ["5.00"]
    assert document.coverage.unmapped == ()


def test_headings_that_are_not_known_stay_unmapped_beside_known_ones() -> None:
    table = grid(3, [*HEADER[:3], "密级"], ["201", "一般公共服务支出", "5.00", "公开"])
    document = read(text("支出总表", 3), text("单位：万元", 3), table)
    assert amounts(document) == [("201", "total", "5.00")]
    assert [cell.text for cell in document.coverage.unmapped] == ["公开"]


def test_a_unit_that_is_not_printed_leaves_figures_unmapped_with_the_reason() -> None:
    document = read(
        text("收入总表", 3),
        text("单位：万元", 3),
        FIRST,
        text("支出总表", 4),
        grid(4, HEADER, ["201", "一般公共服务支出", "5.00", "5.00"]),
    )
    reasons = {cell.reason for cell in document.coverage.unmapped}
    assert "'5.00' has no known unit of money" in reasons
