"""Comparing as such, on any entries: nothing is lost, doubled, or out of order."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbudget.cubes.comparison import Change, compare, decimal_text, rate
from openbudget.cubes.following import CodeList, Entry

CODES = ("201", "20101", "2010101", "2010102", "2080505", "2210203", "2290303", "2999999")
NAMES = ("购房补贴", "行政运行", "灯 会", "灯会", "其他支出", None)
FEN = st.one_of(st.none(), st.integers(-(10**12), 10**12), st.integers(-2, 2))
ENTRIES = st.dictionaries(
    st.one_of(st.none(), st.sampled_from(CODES)), st.tuples(st.sampled_from(NAMES), FEN)
).map(lambda found: [Entry(key, name, fen, 1) for key, (name, fen) in found.items()])
LISTS = st.dictionaries(
    st.sampled_from(CODES), st.sampled_from([name for name in NAMES if name])
).map(lambda names: CodeList("list", names))


@given(ENTRIES, ENTRIES, st.tuples(LISTS, LISTS), st.booleans())
def test_every_entry_is_in_one_row(
    base: list[Entry], other: list[Entry], lists: tuple[CodeList, CodeList], follow: bool
) -> None:
    rows = compare(base, other, lists, follow=follow).rows
    assert Counter(row.base for row in rows if row.base) == Counter(base)
    assert Counter(row.other for row in rows if row.other) == Counter(other)
    both = sum(own.fen or 0 for own in other) - sum(own.fen or 0 for own in base)
    assert sum(row.difference or 0 for row in rows) == both
    for row in rows:
        assert (row.match is not None) == bool(row.base and row.other and row.key is not None)
        assert row.note is None or row.match is None or row.note.code == "names_differ"
        if not follow and row.base and row.other:
            assert row.base.key == row.other.key


@given(ENTRIES, ENTRIES, st.tuples(LISTS, LISTS))
def test_each_change_is_what_it_says_and_rows_are_in_order(
    base: list[Entry], other: list[Entry], lists: tuple[CodeList, CodeList]
) -> None:
    found = compare(base, other, lists)
    for row in found.rows:
        one = row.base.fen if row.base else None
        two = row.other.fen if row.other else None
        holds = {
            Change.UNCHANGED: one == two,
            Change.ADDED: one is None and two is not None,
            Change.REMOVED: two is None and one is not None,
            Change.INCREASED: one is not None and two is not None and two > one,
            Change.DECREASED: one is not None and two is not None and two < one,
        }
        assert [change for change, own in holds.items() if own] == [row.change]
    assert [row for change in Change for row in found.of(change)] == list(found.rows)
    for change in Change:
        keys = [
            (-abs(row.difference or 0), row.key is None, (row.key or "").encode())
            for row in found.of(change)
        ]
        assert keys == sorted(keys)


@given(ENTRIES, ENTRIES, st.tuples(LISTS, LISTS))
def test_the_order_of_entries_decides_nothing(
    base: list[Entry], other: list[Entry], lists: tuple[CodeList, CodeList]
) -> None:
    first = compare(base, other, lists)
    assert compare(base[::-1], other[::-1], lists) == first
    back = compare(other, base, (lists[1], lists[0]))
    assert {(r.other, r.base) for r in back.rows} == {(r.base, r.other) for r in first.rows}


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_a_rate_is_exact_and_rounded_once(base: int, other: int) -> None:
    exact = rate(base, other)
    if base == 0:
        assert exact is None
        return
    assert exact == Fraction(other - base, base)
    with localcontext() as context:
        context.prec = 80
        quotient = Decimal(other - base) / Decimal(base)
        said = quotient.quantize(Decimal("0.000001"), ROUND_HALF_UP)
    assert Decimal(decimal_text(exact)) == said


@pytest.mark.parametrize(
    ("exact", "text"),
    [
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(-1, 2_000_000), "-0.000001"),
        (Fraction(-1, 2_000_001), "0.000000"),
        (Fraction(5, 2), "2.500000"),
        (Fraction(-1), "-1.000000"),
    ],
)
def test_rates_are_written_with_six_decimals(exact: Fraction, text: str) -> None:
    assert decimal_text(exact) == text


def test_what_is_not_there_has_no_rate_but_a_difference() -> None:
    (added,) = compare([], [Entry("201", None, 5, 1)], (CodeList(), CodeList())).rows
    assert (added.change, added.difference, added.rate) == ("added", 5, None)
    (removed,) = compare([Entry("201", None, 5, 1)], [], (CodeList(), CodeList())).rows
    assert (removed.change, removed.difference, removed.rate) == ("removed", -5, Fraction(-1))
    blank = [Entry("201", None, None, 1)]
    (row,) = compare(blank, blank, (CodeList(), CodeList())).rows
    assert (row.change, row.difference, row.rate) == ("unchanged", None, None)
