"""Cubes: sums of leaf lines in Babbage's dialect, one cube for each kind of table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from openbudget.api.endpoint import CSV, JSON, Answer, Call, JsonAnswer
from openbudget.api.list_query import link
from openbudget.api.problems import Mistake, bad_request, not_found
from openbudget.api.resources.cubes.formats import (
    answer_csv,
    answer_json_stat,
    format_links,
    refuse_pages,
    whole_dimensions,
)
from openbudget.budget.money import format_yuan
from openbudget.cubes.columns import newest_editions
from openbudget.cubes.dialect import (
    parse_aggregates,
    parse_cuts,
    parse_drilldown,
    parse_names,
)
from openbudget.cubes.guards import NAMES, Whole
from openbudget.cubes.mistakes import CubeQueryError
from openbudget.cubes.model import (
    AMOUNT,
    AMOUNT_SUM,
    COUNT,
    CUBES,
    describe,
    known_refs,
    label_of,
)
from openbudget.cubes.query import (
    LEAF,
    CubeQuery,
    Table,
    aggregate,
    all_cells,
    cardinalities,
    facts,
    line_counts,
    members,
)
from openbudget.formats.encoding import exact_number
from openbudget.texts import Text, listed

Found = TypeVar("Found")
PAGE_SIZE = 10_000
"""The page that Babbage gives, and the largest."""
_MAX_PAGE = 1_000_000
Answered = TypeVar("Answered")
_MONEY = frozenset([AMOUNT, AMOUNT_SUM])


def list_cubes(call: Call) -> JsonAnswer:
    """Answer the cubes with their lines."""
    counts = line_counts(call.connection)
    data = [
        {
            "name": name,
            "label": label_of(name),
            "lines": counts[name],
            "href": f"/v1/cubes/{name}/model",
        }
        for name in CUBES
    ]
    return _answer(call, {"data": data})


def get_model(call: Call) -> JsonAnswer:
    """Answer what a cube is made of."""
    name = _cube(call)
    model = describe(name, cardinalities(call.connection, name))
    return _answer(call, {"name": name, "model": model})


def get_aggregate(call: Call) -> Answer:
    """Answer sums of leaf lines: a page in JSON, all of them in other formats."""
    query = understood(call, _aggregate_query)
    if call.media_type != JSON:
        return _all_cells(call, query)
    table = run(call, aggregate, query)
    whole = table.whole or Whole(None, 0, ())
    return _answer(
        call,
        {
            "summary": _summary(whole, query),
            "total_cell_count": table.total,
            "cells": [_row(row) for row in table.rows],
            "attributes": list(table.refs),
            "aggregates": list(query.aggregates),
            **_page(query, table),
            "warnings": _warnings(whole, query),
        },
        format_links(call, query),
    )


def _all_cells(call: Call, query: CubeQuery) -> Answer:
    refuse_pages(call)
    if call.media_type == CSV:
        return answer_csv(run(call, all_cells, query), query.cube, _row)
    query = whole_dimensions(query)
    cells = run(call, all_cells, query)
    about = {
        "summary": _summary(cells.whole, query),
        "warnings": _warnings(cells.whole, query),
    }
    return answer_json_stat(call, query, cells, _row, about)


def _summary(whole: Whole, query: CubeQuery) -> dict[str, Any]:
    found = {AMOUNT_SUM: whole.fen if whole.additive else None, COUNT: whole.lines}
    return _row({name: found[name] for name in query.aggregates})


def get_facts(call: Call) -> JsonAnswer:
    """Answer the lines themselves."""
    query = understood(call, _facts_query)
    table = run(call, facts, query)
    return _answer(
        call,
        {
            "total_fact_count": table.total,
            "data": [_row(row) for row in table.rows],
            "fields": list(table.refs),
            **_page(query, table),
        },
    )


def get_members(call: Call) -> JsonAnswer:
    """Answer the members of a dimension."""
    query = understood(call, _members_query)
    table = run(call, members, query)
    return _answer(
        call,
        {
            "total_member_count": table.total,
            "data": table.rows,
            "fields": list(table.refs),
            **_page(query, table),
        },
    )


def _cube(call: Call) -> str:
    name = call.arguments["cube"]
    if name not in CUBES:
        hint = Text("The cubes are {names}.", names=listed(CUBES))
        raise not_found(Text("cube"), name, hint)
    return name


def understood(call: Call, read: Callable[[Call, str], CubeQuery]) -> CubeQuery:
    """Read the query of a call to a cube.

    Raises:
        ProblemError: there is no such cube, or the query is malformed.
    """
    name = _cube(call)
    try:
        return read(call, name)
    except CubeQueryError as error:
        raise _problem(error) from error


def run(call: Call, ask: Callable[..., Found], query: CubeQuery) -> Found:
    """Ask a cube.

    Raises:
        ProblemError: 400 with what is wrong with the query, and the ways out.
    """
    try:
        return ask(call.connection, query, newest_editions(call.names.editions))
    except CubeQueryError as error:
        raise _problem(error) from error


def _problem(error: CubeQueryError) -> Exception:
    return bad_request(
        [Mistake(own.parameter, own.detail, own.allowed, own.hint) for own in error.mistakes]
    )


def _aggregate_query(call: Call, name: str) -> CubeQuery:
    query = call.query
    return CubeQuery(
        name,
        drilldown=parse_drilldown(query.get("drilldown")),
        aggregates=parse_aggregates(query.get("aggregates")),
        across=parse_names("sum_across", query.get("sum_across"), "|", NAMES),
        **_common(call),
    )


def _facts_query(call: Call, name: str) -> CubeQuery:
    allowed = (*known_refs(), AMOUNT)
    return CubeQuery(
        name,
        fields=parse_names("fields", call.query.get("fields"), ",", allowed),
        roles=call.query.get("role", LEAF),
        **_common(call),
    )


def _members_query(call: Call, name: str) -> CubeQuery:
    wanted = parse_names("dimension", call.arguments["dimension"], "|", known_refs())
    return CubeQuery(name, drilldown=wanted[:1], **_common(call))


def _common(call: Call) -> dict[str, Any]:
    return {
        "cuts": parse_cuts(call.query.get("cut")),
        "order": call.query.get("order"),
        "page": max(call.query.get("page", 1), 1),
        "page_size": call.query.get("pagesize", PAGE_SIZE),
    }


def cuts_as_understood(query: CubeQuery) -> list[dict[str, Any]]:
    """Write the cuts of a query as Babbage does."""
    return [{"ref": cut.ref, "operator": ":", "value": list(cut.values)} for cut in query.cuts]


def _page(query: CubeQuery, table: Table) -> dict[str, Any]:
    return {
        "cell": cuts_as_understood(query),
        "order": [[own.ref, "desc" if own.descending else "asc"] for own in table.order],
        "page": query.page,
        "page_size": query.page_size,
    }


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    """Write money as exact yuan."""
    return {
        ref: exact_number(format_yuan(value)) if ref in _MONEY and value is not None else value
        for ref, value in row.items()
    }


def _warnings(whole: Whole, query: CubeQuery) -> list[dict[str, str]]:
    mixed = ", ".join(guard.dimension for guard in whole.mixed if guard.twice)
    if not mixed or AMOUNT_SUM not in query.aggregates:
        return []
    detail = f"summary has no amount, which would count money twice: cells are parted by {mixed}."
    return [{"code": "summary_not_additive", "detail": detail}]


def _answer(
    call: Call, body: Mapping[str, Any], more: Mapping[str, str] | None = None
) -> JsonAnswer:
    links = {"self": link(call.path, call.sent), **(more or {})}
    return JsonAnswer({"status": "ok", **body, "links": links, "meta": {"query": dict(call.sent)}})
