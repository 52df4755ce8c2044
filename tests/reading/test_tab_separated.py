"""Text with cells parted by tabs: what is a row, what a paragraph, what a blank cell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbudget.blocks import Anchor, Cell, Grid, Paragraph
from openbudget.errors import LimitExceededError
from openbudget.reading.limits import DEFAULT_LIMITS
from openbudget.reading.tab_separated import is_tab_separated, tab_separated_blocks
from tests.conftest import FIRST


def blocks_of(text: str) -> list[str | list[list[str]]]:
    """Give paragraphs as texts, and grids as rows of texts."""
    return [
        [[cell.text for cell in row] for row in block.rows]
        if isinstance(block, Grid)
        else block.text
        for block in tab_separated_blocks(text, DEFAULT_LIMITS)
    ]


def test_anchors_are_lines_and_short_rows_end_in_blank_cells() -> None:
    blocks = tab_separated_blocks("表\n\n项目\t预算数\r\n合计\r\n\t 4432 \n", DEFAULT_LIMITS)
    cells = (
        Cell("项目", 0, 0, Anchor(line=3)),
        Cell("预算数", 0, 1, Anchor(line=3)),
        Cell("合计", 1, 0, Anchor(line=4)),
        Cell("", 1, 1, Anchor(line=4)),
        Cell("", 2, 0, Anchor(line=5)),
        Cell(" 4432 ", 2, 1, Anchor(line=5)),
    )
    assert blocks == (Paragraph("表", Anchor(line=1)), Grid(cells, Anchor(line=3)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\tb\n\n1\t2", [[["a", "b"], ["", ""], ["1", "2"]]]),
        ("a\tb\n说明\n1\t2\n注", [[["a", "b"], ["说明", ""], ["1", "2"]], "注"]),
        ("a\tb\n\n\n表二\n\nc\td", [[["a", "b"]], "表二", [["c", "d"]]]),
        ("a\tb\n注\n\n表二\n1\t2", [[["a", "b"]], "注", "表二", [["1", "2"]]]),
        ("a\tb\n\n", [[["a", "b"]]]),
        ("文字\n\n \n文字", ["文字", "文字"]),
        ("a\t\t\nb", [[["a", "", ""]], "b"]),
    ],
)
def test_rows_and_paragraphs(text: str, expected: list[str | list[list[str]]]) -> None:
    assert blocks_of(text) == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ('"4,432.00"', "4,432.00"),
        ('"基本\n支出"', "基本\n支出"),
        ('"""三公""经费"', '"三公"经费'),
        ('"三公"经费', '"三公"经费'),
        ('"三公"', '"三公"'),
        ('"', '"'),
        ('""', '""'),
        ('"一,', '"一,'),
    ],
)
def test_only_quotes_that_a_spreadsheet_set_are_taken_off(cell: str, expected: str) -> None:
    assert blocks_of(f"项目\t{cell}\t1\n2\t3") == [[["项目", expected, "1"], ["2", "3", ""]]]


def test_the_first_document_has_its_cells_one_a_line() -> None:
    assert not is_tab_separated(FIRST.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text", ["a\t" * 11, "a\tb\n" * 6, "a\t\t\t\t\t\n\n1\t2"], ids=["wide", "long", "padded"]
)
def test_cells_are_limited_with_the_blank_ones(text: str) -> None:
    with pytest.raises(LimitExceededError, match="the tables have more than 10 cells"):
        tab_separated_blocks(text, replace(DEFAULT_LIMITS, cells=10))


@given(st.text(st.sampled_from('\t\n\r"a, '), max_size=60))
def test_no_text_is_lost(text: str) -> None:
    texts = [
        text_of.text
        for block in tab_separated_blocks(text, DEFAULT_LIMITS)
        for text_of in (block.cells if isinstance(block, Grid) else (block,))
    ]
    assert "".join(texts).count("a") == text.count("a")
