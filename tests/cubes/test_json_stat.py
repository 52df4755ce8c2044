"""Aggregates in JSON-stat and CSV are those in JSON; statuses are those of the findings."""

from __future__ import annotations

import csv
import gzip
import io
from collections import defaultdict
from decimal import Decimal
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import event

from openbudget.api.resources.cubes import formats as cube_formats
from openbudget.formats.json_stat import MEDIA_TYPE
from tests.api.client import Api, parse
from tests.cubes.asking import Cubes
from tests.cubes.recomputing import KEY_REFS, KEYS, selected

FIRST = "document:110102-231002-2024-department-approved"
ASKED = [
    ("expenditure", ["function_1", "expenditure_type_1"], FIRST),
    ("expenditure", ["function", "department_economic", "government_economic"], FIRST),
    ("revenue_and_expenditure", ["direction", "carryover", "item", "fiscal_year"], FIRST),
    ("three_public_expenses", ["item", "jurisdiction", "document", "fiscal_year", "phase"], None),
    ("expenditure", [], FIRST),
    ("project_expenditure", ["project", "line"], None),
]
RANKS = ["info", "warning", "error"]


def json_stat(cubes: Cubes, cube: str, **query: Any) -> Any:
    sent = {name: value for name, value in query.items() if value is not None}
    response = cubes.api.call(f"/v1/cubes/{cube}/aggregate.json-stat?{urlencode(sent)}")
    assert response.status_code == 200, response.text
    assert response.content_type == MEDIA_TYPE
    return parse(response)


def by_place(found: Any, key: str) -> dict[tuple[str, ...], Any]:
    """Give values or statuses by the ids of their categories, as the specification counts them."""
    indexes = [found["dimension"][name]["category"]["index"] for name in found["id"]]
    assert found["size"] == [len(index) for index in indexes]
    places = list(product(*indexes))
    held = found.get(key, {})
    pairs = enumerate(held) if isinstance(held, list) else held.items()
    return {places[int(n)]: value for n, value in pairs if value is not None}


def worst_severities(
    cubes: Cubes, cube: str, drilldown: list[str], cut: str | None
) -> dict[tuple[str, ...], str]:
    """Work out the flags again from the lists of lines and the database's own findings."""
    cuts = dict(part.split(":", 1) for part in cut.split("|")) if cut else {}
    values: dict[str, list[Any]] = {name: [value] for name, value in cuts.items()}
    severities: dict[str, set[str]] = defaultdict(set)
    statement = (
        "SELECT replace(i.item, '@' || l.version, ''), f.severity FROM finding_items i "
        "JOIN findings f ON f.id = i.id JOIN lines l ON l.id = i.item WHERE l.current"
    )
    for line, severity in cubes.sql(statement):
        severities[line].add(severity)
    found: dict[tuple[str, ...], str] = {}
    for row in selected(cubes.lines, cube, values):
        place = tuple(str(KEYS[name](row) or "_Z") for name in drilldown)
        words = {*severities[row["id"]], *({found[place]} if place in found else ())}
        if words:
            found[place] = max(words, key=RANKS.index)
    return found


@pytest.mark.parametrize(("cube", "drilldown", "cut"), ASKED)
def test_values_and_statuses_are_those_of_the_aggregate(
    cubes: Cubes, cube: str, drilldown: list[str], cut: str | None
) -> None:
    asked = {"drilldown": "|".join(drilldown) or None, "cut": cut}
    plain = cubes.ask(f"{cube}/aggregate", **asked)
    assert plain["total_cell_count"] == len(plain["cells"])
    # The made offices print no 三公 table; the real ones do.
    assert plain["cells"] or cube == "three_public_expenses"
    found = json_stat(cubes, cube, **asked)
    assert found["id"] == [*drilldown, "measure"]
    expected = {}
    for cell in plain["cells"]:
        place = tuple("_Z" if (k := cell[KEY_REFS[n]]) is None else str(k) for n in drilldown)
        for measure in ("amount.sum", "_count"):
            if cell[measure] is not None:
                expected[(*place, measure)] = cell[measure]
    assert by_place(found, "value") == expected
    flags = worst_severities(cubes, cube, drilldown, cut)
    assert by_place(found, "status") == {
        (*place, measure): word
        for place, word in flags.items()
        for measure in ("amount.sum", "_count")
    }
    for name in drilldown:
        index = found["dimension"][name]["category"]["index"]
        assert index == sorted(index, key=lambda key: (key == "_Z", key))
    assert found["extension"]["summary"] == plain["summary"]
    assert found["extension"]["warnings"] == plain["warnings"]
    assert found["extension"]["data_version"] == plain["meta"]["data_version"]


def test_the_first_document_is_written_whole(api: Api) -> None:
    path = "/v1/cubes/expenditure/aggregate?drilldown=function_1|fiscal_year|jurisdiction"
    found = parse(api.call(f"{path}&aggregates=amount.sum&format=json-stat"))
    version = found["extension"].pop("data_version")
    assert version == api.json("/v1")["meta"]["data_version"]
    assert found == {
        "version": "2.0",
        "class": "dataset",
        "label": "支出总表",
        "id": ["function_1", "fiscal_year", "jurisdiction", "measure"],
        "size": [4, 1, 1, 1],
        "role": {"time": ["fiscal_year"], "geo": ["jurisdiction"], "metric": ["measure"]},
        "dimension": {
            "function_1": {
                "label": "支出功能分类（类）",
                "category": {
                    "index": ["204", "208", "210", "221"],
                    "label": {
                        "204": "公共安全支出",
                        "208": "社会保障和就业支出",
                        "210": "卫生健康支出",
                        "221": "住房保障支出",
                    },
                },
            },
            "fiscal_year": {
                "label": "年度",
                "category": {"index": ["2024"], "label": {"2024": "2024"}},
            },
            "jurisdiction": {
                "label": "行政区划",
                "category": {"index": ["110102"], "label": {"110102": "西城区"}},
            },
            "measure": {
                "label": "指标",
                "category": {
                    "index": ["amount.sum"],
                    "label": {"amount.sum": "金额"},
                    "unit": {
                        "amount.sum": {
                            "label": "元",
                            "decimals": 2,
                            "symbol": "¥",
                            "position": "start",
                        }
                    },
                },
            },
        },
        "value": [
            Decimal(amount) for amount in ("9092652.68", "359834.64", "211597.32", "433459.32")
        ],
        "status": {"0": "error", "1": "error", "2": "error", "3": "error"},
        "extension": {
            "currency": "CNY",
            "status": {
                "label": {
                    "error": "所涉数据存在“矛盾”类问题",
                    "warning": "所涉数据存在“存疑”类问题",
                    "info": "所涉数据存在“提示”类问题",
                }
            },
            "links": {
                "self": "/v1/cubes/expenditure/aggregate?aggregates=amount.sum"
                "&drilldown=function_1%7Cfiscal_year%7Cjurisdiction&format=json-stat"
            },
            "query": {
                "aggregates": "amount.sum",
                "drilldown": "function_1|fiscal_year|jurisdiction",
                "format": "json-stat",
            },
            "schema_version": "1.0",
            "summary": {"amount.sum": Decimal("10097543.96")},
            "warnings": [],
        },
    }


def test_labels_are_in_the_language_that_is_asked_for(api: Api) -> None:
    path = "/v1/cubes/expenditure/aggregate.json-stat?drilldown=function_1|department"
    english = parse(api.call(f"{path}&lang=en"))
    assert english == parse(api.call(path, headers={"Accept-Language": "en"})) | {
        "extension": english["extension"]
    }
    labels = english["dimension"]["function_1"]["category"]["label"]
    assert labels["221"] == "Housing security"
    # The name of a department has no translation: it is Chinese rather than guessed.
    assert list(english["dimension"]["department"]["category"]["label"].values()) == [
        "北京市西城区法律援助中心"
    ]
    assert "English" not in parse(api.call(path))["dimension"]["function_1"]["label"]


def test_the_order_that_is_asked_for_is_that_of_the_members(api: Api) -> None:
    path = "/v1/cubes/expenditure/aggregate.json-stat?drilldown=function_1&order=amount.sum:asc"
    found = parse(api.call(path))
    assert found["dimension"]["function_1"]["category"]["index"] == ["210", "208", "221", "204"]


def test_accept_chooses_the_format(api: Api) -> None:
    path = "/v1/cubes/expenditure/aggregate?drilldown=function_1"
    profiled = api.call(path, headers={"Accept": MEDIA_TYPE})
    assert profiled.content_type == MEDIA_TYPE
    plain = api.call(path, headers={"Accept": "application/json"})
    assert (plain.content_type, parse(plain)["status"]) == ("application/json", "ok")
    wanted = {"Accept": MEDIA_TYPE, "Accept-Encoding": "gzip"}
    packed = api.app.test_client().get(path, headers=wanted)
    assert gzip.decompress(packed.data) == profiled.data
    again = api.call(
        path, headers={"Accept": MEDIA_TYPE, "If-None-Match": profiled.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("ending", ["csv", "json-stat"])
def test_what_holds_every_cell_has_no_pages(made: Cubes, ending: str) -> None:
    for name in ("page", "pagesize"):
        (error,) = made.refused(f"expenditure/aggregate.{ending}", **{name: 1})
        assert (error["parameter"], "csv and json-stat" in error["hint"]) == (name, True)


def test_an_attribute_is_no_dimension(made: Cubes) -> None:
    query = {"drilldown": "function_1.label", "cut": FIRST}
    (error,) = made.refused("expenditure/aggregate.json-stat", **query)
    assert error["parameter"] == "drilldown"
    assert {"function_1", "function_1.code", "line.id"} <= set(error["allowed"])
    keyed = json_stat(made, "expenditure", drilldown="function_1.code", cut=FIRST)
    assert keyed["id"] == ["function_1", "measure"]


def test_a_cube_that_is_too_large_is_refused(made: Cubes, monkeypatch: pytest.MonkeyPatch) -> None:
    query = {"drilldown": "function|department_economic", "cut": FIRST}
    found = json_stat(made, "expenditure", **query)
    size = found["size"][0] * found["size"][1] * 2
    monkeypatch.setattr(cube_formats, "MOST_POSITIONS", size - 1)
    (error,) = made.refused("expenditure/aggregate.json-stat", **query, lang="en")
    assert error["detail"] == (
        f"the cube has {size} positions, {found['size'][0]} (function) × {found['size'][1]} "
        f"(department_economic) × 2 (measure): json-stat takes {size - 1} positions at most"
    )
    assert error["allowed"] == ["drilldown=function", "drilldown=department_economic"]
    monkeypatch.setattr(cube_formats, "MOST_POSITIONS", 3)
    (error,) = made.refused("expenditure/aggregate.json-stat", **query, lang="zh")
    assert "个单元格" in error["detail"]


@pytest.mark.parametrize(("cube", "drilldown", "cut"), ASKED)
def test_csv_holds_the_cells_of_the_aggregate(
    cubes: Cubes, cube: str, drilldown: list[str], cut: str | None
) -> None:
    asked = {"drilldown": "|".join(drilldown) or None, "cut": cut, "order": "_count:desc"}
    plain = cubes.ask(f"{cube}/aggregate", **asked)
    sent = urlencode({name: value for name, value in asked.items() if value})
    response = cubes.api.call(f"/v1/cubes/{cube}/aggregate.csv?{sent}")
    assert response.text.startswith("\ufeff")
    assert response.headers["X-Total-Count"] == str(plain["total_cell_count"])
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    # An apostrophe keeps a spreadsheet from taking a text for a formula.
    expected = [
        {
            name: "" if value is None else f"'{value}" if str(value)[:1] in "=+-@" else str(value)
            for name, value in cell.items()
        }
        for cell in plain["cells"]
    ]
    assert rows == expected


def test_a_text_that_a_spreadsheet_would_run_is_quoted() -> None:
    cells = cube_formats.Cells(("item.code",), iter([{"item.code": "=1+1"}]), 1, None)  # type: ignore[arg-type]
    answer = cube_formats.answer_csv(cells, "expenditure", dict)
    assert b"".join(answer.parts) == "\ufeffitem.code\r\n'=1+1\r\n".encode()


def test_flags_are_one_statement_that_indexes_serve(made: Cubes) -> None:
    engine = made.api.app.extensions["openbudget"].engine
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _u: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        json_stat(made, "expenditure", drilldown="line", cut=FIRST, aggregates="amount.sum")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(seen) <= 6
    ((statement, parameters),) = (own for own in seen if "finding_items" in own[0])
    plan = [str(row[-1]) for row in made.sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    steps = [
        step for step in plan if step.startswith(("SEARCH", "SCAN")) and "selected" not in step
    ]
    assert [step.split()[:2] for step in steps] == [
        ["SEARCH", "lines"],
        ["SEARCH", "finding_items"],
        ["SEARCH", "findings"],
    ]
    assert "(jurisdiction=? AND fiscal_year=? AND item=?)" in steps[1]
    assert "(jurisdiction=? AND fiscal_year=? AND id=?)" in steps[2]
