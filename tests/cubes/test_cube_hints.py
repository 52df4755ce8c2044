"""What a cube answers to calls that are nearly right, and where it links to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.client import Api, parse

AGGREGATE = "/v1/cubes/expenditure/aggregate"


@pytest.mark.parametrize(
    ("query", "mistake"),
    [
        (
            "fiscal_year=2024",
            ("fiscal_year", "unknown parameter", "Write it as a condition: cut=fiscal_year:2024."),
        ),
        (
            "cut=scope:unit&function_1=204,205&function_1=208",
            (
                "function_1",
                "unknown parameter",
                "Write it as a condition: cut=scope:unit|function_1:204;205;208.",
            ),
        ),
        ("drildown=scope", ("drildown", "unknown parameter", "Did you mean drilldown?")),
        ("nothing=1", ("nothing", "unknown parameter", "Leave it out.")),
        (
            "cut=scope:unit&cut=fiscal_year:2024",
            (
                "cut",
                "takes one value, not several",
                "Send it once, its parts parted by |: cut=fiscal_year:2024|scope:unit.",
            ),
        ),
        ("page=1&page=2", ("page", "takes one value, not several", "Send it once.")),
        (
            "sum_across=scope,phase",
            (
                "sum_across",
                "'scope,phase' is not known here",
                "Part them by |: sum_across=scope|phase.",
            ),
        ),
    ],
)
def test_a_mistake_says_how_to_mend_it(api: Api, query: str, mistake: tuple[str, str, str]) -> None:
    response = api.call(f"{AGGREGATE}?{query}")
    assert response.status_code == 400
    body = parse(response)
    (error,) = body["context"]["problem"]["errors"]
    assert (error["parameter"], error["detail"], error["hint"]) == mistake
    parameter, detail, hint = mistake
    assert body["message"] == (
        f"The call cannot be answered as it is: see {parameter}. At {parameter}: {detail}. {hint}"
    )


def test_what_is_missing_is_told_with_an_example(api: Api) -> None:
    problem = parse(api.call("/v1/cubes/expenditure/tree"))["context"]["problem"]
    assert problem["errors"] == [
        {
            "parameter": "drilldown",
            "detail": "is required",
            "allowed": None,
            "hint": "Add it, such as drilldown=function.",
        }
    ]


def test_what_is_not_there_is_told_in_sentences(api: Api) -> None:
    message = parse(api.call("/v1/cubes/cofog/model"))["message"]
    assert message.startswith("There is no cube 'cofog'. Unknown id. The cubes are ")


@pytest.mark.parametrize(
    ("query", "links"),
    [
        (
            "?drilldown=function_1&order=amount.sum:desc&page=1&pagesize=2",
            {"csv": "drilldown=function_1", "json-stat": "drilldown=function_1"},
        ),
        (".json?drilldown=function_1", {"csv": "", "json-stat": ""}),
        ("?drilldown=function.label", {"csv": "drilldown=function.label"}),
    ],
)
def test_sums_link_to_their_other_formats(api: Api, query: str, links: dict[str, Any]) -> None:
    found = api.json(f"{AGGREGATE}{query}")["links"]
    found.pop("self")
    assert set(found) == set(links)
    for name, href in found.items():
        assert href.startswith(f"{AGGREGATE}.{name}?drilldown=function")
        assert links[name] in href
        assert ("order=" in href) == ("order=" in query)
        response = api.call(href)
        assert (response.status_code, "page" in href) == (200, False)
