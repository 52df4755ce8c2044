"""What is left of the blank form, and how tables are numbered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbudget.budget.document import BudgetDocument
from openbudget.budget.sought import sought
from openbudget.budget.table import TableRow
from openbudget.checks.rules import find_declaration
from openbudget.loading.seed import Seed
from tests.checks.applying import apply, operands, the_only, with_table
from tests.checks.test_years import with_paragraphs


def test_text_of_the_blank_form_is_left_in_a_table(
    first_document: BudgetDocument, seed: Seed
) -> None:
    finding = the_only("template-cells", first_document, seed.lists)
    assert finding.id == "findings.template-cells.project_performance_target"
    assert operands(finding)[:3] == [
        ("subject", "中期目标（20××年—20××+n年）", 1482),
        ("subject", " 指标1：", 1508),
        ("subject", " 指标2：", 1517),
    ]
    assert [own[2] for own in operands(finding)][3:] == [
        *(1526, 1535, 1544, 1553, 1562, 1571, 1580, 1589, 1598, 1651, 1654),
        *(1664, 1673, 1701, 1711, 1714, 1720, 1723, 1728, 1731),
    ]
    assert finding.message.zh == (
        "《项目支出绩效目标申报表》有 23 个单元格留有空白表的提示文字："
        "“中期目标（20××年—20××+n年）”、“指标1：”、“指标2：”、“……”。"
    )


def test_a_form_without_them_agrees(first_document: BudgetDocument, seed: Seed) -> None:
    def emptied(row: TableRow) -> TableRow:
        cells = (
            replace(cell, text="", reason=None) if cell.reason or "×" in (cell.text or "") else cell
            for cell in row.cells
        )
        return replace(row, cells=tuple(cells))

    mended = with_table(
        first_document,
        "project_performance_target",
        lambda own: replace(own, rows=tuple(map(emptied, own.rows))),
    )
    assert apply("template-cells", mended, seed.lists) == ([], 14, [])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024年减少0.15万元，下降（增长）27.78%。", "下降(增长)"),
        ("五、国有资产占用情况（增加内容）", "(增加内容)"),
        ("2024年安排××个项目。", "××"),
        ("20××年安排项目。", "20××"),
        ("共有XX辆车。", "XX"),
    ],
)
def test_a_blank_of_the_model_is_left_in_the_text(
    text: str, words: str, first_document: BudgetDocument, seed: Seed
) -> None:
    assert apply("template-sentences", first_document, seed.lists).findings == []
    changed = with_paragraphs(first_document, "2024年无涉及政府采购的项目。", text)
    finding = the_only("template-sentences", changed, seed.lists)
    assert operands(finding) == [("subject", text, 45)]
    assert finding.items == ("sections.14",)
    assert finding.message.zh == f"文字说明“{text.rstrip('。')}”留有范本的文字“{words}”。"


def test_two_tables_are_numbered_otherwise(first_document: BudgetDocument, seed: Seed) -> None:
    finding = the_only("table-numbering", first_document, seed.lists)
    assert operands(finding) == [
        ("subject", "预算表11", 1315),
        ("subject", None, 1427),
        ("counterpart", "预算01表", 60),
    ]
    assert finding.message.zh == (
        "多数表的编号如“预算01表”，而《预算表11 政府购买服务预算表》印为“预算表11”，"
        "《项目支出绩效目标申报表》没有编号。"
    )
    assert apply("table-sequence", first_document, seed.lists) == ([], 12, [])


def test_numbers_of_one_form_agree(first_document: BudgetDocument, seed: Seed) -> None:
    tables = tuple(
        replace(own, number=f"预算{number:02}表")
        for number, own in enumerate(first_document.tables, start=1)
    )
    mended = replace(first_document, tables=tables)
    assert apply("table-numbering", mended, seed.lists) == ([], 14, [])
    swapped = replace(mended, tables=(tables[1], tables[0], *tables[2:]))
    finding = the_only("table-sequence", swapped, seed.lists)
    assert operands(finding) == [("subject", "预算01表", 60), ("counterpart", "预算02表", 210)]
    bare = replace(
        first_document, tables=tuple(replace(own, number=None) for own in first_document.tables)
    )
    assert apply("table-numbering", bare, seed.lists).skipped == ["the tables are not numbered"]


@pytest.mark.parametrize("rule", ["template-cells", "template-sentences"])
@given(st.data())
def test_no_text_of_the_blank_form_is_without_its_sign(rule: str, data: st.DataObject) -> None:
    settings = find_declaration(rule).settings
    words = sought(settings["words"], settings["sign"])
    text = data.draw(st.from_regex(words.pattern))
    assert words.within(text)
    found = [match.span() for match in words.find(text)]
    assert found == [match.span() for match in words.pattern.finditer(text)]
