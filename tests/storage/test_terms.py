"""Texts are split into units and terms; excerpts are exact."""

from __future__ import annotations

import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openbudget.storage.excerpts import BEFORE, LENGTH, find_matches, make_excerpt
from openbudget.storage.terms import (
    Query,
    index_terms,
    parse_query,
    split_units,
    unit_texts,
    write_units,
)

TEXTS = st.text(max_size=200)


def asked(text: str) -> Query:
    found = parse_query(text)
    assert found is not None
    return found


def written(text: str) -> str:
    return write_units(unit_texts(text))


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("法律援助", " 法 律 援 助 "),
        ("收    入", " 收 入 "),
        ("財政撥款", " 财 政 拨 款 "),
        ("２０２４年", " 2024 年 "),
        ("《預算》“表”", " 预 算 表 "),
        ("比2023年增长785,876元, 增长8.4%。", " 比 2023 年 增 长 785 876 元 / 增 长 8 4 "),
        ("110102-231002", " 110102 231002 "),
        ("General public Budget", " general public budget "),
        ("Ⅳ类 é e\u0301", " iv 类 e e "),
        ("⼀般", " 一 般 "),
        ("、。*", ""),
    ],
)
def test_a_text_is_split_into_units(text: str, units: str) -> None:
    assert written(text) == units


def test_terms_are_words_and_neighbours_and_single_characters_of_names_only() -> None:
    name, text = unit_texts("法律"), unit_texts("预算2024年、a budget law")
    assert index_terms([name], []).split() == ["x5f8b", "x6cd5", "x6cd5x5f8b"]
    assert index_terms([], [text]).split() == [
        *("w2024", "w2024x5e74", "wawbudget", "wbudget", "wlaw", "x7b97w2024", "x9884x7b97"),
    ]


def test_a_query_is_only_text() -> None:
    assert parse_query(" \"*-()' ") is None
    query = asked('法律" NEAR(援助* -2024) OR')
    assert [word.needle for word in query.words] == [
        *(" 法 律 ", " near ", " 援 助 ", " 2024 ", " or ")
    ]
    assert query.terms == ("x6cd5x5f8b", "wnear", "x63f4x52a9", "w2024", "wor")
    assert query.phrase == " 法 律 near / 援 助 / 2024 / or "


def test_characters_with_spaces_between_are_one_word() -> None:
    assert asked("收    入") == asked("收入")
    assert [word.single for word in asked("法 援助").words] == [True, False]


@given(TEXTS)
def test_terms_are_plain_small_letters_and_digits(text: str) -> None:
    terms = index_terms([unit_texts(text)], []).split()
    assert all(term.isascii() and term.isalnum() and term == term.lower() for term in terms)


@given(TEXTS | st.text("a1é㎡½⑴…㏂,./ “《法\u0301\u200b", max_size=30))
@example("3½, a…b c,,d e/f g㎡/h ⑴b 一.2 1,800.00")
def test_texts_are_those_of_the_units_that_stand_somewhere(text: str) -> None:
    assert unit_texts(text) == [unit.text for unit in split_units(text)]


@given(TEXTS)
def test_units_stand_where_they_say(text: str) -> None:
    units = split_units(text)
    places = [(unit.start, unit.end) for unit in units]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)


@given(TEXTS, st.integers(0, 200), st.integers(1, 20))
def test_the_index_misses_nothing_that_the_units_hold(text: str, at: int, length: int) -> None:
    query = parse_query(text[at : at + length])
    if query is None:
        return
    units = unit_texts(text)
    whole = write_units(units)
    for names, texts in (([units], []), ([], [units])):
        sought = [word for word in query.words if names or not word.single]
        if len(sought) == len(query.words) and all(word.needle in whole for word in sought):
            assert set(query.terms) <= set(index_terms(names, texts).split())
            assert find_matches(text, query)[1] == len(sought)


@given(TEXTS, TEXTS)
def test_excerpts_are_exact(text: str, sought: str) -> None:
    query = parse_query(sought)
    if query is None:
        return
    excerpt = make_excerpt([text], query)
    assert "".join(part for part, _ in excerpt.parts) == excerpt.text
    assert excerpt.text in text
    assert len(excerpt.text) <= LENGTH
    assert excerpt.cut_start or text.startswith(excerpt.text)
    assert excerpt.cut_end or text.endswith(excerpt.text)
    spans, _ = find_matches(text, query)
    assert any(matches for _, matches in excerpt.parts) == bool(spans)


def test_an_excerpt_marks_every_match_around_the_first() -> None:
    text = "前" * 50 + "法律援助与法 律援助" + "后" * 200
    excerpt = make_excerpt(["别的", text], asked("法律"))
    assert excerpt.parts[:5] == (
        *(("前" * BEFORE, False), ("法律", True), ("援助与", False), ("法 律", True)),
        ("援助" + "后" * 80, False),
    )
    assert (excerpt.cut_start, excerpt.cut_end) == (True, True)


def test_words_match_whole() -> None:
    assert find_matches("2012年12月", asked("12"))[0] == ((5, 7),)


def test_splitting_is_linear() -> None:
    def calls(length: int) -> int:
        """Count the calls that it takes, which no other process disturbs."""
        counted = 0

        def count(*_event: object) -> None:
            nonlocal counted
            counted += 1

        text = "法律a1,援助 《" * length
        sys.setprofile(count)
        index_terms([unit_texts(text)], [])
        make_excerpt([text], asked("法律 援助"))
        sys.setprofile(None)
        return counted

    calls(10)
    assert calls(5_000) < 5.5 * calls(1_000)
