"""The operations of cubes: their parameters, texts and schemas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from openbudget.api.endpoint import (
    CSV,
    JSON,
    JSON_STAT,
    Answer,
    Call,
    Endpoint,
    PathParameter,
)
from openbudget.api.parameters import Parameter, long_text, one_of, query_schema, whole
from openbudget.api.resources.cubes.answers import (
    PAGE_SIZE,
    get_aggregate,
    get_facts,
    get_members,
    get_model,
    list_cubes,
)
from openbudget.api.resources.cubes.formats import MOST_POSITIONS, JsonStatSchema
from openbudget.api.resources.cubes.schemas import (
    AggregateSchema,
    CubeListSchema,
    CubeModelSchema,
    FactsSchema,
    MembersSchema,
)
from openbudget.api.resources.cubes.tree import MAX_DEPTH, CubeTreeSchema, get_tree
from openbudget.api.resources.findings import LANGUAGE
from openbudget.budget.vocabulary import Role
from openbudget.cubes.guards import NAMES
from openbudget.cubes.model import AMOUNT_SUM

_MAX_PAGE = 1_000_000


def _text(
    description: str, example: str, separator: str = "|", *, required: bool = False
) -> Parameter:
    found = Parameter(*long_text(), description, example, required=required)
    found.separator = separator
    return found


_CUT = _text(
    'Conditions, all of which hold: reference:"value", several values parted by ; and several '
    "conditions by |; nothing behind the colon stands for no value.",
    'fiscal_year:2024|function_1:"204";"208"',
)
_ORDER = "What to sort by, of what is answered; `:desc` turns one round."
_PAGING = {
    "page": Parameter(*whole(0, _MAX_PAGE), "Number of the page; 0 is 1.", 1, default=1),
    "pagesize": Parameter(*whole(0, PAGE_SIZE), "Records a page.", 100, default=PAGE_SIZE),
}
# Clients send what is the default, and whole answers refuse pages: see `without_page_size`.
_PAGING_IF_JSON = {
    "page": Parameter(*whole(0, _MAX_PAGE), "Number of the page, in json; 0 is 1.", 1),
    "pagesize": Parameter(*whole(0, PAGE_SIZE), "Records a page, in json.", 100),
}
_ACROSS = _text(
    "Dimensions, parted by |, whose values are added up although that counts money twice: "
    f"{', '.join(NAMES)}.",
    "fiscal_year",
)
_AGGREGATE_PARAMETERS = {
    "drilldown": _text(
        "Dimensions or attributes that cells are grouped by, parted by |.", "function_1|scope"
    ),
    "cut": _CUT,
    "aggregates": _text("What is computed, parted by |; all when left out.", AMOUNT_SUM),
    "order": _text(_ORDER, f"{AMOUNT_SUM}:desc", ","),
    **_PAGING,
    "sum_across": _ACROSS,
}
_TREE_PARAMETERS = {
    "drilldown": _text(
        "Dimensions, parted by |, the outer ones first. One that has levels (function, "
        "jurisdiction) stands for all of them; function_1 or function.code for one.",
        "function",
        required=True,
    ),
    "cut": _CUT,
    "sum_across": _ACROSS,
    "depth": Parameter(*whole(1, MAX_DEPTH), "Levels below the top.", 2, default=MAX_DEPTH),
    "format": Parameter(*one_of(("json", "csv")), "csv: id, parent and value of nodes.", "csv"),
}
_FORMATS = ("json", "csv", "json-stat")
_WHOLE = (
    " CSV and JSON-stat hold every cell: `page` and `pagesize` have no meaning there. JSON-stat "
    f"takes {MOST_POSITIONS:,} positions at most, the product of the sizes of all dimensions."
)
_FORMAT_PARAMETERS = {
    "format": Parameter(
        *one_of(_FORMATS), "Format of the answer; `Accept` chooses too.", "json-stat"
    ),
    "lang": LANGUAGE,
}
_FACTS_PARAMETERS = {
    "fields": _text(
        "Dimensions, attributes and `amount`, parted by commas.", "function,amount", ","
    ),
    "cut": _CUT,
    "order": _text(_ORDER, "amount:desc", ","),
    **_PAGING,
    "role": Parameter(
        *one_of(tuple(Role)), "Part of the sums: leaves when left out.", "total", several=True
    ),
}
_MEMBERS_PARAMETERS = {
    "cut": _CUT,
    "order": _text(_ORDER, "function_1.label:desc", ","),
    **_PAGING,
}
_CUBE = PathParameter("cube", "Name of the cube: a kind of table.", "expenditure", r"^[a-z_]+$")
# v1 promises the endings of a path: another one gets a path of its own, like /v1/lines.xlsx.
_ENDING = PathParameter("extension", "Format of the answer.", "csv", f"^({'|'.join(_FORMATS)})$")
_EXTENSION = PathParameter("extension", "Format of the answer.", "csv", "^(json|csv)$")
_DIMENSION = PathParameter(
    "dimension", "A dimension or an attribute.", "function_1", r"^[A-Za-z0-9_.]+$"
)


_AGGREGATE = (
    "Only leaf lines of current documents are added up. A sum that would count money "
    "twice (several scopes, phases, directions, or documents about the same thing, in one "
    "cell) and a sum over years that nobody asked for are refused with 400, and the "
    "problem lists every legal way: cuts with the values there are, a drilldown, or "
    "sum_across. Where only the drilldown keeps them apart, summary has no amount."
)
_TREE = (
    "Dimensions nested in the order in which they are named. The value of a node is exactly the "
    "sum of its children. A code stands under its first digits, listed or not; what a node itself "
    "has beside finer parts, and lines without a value, are nodes of their own. What would count "
    "money twice is refused as in aggregates: to nest by what must not be added up is no way out, "
    "since the levels above add it up. CSV has one row a node: id, parent, value."
)


def _endpoint(
    path: str,
    operation: tuple[str, Callable[[Call], Answer]],
    texts: tuple[str, str],
    answers: Any,
    parameters: Sequence[PathParameter] = (),
    query: dict[str, Parameter] | None = None,
    media_types: Sequence[str] = (JSON,),
) -> Endpoint:
    name, view = operation
    own = query_schema("".join(part.title() for part in name.split("_")), query or {})
    return Endpoint(
        path=f"/v1/cubes{path}",
        operation_id=name,
        summary=texts[0],
        description=texts[1],
        view=view,
        answers=answers,
        tag="cubes",
        query=own,
        parameters=parameters,
        media_types=media_types,
        problem="CubeProblem",
    )


_SUMS = replace(
    _endpoint(
        "/{cube}/aggregate",
        ("get_cube_aggregate", get_aggregate),
        ("Sums of leaf lines", _AGGREGATE + _WHOLE),
        AggregateSchema,
        (_CUBE,),
        {**_AGGREGATE_PARAMETERS, **_FORMAT_PARAMETERS},
    ),
    media_types=(JSON, CSV, JSON_STAT),
    other_answers={JSON_STAT: JsonStatSchema},
)
_NESTED = _endpoint(
    "/{cube}/tree",
    ("get_cube_tree", get_tree),
    ("Leaf lines as a tree of sums", _TREE),
    CubeTreeSchema,
    (_CUBE,),
    _TREE_PARAMETERS,
    (JSON, CSV),
)


def _with_ending(own: Endpoint, ending: PathParameter, **other: Any) -> Endpoint:
    """Make the endpoint whose path ends in a format."""
    return replace(
        own,
        path=f"{own.path}.{{{ending.name}}}",
        operation_id=f"{own.operation_id}_as",
        summary=f"{own.summary}, in the format that the path ends in",
        parameters=(*own.parameters, ending),
        **other,
    )


ENDPOINTS = (
    _endpoint(
        "",
        ("list_cubes", list_cubes),
        ("Cubes", "One cube for each kind of table that has lines, in the dialect of Babbage."),
        CubeListSchema,
    ),
    _endpoint(
        "/{cube}/model",
        ("get_cube_model", get_model),
        ("What a cube is made of", "Measures, aggregates, dimensions and their hierarchies."),
        CubeModelSchema,
        (_CUBE,),
    ),
    _SUMS,
    _with_ending(
        _SUMS,
        _ENDING,
        media_types=(CSV, JSON, JSON_STAT),
        query=query_schema(
            "GetCubeAggregateAs",
            {**_AGGREGATE_PARAMETERS, **_PAGING_IF_JSON, **_FORMAT_PARAMETERS},
        ),
    ),
    _NESTED,
    _with_ending(_NESTED, _EXTENSION, media_types=(CSV, JSON)),
    _endpoint(
        "/{cube}/facts",
        ("list_cube_facts", get_facts),
        ("The lines of a cube", "Leaf lines, with `role=` also totals, subtotals and 其中."),
        FactsSchema,
        (_CUBE,),
        _FACTS_PARAMETERS,
    ),
    _endpoint(
        "/{cube}/members/{dimension}",
        ("list_cube_members", get_members),
        ("The members of a dimension", "The members that the leaf lines of a cube have."),
        MembersSchema,
        (_CUBE, _DIMENSION),
        _MEMBERS_PARAMETERS,
    ),
)
