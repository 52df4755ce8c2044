"""Characters to lines, on characters made by hand."""

from __future__ import annotations

from openbudget.blocks import Anchor, Paragraph
from openbudget.reading.pdf.reader import page_blocks
from openbudget.reading.pdf.runs import runs_of
from openbudget.reading.pdf.texts import lines, text_of
from tests.reading.pdf_making import Edge, text_at


def test_lines_of_a_cell_from_the_top_down_whatever_the_order() -> None:
    characters = text_at("编码", 10, 22) + text_at("科目", 10, 10)
    assert text_of(runs_of(characters[::-1])) == "科目\n编码"


def test_printed_spaces_stay() -> None:
    assert text_of(runs_of(text_at(" 合  计 1,234.50 ", 10, 10))) == " 合  计 1,234.50 "


def test_a_wide_gap_is_one_space_and_a_narrow_one_none() -> None:
    assert text_of(runs_of(text_at("收入", 10, 10) + text_at("总计", 60, 10))) == "收入 总计"
    assert text_of(runs_of(text_at("12", 10, 10) + text_at("34", 24, 10))) == "1234"


def test_no_space_is_added_beside_a_printed_one() -> None:
    assert text_of(runs_of(text_at("收 ", 10, 10) + text_at("入", 60, 10))) == "收 入"


def test_a_space_under_a_character_parts_nothing() -> None:
    assert text_of(runs_of(text_at("1 ", 10, 10) + text_at("234", 15, 10))) == "1234"


def test_white_space_only_is_blank() -> None:
    assert text_of(runs_of(text_at("  ", 10, 10))) == ""
    assert lines(runs_of(text_at("  ", 10, 10))) == []


def test_a_raised_sign_stays_on_its_line() -> None:
    assert text_of(runs_of(text_at("面积m", 10, 10) + text_at("2", 35, 8, size=6))) == "面积m2"


def test_sideways_text_is_read_along_its_direction() -> None:
    upwards = [
        (letter, 50.0, 100.0 - 5 * index - 5, 60.0, 100.0 - 5 * index, 90, None)
        for index, letter in enumerate("ABC")
    ]
    (line,) = lines(runs_of(upwards[::-1]))
    assert line == ("ABC", (50, 85, 60, 100))


def test_slanted_text_belongs_to_no_cell() -> None:
    edges = [Edge(0, y, 200, y) for y in (0, 50, 100)] + [Edge(x, 0, x, 100) for x in (0, 200)]
    stamp = [(*character[:5], 45, None) for character in text_at("样本", 20, 20)]
    blocks = page_blocks(runs_of(stamp + text_at("1", 10, 10)), edges, 1, 100)
    assert Paragraph("样本", Anchor(page=1, box=(20, 20, 40, 30))) in blocks


def test_paragraphs_and_grids_in_reading_order() -> None:
    edges = [Edge(10, y, 200, y) for y in (50, 70, 90)] + [Edge(x, 50, x, 90) for x in (10, 200)]
    printed = text_at("3", 90, 700) + text_at("1", 20, 55) + text_at("收入总表", 60, 20)
    blocks = page_blocks(runs_of(printed), edges, 1, 100)
    assert [getattr(block, "text", "grid") for block in blocks] == ["收入总表", "grid", "3"]
