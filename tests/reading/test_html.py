from __future__ import annotations

import pytest

from openbudget.blocks import Anchor
from openbudget.errors import LimitExceededError, TruncatedFileError, UnreadableFileError
from openbudget.reading.html import read_html
from openbudget.reading.limits import ReadingLimits
from tests.reading.office_files import published, texts, written


def page(body: str) -> bytes:
    return f"<html><head><title>题</title></head><body>{body}</body></html>".encode()


def test_spans_are_placed_as_a_browser_does() -> None:
    (grid,) = read_html(
        page(
            "<table><tr><td rowspan=2>项目<td colspan=2>预算数</tr>"
            "<tr><td>合计<td>基本</tr><tr><td>甲<td>1.50<td></table>"
        )
    )
    assert written(grid) == [
        ("项目", 0, 0, 2, 1),
        ("预算数", 0, 1, 1, 2),
        ("合计", 1, 1, 1, 1),
        ("基本", 1, 2, 1, 1),
        ("甲", 2, 0, 1, 1),
        ("1.50", 2, 1, 1, 1),
        ("", 2, 2, 1, 1),
    ]
    assert grid.anchor == Anchor(block=1)


@pytest.mark.parametrize(
    ("attributes", "row_span", "column_span"),
    [
        ("rowspan=99 colspan=1", 2, 1),
        ("rowspan=0", 2, 1),
        ("colspan=99999999999", 1, 2),
        ("colspan=0 rowspan=-1", 1, 1),
        ("colspan=x", 1, 1),
        ("rowspan=999999999999999999999 colspan=2", 2, 2),
    ],
)
def test_spans_end_with_the_table(attributes: str, row_span: int, column_span: int) -> None:
    rows = f"<tr><td {attributes}>甲</td></tr><tr><td>乙</td><td>丙</td><td>丁</td></tr>"
    (grid,) = read_html(page(f"<table>{rows}</table>"))
    first = written(grid)[0]
    # Columns beyond those in which a cell begins do not count.
    assert first[:4] == ("甲", 0, 0, row_span)
    assert 1 <= first[4] <= max(column_span, 3)


def test_lines_are_those_of_the_page() -> None:
    body = "<h1>一</h1>前<br>后<p>二 \n 三</p><div>四<div>五</div>六</div><ul><li>七<li>八</ul>"
    assert texts(read_html(page(body))) == ["一", "前\n后", "二三", "四", "五", "六", "七", "八"]


def test_spaces_collapse_but_those_that_print_stay() -> None:
    body = (
        "<p>  a  b\n c <b> d</b>\t</p><p>&nbsp;&nbsp;一、\u3000说明 2024 年</p><pre>x  y\nz</pre>"
    )
    assert texts(read_html(page(body))) == ["a b c d", "\xa0\xa0一、\u3000说明 2024 年", "x  y\nz"]


def test_styles_that_keep_spaces_are_honoured() -> None:
    body = '<p style="white-space: pre-wrap">合  计</p>'
    assert texts(read_html(page(body))) == ["合  计"]


def test_what_prints_nothing_is_left_out() -> None:
    body = (
        "<script>x</script><style>y</style><noscript>z</noscript><!-- c -->"
        "<p>\u200b合\u200d计\ufeff&shy;</p><select><option>选</option></select>"
    )
    assert texts(read_html(page(body))) == ["合计"]


def test_blank_cells_of_spaces_are_blank() -> None:
    (grid,) = read_html(page("<table><tr><td>&nbsp;</td><td> \n</td><td>0</td></tr></table>"))
    assert texts([grid]) == [[["", "", "0"]]]


def test_cells_keep_their_lines() -> None:
    cell = "<p>总</p><p>体<br>目</p>标"
    assert texts(read_html(page(f"<table><tr><td>{cell}</table>"))) == [[["总\n体\n目\n标"]]]


def test_text_hidden_by_a_style_is_read() -> None:
    # Spreadsheets write what does not fit a cell into such a span.
    cell = "一般公共预算<span style='display:none'>财政拨款</span>"
    assert texts(read_html(page(f"<table><tr><td>{cell}</table>"))) == [[["一般公共预算财政拨款"]]]


def test_sections_of_a_table_are_in_the_order_shown() -> None:
    body = (
        "<table><caption>表一</caption><tfoot><tr><td>尾</tfoot>"
        "<tbody><tr><td>身</tbody><thead><tr><td>首</thead></table>"
    )
    assert texts(read_html(page(body))) == ["表一", [["首"], ["身"], ["尾"]]]


def test_a_page_laid_out_by_tables_is_read_in_order() -> None:
    inner = "<table><tr><td>1</td><td>2</td></tr></table>"
    body = f"<table><tr><td><p>标题</p>{inner}</td></tr><tr><td>注</td></tr></table>"
    assert texts(read_html(page(body))) == ["标题", [["1", "2"]], "注"]


def test_a_nested_table_is_a_grid_after_the_one_around_it() -> None:
    inner = "<table><tr><td>内</td></tr></table>"
    body = f"<table><tr><td>甲</td><td>乙{inner}</td></tr></table>"
    assert texts(read_html(page(body))) == [[["甲", "乙"]], [["内"]]]


def test_unclosed_tags_are_mended() -> None:
    assert texts(read_html(b"<table><tr><td>1<td>2<tr><td>3</table>")) == [[["1", "2"], ["3"]]]


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030", "utf-8"])
def test_chinese_pages_are_read_whatever_charset_they_declare(charset: str) -> None:
    text = f'<meta charset="{charset}"><p>镕㐂 预算</p>'
    assert texts(read_html(text.encode("gb18030"))) == ["镕㐂 预算"]


def test_traditional_pages_are_read_by_their_charset() -> None:
    text = '<meta http-equiv="Content-Type" content="text/html; charset=big5"><p>項目</p>'
    assert texts(read_html(text.encode("big5"))) == ["項目"]


def test_pictures_instead_of_tables_are_said_so() -> None:
    with pytest.raises(
        UnreadableFileError, match=r"tables of this page are pictures \(8 of them\)"
    ):
        read_html(published("cq_transport_budget_dept_2018.html"))


def test_icons_are_no_tables() -> None:
    body = (
        '<img src="a.gif" width="16" height="16"><img src="b.gif" style="width: 750px; height:2px">'
    )
    assert texts(read_html(page(f"<p>说明</p>{body}"))) == ["说明"]


def test_pictures_beside_a_table_are_no_error() -> None:
    body = "<img src='章.png' width='750' height='750'><table><tr><td>1</table>"
    assert texts(read_html(page(body))) == [[["1"]]]


def test_cells_are_counted_with_their_spans() -> None:
    with pytest.raises(LimitExceededError, match="more than 1,000 cells"):
        read_html(page("<table><tr>" + "<td colspan=1000>" * 2), ReadingLimits(cells=1000))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<html><body><p>说明", "its end is missing"),
        ("<body><table><tr><td>1</td></tr></table>", "its end is missing"),
        ("<p>说明<table><tr><td>1", "in the middle of a table"),
        ("<table><tr><td><table></table>", "in the middle of a table"),
    ],
)
def test_a_page_that_was_cut_off_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(TruncatedFileError, match=sentence):
        read_html(text.encode())


def test_tags_in_scripts_are_none() -> None:
    script = "<script>document.write('<table>')</script><!-- <table> --><p>甲</p>"
    assert texts(read_html(script.encode())) == ["甲"]
