"""Workbooks: typed cells, no formulas, blanks that are not zero, the same bytes each time."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from openbudget.budget.money import format_yuan
from openbudget.formats.columns import Column, Kind
from openbudget.formats.encoding import exact_number
from openbudget.formats.xlsx import CUT, MAX_TEXT, fitting, write_xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
COLUMNS = [
    Column(("code",), Kind.TEXT, title="编码"),
    Column(("money", "amount"), Kind.MONEY, title="金额（元）"),
    Column(("count",), Kind.INTEGER),
    Column(("empty",), Kind.TRUTH),
    Column(("parts",), Kind.LIST),
]


def book(records: list[dict[str, Any]], columns: list[Column] = COLUMNS) -> bytes:
    return b"".join(write_xlsx("lines", records, columns, len(records)))


def cells(content: bytes) -> dict[str, tuple[str, str]]:
    """Give type and text of every cell, as they are in the file."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = etree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    for cell in sheet.iter(f"{MAIN}c"):
        assert cell.find(f"{MAIN}f") is None, "a formula"
        found[cell.get("r")] = (cell.get("t", "n"), "".join(cell.itertext()))
    return found


def test_cells_have_the_types_of_their_columns() -> None:
    record = {
        "code": "0101",
        "money": {"amount": exact_number("1800000.00")},
        "count": 0,
        "empty": False,
        "parts": ["a", "乙"],
    }
    assert cells(book([record])) == {
        "A1": ("inlineStr", "code\n编码"),
        "B1": ("inlineStr", "money_amount\n金额（元）"),
        "C1": ("inlineStr", "count"),
        "D1": ("inlineStr", "empty"),
        "E1": ("inlineStr", "parts"),
        "A2": ("inlineStr", "0101"),
        "B2": ("n", "1800000.00"),
        "C2": ("n", "0"),
        "D2": ("b", "0"),
        "E2": ("inlineStr", '["a","乙"]'),
    }


def test_a_blank_is_no_cell_and_zero_is_one() -> None:
    blank = {"code": None, "money": None, "count": None, "empty": None, "parts": None}
    zero = {**blank, "money": {"amount": exact_number("0.00")}}
    found = cells(book([blank, zero]))
    assert {name: cell for name, cell in found.items() if name[1:] != "1"} == {"B3": ("n", "0.00")}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(0)", "{=1}", "007", "_x0041_"]
)
def test_a_text_is_a_text_cell_whatever_it_looks_like(text: str) -> None:
    content = book([{"code": text}])
    (row,) = (
        CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    )
    assert cells(content)["A2"][0] == "inlineStr"
    assert row[0] == text


def test_what_begins_like_a_formula_stays_text_when_it_is_edited() -> None:
    with zipfile.ZipFile(io.BytesIO(book([{"code": "=1"}]))) as packed:
        styles = packed.read("xl/styles.xml").decode()
    assert 'quotePrefix="1"' in styles


@given(st.integers(min_value=-(10**15) + 1, max_value=10**15 - 1))
def test_money_is_written_digit_by_digit(fen: int) -> None:
    text = format_yuan(fen)
    kind, written = cells(book([{"money": {"amount": exact_number(text)}}]))["B2"]
    assert (kind, Decimal(written)) == ("n", Decimal(text))
    assert "E" not in written


def test_a_number_of_more_digits_than_excel_keeps_is_a_text() -> None:
    text = "12345678901234567.89"
    assert cells(book([{"money": {"amount": exact_number(text)}}]))["B2"] == ("inlineStr", text)


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    assert fitting("字" * MAX_TEXT) == "字" * MAX_TEXT
    for text in ("字" * (MAX_TEXT + 1), "😀" * MAX_TEXT):
        cut = fitting(text)
        assert cut.endswith(CUT)
        assert MAX_TEXT - 1 <= len(cut.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert cells(book([{"code": "字" * 40_000}]))["A2"][1].endswith(CUT)


def test_the_header_is_frozen_and_filters_all_rows() -> None:
    content = book([{"code": str(n)} for n in range(3)])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = etree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    pane = sheet.find(f".//{MAIN}pane")
    assert (pane.get("state"), pane.get("topLeftCell")) == ("frozen", "B2")
    assert sheet.find(f"{MAIN}autoFilter").get("ref") == "A1:E4"


def test_the_same_records_are_the_same_bytes() -> None:
    records = [{"code": "0101", "money": {"amount": exact_number("0.10")}}]
    content = book(records)
    assert content == book(records)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {entry.date_time[0] for entry in packed.infolist()} == {1980}
        assert b"2000-01-01T00:00:00Z" in packed.read("docProps/core.xml")


def test_memory_does_not_grow_with_the_rows() -> None:
    peaks = []
    for count in (500, 500, 5000):  # the first fills caches
        tracemalloc.start()
        parts = write_xlsx("lines", _many(count), COLUMNS, count)
        assert sum(map(len, parts)) > 0
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.5 * peaks[1]


def _many(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"code": f"{number:07}", "money": {"amount": exact_number("1.00")}, "count": number}
