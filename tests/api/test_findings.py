"""Findings, rules, and what other resources say of them, by a report made by hand."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import frictionless
import pytest
from sqlalchemy import Engine, event

from openbudget.api.app import create_app
from openbudget.api.common import DEPARTMENT, DOCUMENT
from openbudget.api.endpoint import FRICTIONLESS
from openbudget.api.resources.frictionless import TYPES
from openbudget.budget.document import BudgetDocument
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.prepared import prepare
from openbudget.storage.reference import store_rules, store_seed
from openbudget.storage.write import Beside, store_document
from tests.api.client import Api
from tests.checked import COLUMN, MISSING, NARRATIVE, RULES, checked, held_against

BEFORE = DOCUMENT.replace("2024", "2023")
OLD = f"{DOCUMENT}@{'a' * 12}"
TOTAL = f"{DOCUMENT}.expenditure.32.total"
REPORT = "/v1/findings?format=frictionless-report"


@pytest.fixture(scope="module")
def reading(
    tmp_path_factory: pytest.TempPathFactory, seed: Seed, first_document: BudgetDocument
) -> Iterator[Engine]:
    """Store the first document in two versions, and as the budget of the year before."""
    url = f"sqlite:///{tmp_path_factory.mktemp('findings')}/own.sqlite"
    engine = open_for_writing(url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: "2024-03-01T00:00:00Z")
    store_rules(engine, RULES, lambda: "2024-03-01T00:00:00Z")
    old = replace(first_document, file=replace(first_document.file, sha256="a" * 64))
    before = replace(old, identity=replace(old.identity, fiscal_year=2023))
    for document in (old, first_document, before):
        report = checked(document)
        clock = "2024-03-01T00:00:00Z".__str__
        prepared = prepare(document, report)
        store_document(engine, prepared, b"", "r1", clock, Beside(held_against))
    engine.dispose()
    engine = open_for_reading(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def found(reading: Engine) -> Api:
    return Api(create_app(reading))


def ids(answer: Any) -> list[str]:
    return [record["id"] for record in answer["data"]]


def own(*local: str) -> list[str]:
    return [f"{DOCUMENT}.{name}" for name in local]


def test_a_finding_whole(found: Api) -> None:
    finding = found.json(f"/v1/findings/{DOCUMENT}.{COLUMN}")["data"]
    subject, counterpart = finding.pop("operands")
    assert finding == {
        "id": f"{DOCUMENT}.{COLUMN}",
        "jurisdiction": "110102",
        "department": DEPARTMENT,
        "document": DOCUMENT,
        "fiscal_year": 2024,
        "scope": "department",
        "phase": "approved",
        "rule": "column_total",
        "family": "column",
        "severity": "error",
        "within_rounding": False,
        "printed": Decimal("10092863.96"),
        "computed": Decimal("10097543.96"),
        "difference": Decimal("-4680.00"),
        "magnitude": Decimal("4680.00"),
        "cluster": "4680.00",
        "related_document": None,
        "message": {
            "zh": "03表合计比各行之和少0.468万元。",
            "en": "The total is 0.468 below its rows.",
        },
        "explanations": [
            {
                "kind": "row",
                "message": {"zh": "第29行为此数。", "en": "Row 29 is that figure."},
                "amount": Decimal("4680.00"),
                "lines": own("expenditure.29.project"),
                "findings": own(NARRATIVE),
            }
        ],
    }
    assert subject == {
        "role": "subject",
        "label": {"zh": "合计", "en": "total"},
        "amount": Decimal("10092863.96"),
        "text": None,
        "printed": {"text": "1009.286396 ", "unit": "万元"},
        "anchor": {
            "document": DOCUMENT,
            "line": subject["anchor"]["line"],
            "table": f"{DOCUMENT}.expenditure",
            "row": 36,
            "column": 4,
        },
        "document": DOCUMENT,
        "table_id": f"{DOCUMENT}.expenditure",
        "item": TOTAL,
        "parts": [],
        "difference": None,
        "links": {"item": f"/v1/lines/{TOTAL}"},
    }
    assert (counterpart["printed"], counterpart["anchor"], counterpart["item"]) == (None,) * 3
    assert counterpart["parts"] == own(*(f"expenditure.{n}.total" for n in range(1, 32)))
    line = found.json(f"/v1/lines/{TOTAL}")["data"]
    assert subject["anchor"] == line["anchor"]


def test_every_operand_is_to_be_had_where_its_link_says(api: Api) -> None:
    """The findings of the real rules on the first document."""
    operands = [
        operand
        for finding in api.json("/v1/findings?page_size=1000")["data"]
        for operand in finding["operands"]
    ]
    paths = {operand["links"]["item"] for operand in operands} - {None}
    kinds = {path.removeprefix("/v1/").partition("/")[0] for path in paths}
    assert kinds == {"documents", "indicators", "lines", "performance-targets", "projects"}
    for path in sorted(paths):
        api.json(path)


OTHER = "findings.other_total.expenditure.32.total.2023-department-approved"
FILTERS = {
    "severity=error": [COLUMN],
    "family=missing,narrative": [MISSING, NARRATIVE],
    "rule=column_total": [COLUMN],
    "rule=other_total": [OTHER],
    "cluster=4680.00": [COLUMN, NARRATIVE],
    "cluster=4680": [COLUMN, NARRATIVE],
    "cluster=4680.0": [COLUMN, NARRATIVE],
    "cluster__prefix=468": [COLUMN, NARRATIVE],
    "cluster=4680.005": [],
    "within_rounding=true": [NARRATIVE],
    "difference__lte=-4680": [COLUMN, NARRATIVE],
    "magnitude__gte=4680.01": [],
    "difference__isnull=true": [MISSING, OTHER],
    "related_document__isnull=false": [OTHER],
    f"item={DOCUMENT}.expenditure": [COLUMN, OTHER],
    f"item={TOTAL}": [COLUMN, OTHER],
    f"item={DOCUMENT}.expenditure.7.total": [COLUMN],
    f"item={DOCUMENT}.expenditure.29.project": [],
    f"item={DOCUMENT}.projects.2": [NARRATIVE],
    f"item={DOCUMENT}.performance-targets.1": [MISSING],
    f"item={DOCUMENT}.claims.4": [NARRATIVE],
    f"item={DOCUMENT}.claims.4,{DOCUMENT}.performance-targets.1": [MISSING, NARRATIVE],
    f"department={DEPARTMENT}&phase=approved&scope=department": [COLUMN, MISSING, NARRATIVE, OTHER],
}


@pytest.mark.parametrize("query", FILTERS)
def test_findings_are_filtered(found: Api, query: str) -> None:
    answer = found.json(f"/v1/findings?fiscal_year=2024&{query}")
    assert ids(answer) == own(*FILTERS[query])


def test_findings_are_sorted_by_magnitude(found: Api) -> None:
    path = "/v1/findings?order=magnitude:desc,severity&page_size=3"
    first = found.json(path)
    assert [r["magnitude"] for r in first["data"]] == [Decimal("4680.00")] * 3
    second = found.json(first["links"]["next"])
    rest = found.json(second["links"]["next"])
    assert len({*ids(first), *ids(second), *ids(rest)}) == first["meta"]["total"] == 8
    assert ids(found.json(second["links"]["prev"])) == ids(first)


def test_superseded_versions_keep_their_findings(found: Api) -> None:
    answer = found.json(f"/v1/findings?item={OLD}.expenditure")
    assert ids(answer) == [f"{OLD}.{COLUMN}"]
    (finding,) = answer["data"]
    assert finding["operands"][0]["item"] == f"{OLD}.expenditure.32.total"
    assert found.json(f"/v1/findings/{OLD}.{COLUMN}")["data"] == finding
    assert found.json("/v1/findings?versions=all")["meta"]["total"] == 11


def test_a_finding_between_documents_is_told_by_both(found: Api) -> None:
    mine = found.json(f"/v1/findings?related_document={BEFORE}")["data"]
    theirs = found.json(f"/v1/findings?related_document={DOCUMENT}")["data"]
    for (finding,), document, other in ((mine, DOCUMENT, BEFORE), (theirs, BEFORE, DOCUMENT)):
        assert finding["document"] == document
        told = {operand["document"]: operand for operand in finding["operands"]}
        assert told[document]["item"] == f"{document}.expenditure.32.total"
        assert told[other]["item"] == f"{other}.expenditure.32.total"
        assert told[other]["anchor"]["document"] == other
    # The one that was checked has told it: its line 1.
    assert [e["lines"] for e in mine[0]["explanations"]] == [[f"{BEFORE}.expenditure.1.total"]]
    assert [e["lines"] for e in theirs[0]["explanations"]] == [[f"{BEFORE}.expenditure.1.total"]]


def test_csv_and_ndjson(found: Api) -> None:
    text = found.call("/v1/findings.csv?severity=error&fiscal_year=2024").text
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    wanted = {
        "id": f"{DOCUMENT}.{COLUMN}",
        "difference": "-4680.00",
        "message_en": "The total is 0.468 below its rows.",
    }
    assert {name: row[name] for name in wanted} == wanted
    assert json.loads(row["operands"])[0]["item"] == TOTAL
    records = found.call("/v1/findings.ndjson").text.splitlines()
    whole = json.loads(found.call("/v1/findings").text)["data"]
    assert [json.loads(record) for record in records] == whole


def test_rules(found: Api) -> None:
    assert ids(found.json("/v1/rules")) == ["column_total", "missing_value", "narrative_sum"]
    assert ids(found.json("/v1/rules?severity=info&family=missing")) == ["missing_value"]
    rule = found.json("/v1/rules/column_total")["data"]
    assert rule["title"] == {"zh": "合计与各行之和", "en": "total against rows"}
    assert found.json(rule["links"]["findings"])["meta"]["total"] == 2
    assert found.problem("/v1/rules/none", 404)


# Other resources ---------------------------------------------------------------------------------

TOUCHED = {
    f"/v1/lines/{TOTAL}": [COLUMN, OTHER],
    f"/v1/lines/{DOCUMENT}.expenditure.29.project": [],
    f"/v1/tables/{DOCUMENT}.project_performance_target": [MISSING],
    f"/v1/performance-targets/{DOCUMENT}.performance-targets.1": [MISSING],
    f"/v1/projects/{DOCUMENT}.projects.2": [NARRATIVE],
    f"/v1/documents/{DOCUMENT}": [COLUMN, MISSING, NARRATIVE, OTHER],
}


@pytest.mark.parametrize("path", TOUCHED)
def test_what_findings_touch_links_to_them_and_may_hold_them(found: Api, path: str) -> None:
    plain = found.json(path)["data"]
    assert "findings" not in plain
    linked = found.json(plain["links"]["findings"])["data"]
    assert [finding["id"] for finding in linked] == own(*TOUCHED[path])
    one = found.json(f"{path}?include=findings")
    assert one["data"]["findings"] == linked
    assert one["meta"]["query"] == {"include": "findings"}
    whole = found.json(
        f"{path.rpartition('/')[0]}?include=findings&page_size=100&document={DOCUMENT}"
    )
    (record,) = [r for r in whole["data"] if r["id"] == plain["id"]] or [one["data"]]
    assert record["findings"] == linked


def test_departments_hold_the_findings_of_all_their_documents(found: Api) -> None:
    (record,) = found.json("/v1/departments?include=findings")["data"]
    assert len(record["findings"]) == found.json(record["links"]["findings"])["meta"]["total"] == 8
    assert found.json(f"/v1/departments/{DEPARTMENT}?include=findings")["data"] == record


def test_an_export_may_hold_findings_too(found: Api) -> None:
    lines = found.call(f"/v1/lines.ndjson?include=findings&document={DOCUMENT}").text.splitlines()
    counts = {line["id"]: len(line["findings"]) for line in map(json.loads, lines)}
    assert len(counts) == 183
    assert sum(counts.values()) == 32 + 1 + 1
    narrow = found.json("/v1/lines?include=findings&fields=id&page_size=1")["data"]
    assert list(narrow[0]) == ["id", "findings"]


BAD_CALLS = [
    ("/v1/lines.csv?include=findings", "include"),
    ("/v1/lines?include=findings&page_size=101", "page_size"),
    ("/v1/lines?include=everything", "include"),
    ("/v1/lines?fields=findings", "fields"),
    ("/v1/lines?format=frictionless-report", "format"),
    ("/v1/findings?item=expenditure", "item"),
    (f"/v1/findings?item={DOCUMENT}", "item"),
    ("/v1/findings?lang=fr", "lang"),
    (f"{REPORT}&page_size=5", "page_size"),
    (f"{REPORT}&fields=id", "fields"),
    ("/v1/findings.csv?format=frictionless-report", "format"),
]


@pytest.mark.parametrize(("path", "parameter"), BAD_CALLS)
def test_bad_calls_name_the_parameter(found: Api, path: str, parameter: str) -> None:
    (error,) = found.problem(path, 400)["errors"]
    assert error["parameter"] == parameter


def test_totals_say_whether_they_agree(found: Api) -> None:
    checks = {
        local: found.json(f"/v1/lines/{DOCUMENT}.{local}")["data"]["check"]
        for local in (
            "expenditure.32.total",
            "project_expenditure.1.total",
            "expenditure.1.total",
            "expenditure.29.project",
        )
    }
    assert checks == {
        "expenditure.32.total": {
            "status": "failed",
            "computed": Decimal("10097543.96"),
            "difference": Decimal("-4680.00"),
            "findings": own(COLUMN),
        },
        "project_expenditure.1.total": {
            "status": "passed",
            "computed": Decimal("1800000.00"),
            "difference": Decimal("0.00"),
            "findings": [],
        },
        "expenditure.1.total": {
            "status": "not_applicable",
            "computed": None,
            "difference": None,
            "findings": [],
        },
        "expenditure.29.project": None,
    }


def test_a_document_says_what_became_of_every_rule(found: Api) -> None:
    checks = found.json(f"/v1/documents/{DOCUMENT}")["data"]["checks"]
    assert checks["rules"] == {"passed": 1, "failed": 1, "not_applicable": 1}
    assert checks["findings"] == {"error": 1, "warning": 2, "info": 1}
    assert checks["outcomes"][1]["reason"]["en"] == "There is no table of targets."
    old = found.json(f"/v1/documents/{OLD}")["data"]["checks"]
    assert old["findings"] == {"error": 1, "warning": 1, "info": 1}
    year = found.json(f"/v1/departments/{DEPARTMENT}/budgets/2024")["data"]
    assert [d["findings"] for d in year["documents"]] == [checks["findings"]]


@pytest.mark.parametrize("name", ["lines", "tables", "projects", "documents", "departments"])
def test_including_takes_one_query_a_page(found: Api, reading: Engine, name: str) -> None:
    def statements(page_size: int) -> int:
        seen: list[str] = []

        def listen(*arguments: Any) -> None:
            seen.append(arguments[2])

        event.listen(reading, "before_cursor_execute", listen)
        try:
            found.json(f"/v1/{name}?include=findings&page_size={page_size}&order=jurisdiction")
        finally:
            event.remove(reading, "before_cursor_execute", listen)
        return len(seen)

    assert statements(2) == statements(99)


# Frictionless ------------------------------------------------------------------------------------


def test_a_report_of_the_framework(found: Api) -> None:
    response = found.call(f"{REPORT}&document={DOCUMENT}&lang=en")
    assert response.mimetype == FRICTIONLESS
    report = json.loads(response.text)
    assert report["valid"] is False
    assert report["stats"] == {"tasks": 14, "errors": 3, "warnings": 1, "seconds": 0}
    (narrative,) = report["errors"]
    assert (narrative["type"], narrative["title"]) == ("resource-error", "text against tables")
    by_place = {task["place"]: task for task in report["tasks"]}
    assert len(by_place) == 14
    task = by_place[f"/v1/tables/{DOCUMENT}.expenditure"]
    column, other = task["errors"]
    assert column == {
        "type": "constraint-error",
        "title": "total against rows",
        "description": "total against rows.",
        "message": "The total is 0.468 below its rows.",
        "tags": ["#table", "#row", "#cell", "#error", "#column"],
        "note": "The total is 0.468 below its rows.",
        "finding": f"{DOCUMENT}.{COLUMN}",
        "rowNumber": 36,
        "cells": column["cells"],
        "cell": "1009.286396 ",
        "fieldNumber": 4,
        "fieldName": "total",
    }
    assert column["cells"][3] == column["cell"]
    assert (other["type"], other["title"]) == ("constraint-error", "other_total")
    assert (task["valid"], len(task["labels"])) == (False, task["stats"]["fields"])
    assert by_place[f"/v1/tables/{DOCUMENT}.project_performance_target"]["warnings"] == [
        "The indicator of quality has no value."
    ]


@pytest.mark.parametrize("operator", ["", "__not"])
def test_a_rule_that_is_not_there_is_named_with_those_there_are(found: Api, operator: str) -> None:
    known = [rule["id"] for rule in found.json("/v1/rules")["data"]]
    name = f"rule{operator}"
    assert found.problem(f"/v1/findings?{name}=column_total,colum_total,zzz", 400)["errors"] == [
        {
            "parameter": name,
            "detail": "'colum_total' is not known",
            "allowed": known,
            "hint": "Did you mean column_total?",
        },
        {
            "parameter": name,
            "detail": "'zzz' is not known",
            "allowed": known,
            "hint": "Take one of those allowed.",
        },
    ]
    for path in ("/v1/findings.csv", "/v1/findings.xlsx"):
        assert found.call(f"{path}?{name}=zzz").status_code == 400
    assert found.json("/v1/findings?rule__prefix=zzz")["data"] == []


def test_a_report_without_findings_has_the_tables_that_are_asked_for(found: Api) -> None:
    path = f"{REPORT}&document={OLD}&cluster=none"
    report = json.loads(found.call(path).text)
    assert (report["valid"], report["stats"]["tasks"], report["stats"]["errors"]) == (True, 14, 0)
    assert all("@" not in task["name"] for task in report["tasks"])
    nothing = json.loads(found.call(f"{REPORT}&cluster=none").text)
    assert (nothing["valid"], nothing["tasks"]) == (True, [])


def test_the_language_is_chosen_by_parameter_or_header(found: Api) -> None:
    def message(query: str = "", language: str = "") -> tuple[str, str]:
        headers = {"Accept-Language": language} if language else {}
        response = found.call(f"{REPORT}&document={DOCUMENT}{query}", headers=headers)
        assert "Accept-Language" in response.headers["Vary"]
        return json.loads(response.text)["errors"][0]["message"], response.headers["ETag"]

    zh, tag = message()
    en, other = message(language="en-GB,en;q=0.8")
    assert (zh, en) == ("文字与表不一致。", "The text and the table differ.")
    assert tag != other
    assert message(language="zh-CN,en;q=0.5")[0] == message("&lang=zh", "en")[0] == zh
    assert "Accept-Language" not in found.call("/v1/lines").headers["Vary"]


def test_a_report_has_the_shape_that_the_framework_takes(found: Api) -> None:
    """As its profiles of reports, tasks and errors ask; the next test asks the framework itself."""
    for path in (REPORT, f"{REPORT}&versions=all"):
        report = json.loads(found.call(path).text)
        assert {"valid", "stats", "warnings", "errors", "tasks"} <= set(report)
        tasks = report["tasks"]
        errors = report["errors"] + [error for task in tasks for error in task["errors"]]
        assert report["stats"]["tasks"] == len(tasks) == len({task["name"] for task in tasks})
        assert report["stats"]["errors"] == len(errors)
        for task in tasks:
            assert re.fullmatch("[-a-z0-9._/]+", task["name"])
            assert {"type", "valid", "place", "labels", "stats", "warnings"} <= set(task)
            assert task["valid"] is not bool(task["errors"])
        assert {error["type"] for error in errors} <= set(TYPES)
        for error in errors:
            assert {"title", "description", "message", "tags", "note"} <= set(error)
            in_cell = error["type"] == "constraint-error"
            assert in_cell == ({"rowNumber", "fieldNumber", "fieldName", "cell"} <= set(error))


def test_the_framework_takes_the_report(found: Api) -> None:
    for path in (f"{REPORT}&lang=en", f"{REPORT}&versions=all"):
        descriptor = json.loads(found.call(path).text)
        report = frictionless.Report.from_descriptor(descriptor)
        assert report.to_descriptor()["stats"] == descriptor["stats"]
        errors = [error for task in report.tasks for error in task.errors] + report.errors
        assert len(errors) == descriptor["stats"]["errors"]
        assert all(error.note in error.message for error in errors)


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize(
    "field", ["within_rounding", "severity", "cluster", "difference", "magnitude"]
)
def test_every_order_pages_through_all_findings_and_back(
    found: Api, field: str, direction: str
) -> None:
    """Also orders by a field that is true or false, and by one that may be null."""
    path = f"/v1/findings?order={field}:{direction}"
    whole = [finding["id"] for finding in found.json(f"{path}&page_size=1000")["data"]]
    page = found.json(f"{path}&page_size=2")
    there = [finding["id"] for finding in page["data"]]
    while page["links"]["next"]:
        page = found.json(page["links"]["next"])
        there += [finding["id"] for finding in page["data"]]
    back = [finding["id"] for finding in page["data"]]
    while page["links"]["prev"]:
        page = found.json(page["links"]["prev"])
        back = [finding["id"] for finding in page["data"]] + back
    assert there == whole
    assert back == whole
