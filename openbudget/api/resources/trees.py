"""Trees of codes, bare or with amounts; the node shape suits d3-hierarchy and ECharts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from marshmallow import fields

from openbudget.api.common import LabelSchema
from openbudget.api.dumping import compile_dump
from openbudget.api.endpoint import Call, Endpoint, JsonAnswer
from openbudget.api.envelopes import MetaSchema, WarningSchema, answer_schema
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    integer,
    many,
    nested,
    optional_string,
    string,
    yuan,
)
from openbudget.api.list_query import filter_conditions, link
from openbudget.api.parameters import Parameter, any_text, matching, query_schema, whole
from openbudget.api.problems import Mistake, bad_request, not_found
from openbudget.api.resources.classifications import (
    EDITION,
    SCHEME,
    ancestors,
    find_edition,
    read_codes,
)
from openbudget.api.resources.code_tree import (
    Node,
    add_amounts,
    link_nodes,
    nodes_of,
    prune,
    record_of,
    searchable,
)
from openbudget.api.resources.lines import COLUMNS, FILTERS
from openbudget.api.resources.table_ids import table_ids
from openbudget.budget.folding import fold
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, Direction, Scheme
from openbudget.cubes.columns import THREE_PUBLIC
from openbudget.cubes.guards import DOCUMENTS, read_groups
from openbudget.cubes.sides import leaf_lines
from openbudget.storage.read import Found
from openbudget.storage.selection import Condition, where
from openbudget.storage.trees import amounts_by_code, distinct_values, sum_without_code
from openbudget.texts import Text, listed

COORDINATES = {scheme.value: name for name, scheme in COORDINATE_SCHEMES.items()}
ONE_OF_EACH = ("table", "fiscal_year", "phase", "scope")
"""What must be one for amounts to be added up: other sums would count money twice."""
_LEFT_OUT = ("role", "direction")
"""Only leaves are added up, of the direction that the classification is of."""
_FILTERS = tuple(own for own in FILTERS if own.name not in _LEFT_OUT)
SOURCES = ("list", "printed")


class NodeSchema(ResponseSchema):
    """A node: `value` is the sum of the leaf lines of its code and of all codes below it."""

    name = string("The label, for charts.", "公共安全支出")
    code = string("The code.", "204")
    level = integer("1 is 类, 2 is 款, 3 is 项.", 1)
    label = nested(LabelSchema, "Its names.")
    source = choice("`printed`: the code is not in the list; its printed name.", SOURCES, "list")
    value = yuan("Sum in yuan, where the tree has amounts.", "9092652.68")
    line_count = integer("Leaf lines in the sum.", 22, optional=True)
    children = fields.List(
        fields.Nested("NodeSchema"),
        metadata={"description": "The codes one level down.", "example": []},
    )


class TreeSchema(ResponseSchema):
    """A tree of codes."""

    scheme = string("The classification.", "functional")
    edition = string("The edition.", "2024")
    name = string("The title of the classification, for charts.", "支出功能分类科目")
    value = yuan("Sum of all amounts, in yuan; null where the tree has none.", "10097543.96")
    without_code = yuan("Sum of the leaf lines that have no code, in no node.", "0.00")
    children = many(NodeSchema, "The nodes.")


class TreeLinksSchema(ResponseSchema):
    """Links of a tree."""

    self = string("This answer.", "/v1/classifications/functional/2024/tree")
    lines = optional_string(
        "The leaf lines that are added up; null where the tree has no amounts or is searched.",
        "/v1/lines?role=leaf",
    )


TreeAnswerSchema = answer_schema(
    {
        "data": nested(TreeSchema, "The tree."),
        "links": nested(TreeLinksSchema, "Links."),
        "meta": nested(MetaSchema, "About this answer."),
        "warnings": many(WarningSchema, "What to know about this answer."),
    },
    name="TreeOne",
)


def tree(call: Call) -> JsonAnswer:
    """Answer the tree of an edition, with amounts where the query selects lines."""
    edition = find_edition(call)
    if set(call.query) <= set(_SHAPE):
        nodes = nodes_of(read_codes(call))
        return _answer(call, edition, _shaped(call, nodes, amounts=False), {})
    conditions, chosen = _one_of_each(call, edition)
    what = (call.connection, COORDINATES[edition.scheme], conditions, COLUMNS)
    amounts = amounts_by_code(*what)
    nodes = nodes_of(read_codes(call, [above for a in amounts for above in _path(a.code)]))
    add_amounts(nodes, amounts)
    roots = _shaped(call, nodes, amounts=True)
    totals = {
        "value": sum(root.total[0] for root in roots),
        "without_code": sum_without_code(*what),
    }
    return _answer(call, edition, roots, chosen, totals)


def _path(code: str) -> list[str]:
    return [*ancestors(code), code]


def _shaped(call: Call, nodes: dict[str, Node], *, amounts: bool) -> list[Node]:
    """Link the nodes, and leave out what the query does not ask for."""
    roots = _below(nodes, link_nodes(nodes), call.query.get("root"))
    for root in roots:
        root.add_up()
    if amounts:
        roots = prune(roots, lambda node: node.lines > 0)
    if "q" in call.query:
        wanted = fold(call.query["q"]).casefold()
        roots = prune(roots, lambda node: wanted in searchable(node))
    return roots


def _answer(
    call: Call,
    edition: Found,
    roots: list[Node],
    chosen: dict[str, Any],
    totals: dict[str, int] | None = None,
) -> JsonAnswer:
    depth = call.query.get("depth", _MAX_DEPTH)
    record = {
        "scheme": edition.scheme,
        "edition": edition.edition,
        "name": edition.title_zh,
        "value": None,
        "without_code": None,
        **(totals or {}),
        "children": [record_of(root, depth, amounts=totals is not None) for root in roots],
    }
    applied = {**call.sent, **chosen}
    body = {
        "data": _DUMP(record),
        "links": {
            "self": link(call.path, call.sent),
            "lines": None if totals is None else _lines(call, edition, applied),
        },
        "meta": {"query": {"edition": edition.edition, **applied}},
        "warnings": [],
    }
    return JsonAnswer(body)


def _lines(call: Call, edition: Found, applied: Mapping[str, Any]) -> str | None:
    """Link to the lines that are added up; a search, or too many conditions on a code, has none."""
    shown = {name: str(value) for name, value in applied.items() if name not in _SHAPE}
    if "root" in call.query:
        coordinate = COORDINATES[edition.scheme]
        free = [own for own in ("under", "prefix") if f"{coordinate}__{own}" not in shown]
        if not free:
            return None
        shown[f"{coordinate}__{free[0]}"] = call.query["root"]
    return None if "q" in call.query else link("/v1/lines", {**shown, "role": "leaf"})


# Choices -----------------------------------------------------------------------------------------


def _one_of_each(call: Call, edition: Found) -> tuple[tuple[Condition, ...], dict[str, Any]]:
    """Settle one table, year, phase and scope: given, or the only one there is.

    Raises:
        ProblemError: 400 with the choices where there are several.
    """
    direction = Direction.REVENUE if edition.scheme == Scheme.REVENUE else Direction.EXPENDITURE
    conditions = filter_conditions(_FILTERS, call)
    conditions += (
        Condition("current", "eq", (True,)),
        Condition("direction", "eq", (direction.value,)),
    )
    chosen: dict[str, Any] = {"direction": direction.value}
    mistakes = []
    for name in ONE_OF_EACH:
        values = distinct_values(call.connection, COLUMNS[name], conditions, COLUMNS)
        if len(values) > 1:
            mistakes.append(_ambiguous(name, values))
        elif values:
            chosen[name] = values[0]
    if "table" in chosen:
        mistakes += _counted_twice(call, conditions)
    year = chosen.get("fiscal_year")
    if year is not None and not _serves(edition, year):
        first, last = edition.first_year or "…", edition.last_year or "…"
        said = "edition {edition} serves the fiscal years {first} to {last}, not {year}"
        detail = Text(said, edition=edition.edition, first=first, last=last, year=year)
        mistakes.append(Mistake("edition", detail, hint=Text("Ask for the edition of that year.")))
    if mistakes:
        raise bad_request(mistakes)
    return conditions, chosen


def _ambiguous(name: str, values: Sequence[Any]) -> Mistake:
    said = "the lines have several values of {name}; adding them up would count money twice"
    hint = Text("Add {way}, or another one.", way=f"{name}={values[0]}")
    return Mistake(name, Text(said, name=name), list(values), hint)


def _several_tables(keys: Sequence[str], ids: Sequence[str]) -> Mistake:
    said = "the lines are of {tables}; adding them up may count money twice"
    hint = Text("Name the tables that are meant, one of each document.")
    return Mistake("table_id", Text(said, tables=listed(keys)), ids, hint)


def _counted_twice(call: Call, conditions: Sequence[Condition]) -> Iterator[Mistake]:
    """Refuse what the guards of cubes refuse, of which no parameter has one value."""
    groups = read_groups(call.connection, leaf_lines(where(conditions, COLUMNS)))
    keys = sorted({row.table_key for row in groups})
    if len(keys) > 1:
        yield _several_tables(keys, table_ids(call.connection, conditions))
    if any(row.documents > 1 for row in groups):
        hint = Text("Add period=own, or name one document of each office by document=.")
        yield Mistake("document", DOCUMENTS.why, hint=hint)
    items = {row.item_group for row in groups}
    if len(items) > 1:
        said = "the lines are of the three public expenses and of items that hold parts of them"
        allowed = [f"item_key={','.join(THREE_PUBLIC)}"]
        yield Mistake("item_key", Text(said), allowed, Text("Add {way}.", way=allowed[0]))


def _serves(edition: Found, year: int) -> bool:
    return (edition.first_year or 0) <= year <= (edition.last_year or year)


def _below(nodes: Mapping[str, Node], roots: list[Node], root: str | None) -> list[Node]:
    if root is None:
        return roots
    if root not in nodes:
        raise not_found(Text("code"), root, Text("Leave root= out, or name a code of this tree."))
    return [nodes[root]]


_MAX_DEPTH = 9
_DUMP = compile_dump(TreeSchema())
_CODE = (r"\d{1,9}", Text("a code of digits"))
_SHAPE = {
    "root": Parameter(*matching(*_CODE), "Only below this code.", "204"),
    "depth": Parameter(*whole(1, _MAX_DEPTH), "Levels of the tree.", 2),
    "q": Parameter(*any_text(), "Only branches with this in a name or code.", "法律"),
}


def _parameters() -> dict[str, Parameter]:
    return {**{n: p for own in _FILTERS for n, _, p in own.parameters}, **_SHAPE}


TREE = Endpoint(
    path="/v1/classifications/{scheme}/{edition}/tree",
    operation_id="get_tree",
    summary="The codes of an edition as a tree, bare or with amounts",
    description=(
        "Without a filter: all codes. With one of the filters of lines (department=, "
        "jurisdiction=, department_economic__under=, …): the codes that leaf lines have, each with "
        "the sum of its leaves. That needs one table, fiscal year, "
        "phase and scope: where only one exists it is taken and named in meta.query, otherwise "
        "the answer is 400 with the choices. Printed codes absent from the list stand under their "
        "prefix with the printed name."
    ),
    view=tree,
    answers=TreeAnswerSchema,
    tag="classifications",
    query=query_schema("TreeQuery", _parameters()),
    parameters=(SCHEME, EDITION),
)
