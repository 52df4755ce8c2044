from __future__ import annotations

import pytest

from openbudget.blocks import Anchor
from openbudget.errors import LimitExceededError, UnreadableFileError
from openbudget.reading.docx import read_docx
from openbudget.reading.limits import ReadingLimits
from tests.reading.office_files import docx, p, tbl, tc, texts, tr, written, zipped

RESTART = '<w:vMerge w:val="restart"/>'
CONTINUE = "<w:vMerge/>"


def span(columns: int) -> str:
    return f'<w:gridSpan w:val="{columns}"/>'


def test_paragraphs_and_tables_keep_their_order_and_count_as_blocks() -> None:
    blocks = read_docx(docx(p("预算01表 收支总表") + p("") + tbl(tr(tc("项目"))) + p("注：无")))
    assert texts(blocks) == ["预算01表 收支总表", [["项目"]], "注：无"]
    assert [block.anchor for block in blocks] == [Anchor(block=number) for number in (1, 2, 3)]


def test_merged_cells_have_their_true_spans() -> None:
    table = tbl(
        tr(tc("项目", RESTART), tc("本年预算数", span(3))),
        tr(tc("", CONTINUE), tc("合计"), tc("基本支出"), tc("项目支出")),
        tr(tc("合计"), tc("1.50"), tc(""), tc("0")),
    )
    (grid,) = read_docx(docx(table))
    assert written(grid) == [
        ("项目", 0, 0, 2, 1),
        ("本年预算数", 0, 1, 1, 3),
        ("合计", 1, 1, 1, 1),
        ("基本支出", 1, 2, 1, 1),
        ("项目支出", 1, 3, 1, 1),
        ("合计", 2, 0, 1, 1),
        ("1.50", 2, 1, 1, 1),
        ("", 2, 2, 1, 1),
        ("0", 2, 3, 1, 1),
    ]


def test_columns_in_which_no_cell_begins_are_closed_up() -> None:
    table = tbl(
        tr(tc("甲", span(3)), tc("乙", span(2))),
        tr(tc("1", span(2)), tc("2"), tc("3", span(2))),
    )
    (grid,) = read_docx(docx(table))
    assert written(grid) == [
        ("甲", 0, 0, 1, 2),
        ("乙", 0, 2, 1, 1),
        ("1", 1, 0, 1, 1),
        ("2", 1, 1, 1, 1),
        ("3", 1, 2, 1, 1),
    ]


def test_cells_merged_the_old_way_are_merged() -> None:
    first, other = '<w:hMerge w:val="restart"/>', '<w:hMerge w:val="continue"/>'
    table = tbl(tr(tc("收入", first), tc("", other), tc("支出")), tr(tc("1"), tc("2"), tc("3")))
    (grid,) = read_docx(docx(table))
    assert written(grid)[:2] == [("收入", 0, 0, 1, 2), ("支出", 0, 2, 1, 1)]


def test_a_merge_that_continues_nothing_is_a_cell_of_its_own() -> None:
    table = tbl(tr(tc("甲"), tc("", CONTINUE)), tr(tc("乙"), tc("", CONTINUE)))
    (grid,) = read_docx(docx(table))
    assert written(grid)[1] == ("", 0, 1, 2, 1)


def test_text_in_a_cell_that_continues_another_is_not_lost() -> None:
    table = tbl(tr(tc("甲", RESTART)), tr(tc("乙", CONTINUE)))
    (grid,) = read_docx(docx(table))
    assert written(grid) == [("甲", 0, 0, 1, 1), ("乙", 1, 0, 1, 1)]


def test_a_row_that_begins_later_leaves_its_first_columns_out() -> None:
    late = '<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>' + tc("丙") + "</w:tr>"
    (grid,) = read_docx(docx(tbl(tr(tc("甲"), tc("乙")), late)))
    assert written(grid)[2] == ("丙", 1, 1, 1, 1)


def test_lines_and_tabs_in_a_cell_are_as_printed() -> None:
    run = "<w:r><w:t>总</w:t><w:br/><w:t>体</w:t><w:tab/><w:t>目</w:t><w:cr/></w:r>"
    cell = f"<w:tc><w:p>{run}</w:p>{p('标 ')}</w:tc>"
    (grid,) = read_docx(docx(tbl(tr(cell))))
    assert grid.rows[0][0].text == "总\n体\t目\n\n标 "  # type: ignore[union-attr]


def test_a_cell_of_empty_paragraphs_is_blank() -> None:
    (grid,) = read_docx(docx(tbl(tr(tc(p("") + p("")), tc(" ")))))
    assert texts([grid]) == [[["", " "]]]


def test_deleted_text_is_left_out_and_inserted_text_kept() -> None:
    runs = (
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>去</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>来</w:t></w:r></w:moveTo>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>显</w:t></w:r>'
    )
    assert texts(read_docx(docx(f"<w:p>{runs}</w:p>"))) == ["新来显"]


def test_deleted_rows_and_cells_are_left_out() -> None:
    gone = "<w:tr><w:trPr><w:del/></w:trPr>" + tc("旧") + "</w:tr>"
    table = tbl(gone, tr(tc("甲"), tc("旧", "<w:cellDel/>"), tc("乙")))
    assert texts(read_docx(docx(table))) == [[["甲", "乙"]]]


def test_content_controls_and_links_are_looked_through() -> None:
    link = "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>"
    field = "<w:fldSimple><w:r><w:t>2024</w:t></w:r></w:fldSimple>"
    control = f"<w:sdt><w:sdtContent><w:p>{link}{field}</w:p></w:sdtContent></w:sdt>"
    rows = f"<w:sdt><w:sdtContent>{tr(tc('甲'))}</w:sdtContent></w:sdt>"
    cell = f"<w:tr><w:sdt><w:sdtContent>{tc('乙')}</w:sdtContent></w:sdt></w:tr>"
    assert texts(read_docx(docx(control + tbl(rows, cell)))) == ["链接2024", [["甲"], ["乙"]]]


def test_a_text_box_follows_its_paragraph_once() -> None:
    box = f"<w:txbxContent>{p('金额单位：万元')}</w:txbxContent>"
    twofold = (
        f"<mc:AlternateContent><mc:Choice><v:shape>{box}</v:shape></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    paragraph = f"<w:p><w:r><w:t>标题</w:t>{twofold}</w:r></w:p>"
    assert texts(read_docx(docx(paragraph))) == ["标题", "金额单位：万元"]


def test_a_text_box_in_a_cell_is_text_of_the_cell() -> None:
    box = f"<w:p><w:r><w:pict><w:txbxContent>{p('框')}</w:txbxContent></w:pict></w:r></w:p>"
    assert texts(read_docx(docx(tbl(tr(tc(p("甲") + box)))))) == [[["甲\n\n框"]]]


def test_a_nested_table_is_a_grid_after_the_one_around_it() -> None:
    inner = tbl(tr(tc("内")))
    blocks = read_docx(docx(tbl(tr(tc("甲"), tc(p("乙") + inner + p(""))), tr(tc("丙"), tc("丁")))))
    assert texts(blocks) == [[["甲", "乙"], ["丙", "丁"]], [["内"]]]


def test_a_frame_around_tables_is_dissolved() -> None:
    framed = tbl(tr(tc(p("标题") + tbl(tr(tc("1"), tc("2"))) + p("注"))))
    assert texts(read_docx(docx(framed))) == ["标题", [["1", "2"]], "注"]


def test_special_characters_are_printed() -> None:
    run = '<w:r><w:t>新增</w:t><w:sym w:char="F0A8"/><w:noBreakHyphen/><w:ptab/><w:t>x</w:t></w:r>'
    assert texts(read_docx(docx(f"<w:p>{run}</w:p>"))) == ["新增\uf0a8-\tx"]


def test_formulas_and_base_texts_are_text() -> None:
    formula = "<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"
    ruby = (
        "<w:r><w:ruby><w:rt><w:r><w:t>yù</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>预</w:t></w:r></w:rubyBase></w:ruby></w:r>"
    )
    assert texts(read_docx(docx(f"<w:p>{formula}{ruby}</w:p>"))) == ["x=1预"]


def test_notes_come_last() -> None:
    notes = (
        f'<w:footnote w:type="separator">{p("-")}</w:footnote><w:footnote>{p("脚注")}</w:footnote>'
    )
    assert texts(read_docx(docx(p("正文"), footnotes=notes))) == ["正文", "脚注"]


def test_an_embedded_document_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="embeds another one"):
        read_docx(docx("<w:altChunk/>"))


def test_cells_are_counted() -> None:
    with pytest.raises(LimitExceededError, match="more than 3 cells"):
        read_docx(docx(tbl(*[tr(tc("甲"), tc("乙"))] * 2)), ReadingLimits(cells=3))


def test_the_main_part_is_found_by_its_relation() -> None:
    relations = (
        '<Relationships><Relationship Type="http://purl.oclc.org/ooxml/officeDocument/relationships'
        '/officeDocument" Target="/word/document.xml"/></Relationships>'
    )
    document = (
        '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r>'
        "<w:t> 严格 </w:t></w:r></w:p></w:body></w:document>"
    )
    content = zipped({"_rels/.rels": relations, "word/document.xml": document})
    assert texts(read_docx(content)) == ["严格"]


def test_content_of_twofold_form_is_read_once_between_paragraphs() -> None:
    forms = f"<mc:Choice>{tbl(tr(tc('新')))}</mc:Choice><mc:Fallback>{p('旧')}</mc:Fallback>"
    assert texts(read_docx(docx(f"<mc:AlternateContent>{forms}</mc:AlternateContent>"))) == [
        [["新"]]
    ]
