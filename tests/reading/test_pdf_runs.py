"""Characters to runs, and runs cut at cells and at the sides of the page."""

from __future__ import annotations

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from openbudget.reading.pdf.page import Frame
from openbudget.reading.pdf.reader import page_blocks
from openbudget.reading.pdf.runs import GAP, Character, Run, runs_of
from openbudget.reading.pdf.texts import text_of
from tests.reading.pdf_making import Edge, facts, grids, text_at

sides = st.integers(-20, 60).map(float)
heights = st.sampled_from([(10.0, 20.0), (10.0, 22.0), (40.0, 50.0)])


@st.composite
def characters(draw: st.DrawFn) -> Character:
    left, (top, bottom) = draw(sides), draw(heights)
    right = left + draw(st.integers(0, 12))
    return draw(st.sampled_from("a1预 ")), left, top, right, bottom, 0, None


def one_by_one(runs: list[Run]) -> list[Character]:
    return list(chain.from_iterable(run.characters() for run in runs))


def test_a_run_ends_at_a_gap_and_where_the_height_or_a_side_changes() -> None:
    printed = text_at("收入", 10, 10) + text_at("1", 36, 10) + text_at("2", 30, 10)
    printed += text_at("3", 35, 10, size=9) + text_at("4", 50, 12, size=9)
    assert [run.text for run in runs_of(printed)] == ["收入", "1", "2", "3", "4"]
    assert runs_of(printed[:2]) == [Run("收入", (10, 20), (20, 30), 10, 20)]


@given(st.lists(characters()))
def test_no_character_is_lost_and_none_stands_apart(printed: list[Character]) -> None:
    runs = runs_of(printed)
    assert one_by_one(runs) == printed
    for text, lefts, rights, top, bottom, *_ in runs:
        assert len(text) == len(lefts) == len(rights)
        assert sorted(lefts) == list(lefts)
        assert sorted(rights) == list(rights)
        gaps = (left - right for left, right in zip(lefts[1:], rights, strict=False))
        assert max(gaps, default=0) <= GAP * (bottom - top)


@given(st.lists(characters(), min_size=1))
def test_the_text_is_the_same_in_runs_of_one_character(printed: list[Character]) -> None:
    alone = [run for character in printed for run in runs_of([character])]
    assert text_of(runs_of(printed)) == text_of(alone)


@given(st.lists(characters()))
def test_what_is_off_the_page_is_left_out_by_its_middle(printed: list[Character]) -> None:
    shown = Frame(0, 0, 40, 30).shown(runs_of(printed))
    assert one_by_one(shown) == [
        character
        for character in printed
        if 0 <= (character[1] + character[3]) / 2 <= 40
        and 0 <= (character[2] + character[4]) / 2 <= 30
    ]


def test_what_is_no_number_is_on_no_page() -> None:
    nan = float("nan")
    printed = [("a", 1.0, 1.0, nan, 9.0, 0, None), ("b", nan, 1.0, nan, 9.0, 0, None)]
    printed += [("c", 1.0, nan, 5.0, nan, 0, None), *text_at("d", 10, 10)]
    shown = Frame(0, 0, 40, 30).shown(runs_of(printed))
    assert [run.text for run in shown] == ["d"]


def test_a_run_over_a_line_is_cut_there() -> None:
    edges = [Edge(10, y, 110, y) for y in (10, 30)] + [Edge(x, 10, x, 30) for x in (10, 60, 110)]
    printed = runs_of(text_at("预算收入支出表", 34, 15) + text_at("合计", 104, 15))
    grid, paragraph = page_blocks(printed, edges, 1, 100)
    assert facts(grids([grid])[0]) == [("预算收", 0, 0, 1, 1), ("入支出表合", 0, 1, 1, 1)]
    assert getattr(paragraph, "text", None) == "计"
