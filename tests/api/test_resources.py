"""The resources other than lines, by the figures the first document must give."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest

from openbudget.api.common import DEPARTMENT, DOCUMENT
from tests.api.client import Api
from tests.conftest import FIRST

TREE = "/v1/classifications/functional/2024/tree"


def _nodes(node: dict[str, Any]) -> dict[str, Decimal]:
    found = {node["code"]: node["value"]} if "code" in node else {}
    for child in node["children"]:
        found |= _nodes(child)
    return found


def test_tree_with_amounts(api: Api) -> None:
    answer = api.json(f"{TREE}?department={DEPARTMENT}&fiscal_year=2024&table=expenditure")
    nodes = _nodes(answer["data"])
    assert {code: str(nodes[code]) for code in ("204", "208", "210", "221")} == {
        "204": "9092652.68",
        "208": "359834.64",
        "210": "211597.32",
        "221": "433459.32",
    }
    assert {
        code: str(nodes[code]) for code in nodes if code.startswith("20406") and len(code) > 5
    } == {
        "2040601": "2125494.30",
        "2040607": "6943648.00",
        "2040650": "23510.38",
    }
    assert answer["data"]["value"] == Decimal("10097543.96")
    assert answer["data"]["without_code"] == 0
    assert answer["meta"]["query"] == {
        "edition": "2024",
        "department": DEPARTMENT,
        "fiscal_year": 2024,
        "table": "expenditure",
        "direction": "expenditure",
        "phase": "approved",
        "scope": "department",
    }


def test_the_link_of_a_tree_gives_the_lines_it_adds_up(api: Api) -> None:
    answer = api.json(f"{TREE}?department={DEPARTMENT}&table=expenditure")
    lines = api.json(answer["links"]["lines"] + "&page_size=1000")["data"]
    assert sum(line["amount"] for line in lines) == answer["data"]["value"]
    branch = api.json(f"{TREE}?department={DEPARTMENT}&table=expenditure&root=2040607")
    lines = api.json(branch["links"]["lines"])["data"]
    assert sum(line["amount"] for line in lines) == branch["data"]["value"] == Decimal("6943648.00")
    assert api.json(TREE)["links"]["lines"] is None


def test_tree_without_a_table_names_the_choices(api: Api) -> None:
    problem = api.problem(f"{TREE}?department={DEPARTMENT}&fiscal_year=2024", 400)
    assert [error["parameter"] for error in problem["errors"]] == ["table"]
    assert problem["errors"][0]["allowed"] == [
        "expenditure",
        "fiscal_appropriation",
        "general_public_budget_basic_expenditure",
        "general_public_budget_expenditure",
        "project_expenditure",
        "revenue_and_expenditure",
        "transfer_payments",
    ]


def test_tree_of_a_code_found_by_name(api: Api) -> None:
    answer = api.json(f"{TREE}?department={DEPARTMENT}&table=revenue_and_expenditure")
    assert _nodes(answer["data"])["204"] == Decimal("9087972.68")
    assert answer["data"]["value"] == Decimal("10092863.96")
    assert answer["data"]["without_code"] == 0


def test_tree_of_the_wrong_edition_is_refused(api: Api) -> None:
    path = f"/v1/classifications/functional/2009/tree?department={DEPARTMENT}&table=expenditure"
    (error,) = api.problem(path, 400)["errors"]
    assert error["parameter"] == "edition"
    assert error["detail"] == "edition 2009 serves the fiscal years … to 2017, not 2024"


def test_tree_shape_depth_root_and_search(api: Api) -> None:
    shallow = api.json(f"{TREE}?depth=1")["data"]
    assert len(shallow["children"]) == 29
    assert all(child["children"] == [] for child in shallow["children"])
    justice = api.json(f"{TREE}?root=20406")["data"]
    assert [child["code"] for child in justice["children"]] == ["20406"]
    found = _nodes(api.json(f"{TREE}?q=公共法律服务")["data"])
    assert list(found) == ["204", "20406", "2040607"]
    assert api.problem(f"{TREE}?root=999", 404)["status"] == 404


def test_tree_by_economic_classification(api: Api) -> None:
    path = "/v1/classifications/department-economic/2024/tree"
    answer = api.json(f"{path}?table=general_public_budget_basic_expenditure")
    nodes = _nodes(answer["data"])
    assert sum(nodes[code] for code in nodes if len(code) == 3) == Decimal("3151385.58")


@pytest.mark.parametrize(
    ("scheme", "query"),
    [
        ("functional", "table=expenditure&department_economic__under=302"),
        ("functional", "table=expenditure&government_economic=50502,50501&amount__gte=100000"),
        ("functional", "table=expenditure&function__under=208,210"),
        ("functional", "table=expenditure&function__under=20406&root=204"),
        ("functional", "table=expenditure&function__not=2040607&state=printed"),
        ("functional", "table=expenditure&expenditure_type__under=basic&function__prefix=2"),
        ("department-economic", "table=expenditure&function__under=20406"),
        (
            "department-economic",
            "table=expenditure&department_economic__under=302&function=2040607",
        ),
        ("government-economic", "table=expenditure&department_economic__prefix=301"),
        ("government-economic", "table=expenditure&government_economic__under=505&root=50502"),
    ],
)
def test_a_tree_takes_the_filters_of_lines(api: Api, scheme: str, query: str) -> None:
    answer = api.json(f"/v1/classifications/{scheme}/2024/tree?{query}")
    lines = api.json(answer["links"]["lines"] + "&page_size=1000")["data"]
    coordinate = scheme.replace("-", "_").replace("functional", "function")
    assert lines
    assert answer["data"]["value"] == sum(line["amount"] for line in lines)
    whole = api.json(f"/v1/lines?role=leaf&{query.partition('&root')[0]}&page_size=1000")["data"]
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in whole:
        code = line[coordinate]["code"]
        for length in {3, 5, len(code)}:
            sums[code[:length]] += line["amount"]
    nodes = _nodes(answer["data"])
    assert nodes == {code: amount for code, amount in sums.items() if code in nodes}
    if "root" not in query:
        assert set(nodes) == set(sums)


def test_a_tree_without_codes_of_its_own_says_what_has_none(api: Api) -> None:
    answer = api.json(f"{TREE}?table=expenditure&function__isnull=true")
    assert (answer["data"]["value"], answer["data"]["children"]) == (0, [])
    (error,) = api.problem(f"{TREE}?table=expenditure&revenue__near=1", 400)["errors"]
    assert error["hint"] == "Did you mean revenue__under?"
    under = "function__under=204&function__prefix=204&root=20406"
    assert api.json(f"{TREE}?table=expenditure&{under}")["links"]["lines"] is None


def test_department_whole(api: Api) -> None:
    department = api.json(f"/v1/departments/{DEPARTMENT}")["data"]
    assert department["name"] == "北京市西城区法律援助中心"
    assert [name["name"] for name in department["names"]] == [
        "西城区法律援助中心",
        "北京市西城区法律援助中心",
    ]
    assert department["supervising_department"]["name"] == "西城区司法局"
    code = department["supervising_department"]["unified_social_credit_code"]
    assert code == "111101020000292256"
    assert department["fiscal_years"] == [2024]


def test_departments_are_found_by_part_of_a_name_and_by_ids(api: Api) -> None:
    assert api.json("/v1/departments?q=法律 援助")["meta"]["total"] == 1
    assert api.json("/v1/departments?q=税务")["meta"]["total"] == 0
    assert api.json(f"/v1/departments?id={DEPARTMENT},110102-000000")["meta"]["total"] == 1


def test_budget_of_a_year(api: Api) -> None:
    (document,) = api.json(f"/v1/departments/{DEPARTMENT}/budgets/2024")["data"]["documents"]
    assert document["document"] == DOCUMENT
    assert document["headline"]["item"] == "支出总计"
    assert document["headline"]["amount"] == Decimal("10092863.96")
    assert [t["kind"] for t in document["tables"] if t["empty"]] == [
        "government_fund_budget_expenditure",
        "state_capital_operations_budget_expenditure",
        "three_public_expenses",
        "government_service_procurement",
    ]
    assert len(document["tables"]) == 14
    assert len(document["totals"]) == 15
    assert len(document["projects"]) == 5
    assert len(document["performance_targets"]) == 2
    assert api.problem(f"/v1/departments/{DEPARTMENT}/budgets/2023", 404)["status"] == 404


def test_document_with_coverage_and_versions(api: Api) -> None:
    document = api.json(f"/v1/documents/{DOCUMENT}")["data"]
    assert document["coverage"] == {
        "cells": 837,
        "used": 813,
        "ignored": [
            {"reason": "personal data", "count": 2},
            {"reason": "text of the blank form", "count": 22},
        ],
        "unmapped_count": 0,
    }
    assert document["unmapped"] == []
    assert document["staff"][0]["count"] == 9
    (version,) = document["versions"]
    assert version["current"]
    assert api.json(f"/v1/documents/{version['id']}")["data"] == document
    assert api.json(f"/v1/lines?document={version['id']}")["meta"]["total"] == 183


@pytest.mark.parametrize("accept", ["text/plain", "application/problem+json", "*/*;q=0.1"])
def test_source_bytes_are_what_they_are_whatever_is_asked_for(api: Api, accept: str) -> None:
    response = api.call(f"/v1/documents/{DOCUMENT}/source", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, "text/plain")


def test_source_bytes_are_answered_as_loaded(api: Api) -> None:
    response = api.call(f"/v1/documents/{DOCUMENT}/source")
    assert response.data == FIRST.read_bytes()
    disposition = f'attachment; filename="{DOCUMENT}.txt"'
    assert response.headers["Content-Disposition"] == disposition
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox"


def test_sections(api: Api) -> None:
    sections = api.json(f"/v1/documents/{DOCUMENT}/sections")["data"]["sections"]
    assert len(sections) == 20
    staff = sections[3]
    assert staff["heading"]["text"] == "(二)人员构成情况"
    assert staff["parent"] == f"{DOCUMENT}.sections.2"
    assert [p["anchor"]["line"] for p in staff["paragraphs"]] == [11]


CLAIMS = f"/v1/documents/{DOCUMENT}/claims"


def test_claims_are_listed_with_their_document(api: Api) -> None:
    assert api.json(f"/v1/documents/{DOCUMENT}")["data"]["claims"] == CLAIMS
    listed = api.json(CLAIMS)
    assert (listed["meta"]["total"], len(listed["data"])) == (31, 31)
    assert [c["id"] for c in listed["data"]] == [f"{DOCUMENT}.claims.{n}" for n in range(1, 32)]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("kind=none", [17, 18, 20]),
        ("kind=growth&measure=revenue", [5, 6]),
        ("fiscal_year=2023&amount__isnull=true", [4, 22, 24]),
        ("amount=10092863.96", [3]),
        ("measure=basic_expenditure,project_expenditure&order=amount:desc", [9, 7, 8, 10]),
        ("function__isnull=false", []),
    ],
)
def test_claims_are_filtered(api: Api, query: str, numbers: list[int]) -> None:
    found = api.json(f"{CLAIMS}?{query}")["data"]
    assert [claim["id"] for claim in found] == [f"{DOCUMENT}.claims.{n}" for n in numbers]


def test_a_claim_has_figure_sentence_and_links(api: Api) -> None:
    growth = api.json(f"{CLAIMS}?kind=growth&measure=revenue")["data"][1]
    assert {key: growth[key] for key in ("figure", "unit", "amount", "about", "base")} == {
        "figure": Decimal("8.4"),
        "unit": "%",
        "amount": None,
        "about": f"{DOCUMENT}.claims.2",
        "base": f"{DOCUMENT}.claims.4",
    }
    assert growth["label"] == {"zh": "收入", "en": "Revenue"}
    assert growth["printed"] == {"text": "8.4%", "unit": "%"}
    assert growth["sentence"] == "比2023年收入预算9,306,987.96增长785,876元, 增长8.4%。"
    assert (growth["base_year"], growth["base_phase"]) == (2023, "approved")
    assert growth["section"] == f"{DOCUMENT}.sections.6"
    assert growth["anchor"]["line"] == 15


def test_an_unknown_measure_is_refused_with_those_there_are(api: Api) -> None:
    (error,) = api.problem(f"{CLAIMS}?measure=money", 400)["errors"]
    assert error["parameter"] == "measure"
    assert "three_public_expenses" in error["allowed"]


def test_claims_are_exported(api: Api) -> None:
    text = api.call(f"{CLAIMS}.csv?fields=id,kind,amount,figure").text
    assert text.splitlines()[3] == f"{DOCUMENT}.claims.3,amount,10092863.96,10092863.96"


def test_tables_have_columns_and_rows(api: Api) -> None:
    tables = api.json("/v1/tables")["data"]
    assert len(tables) == 14
    assert [t["kind"] for t in tables if t["number"] is None] == ["project_performance_target"]
    table = api.json(f"/v1/tables/{DOCUMENT}.revenue")["data"]
    assert [column["heading"] for column in table["columns"]][3:5] == [
        ["本年收入", "小计"],
        ["本年收入", "一般公共预算资金"],
    ]
    body = [row for row in table["rows"] if row["part"] == "body" and row["ordinal"]]
    states = [cell["money"]["state"] for cell in body[0]["cells"] if cell["money"]]
    assert states == ["printed"] * 3 + ["blank"] * 14


def test_projects_transfers_and_targets_are_linked(api: Api) -> None:
    projects = api.json("/v1/projects")["data"]
    assert [str(project["leaf_sum"]) for project in projects] == [
        "297648.00",
        "4825000.00",
        "23510.38",
        "600000.00",
        "1200000.00",
    ]
    transfers = api.json("/v1/transfers")["data"]
    assert [transfer["project"] for transfer in transfers] == [projects[3]["id"], projects[4]["id"]]
    assert projects[3]["transfers"] == [transfers[0]["id"]]
    target = api.json(f"/v1/{'performance-targets'}/{projects[1]['performance_target']}")["data"]
    assert target["project"] == projects[1]["id"]
    assert target["name"]["text"] == "法律援助补贴经费"
    assert target["project_name"] == "西城区法律援助补贴经费"
    assert target["match"]["method"] == "name_without_place_and_office"
    assert target["responsible_person"] == {"text": None, "state": "withheld"}
    assert target["telephone"] == {"text": None, "state": "withheld"}
    annual = next(a for a in target["amounts"] if (a["item"], a["period"]) == ("total", "annual"))
    assert annual["amount"] == Decimal("48250000000.00")
    assert annual["printed"] == {"text": "4825000", "unit": "万元"}


def test_indicators_with_exact_quantities(api: Api) -> None:
    response = api.call("/v1/indicators?performance_target=" + f"{DOCUMENT}.performance-targets.2")
    assert '"value":50000,"unit":"人次"' in response.text
    indicators = api.json("/v1/indicators?page_size=1000")["data"]
    assert len(indicators) == 20
    assert [q["value"] for q in indicators[4]["quantities"]] == [50]
    assert indicators[4]["quantities"][0]["period"] == "2024-01/2024-06"


def test_jurisdictions_with_data_as_a_tree(api: Api) -> None:
    (province,) = api.json("/v1/jurisdictions")["data"]["jurisdictions"]
    assert province["label"] == {"zh": "北京市", "en": "Beijing"}
    assert province["children"][0]["children"][0]["label"]["zh"] == "西城区"
    assert api.json("/v1/jurisdictions/310107")["data"]["department_count"] == 0
    assert api.problem("/v1/jurisdictions/999999", 404)["status"] == 404


def test_codes_say_where_they_come_from(api: Api) -> None:
    code = api.json("/v1/classifications/functional/2024/codes/2040607")["data"]
    assert code["label"] == {"zh": "公共法律服务", "en": "Public legal services"}
    assert code["ancestors"] == ["204", "20406"]
    assert code["provenance"] == "seen"
    codes = api.json("/v1/classifications/functional/2024/codes?q=legal&provenance=seen")["data"]
    assert "2040607" in [found["code"] for found in codes]
    old = api.json("/v1/classifications/functional/2009/codes/2040607")["data"]
    assert (old["label"]["zh"], old["label"]["en"]) == ("法律援助", None)
    children = api.json("/v1/classifications/functional/2024/codes/20406")["data"]["children"]
    assert [child["parent"] for child in children] == ["20406"] * len(children)


def test_classifications_name_their_editions(api: Api) -> None:
    found = api.json("/v1/classifications")["data"]["classifications"]
    assert {c["scheme"]: [e["edition"] for e in c["editions"]] for c in found} == {
        "functional": ["2024", "2009"],
        "government-economic": ["2024"],
        "department-economic": ["2024", "2009"],
        "revenue": ["2024"],
    }
    assert api.problem("/v1/classifications/functional/1999", 404)["status"] == 404
    assert api.problem("/v1/classifications/none", 404)["status"] == 404


def test_service_document_counts(api: Api) -> None:
    resources = api.json("/v1")["data"]["resources"]
    counts = {r["name"]: r["count"] for r in resources}
    assert all(counts.pop(name) for name in ("findings", "rules"))
    assert counts == {
        "departments": 1,
        "documents": 1,
        "tables": 14,
        "lines": 183,
        "projects": 5,
        "transfers": 2,
        "performance-targets": 2,
        "indicators": 20,
        "crosswalks": 2,
        "crosswalk-mappings": 472,
        "jurisdictions": None,
        "classifications": None,
        "cubes": None,
        "changes": None,
    }
