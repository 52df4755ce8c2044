from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbudget.budget.money import (
    FEN_PER_UNIT,
    LARGEST_FEN,
    Amount,
    State,
    format_yuan,
    parse_amount,
    parse_yuan,
)
from openbudget.errors import AmountError

FEN = st.integers(min_value=-(10**20), max_value=10**20)


@given(FEN)
def test_yuan_round_trips(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


@given(st.integers(-LARGEST_FEN, LARGEST_FEN), st.sampled_from(sorted(FEN_PER_UNIT)))
def test_printed_amounts_are_exact(fen: int, unit: str) -> None:
    printed = format(Decimal(fen) / FEN_PER_UNIT[unit], "f")
    amount = parse_amount(printed, unit)
    assert amount.fen == fen
    assert amount.state is (State.PRINTED if fen else State.ZERO)
    assert (amount.text, amount.unit) == (printed, unit)


@given(st.integers(min_value=0, max_value=10**14 - 1), st.text(" \u3000\t", max_size=3))
def test_thousands_commas_and_spaces_change_nothing(yuan: int, space: str) -> None:
    text = f"{space}{yuan:,}{space}"
    assert parse_amount(text, "元").fen == yuan * 100
    assert parse_amount(text, "元").text == text


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", State.BLANK),
        (" \n", State.BLANK),
        ("0", State.ZERO),
        ("0.00", State.ZERO),
        ("—", State.DASH),
        ("——", State.DASH),
        ("-", State.DASH),
        ("……", State.PLACEHOLDER),
        ("XXX", State.PLACEHOLDER),
        ("x,xxx", State.PLACEHOLDER),
    ],
)
def test_blank_zero_dash_and_placeholder_differ(text: str, state: State) -> None:
    amount = parse_amount(text, "万元")
    assert amount == Amount(0 if state is State.ZERO else None, state, text, "万元")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("0.0000001", "万元"),
        ("1.001", "元"),
        ("12", None),
        ("12", "辆"),
        ("1,23", "元"),
        ("1 2", "元"),
        ("12元", "元"),
        ("1e5", "元"),
        ("NaN", "元"),
        ("9" * 31, "元"),
        ("1" + "0" * 14, "元"),
        ("-10,000,000,000", "万元"),
        ("9" * 20, "万元"),
    ],
)
def test_what_is_no_exact_amount_is_refused(text: str, unit: str | None) -> None:
    with pytest.raises(AmountError):
        parse_amount(text, unit)


def test_the_largest_amount_can_be_added_up_in_64_bits() -> None:
    assert parse_amount("9" * 14 + ".99", "元").fen == LARGEST_FEN
    assert parse_amount("-" + "9" * 14 + ".99", "元").fen == -LARGEST_FEN
    assert LARGEST_FEN * 900 < 2**63


def test_trailing_zeros_beyond_a_fen_are_exact() -> None:
    assert parse_amount("60.000000 ", "万元").fen == 60_000_000
    assert parse_amount("0.0100000000", "元").fen == 1
