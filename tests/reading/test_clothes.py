"""The first document in every format: the readers agree with each other."""

from __future__ import annotations

import shutil

import pytest

from openbudget.blocks import Block, Grid
from openbudget.reading.doc import read_doc
from openbudget.reading.docx import read_docx
from openbudget.reading.html import read_html
from openbudget.reading.sniff import sniff
from openbudget.reading.workbook import read_workbook
from tests.reading.office_files import CLOTHES, texts, written

STEM = "xicheng-legal-aid-center-2024"
Written = list[tuple[str, int, int, int, int]]


def clothes(suffix: str) -> bytes:
    return (CLOTHES / f"{STEM}{suffix}").read_bytes()


def page() -> list[str | Written]:
    """The HTML, which is written and not converted, with ordinary spaces."""
    return [plain(block) for block in read_html(clothes(".html"))]


def plain(block: Block) -> str | Written:
    if not isinstance(block, Grid):
        return block.text.replace("\xa0", " ")
    return [(text.replace("\xa0", " "), *place) for text, *place in written(block)]  # type: ignore[misc]


def tables() -> list[Written]:
    return [block for block in page() if not isinstance(block, str)]


def without_blank_rows(cells: Written, first: int) -> Written:
    """Cells from a row on, numbered from there, up to the last row that prints something."""
    last = max(row for text, row, *_ in cells if text)
    return [
        (text, row - first, column, rows, columns)
        for text, row, column, rows, columns in cells
        if first <= row <= last
    ]


@pytest.mark.parametrize("suffix", ["html", "docx", "doc", "pdf", "xlsx", "xls", "ods"])
def test_formats_are_known_by_content(suffix: str) -> None:
    assert sniff(clothes(f".{suffix}")).value == suffix


def test_the_page_has_all_of_the_document() -> None:
    blocks = page()
    assert [isinstance(block, str) for block in blocks].count(True) == 40 + 17
    assert [len({row for _, row, *_ in table}) for table in tables()] == [
        *(30, 4, 35, 8, 30, 13, 31, 4, 4, 8, 6, 4, 36, 15)
    ]
    assert blocks[40:43] == ["第二部分、2023年部门预算表", "预算01表 收支总表", tables()[0]]
    assert tables()[0][3:9] == [
        ("收    入", 1, 0, 1, 2),
        ("支    出", 1, 2, 1, 2),
        ("项    目", 2, 0, 1, 1),
        ("预算数", 2, 1, 1, 1),
        ("项    目", 2, 2, 1, 1),
        ("预算数", 2, 3, 1, 1),
    ]


def test_docx_reads_as_the_page() -> None:
    assert [plain(block) for block in read_docx(clothes(".docx"))] == page()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_doc_reads_as_the_page() -> None:
    assert [plain(block) for block in read_doc(clothes(".doc"))] == page()


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".ods"])
def test_workbooks_read_as_the_page(suffix: str) -> None:
    narrative, *sheets = read_workbook(clothes(suffix))
    assert texts([narrative]) == [[[text] for text in page()[:40]]]
    for sheet, table in zip(sheets, tables(), strict=True):
        titles = (
            2 if sheet.anchor.sheet in ("预算01表", "预算14表", "项目支出绩效目标申报表") else 1
        )
        assert without_blank_rows(written(sheet), titles) == without_blank_rows(table, 0)


def test_workbooks_of_one_content_are_the_same_blocks() -> None:
    assert read_workbook(clothes(".xlsx")) == read_workbook(clothes(".xls"))
    assert read_workbook(clothes(".xlsx")) == read_workbook(clothes(".ods"))


def test_numbers_are_printed_as_typed() -> None:
    numbers = read_workbook(clothes("-numbers.xlsx"))
    assert numbers == read_workbook(clothes("-numbers.ods"))
    differences = {
        (cell.text, other.text)
        for grid, others in zip(read_workbook(clothes(".xlsx")), numbers, strict=True)
        if isinstance(grid, Grid) and isinstance(others, Grid)
        for cell, other in zip(grid.cells, others.cells, strict=True)
        if cell.text != other.text
    }
    assert ("28.244400", "28.2444") in differences
    assert all(text.strip().rstrip("0").rstrip(".") == number for text, number in differences)
