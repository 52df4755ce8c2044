"""The official blank forms: facts of their sheets; the files themselves are not ours to keep."""

from __future__ import annotations

import pytest

from openbudget.blocks import Anchor, Cell, Grid
from openbudget.reading.sniff import Format, sniff
from openbudget.reading.workbook import read_workbook
from tests.reading.office_files import published

DEPARTMENT = "sh_putuo_budget_dept_2026_BLANK_FORM.xlsx"
UNIT = "sh_putuo_budget_unit_2026_BLANK_FORM"


def sheet(name: str, title: str) -> Grid:
    blocks = read_workbook(published(name))
    return next(
        block for block in blocks if isinstance(block, Grid) and block.anchor.sheet == title
    )


def cell(grid: Grid, address: str) -> Cell:
    return next(cell for cell in grid.cells if cell.anchor.address == address)


def test_sheet_names_are_as_spelt() -> None:
    assert [block.anchor.sheet for block in read_workbook(published(DEPARTMENT))] == [
        "封面",
        "目录",
        "部门主要职能",
        "部门机构设置",
        "名词解释",
        "部门编制说明",
        "部门收支总表",
        "部门收入总表",
        "部门支出总表",
        "部门财政拨款收支总表",
        "部门一般公共预算拨款表",
        "部门政府性基金拨款表",
        "部门国有资本经营预算拨款表 ",
        "部门一般公共预算拨款基本支出明细表",
        "部门“三公”经费和机关运行费预算表",
        "其他相关情况说明",
        "项目经费情况说明",
    ]


@pytest.mark.parametrize(
    ("title", "address", "unit"),
    [
        ("部门收支总表", "D4", "单位：元"),
        ("部门收入总表", "I4", "单位：元"),
        ("部门国有资本经营预算拨款表 ", "G4", "单位：元"),
        ("部门“三公”经费和机关运行费预算表", "G3", "单位:万元"),
    ],
)
def test_the_unit_stands_in_its_cell(title: str, address: str, unit: str) -> None:
    assert cell(sheet(DEPARTMENT, title), address).text == unit


def test_merged_headers_have_their_spans() -> None:
    grid = sheet(DEPARTMENT, "部门收入总表")
    found = [
        (item.text, item.anchor.address, item.row_span, item.column_span)
        for item in grid.cells
        if item.text and 2 < item.row < 7
    ]
    assert found == [
        ("项目", "A6", 1, 4),
        ("收入预算", "E6", 1, 5),
        ("功能分类科目编码", "A7", 1, 3),
        ("功能分类科目名称", "D7", 2, 1),
        ("合计", "E7", 2, 1),
        ("财政拨款收入", "F7", 2, 1),
        ("事业收入", "G7", 2, 1),
        ("事业单位\n经营收入", "H7", 2, 1),
        ("其他收入", "I7", 2, 1),
        ("类", "A8", 1, 1),
        ("款", "B8", 1, 1),
        ("项", "C8", 1, 1),
    ]


def test_a_used_range_to_column_iv_is_cut_to_the_table() -> None:
    grid = sheet(DEPARTMENT, "部门收支总表")
    assert grid.anchor == Anchor(sheet="部门收支总表", address="A2")
    assert max(cell.column for cell in grid.cells) == 3


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_codes_stored_as_numbers_or_text_read_alike(suffix: str) -> None:
    grid = sheet(UNIT + suffix, "单位收入总表")
    codes = [cell(grid, address).text for address in ("A9", "A10", "B10", "A11", "B11", "C11")]
    assert codes == ["205", "205", "02", "205", "02", "05"]


def test_xls_and_xlsx_of_one_form_are_the_same_blocks() -> None:
    xls, xlsx = (published(f"{UNIT}.{suffix}") for suffix in ("xls", "xlsx"))
    assert (sniff(xls), sniff(xlsx)) == (Format.XLS, Format.XLSX)
    assert read_workbook(xls) == read_workbook(xlsx)
