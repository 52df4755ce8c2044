"""Trees over any cut: held against sums of the exported lines, which know nothing of trees."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from openbudget.api.app import create_app
from openbudget.cubes import trees
from openbudget.cubes.model import dimensions, hierarchies, levels_of
from openbudget.cubes.nesting import Node, nest
from openbudget.storage.database import open_for_reading
from tests.api.client import Api, parse
from tests.clients.node import MODULES, NODE
from tests.cubes.asking import Cubes, Row
from tests.cubes.recomputing import KEYS, Value, amount, cells, code, mixed, selected
from tests.cubes.test_recomputed import FEWER, GUARDED, SETTINGS, draw_cuts, known_cubes, written

ALL_KEYS = {**KEYS, "revenue_1": code("revenue", 3)}
ACROSS = "|".join(GUARDED)
_CUT = re.compile(r'([a-z_0-9]+):("(?:[^"\\]|\\.)*")?(?:\||$)')


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from nodes(child)


def rows_of(cubes: Cubes, cube: str, rows: list[Row], node: dict[str, Any]) -> list[Row]:
    """Select the lines that the id of a node says."""
    if node["id"] == cube:
        return rows
    parts = list(_CUT.finditer(node["id"]))
    assert "".join(part[0] for part in parts) == node["id"]
    wanted = {part[1]: json.loads(part[2]) if part[2] else None for part in parts}
    return [
        row
        for row in rows
        if all(
            (None if (own := ALL_KEYS[name](row)) is None else str(own)) == value
            for name, value in wanted.items()
        )
    ]


def draw_drilldown(data: st.DataObject) -> list[str]:
    """Draw what to nest: whole hierarchies and single levels, none of them twice."""
    known = [name for name in (*KEYS, "function.code", "jurisdiction.code") if name != "line"]
    drawn = data.draw(st.lists(st.sampled_from(known), unique=True, min_size=1, max_size=3))
    found: list[str] = []
    for ref in drawn:
        taken = {level.name for own in found for level in levels_of(own)}
        if taken.isdisjoint(level.name for level in levels_of(ref)):
            found.append(ref)
    return found


def test_any_tree_adds_up_the_exported_lines(cubes: Cubes) -> None:
    seen = []

    @SETTINGS
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        cube = data.draw(known_cubes(cubes))
        cuts = draw_cuts(data, cubes, cube)
        drilldown = draw_drilldown(data)
        answer = cubes.ask(
            f"{cube}/tree",
            drilldown="|".join(drilldown),
            cut=written(cuts),
            sum_across=ACROSS,
        )
        rows = selected(cubes.lines, cube, cuts)
        held_to_lines(cubes, cube, rows, answer["data"])
        lowest = [levels_of(ref)[-1].name for ref in drilldown]
        leaves = [node for node in nodes(answer["data"]) if not node["children"]]
        found = sorted((str(node["value"]), node["line_count"]) for node in leaves)
        wanted = sorted((str(fen), count) for fen, count in cells(rows, lowest).values())
        assert found == (wanted or [("None", 0)])
        seen.append(len(leaves))

    compare()
    assert len([count for count in seen if count > 1]) >= 50


def held_to_lines(cubes: Cubes, cube: str, rows: list[Row], root: dict[str, Any]) -> None:
    """Hold every node to the lines it says it is of, and to the nodes below it."""
    found = list(nodes(root))
    assert len({node["id"] for node in found}) == len(found)
    for node in found:
        own = rows_of(cubes, cube, rows, node)
        assert (node["value"], node["line_count"]) == (amount(own), len(own)), node["id"]
        if node["children"]:
            stated = [child["value"] for child in node["children"] if child["value"] is not None]
            assert node["value"] == (sum(stated, Decimal(0)) if stated else None)
            assert sum(child["line_count"] for child in node["children"]) == len(own)


def test_the_tree_of_the_first_document(api: Api) -> None:
    path = "/v1/cubes/general_public_budget_basic_expenditure/tree"
    answer = api.json(f"{path}?drilldown=department_economic&cut=function_1:208&depth=2")
    (first, *_) = answer["data"]["children"]
    assert {name: value for name, value in first.items() if name != "children"} == {
        "id": 'department_economic_1:"301"',
        "name": "工资福利支出",
        "dimension": "department_economic_1",
        "key": "301",
        "label": {"zh": "工资福利支出", "en": "Wages and welfare expenditure"},
        "source": "list",
        "own": False,
        "level": 1,
        "value": first["value"],
        "line_count": 2,
    }
    assert answer["levels"] == ["department_economic_1", "department_economic"]
    assert answer["cell"] == [{"ref": "function_1", "operator": ":", "value": ["208"]}]
    assert answer["warnings"] == []
    assert answer["meta"]["query"] == {
        "cut": "function_1:208",
        "depth": 2,
        "drilldown": "department_economic",
    }


# What stands where -------------------------------------------------------------------------------


def row(code_: str | None, fen: int | None, printed: str | None = None, **more: str) -> Any:
    """A cell by function, as the database would give it."""
    listed = {"204": "公共安全支出", "20406": "司法", "2040601": "行政运行"}
    found: dict[str, Any] = {"amount.sum": fen, "_count": 1, **more}
    for name, length in (("function_1", 3), ("function_2", 5), ("function", 99)):
        key = code_[:length] if code_ and (len(code_) >= length or length == 99) else None
        fallback = printed if length == 99 else None
        found[f"{name}.code"] = key
        found[f"{name}.label"] = listed.get(key or "") or fallback or key
        found[f"{name}.label_en"] = None
    return found


def shape(node: Node) -> Any:
    own = (node.zh, node.source, node.fen)
    return (*own, [shape(child) for child in node.children]) if node.children else own


def tree_of(*rows: Any) -> Any:
    listed = {"204", "20406", "2040601"}

    def source(_level: Any, key: Value) -> str | None:
        return None if key is None else "list" if key in listed else "printed"

    root = Node("expenditure", None, None, "支出总表", None)
    return shape(nest(root, [levels_of("function")], rows, source))


def test_codes_absent_from_the_lists_stand_under_their_first_digits() -> None:
    assert tree_of(
        row("2040601", 3), row("2040699", 4, "其他司法支出"), row("2049901", 5, "甲")
    ) == (
        "支出总表",
        None,
        12,
        [
            (
                "公共安全支出",
                "list",
                12,
                [
                    ("司法", "list", 7, [("行政运行", "list", 3), ("其他司法支出", "printed", 4)]),
                    ("20499", "printed", 5, [("甲", "printed", 5)]),
                ],
            )
        ],
    )


def test_what_stops_at_a_level_above_is_a_node_beside_the_finer_ones() -> None:
    assert tree_of(row("20406", 1), row("2040601", 2)) == (
        *("支出总表", None, 3),
        [
            (
                *("公共安全支出", "list", 3),
                [("司法", "list", 3, [("司法（未细分）", "list", 1), ("行政运行", "list", 2)])],
            )
        ],
    )
    alone = ("支出总表", None, 1, [("公共安全支出", "list", 1, [("司法", "list", 1)])])
    assert tree_of(row("20406", 1)) == alone


def test_a_code_above_that_only_is_printed_has_its_printed_name() -> None:
    parts = [("丙（未细分）", "printed", 1), ("乙", "printed", 2)]
    assert tree_of(row("99901", 1, "丙"), row("9990101", 2, "乙")) == (
        *("支出总表", None, 3),
        [("999", "printed", 3, [("丙", "printed", 3, parts)])],
    )


def test_lines_without_a_code_and_short_codes_are_nodes_too() -> None:
    assert tree_of(row("20", 1, "短"), row("2040601", -2), row(None, None)) == (
        *("支出总表", None, -1),
        [
            ("短", "printed", 1),
            ("公共安全支出", "list", -2, [("司法", "list", -2, [("行政运行", "list", -2)])]),
            ("未列支出功能分类", None, None),
        ],
    )


def test_offices_of_a_province_stand_beside_its_cities(made: Cubes) -> None:
    answer = made.ask(
        "expenditure/tree", drilldown="jurisdiction", sum_across=ACROSS, cut='province:"310000"'
    )
    (shanghai,) = answer["data"]["children"]
    assert [(child["id"], child["name"], child["own"]) for child in shanghai["children"]] == [
        ('city:"310100"', "市辖区", False),
        ('jurisdiction:"310000"', "上海市（本级）", True),
    ]
    assert shanghai["children"][1]["label"]["en"] == "Shanghai, own level"


def test_the_id_of_a_node_cuts_its_lines_out(cubes: Cubes) -> None:
    for cube, drilldown in (
        ("expenditure", "jurisdiction|function"),
        ("general_public_budget_basic_expenditure", "department_economic|expenditure_type|project"),
        ("three_public_expenses", "fiscal_year|item"),
    ):
        found = list(
            nodes(cubes.ask(f"{cube}/tree", drilldown=drilldown, sum_across=ACROSS)["data"])
        )
        for node in found[1::7]:
            answer = cubes.ask(f"{cube}/aggregate", cut=node["id"], sum_across=ACROSS)
            assert answer["summary"] == {
                "amount.sum": node["value"],
                "_count": node["line_count"],
            }


def test_depth_leaves_out_levels_and_changes_no_sum(made: Cubes) -> None:
    query = {"drilldown": "jurisdiction|function", "sum_across": ACROSS}
    whole = list(nodes(made.ask("expenditure/tree", **query)["data"]))
    for depth in range(1, 8):
        found = list(nodes(made.ask("expenditure/tree", **query, depth=depth)["data"]))
        kept = [node for node in whole if node["level"] <= depth]
        assert [{**node, "children": 0} for node in found] == [
            {**node, "children": 0} for node in kept
        ]


# What is refused ---------------------------------------------------------------------------------


def test_what_counts_twice_is_refused_whatever_is_nested(cubes: Cubes) -> None:
    seen = set()

    @FEWER
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        cube = data.draw(known_cubes(cubes))
        cuts = draw_cuts(data, cubes, cube)
        drilldown = draw_drilldown(data)
        across = data.draw(st.lists(st.sampled_from(GUARDED), unique=True))
        query = {
            "drilldown": "|".join(drilldown),
            "cut": written(cuts),
            "sum_across": "|".join(across) or None,
        }
        wrong = mixed(selected(cubes.lines, cube, cuts)) - set(across)
        if "fiscal_year" in {*cuts, *drilldown}:
            wrong -= {"fiscal_year"}
        seen.add(bool(wrong))
        if not wrong:
            cubes.ask(f"{cube}/tree", **query)
            return
        errors = cubes.refused(f"{cube}/tree", **query)
        assert {error["allowed"][-1] for error in errors} == {f"sum_across={w}" for w in wrong}
        for error in errors:
            year = error["allowed"][-1] == "sum_across=fiscal_year"
            parted = [way for way in error["allowed"] if way.startswith("drilldown=")]
            assert parted == (["drilldown=fiscal_year"] if year else [])
            assert year or "drilldown" not in error["hint"]

    compare()
    assert seen == {True, False}


@pytest.mark.parametrize(
    ("drilldown", "detail", "hint"),
    [
        (
            "function|function_1",
            "'function_1' would stand in the tree twice",
            "function stands for all its levels, function_1.code for one.",
        ),
        ("function.label", "'function.label' is not known here", None),
        ("", "is empty", None),
    ],
)
def test_what_cannot_be_nested_is_named(
    made: Cubes, drilldown: str, detail: str, hint: str | None
) -> None:
    (error,) = made.refused("expenditure/tree", drilldown=drilldown)
    assert (error["parameter"], error["detail"], error["hint"]) == ("drilldown", detail, hint)


def test_every_dimension_can_be_nested_in_every_cube(cubes: Cubes) -> None:
    for cube in sorted({row["table"] for row in cubes.lines}):
        for name in dimensions():
            found = cubes.ask(f"{cube}/tree", drilldown=name, sum_across=ACROSS)
            assert found["levels"] == list(hierarchies().get(name, [name]))


def test_a_tree_of_too_many_nodes_is_refused(made: Cubes, monkeypatch: pytest.MonkeyPatch) -> None:
    query = {"drilldown": "function|line", "sum_across": ACROSS}
    whole = list(nodes(made.ask("expenditure/tree", **query)["data"]))
    monkeypatch.setattr(trees, "MAX_NODES", len(whole))
    assert made.ask("expenditure/tree/", **query)
    monkeypatch.setattr(trees, "MAX_NODES", len(whole) - 1)
    (error,) = made.refused("expenditure/tree", **query, depth=29)
    assert error["detail"] == (
        f"the tree would have {len(whole)} nodes or more; at most {len(whole) - 1} are answered"
    )
    assert error["hint"] == "Add a cut, leave the last dimension out, or set depth=."
    monkeypatch.setattr(trees, "MAX_NODES", 20)
    (error,) = made.refused("expenditure/tree", **query, depth=28)
    assert error["parameter"] == "drilldown"
    assert made.ask("expenditure/tree", **query, depth=1)["data"]["children"]


# What charts need --------------------------------------------------------------------------------


@pytest.fixture
def odd(made: Cubes, tmp_path: Path) -> Iterator[Cubes]:
    """Cubes with a negative leaf, and with leaves that have no amount."""
    path = tmp_path / "odd.sqlite"
    shutil.copyfile(made.path, path)
    with sqlite3.connect(path) as connection:
        where = "WHERE table_kind = 'expenditure' AND role = 'leaf' AND function LIKE"
        connection.execute(f"UPDATE lines SET amount_fen = -amount_fen {where} '221%'")  # noqa: S608
        connection.execute(f"UPDATE lines SET amount_fen = NULL {where} '210%'")  # noqa: S608
    connection.close()
    engine = open_for_reading(f"sqlite:///{path}")
    yield Cubes(Api(create_app(engine)), path)
    engine.dispose()


def test_negative_and_missing_values_are_warned_of(odd: Cubes) -> None:
    answer = odd.ask("expenditure/tree", drilldown="function_1", sum_across=ACROSS)
    values = {node["key"]: node["value"] for node in answer["data"]["children"]}
    assert (values["210"], values["221"] < 0) == (None, True)
    assert answer["data"]["value"] == sum(value for value in values.values() if value is not None)
    assert answer["warnings"] == [
        {
            "code": "negative_values",
            "detail": "Nodes with a negative value: 1. Treemaps and sunbursts cannot draw them; "
            "leave them out, or use bars.",
        },
        {
            "code": "no_values",
            "detail": "Nodes without a value: 1. No line of theirs has an amount.",
        },
    ]


@pytest.mark.parametrize("path", ["tree.csv?", "tree?format=csv&"])
def test_csv_has_the_nodes_with_the_ids_of_those_above(cubes: Cubes, path: str) -> None:
    query = f"drilldown=jurisdiction|function&sum_across={ACROSS}"
    response = cubes.api.call(f"/v1/cubes/expenditure/{path}{query}")
    table = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    answer = parse(cubes.api.call(f"/v1/cubes/expenditure/tree?{query}"))
    above = {
        child["id"]: node["id"] for node in nodes(answer["data"]) for child in node["children"]
    }
    wanted = [
        {
            "id": node["id"],
            "parent": above.get(node["id"], ""),
            "name": node["name"],
            "name_en": node["label"]["en"] or "",
            "dimension": node["dimension"] or "",
            "key": node["key"] or "",
            "source": node["source"] or "",
            "level": str(node["level"]),
            "leaf": str(not node["children"]).lower(),
            "value": "" if node["value"] is None else str(node["value"]),
            "line_count": str(node["line_count"]),
        }
        for node in nodes(answer["data"])
    ]
    assert table == wanted
    assert response.headers["X-Total-Count"] == str(len(table))
    assert answer["links"]["csv"].startswith("/v1/cubes/expenditure/tree.csv?drilldown=")


def test_few_statements_however_many_nodes(made: Cubes) -> None:
    engine: Engine = made.api.app.extensions["openbudget"].engine
    made.api.json("/v1/cubes/expenditure/members/scope")
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    made.ask(
        "expenditure/tree",
        drilldown="jurisdiction|department|function|department_economic|line",
        sum_across=ACROSS,
    )
    event.remove(engine, "before_cursor_execute", note)
    asked = [own for own in seen if "FROM lines" in own or "FROM codes" in own]
    assert len(asked) == 4, asked


D3 = MODULES / "d3-hierarchy/dist/d3-hierarchy.min.mjs"
SCRIPT = """
import fs from 'node:fs';
const d3 = await import(process.argv[1]);
const {data, rows} = JSON.parse(fs.readFileSync(0));
const root = d3.hierarchy(data).sum(d => d.children.length ? 0 : d.value);
const flat = d3.stratify().id(d => d.id).parentId(d => d.parent || null)(rows);
const fen = value => Math.round(value * 100);
const walk = node => [[node.data.id, fen(node.value), fen(node.data.value)],
                      ...(node.children || []).flatMap(walk)];
const ids = node => [node.id, ...(node.children || []).flatMap(ids)];
console.log(JSON.stringify({nested: walk(root), flat: ids(flat)}));
"""


@pytest.mark.skipif(NODE is None or not D3.exists(), reason="d3-hierarchy is not installed")
def test_d3_adds_up_the_same_and_stratifies_the_csv(real: Cubes) -> None:
    query = f"drilldown=department|function&sum_across={ACROSS}"
    text = real.api.call(f"/v1/cubes/expenditure/tree.csv?{query}").text.removeprefix("\ufeff")
    answer = json.loads(real.api.call(f"/v1/cubes/expenditure/tree?{query}").text)
    given_ = {"data": answer["data"], "rows": list(csv.DictReader(io.StringIO(text)))}
    command = [str(NODE), "--input-type=module", "-e", SCRIPT, "--", str(D3.resolve())]
    asked = json.dumps(given_)
    done = subprocess.run(command, input=asked, text=True, capture_output=True, check=True)
    found = json.loads(done.stdout)
    ids = [node["id"] for node in nodes(answer["data"])]
    assert [own[0] for own in found["nested"]] == found["flat"] == ids
    assert all(summed == own for _, summed, own in found["nested"])
