from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import pytest
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from openbudget.blocks import Anchor, Grid
from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.limits import ReadingLimits
from openbudget.reading.sheets import address, number_text, value_text
from openbudget.reading.workbook import read_workbook
from tests.reading.office_files import number_cell, ods, row, text_cell, texts, written, xlsx


def sheet_data(*rows: str) -> str:
    return f"<sheetData>{''.join(rows)}</sheetData>"


def paragraph_cell(text: str, spans: str = "") -> str:
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind} {spans}><text:p>{text}</text:p></table:table-cell>"


def table(*rows: str, name: str = "表") -> str:
    inner = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in rows)
    return f'<table:table table:name="{name}">{inner}</table:table>'


def test_cells_stand_at_their_addresses() -> None:
    cells = sheet_data(row(3, text_cell("B3", "项目"), text_cell("D3", " 预算数 ")))
    (grid,) = read_workbook(xlsx({"表 ": cells}))
    assert isinstance(grid, Grid)
    assert grid.anchor == Anchor(sheet="表 ", address="B3")
    assert [(cell.text, cell.anchor.address) for cell in grid.cells] == [
        ("项目", "B3"),
        ("", "C3"),
        (" 预算数 ", "D3"),
    ]


def test_merged_ranges_are_spans() -> None:
    cells = sheet_data(
        row(1, text_cell("A1", "收入预算表")),
        row(2, text_cell("A2", "项目"), text_cell("B2", "预算数")),
        row(3, text_cell("B3", "合计"), text_cell("C3", "基本支出")),
    )
    merged = '<mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/>'
    (grid,) = read_workbook(xlsx({"表": f"{cells}{merged}</mergeCells>"}))
    assert written(grid) == [
        ("收入预算表", 0, 0, 1, 3),
        ("项目", 1, 0, 2, 1),
        ("预算数", 1, 1, 1, 2),
        ("合计", 2, 1, 1, 1),
        ("基本支出", 2, 2, 1, 1),
    ]


def test_a_merge_over_the_whole_row_ends_with_the_table() -> None:
    cells = sheet_data(
        row(1, text_cell("A1", "题")), row(2, text_cell("A2", "1"), text_cell("B2", "2"))
    )
    merged = '<mergeCells><mergeCell ref="A1:XFD1"/></mergeCells>'
    (grid,) = read_workbook(xlsx({"表": cells + merged}))
    assert written(grid) == [("题", 0, 0, 1, 2), ("1", 1, 0, 1, 1), ("2", 1, 1, 1, 1)]


def test_of_merges_that_overlap_the_first_counts() -> None:
    cells = sheet_data(row(1, text_cell("A1", "甲")), row(2, text_cell("B2", "乙")))
    merged = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B1:B2"/></mergeCells>'
    (grid,) = read_workbook(xlsx({"表": cells + merged}))
    assert written(grid) == [("甲", 0, 0, 1, 2), ("", 1, 0, 1, 1), ("乙", 1, 1, 1, 1)]


def test_formatted_blanks_to_column_iv_are_cut_off() -> None:
    cells = sheet_data(
        row(1, text_cell("A1", "甲"), '<c r="IV1" s="0"/>'), row(900, '<c r="A900"/>')
    )
    (grid,) = read_workbook(xlsx({"表": cells}))
    assert written(grid) == [("甲", 0, 0, 1, 1)]


def test_an_empty_sheet_is_a_grid_without_cells() -> None:
    assert read_workbook(xlsx({"空": "<sheetData/>"})) == (Grid((), Anchor(sheet="空")),)


@pytest.mark.parametrize(
    ("stored", "printed"),
    [
        ("1009.2863959999999", "1009.286396"),
        ("1009.286396", "1009.286396"),
        ("2040601.0", "2040601"),
        ("2040601", "2040601"),
        ("0.1", "0.1"),
        ("0.30000000000000004", "0.3"),
        ("-0", "0"),
        ("1E-7", "0.0000001"),
        ("1.5E+15", "1500000000000000"),
        ("91016775.349999994", "91016775.35"),
    ],
)
def test_numbers_are_the_decimals_that_were_typed(stored: str, printed: str) -> None:
    cells = sheet_data(row(1, number_cell("A1", stored)))
    assert texts(read_workbook(xlsx({"表": cells}))) == [[[printed]]]


@given(st.decimals(-(10**11), 10**11, places=4, allow_nan=False))
def test_every_amount_survives_being_stored_as_a_number(amount: object) -> None:
    assert float(number_text(float(str(amount)))) == float(str(amount))
    assert "e" not in number_text(float(str(amount))).lower()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "TRUE"),
        (False, "FALSE"),
        (3, "3"),
        (date(2024, 3, 1), "2024-03-01"),
        (datetime(2024, 3, 1, 12, 30), "2024-03-01T12:30:00"),  # noqa: DTZ001
        (time(12, 30), "12:30:00"),
        (timedelta(hours=30, minutes=5, seconds=1), "30:05:01"),
        (timedelta(minutes=-90), "-01:30:00"),
        ("", ""),
    ],
)
def test_values_are_written_as_shown(value: object, text: str) -> None:
    assert value_text(value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row_", "column", "name"),
    [
        (0, 0, "A1"),
        (6, 1, "B7"),
        (0, 25, "Z1"),
        (0, 26, "AA1"),
        (0, 255, "IV1"),
        (9, 16383, "XFD10"),
    ],
)
def test_addresses_are_those_of_spreadsheets(row_: int, column: int, name: str) -> None:
    assert address(row_, column) == name


def test_xlsx_errors_and_truth_values_are_printed() -> None:
    cells = sheet_data(
        row(1, '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', '<c r="B1" t="b"><v>1</v></c>'),
        row(2, '<c r="C2" t="e"><v>#N/A</v></c>'),
    )
    grid = read_workbook(xlsx({"一": "<sheetData/>", "二": cells}))[1]
    assert texts([grid]) == [[["#DIV/0!", "TRUE", ""], ["", "", "#N/A"]]]


def test_hidden_sheets_rows_and_columns_are_read() -> None:
    cells = (
        f'<cols><col min="1" max="1" hidden="1"/></cols>{sheet_data(row(1, text_cell("A1", "甲")))}'
    )
    content = xlsx({"表": cells.replace("<row ", '<row hidden="1" ')})
    assert texts(read_workbook(content)) == [[["甲"]]]


def test_line_breaks_are_the_same_on_every_system() -> None:
    cells = sheet_data(row(1, text_cell("A1", "一&#13;\n二_x000D_三\n四")))
    assert texts(read_workbook(xlsx({"表": cells}))) == [[["一\n二\n三\n四"]]]


def test_xls_reads_as_stored() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表 ")
    sheet.write_merge(0, 0, 0, 2, "题")
    sheet.write(1, 0, 205.0)
    sheet.write(1, 1, " 一\n二 ")
    sheet.write(1, 2, 1009.2863959999999)
    sheet.write(2, 0, True)
    sheet.write(2, 1, date(2024, 3, 1), xlwt.easyxf(num_format_str="YYYY-MM-DD"))
    sheet.row(2).set_cell_error(2, "#DIV/0!")
    sheet.row(3).set_cell_blank(200)
    target = io.BytesIO()
    book.save(target)
    (grid,) = read_workbook(target.getvalue())
    assert written(grid) == [
        ("题", 0, 0, 1, 3),
        ("205", 1, 0, 1, 1),
        (" 一\n二 ", 1, 1, 1, 1),
        ("1009.286396", 1, 2, 1, 1),
        ("TRUE", 2, 0, 1, 1),
        ("2024-03-01", 2, 1, 1, 1),
        ("#DIV/0!", 2, 2, 1, 1),
    ]


def test_ods_texts_keep_spaces_tabs_and_lines() -> None:
    text = ' 合<text:s text:c="4"/>计<text:tab/>元<text:line-break/>二</text:p><text:p>三\n 四'
    assert texts(read_workbook(ods(table(paragraph_cell(text))))) == [[["合    计\t元\n二\n三 四"]]]


def test_ods_values_are_written_as_in_other_workbooks() -> None:
    kinds = [
        ("float", "value", "1009.2863959999999"),
        ("percentage", "value", "0.22"),
        ("currency", "value", "205.0"),
        ("boolean", "boolean-value", "true"),
        ("date", "date-value", "2024-03-01"),
        ("time", "time-value", "PT30H05M01S"),
    ]
    cells = "".join(
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}">'
        "<text:p>shown</text:p></table:table-cell>"
        for kind, name, value in kinds
    )
    found = texts(read_workbook(ods(table(cells + paragraph_cell("#DIV/0!")))))
    assert found == [[["1009.286396", "0.22", "205", "TRUE", "2024-03-01", "30:05:01", "#DIV/0!"]]]


def test_ods_merges_and_repeats_are_followed() -> None:
    wide = 'table:number-columns-spanned="2" table:number-rows-spanned="1"'
    tall = 'table:number-columns-spanned="1" table:number-rows-spanned="2"'
    blank = '<table:table-cell table:number-columns-repeated="1000"/>'
    twice = paragraph_cell("0", 'table:number-columns-repeated="2"')
    (grid,) = read_workbook(
        ods(
            table(
                paragraph_cell("项目", tall) + paragraph_cell("预算数", wide) + blank,
                f"<table:covered-table-cell/>{twice}{blank}",
            )
        )
    )
    assert written(grid) == [
        ("项目", 0, 0, 2, 1),
        ("预算数", 0, 1, 1, 2),
        ("0", 1, 1, 1, 1),
        ("0", 1, 2, 1, 1),
    ]


def test_ods_comments_are_not_text_and_groups_are_looked_through() -> None:
    note = "<office:annotation><text:p>批注</text:p></office:annotation><text:p>甲</text:p>"
    cell = f'<table:table-cell office:value-type="string">{note}</table:table-cell>'
    grouped = f"<table:table-header-rows><table:table-row>{cell}</table:table-row>"
    content = f'<table:table table:name="表">{grouped}</table:table-header-rows></table:table>'
    assert texts(read_workbook(ods(content))) == [[["甲"]]]


def test_a_file_that_is_no_workbook_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="no workbook: it looks like text"):
        read_workbook("预算".encode())


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_cells_of_all_sheets_are_counted(kind: str) -> None:
    if kind == "xlsx":
        cells = sheet_data(row(1, text_cell("A1", "1"), text_cell("C1", "2")))
        content = xlsx({"一": cells, "二": cells})
    else:
        content = ods("".join(table(paragraph_cell("1") * 3, name=name) for name in "一二"))
    with pytest.raises(LimitExceededError, match="more than 5 cells"):
        read_workbook(content, ReadingLimits(cells=5))


def test_sheets_together_spread_only_so_far() -> None:
    cells = sheet_data(row(1, text_cell("A1", "1")), row(3, text_cell("A3", "2")))
    merged = '<mergeCells><mergeCell ref="B1:C3"/></mergeCells>'
    content = xlsx({"一": cells + merged, "二": cells + merged})
    with pytest.raises(
        LimitExceededError, match="'二' spreads over 3 rows and 3 columns, more than"
    ):
        read_workbook(content, ReadingLimits(cells=12))
