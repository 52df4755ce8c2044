"""Babbage's little language."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openbudget.cubes.dialect import Cut, Sorting, parse_cuts, parse_drilldown, parse_order
from openbudget.cubes.mistakes import CubeQueryError

VERSION = "110102-1-2024-unit-approved@0123456789ab"


def parse_order_of_ab(text: str) -> tuple[Sorting, ...]:
    return parse_order(text, ("a", "b"))


VERSION_SAID = f"{VERSION!r} is one version of a document: cubes hold the current ones only"


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        (None, ()),
        ('function_1:"204"', (Cut("function_1", ("204",)),)),
        ("function_1:204", (Cut("function_1", ("204",)),)),
        ('function_1:"204";"208"', (Cut("function_1", ("204", "208")),)),
        (
            "function_1:204;208|scope:unit",
            (Cut("function_1", ("204", "208")), Cut("scope", ("unit",))),
        ),
        ("fiscal_year:2024", (Cut("fiscal_year", (2024,)),)),
        ('fiscal_year.year:"2024"', (Cut("fiscal_year.year", (2024,)),)),
        ('item:"a|b;c\\"d"|project:', (Cut("item", ('a|b;c"d',)), Cut("project", (None,)))),
        ("project:;x", (Cut("project", (None, "x")),)),
        ("function.label:行政运行", (Cut("function.label", ("行政运行",)),)),
    ],
)
def test_cuts(text: str | None, cuts: tuple[Cut, ...]) -> None:
    assert parse_cuts(text) == cuts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("function_1", "a reference and a colon are missing at character 1"),
        ("f oo:1", "a reference and a colon are missing at character 1"),
        ("scope:unit|", "a reference and a colon are missing at character 12"),
        ('function:"204', "the quoted value at character 10 is malformed"),
        ('function:"204"x', "';' or '|' is missing at character 15"),
        (r'function:"\ud800"', "the quoted value at character 10 is malformed"),
        (r'function:"\u0000"', "the quoted value at character 10 is malformed"),
        ("cofog:1", "'cofog' is not known here"),
        ("scope:office", "'office' is no value of scope"),
        ("fiscal_year:24", "'24' is no value of fiscal_year: a year has four digits"),
        (
            f"document:{VERSION}",
            VERSION_SAID,
        ),
    ],
)
def test_cuts_that_cannot_be_understood(text: str, said: str) -> None:
    with pytest.raises(CubeQueryError) as caught:
        parse_cuts(text)
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("read", "text", "hint"),
    [
        (parse_cuts, "fiscal_year=2024", "Write a colon: cut=fiscal_year:2024."),
        (
            parse_cuts,
            "scope:unit|fiscal_year=2024",
            "Write a colon: cut=scope:unit|fiscal_year:2024.",
        ),
        (
            parse_cuts,
            "scope",
            'Write reference:value, several conditions parted by |, such as scope:unit|item:"a".',
        ),
        (
            parse_cuts,
            "fiscal_year:2024,scope:unit",
            "Part conditions by |, and values of one by ;.",
        ),
        (
            parse_drilldown,
            "function,department",
            "Part them by |: drilldown=function|department.",
        ),
        (parse_drilldown, "function|scope;item", "Part them by |: drilldown=function|scope|item."),
        (parse_drilldown, "cofog", None),
        (parse_order_of_ab, "a|b:desc", "Part them by ,: order=a,b:desc."),
    ],
)
def test_hints_say_how_to_write_it(
    read: Callable[[str], object], text: str, hint: str | None
) -> None:
    with pytest.raises(CubeQueryError) as caught:
        read(text)
    assert [own.hint for own in caught.value.mistakes] == [hint]


@given(
    st.lists(
        st.text(st.characters(exclude_characters="\0", codec="utf-8")), min_size=1, unique=True
    )
)
def test_any_text_can_be_cut_by_when_it_is_quoted(values: list[str]) -> None:
    text = "item:" + ";".join(json.dumps(value) for value in values)
    assert parse_cuts(text + "|scope:unit") == (Cut("item", tuple(values)), Cut("scope", ("unit",)))


@given(st.text())
def test_any_text_is_understood_or_refused(text: str) -> None:
    for read in (parse_cuts, parse_drilldown):
        try:
            read(text)
        except CubeQueryError as error:
            assert error.mistakes  # noqa: PT017 - both are right


def test_order() -> None:
    allowed = ("amount.sum", "function")
    assert parse_order("amount.sum:desc,function", allowed) == (
        Sorting("amount.sum", True),
        Sorting("function"),
    )
    for text in ("nothing", "function:down", "", "function,"):
        with pytest.raises(CubeQueryError):
            parse_order(text, allowed)
