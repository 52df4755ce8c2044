"""Dataflows: every cube is one, keys are read strictly, members are identifiers and back."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openbudget.cubes.dialect import Cut
from openbudget.cubes.flows import (
    NOT_APPLICABLE,
    TIME,
    TOTAL,
    closed_codes,
    concept_names,
    flows,
    query_of,
    read_key,
    read_member,
    write_member,
)
from openbudget.cubes.guards import GUARDS
from openbudget.cubes.mistakes import CubeQueryError
from openbudget.cubes.model import CUBES

FLOW = flows()["expenditure"]
IDENTIFIER = re.compile(r"[A-Za-z0-9_@$\-]+")
"""IDType of SDMXCommon.xsd."""


def test_every_cube_is_a_flow_whose_dimensions_part_what_must_not_be_mixed() -> None:
    assert set(flows()) == set(CUBES)
    for flow in flows().values():
        names = [own.id for own in flow.dimensions]
        assert len(set(names)) == len(names)
        assert names[-1] == TIME
        parted = {own.of for own in flow.dimensions} | {"item_group"}
        assert {guard.dimension for guard in GUARDS} <= parted, flow.name
    assert "item" in {own.of for own in flows()["three_public_expenses"].dimensions}


def test_everything_in_a_flow_has_names_and_closed_words_have_codes() -> None:
    for flow in flows().values():
        for own in flow.dimensions:
            assert all(concept_names(own.id)), own.id
    assert list(closed_codes("PHASE")) == ["approved", "adjusted", "executed", "_Z", "_T"]
    assert closed_codes("FUNCTION") == {}


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
@example("_T")
@example("_Z")
@example("=1+1")
@example("-2")
@example("@x")
@example("110102-231002")
@example("$5FEE$")
@example("一、其他.+")
def test_members_are_identifiers_and_back(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    written = write_member(text)
    assert IDENTIFIER.fullmatch(written)
    assert written not in (TOTAL, NOT_APPLICABLE)
    assert written[0] not in "=+-@"
    assert read_member(written) == text


def test_codes_stay_as_they_are() -> None:
    for code in ("2040601", "110102-231002", "official_hospitality", "2024"):
        assert write_member(code) == code
    assert write_member(None) == NOT_APPLICABLE


@given(st.text(alphabet="abAB09_$-@.+D8", min_size=1))
def test_no_text_is_read_as_a_member_that_is_written_otherwise(text: str) -> None:
    found = read_member(text)
    assert found is None or write_member(found) == text


def test_a_key_says_which_members_are_wanted() -> None:
    key = read_key(FLOW, "A.110102+310107..department.approved.._T._Z...")
    assert key == {
        "FREQ": ("A",),
        "REF_AREA": ("110102", "310107"),
        "SCOPE": ("department",),
        "PHASE": ("approved",),
        "FUNCTION": ("_T",),
        "GOVERNMENT_ECONOMIC": ("_Z",),
    }
    query = query_of(FLOW, key, (2023, None), "TIME_PERIOD", series=False)
    assert query.cuts == (
        Cut("period", ("own",)),
        Cut("jurisdiction", ("110102", "310107")),
        Cut("scope", ("department",)),
        Cut("phase", ("approved",)),
        Cut("government_economic", (None,)),
    )
    assert query.drilldown == (
        *("jurisdiction.code", "department.id", "scope.code", "phase.code", "direction.code"),
        *("government_economic.code", "department_economic.code", "expenditure_type.code"),
        *("table_key.key", "fiscal_year.year"),
    )
    assert query.years == (2023, None)
    by_scope = query_of(FLOW, key, (None, None), "SCOPE", series=False)
    assert by_scope.drilldown[-1] == "scope.code"
    assert "scope.code" not in query_of(FLOW, key, (None, None), "SCOPE", series=True).drilldown


@pytest.mark.parametrize("key", ["all", "..........", "A.........."])
def test_nothing_stands_for_every_member(key: str) -> None:
    assert set(read_key(FLOW, key)) <= {"FREQ"}


@pytest.mark.parametrize(
    ("key", "detail"),
    [
        ("A.110102", "has 2 parts, but expenditure has 11: "),
        ("A...........", "has 12 parts"),
        ("M..........", "'M' is no member of FREQ"),
        ("_T..........", "FREQ has no _T"),
        ("A......_T+204....", "FUNCTION is '_T+204': _T stands alone"),
        ("A....approve......", "'approve' is no member of PHASE"),
        ("A......204+....", "'' is no member of FUNCTION"),
        ("A......$D800$....", "'$D800$' is no member of FUNCTION"),
        ("A......20$4....", "'20$4' is no member of FUNCTION"),
    ],
)
def test_a_malformed_key_is_refused(key: str, detail: str) -> None:
    with pytest.raises(CubeQueryError) as error:
        read_key(FLOW, key)
    assert [own.parameter for own in error.value.mistakes] == ["key"]
    assert error.value.mistakes[0].detail.startswith(detail)
