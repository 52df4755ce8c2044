"""Cubes as clients of Babbage know them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, event

from openbudget.api.common import DEPARTMENT, DOCUMENT
from openbudget.cubes.model import CUBES, dimensions
from tests.api.client import Api, parse, validate
from tests.cubes.asking import Cubes

AGGREGATE = "/v1/cubes/expenditure/aggregate"


def test_there_is_one_cube_for_each_kind_of_table_with_lines(api: Api) -> None:
    found = api.json("/v1/cubes")
    assert (found["status"], [own["name"] for own in found["data"]]) == ("ok", list(CUBES))
    lines = {own["name"]: own["lines"] for own in found["data"]}
    assert (lines["expenditure"], lines["government_procurement"]) == (31, 0)
    for own in found["data"]:
        assert api.json(own["href"])["name"] == own["name"]


def test_a_model_is_one_that_babbage_would_write(api: Api) -> None:
    model = api.json("/v1/cubes/expenditure/model")["model"]
    assert {"fact_table", "measures", "aggregates", "dimensions", "hierarchies"} <= set(model)
    for aggregate in model["aggregates"].values():
        if "measure" in aggregate:
            assert aggregate["label"] == model["measures"][aggregate["measure"]]["label"]
    for name, own in model["dimensions"].items():
        assert own["ref"] == name
        assert name in model["hierarchies"][own["hierarchy"]]["levels"]
        for kind in ("key", "label"):
            assert own[f"{kind}_ref"] == f"{name}.{own[f'{kind}_attribute']}"
            assert own[f"{kind}_ref"] == own["attributes"][own[f"{kind}_attribute"]]["ref"]
    levels = {name: own["levels"] for name, own in model["hierarchies"].items()}
    assert levels["function"] == ["function_1", "function_2", "function"]
    assert levels["jurisdiction"] == ["province", "city", "jurisdiction"]
    assert levels["expenditure_type"] == ["expenditure_type_1", "expenditure_type"]
    sizes = {n: (d["cardinality"], d["cardinality_class"]) for n, d in model["dimensions"].items()}
    assert (sizes["function_1"], sizes["revenue"]) == ((4, "tiny"), (0, None))
    assert sizes["line"] == (31, "low")


def test_an_aggregate_of_the_first_document(api: Api) -> None:
    found = api.json(f"{AGGREGATE}?drilldown=function_1&order=amount.sum:desc&pagesize=2")
    assert found["cells"] == [
        {
            "function_1.code": "204",
            "function_1.label": "公共安全支出",
            "function_1.label_en": "Public security",
            "amount.sum": Decimal("9092652.68"),
            "_count": 26,
        },
        {
            "function_1.code": "221",
            "function_1.label": "住房保障支出",
            "function_1.label_en": "Housing security",
            "amount.sum": Decimal("433459.32"),
            "_count": 2,
        },
    ]
    rest = ("status", "summary", "total_cell_count", "cell", "aggregates", "attributes", "order")
    assert {name: found[name] for name in (*rest, "page", "page_size", "warnings")} == {
        "status": "ok",
        "summary": {"amount.sum": Decimal("10097543.96"), "_count": 31},
        "total_cell_count": 4,
        "cell": [],
        "aggregates": ["amount.sum", "_count"],
        "attributes": ["function_1.code", "function_1.label", "function_1.label_en"],
        "order": [
            ["amount.sum", "desc"],
            ["function_1.code", "asc"],
            ["function_1.label", "asc"],
            ["function_1.label_en", "asc"],
        ],
        "page": 1,
        "page_size": 2,
        "warnings": [],
    }


def test_money_is_written_with_two_decimals(api: Api) -> None:
    assert '"amount.sum":433459.32' in api.call(f"{AGGREGATE}?cut=function_1:221").text
    text = api.call("/v1/cubes/transfer_payments/aggregate?drilldown=phase").text
    assert '"amount.sum":1800000.00' in text


def test_codes_are_texts_however_they_are_quoted(api: Api) -> None:
    for cut in ('function_1:"204"', "function_1:204", "function_1.code:204"):
        found = api.json(f"{AGGREGATE}?drilldown=function_1&cut={cut}")
        assert [cell["function_1.code"] for cell in found["cells"]] == ["204"]
        assert found["cell"][0]["value"] == ["204"]
    found = api.json(f'{AGGREGATE}?drilldown=fiscal_year&cut=fiscal_year:"2024"')
    assert [cell["fiscal_year.year"] for cell in found["cells"]] == [2024]


def test_trailing_slashes_are_optional(api: Api) -> None:
    paths = ("", "/expenditure/model", "/expenditure/aggregate", "/expenditure/facts")
    for path in (*paths, "/expenditure/members/scope"):
        with_slash = api.call(f"/v1/cubes{path}/")
        assert with_slash.status_code == 200, path
        without = parse(api.call(f"/v1/cubes{path}"))
        assert {**parse(with_slash), "links": None} == {**without, "links": None}


def test_labels_can_be_drilled_cut_and_sorted_by(made: Cubes) -> None:
    across = "fiscal_year|scope|phase|document"
    query = {"drilldown": "function_1.label", "order": "function_1.label", "sum_across": across}
    found = made.ask("expenditure/aggregate", **query)
    labels = [cell["function_1.label"] for cell in found["cells"]]
    assert labels == sorted(labels)
    assert len(labels) == 4
    cut = 'function_1.label:"公共安全支出"'
    one = made.ask("expenditure/aggregate", cut=cut, sum_across=across)
    code = made.ask("expenditure/aggregate", cut="function_1:204", sum_across=across)
    assert one["summary"] == code["summary"]
    assert one["summary"]["_count"] > 0


def test_totals_are_facts_only_and_only_when_asked_for(api: Api) -> None:
    leaves = api.json("/v1/cubes/expenditure/facts?fields=line.role")
    assert {fact["line.role"] for fact in leaves["data"]} == {"leaf"}
    asked = api.json("/v1/cubes/expenditure/facts?role=total,subtotal&fields=line,amount")
    assert {fact["line.role"] for fact in asked["data"]} == {"total", "subtotal"}
    assert asked["total_fact_count"] == len(asked["data"])
    assert asked["fields"][-1] == "amount"
    assert api.json(f"{AGGREGATE}?cut=line.role:total")["summary"] == {
        "amount.sum": None,
        "_count": 0,
    }
    assert api.call(f"{AGGREGATE}?role=total").status_code == 400


def test_a_fact_has_the_id_of_its_line(api: Api) -> None:
    cut = f'line:"{DOCUMENT}.expenditure.29.project"'
    (fact,) = api.json(f"/v1/cubes/expenditure/facts?cut={cut}")["data"]
    line = api.json(f"/v1/lines/{fact['line.id']}")["data"]
    assert (fact["amount"], fact["line.text"]) == (line["amount"], line["printed"]["text"])
    assert fact["function.code"] == line["function"]["code"]
    assert fact["department.id"] == DEPARTMENT


def test_errors_have_the_body_of_babbage_and_the_problem_inside(api: Api) -> None:
    for path, status in [
        ("/v1/cubes/none/model", 404),
        ("/v1/cubes/none/aggregate", 404),
        ("/v1/cubes/expenditure/members/none", 400),
        ("/v1/cubes/expenditure/nothing", 404),
        (f"{AGGREGATE}?drilldown=cofog", 400),
        (f"{AGGREGATE}?drilldown=", 400),
        (f"{AGGREGATE}?cut=cofog:1", 400),
        (f"{AGGREGATE}?order=function", 400),
        (f"{AGGREGATE}?pagesize=10001", 400),
        (f"{AGGREGATE}?pages=1", 400),
        (f"{AGGREGATE}?aggregates=amount", 400),
        (f"{AGGREGATE}?sum_across=function", 400),
        ("/v1/cubes/expenditure/facts?fields=amount.sum", 400),
    ]:
        response = api.call(path)
        assert (response.status_code, response.mimetype) == (status, "application/json"), path
        body = parse(response)
        assert body["status"] == "error"
        assert body["context"]["problem"]["status"] == status
        assert body["message"].startswith(body["context"]["problem"]["detail"])
    response = api.app.test_client().post("/v1/cubes")
    assert (response.status_code, response.json["status"]) == (405, "error")  # type: ignore[index]
    assert response.headers["Allow"]
    assert api.problem("/v1/cube", 404)


def test_answers_are_cached_like_those_of_other_resources(api: Api) -> None:
    first = api.call(AGGREGATE)
    assert first.headers["Data-Version"] == parse(first)["meta"]["data_version"]
    assert first.headers["Cache-Control"].startswith("public")
    again = api.call(AGGREGATE, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert api.call(f"{AGGREGATE}?pagesize=1").headers["ETag"] != first.headers["ETag"]


def test_the_first_page_is_also_page_0_and_a_page_may_hold_nothing(api: Api) -> None:
    whole = api.json(f"{AGGREGATE}?drilldown=function&pagesize=3")
    assert api.json(f"{AGGREGATE}?drilldown=function&pagesize=3&page=0")["cells"] == whole["cells"]
    empty = api.json(f"{AGGREGATE}?drilldown=function&pagesize=0")
    assert (empty["cells"], empty["total_cell_count"]) == ([], whole["total_cell_count"])
    beyond = api.json(f"{AGGREGATE}?drilldown=function&page=99")
    assert (beyond["cells"], beyond["summary"]) == ([], whole["summary"])


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (
            "aggregate?drilldown=function|department|project|jurisdiction&sum_across="
            + "|".join(("fiscal_year", "scope", "phase", "direction", "document")),
            3,
        ),
        ("facts", 2),
        ("members/function", 2),
        ("model", 1),
    ],
)
def test_few_statements_however_many_lines(made: Cubes, path: str, most: int) -> None:
    engine: Engine = made.api.app.extensions["openbudget"].engine
    made.api.json("/v1/cubes/expenditure/members/scope")
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    url = f"/v1/cubes/expenditure/{path}"
    response = made.api.call(f"{url}{'&' if '?' in url else '?'}pagesize=999" if most > 1 else url)
    event.remove(engine, "before_cursor_execute", note)
    validate(url, response)
    assert response.status_code == 200
    assert len([statement for statement in seen if " lines" in statement]) <= most, seen


BY_TABLE = "(current=? AND table_kind=? AND role=?"


@pytest.mark.parametrize(
    ("cut", "index"),
    [
        (None, f"{BY_TABLE})"),
        ("fiscal_year:2024", f"{BY_TABLE} AND own_year=?)"),
        ("function_1:204|scope:unit", "(current=? AND function>? AND function<?)"),
        (f"department:{DEPARTMENT}", "(current=? AND department=?)"),
        (f"document:{DOCUMENT}", "(current=? AND document=?)"),
        (f'line:"{DOCUMENT}.expenditure.29.project"', "(current=? AND document=?)"),
        (f"project:{DOCUMENT}.projects.1", "(current=? AND document=?)"),
    ],
)
def test_every_statement_is_served_by_an_index(made: Cubes, cut: str | None, index: str) -> None:
    engine: Engine = made.api.app.extensions["openbudget"].engine
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    made.ask("expenditure/aggregate", cut=cut, drilldown="function", aggregates="_count")
    event.remove(engine, "before_cursor_execute", note)
    asked = [own for own in seen if "FROM lines" in own[0]]
    assert len(asked) in (2, 3)
    for statement, parameters in asked:
        plan = [str(row[-1]) for row in made.sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        steps = [step for step in plan if "lines" in step]
        assert [step.startswith("SEARCH lines USING INDEX") for step in steps] == [True], plan
        assert steps[0].endswith(index), plan


def test_every_dimension_can_be_asked_for_in_every_cube(cubes: Cubes) -> None:
    everything = "|".join(dimensions())
    for cube in CUBES:
        found = cubes.ask(
            f"{cube}/aggregate",
            drilldown=everything,
            sum_across="fiscal_year|scope|phase|direction|item_group|document",
        )
        assert found["total_cell_count"] == found["summary"]["_count"]
        facts = cubes.ask(f"{cube}/facts", pagesize=3)
        assert {*found["attributes"], "amount"} == set(facts["fields"])
