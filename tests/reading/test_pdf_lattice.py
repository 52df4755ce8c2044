"""Ruling lines to cells, on lines made by hand."""

from __future__ import annotations

import pytest

from openbudget.blocks import Anchor, Paragraph
from openbudget.errors import LimitExceededError
from openbudget.reading.pdf.paths import box_edges
from openbudget.reading.pdf.reader import page_blocks
from openbudget.reading.pdf.runs import runs_of
from tests.reading.pdf_making import Edge, box_lines, facts, grids, text_at


def cells(edges: list[Edge]) -> list[list[tuple[int, int, int, int]]]:
    return [[fact[1:] for fact in facts(grid)] for grid in grids(page_blocks([], edges, 1, 10_000))]


def lined(xs: list[float], ys: list[float]) -> list[Edge]:
    """Draw every line of a table from side to side."""
    across = [Edge(xs[0], y, xs[-1], y) for y in ys]
    return across + [Edge(x, ys[0], x, ys[-1]) for x in xs]


TWO_BY_TWO = [(0, 0, 1, 1), (0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1)]


def test_plain_table() -> None:
    assert cells(lined([10, 60, 110], [10, 30, 50])) == [TWO_BY_TWO]


def test_missing_edges_are_spans() -> None:
    edges = [*box_lines(10, 10, 110, 50), Edge(60, 10, 60, 50), Edge(60, 30, 110, 30)]
    assert cells(edges) == [[(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]]


def test_a_double_line_is_one_line() -> None:
    edges = lined([10, 60, 62.5, 110], [10, 30, 32.8, 50])
    assert cells(edges) == [TWO_BY_TWO]


def test_a_bundle_of_lines_does_not_creep_over_a_row() -> None:
    steps = [10 + 2.9 * step for step in range(8)]
    (found,) = cells(lined([10, 60], steps))
    assert len(found) == 3


def test_thin_boxes_with_gaps_at_the_corners_are_lines() -> None:
    edges = []
    for y in (10, 30, 50):
        for x in (10, 60):
            edges += box_edges(x + 1, y, x + 49, y + 0.96, stroked=False)
    for x in (10, 60, 110):
        for y in (10, 30):
            edges += box_edges(x, y + 1, x + 0.96, y + 19, stroked=False)
    assert cells(edges) == [TWO_BY_TWO]


def test_rows_of_dots_are_lines() -> None:
    edges = []
    for y in (10, 30, 50):
        for step in range(51):
            edges += box_edges(10 + 2 * step, y, 11 + 2 * step, y + 1, stroked=False)
    for x in (10, 60, 110):
        for step in range(21):
            edges += box_edges(x, 10 + 2 * step, x + 1, 11 + 2 * step, stroked=False)
    assert cells(edges) == [TWO_BY_TWO]


def test_shading_is_no_line() -> None:
    shade = box_edges(10, 10, 110, 20, stroked=False)
    assert cells([*lined([10, 60, 110], [10, 30, 50]), *shade]) == [TWO_BY_TWO]


def test_a_wide_gap_opens_a_side_and_joins_the_cells_beside_it() -> None:
    edges = [
        *box_lines(10, 10, 110, 50),
        Edge(60, 10, 60, 50),
        Edge(10, 30, 40, 30),
        Edge(60, 30, 110, 30),
    ]
    assert cells(edges) == [[(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]]


def test_an_area_that_is_no_rectangle_is_cut_into_rectangles() -> None:
    edges = [*box_lines(10, 10, 110, 50), Edge(60, 30, 60, 50), Edge(60, 30, 110, 30)]
    assert cells(edges) == [[(0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)]]


def test_a_header_narrower_than_its_table() -> None:
    edges = lined([10, 60, 110], [30, 50, 70]) + box_lines(60, 10, 110, 30)
    assert cells(edges) == [[(0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1)]]


@pytest.mark.parametrize("side", ["left", "right", "bottom"])
def test_an_open_side_is_closed_where_lines_end_together(side: str) -> None:
    drawn = {
        "left": [Edge(10, y, 110, y) for y in (10, 30, 50)]
        + [Edge(x, 10, x, 50) for x in (60, 110)],
        "right": [Edge(10, y, 110, y) for y in (10, 30, 50)]
        + [Edge(x, 10, x, 50) for x in (10, 60)],
        "bottom": [Edge(10, y, 110, y) for y in (10, 30)]
        + [Edge(x, 10, x, 50) for x in (10, 60, 110)],
    }
    assert cells(drawn[side]) == [TWO_BY_TWO]


def test_a_lone_box_or_an_underline_is_no_table() -> None:
    edges = [*box_lines(10, 10, 110, 50), Edge(10, 80, 110, 80)]
    blocks = page_blocks(runs_of(text_at("AB", 20, 20)), edges, 3, 100)
    assert blocks == [Paragraph("AB", Anchor(page=3, box=(20, 20, 30, 30)))]


def test_a_table_within_a_cell_keeps_its_text() -> None:
    outer = lined([10, 200, 390], [10, 200])
    inner = lined([30, 60, 90], [30, 50, 70])
    printed = runs_of(text_at("7", 35, 35) + text_at("8", 150, 150))
    blocks = page_blocks(printed, outer + inner, 1, 1000)
    assert [facts(grid) for grid in grids(blocks)] == [
        [("8", 0, 0, 1, 1), ("", 0, 1, 1, 1)],
        [("7", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("", 1, 0, 1, 1), ("", 1, 1, 1, 1)],
    ]


def test_tables_side_by_side_do_not_cut_each_other() -> None:
    edges = lined([10, 60, 110], [10, 30, 50]) + lined([200, 300], [10, 20, 40, 50])
    assert cells(edges) == [TWO_BY_TWO, [(0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1)]]


def test_too_many_crossings() -> None:
    edges = lined([10 * step for step in range(1, 12)], [10 * step for step in range(1, 12)])
    with pytest.raises(LimitExceededError, match="11 by 11 ruling lines; at most 120 crossings"):
        page_blocks([], edges, 1, 120)
