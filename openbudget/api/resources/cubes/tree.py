"""The tree of a cube: nested for d3-hierarchy and ECharts, flat for Plotly and Vega."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from marshmallow import fields

from openbudget.api.common import LabelSchema
from openbudget.api.dumping import compile_dump
from openbudget.api.endpoint import CSV, Answer, Call, JsonAnswer, StreamAnswer
from openbudget.api.envelopes import LinksSchema, MetaSchema, WarningSchema, answer_schema
from openbudget.api.fields import (
    ResponseSchema,
    always,
    choice,
    flag,
    integer,
    many,
    nested,
    optional_string,
    string,
    strings,
    yuan,
)
from openbudget.api.list_query import link
from openbudget.api.resources.cubes.answers import cuts_as_understood, run, understood
from openbudget.api.resources.cubes.schemas import CutSchema
from openbudget.cubes.dialect import parse_cuts, parse_names
from openbudget.cubes.guards import NAMES
from openbudget.cubes.nesting import Node, flatten
from openbudget.cubes.query import CubeQuery
from openbudget.cubes.trees import NESTABLE, hierarchies_of, tree
from openbudget.formats.csv import write_csv

MAX_DEPTH = 30
"""More levels than all dimensions have."""
_FLAT = ("id", "parent", "name", "name_en", "dimension", "key", "source", "level", "leaf")
_COLUMNS = [(name,) for name in (*_FLAT, "value", "line_count")]


class CubeNodeSchema(ResponseSchema):
    """A node: `value` is exactly the sum of its children, or of its lines where it has none."""

    id = string("The cut that selects its lines, beside those of the tree.", 'function_1:"204"')
    name = string("Its name, for charts.", "公共安全支出")
    dimension = optional_string("The dimension it is a member of; null at the top.", "function_1")
    key = fields.Raw(
        allow_none=True,
        metadata={
            "description": "Its code, id or year; null for lines that have none.",
            "example": "204",
        },
    )
    label = nested(LabelSchema, "Its names.")
    source = choice(
        "Of a code: whether the lists have it, or only what is printed.",
        ("list", "printed"),
        "list",
        optional=True,
    )
    own = flag("Whether it is what the node above has itself, beside its finer parts.", False)
    level = integer("How far below the top.", 1)
    value = yuan("Sum in yuan; null where no line of it has an amount.", "9092652.68")
    line_count = integer("Leaf lines in the sum.", 22)
    children = fields.List(
        fields.Nested("CubeNodeSchema"),
        metadata={"description": "The nodes below.", "example": []},
    )


class CubeTreeLinksSchema(LinksSchema):
    """Links of a tree."""

    csv = always(string("The nodes as CSV: id, parent, value.", "/v1/cubes/expenditure/tree.csv"))


CubeTreeSchema = answer_schema(
    {
        "status": choice("Always ok.", ("ok",), "ok"),
        "data": nested(CubeNodeSchema, "The node at the top."),
        "levels": strings("The dimensions that are nested.", ["function_1", "function_2"]),
        "cell": many(CutSchema, "The cuts as understood."),
        "warnings": many(WarningSchema, "What to know about this answer."),
        "links": nested(CubeTreeLinksSchema, "Links."),
        "meta": nested(MetaSchema, "About this answer."),
    },
    "CubeTreeSchema",
)
_DUMP = compile_dump(CubeNodeSchema())
_WRITE_FLAT = compile_dump(CubeNodeSchema(only=("value",)))


def get_tree(call: Call) -> Answer:
    """Answer leaf lines as a tree of sums."""
    query = understood(call, _tree_query)
    depth = call.query.get("depth", MAX_DEPTH)
    root = run(call, partial(tree, depth=depth), query)
    if call.media_type == CSV:
        rows = list(_flat(root))
        return StreamAnswer(write_csv(rows, _COLUMNS), CSV, len(rows), f"{query.cube}-tree.csv")
    path = call.path.removesuffix(".json")
    kept = {name: value for name, value in call.sent.items() if name != "format"}
    return JsonAnswer(
        {
            "status": "ok",
            "data": _DUMP(_record(root, 0)),
            "levels": [own.name for one in hierarchies_of(query.drilldown)[:depth] for own in one],
            "cell": cuts_as_understood(query),
            "warnings": _warnings(root),
            "links": {"self": link(call.path, call.sent), "csv": link(f"{path}.csv", kept)},
            "meta": {"query": {**call.sent, "depth": depth}},
        }
    )


def _tree_query(call: Call, name: str) -> CubeQuery:
    drilldown = parse_names("drilldown", call.query["drilldown"], "|", NESTABLE)
    hierarchies_of(drilldown)
    return CubeQuery(
        name,
        cuts=parse_cuts(call.query.get("cut")),
        drilldown=drilldown,
        across=parse_names("sum_across", call.query.get("sum_across"), "|", NAMES),
    )


def _record(node: Node, level: int) -> dict[str, Any]:
    children = [_record(child, level + 1) for child in node.children]
    return {**_values(node, level), "children": children}


def _values(node: Node, level: int) -> dict[str, Any]:
    return {
        "id": node.id,
        "name": node.zh,
        "dimension": node.dimension,
        "key": node.key,
        "label": {"zh": node.zh, "en": node.en},
        "source": node.source,
        "own": node.own,
        "level": level,
        "value": node.fen,
        "line_count": node.lines,
    }


def _flat(root: Node) -> Iterator[dict[str, Any]]:
    """Give a row for every node; the parent of the one at the top is nothing, as Plotly has it."""
    levels = {root.id: 0}
    for node, parent in flatten(root):
        levels[node.id] = levels[parent.id] + 1 if parent else 0
        found = {**_values(node, levels[node.id]), "name_en": node.en, "leaf": not node.children}
        yield {**found, **_WRITE_FLAT(found), "parent": parent.id if parent else None}


def _warnings(root: Node) -> list[dict[str, str]]:
    """Warn of what charts of areas cannot draw."""
    nodes = [node for node, _ in flatten(root)]
    negative = sum(1 for node in nodes if (node.fen or 0) < 0)
    empty = sum(1 for node in nodes if node.fen is None)
    found = []
    if negative:
        detail = f"Nodes with a negative value: {negative}. Treemaps and sunbursts cannot draw them"
        found.append(
            {"code": "negative_values", "detail": f"{detail}; leave them out, or use bars."}
        )
    if empty:
        detail = f"Nodes without a value: {empty}. No line of theirs has an amount."
        found.append({"code": "no_values", "detail": detail})
    return found
