"""Random comparisons: refused or answered as plain Python makes of the exported lines."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.api.client import parse
from tests.cubes.asking import Cubes, Row
from tests.cubes.recomputing import KEYS, amount, code, item, plain

SETTINGS = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
LEVELS = {
    "function": (3, 5, 7),
    "government_economic": (3, 5),
    "department_economic": (3, 5),
    "revenue": (3, 5, 7),
    "item": (),
    "project": (),
}
BETWEEN = ("fiscal_year", "department", "phase", "scope")
FILTERS = (
    "table",
    "direction",
    "scope",
    "phase",
    "fiscal_year",
    "department",
    "period",
    "item_key",
)
ONE_OF_EACH = ("fiscal_year", "scope", "phase")
Key = str | None
Query = dict[str, str]
Names = dict[str, tuple[str, str]]
"""The office and the name of each project."""
SIDES = ("base", "other")
KEYLESS = object()
"""Stands for no row, which None does not: that is the row of lines without a code."""


def key_of(query: Query) -> Callable[[Row], Any]:
    name, level = query["by"], query.get("level")
    own = {"item": item, "project": plain("project")}.get(name) or code(name)
    digits = LEVELS[name][int(level) - 1] if level else None
    return lambda row: (own(row) or "")[:digits] or None


def side(lines: Iterable[Row], query: Query, name: str) -> list[Row]:
    found = [row for row in lines if row["role"] == "leaf"]
    wanted = {**query, query["between"]: query[name]}
    for field in FILTERS:
        if field in wanted:
            values = wanted[field].split(",")
            found = [row for row in found if str(KEYS.get(field, plain(field))(row)) in values]
    if under := query.get("function__under"):
        found = [row for row in found if row["function_code"].startswith(under)]
    return found


def narrowed(
    sides: list[list[Row]], coded: Callable[[Row], Any], field: str
) -> tuple[list[list[Row]], bool]:
    """Take the one value of the lines with a code; tell whether there are several."""
    values = [{row[field] for row in own if coded(row)} for own in sides]
    choices = values[0] & values[1] or values[0] | values[1]
    if len(choices) != 1:
        return sides, bool(choices)
    return [[row for row in own if row[field] in choices] for own in sides], False


def refusals(sides: list[list[Row]], query: Query) -> tuple[list[list[Row]], set[str]]:
    coded, found = key_of(query), set()
    for field in ("table", "direction"):
        sides, several = narrowed(sides, coded, field)
        if several:
            found.add(field)
            break
    every = [row for own in sides for row in own]
    for field in ONE_OF_EACH:
        single = all(len({row[field] for row in own}) < 2 for own in sides)
        meant = single and "," in query.get(field, "")
        if field != query["between"] and len({row[field] for row in every}) > 1 and not meant:
            found.add(field)
    groups = [{KEYS["item_group"](row) for row in own} for own in sides]
    one_table = len({row["table"] for row in every if coded(row)}) == 1
    if query["by"] != "item" and max(map(len, groups)) > 1 and one_table:
        found.add("by")
    tables = [{KEYS["table_key"](row) for row in own} for own in sides]
    if max(map(len, tables)) > 1 and one_table:
        found.add("table_id")
    if any(own and not any(map(coded, own)) for own in sides):
        found.add("by")
    if any(overlap(own) for own in sides):
        found.add("document")
    return sides, found


def overlap(rows: list[Row]) -> bool:
    alike = ("department", "scope", "fiscal_year", "phase", "direction", "table_key", "item_group")
    documents: dict[Any, set[str]] = defaultdict(set)
    for row in rows:
        documents[(row["table"], *(KEYS[name](row) for name in alike))].add(row["document"])
    return any(len(own) > 1 for own in documents.values())


def rate(base: Decimal | None, other: Decimal | None) -> Decimal | None:
    if not base:
        return None
    with localcontext() as context:
        context.prec = 60
        exact = ((other or 0) - base) / base
        return exact.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def change(base: Decimal | None, other: Decimal | None) -> str:
    if base == other:
        return "unchanged"
    if base is None or other is None:
        return "added" if base is None else "removed"
    return "increased" if other > base else "decreased"


def expected(sides: list[list[Row]], query: Query, names: Names) -> list[tuple[Any, ...]]:
    summed = []
    for own in sides:
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in own:
            found[key_of(query)(row)].append(row)
        summed.append({key: (amount(rows), len(rows)) for key, rows in found.items()})
    pairs = [(key, key) for key in summed[0] if key in summed[1]]
    if query["by"] == "project" and query.get("follow") != "false":
        pairs += by_name(summed, query, names)
    taken = [{pair[place] for pair in pairs} for place in (0, 1)]
    pairs += [(key, KEYLESS) for key in summed[0] if key not in taken[0]]
    pairs += [(KEYLESS, key) for key in summed[1] if key not in taken[1]]
    return [told(summed, *pair) for pair in pairs]


def told(summed: list[dict[Any, Any]], one: Any, two: Any) -> tuple[Any, ...]:
    base, other = summed[0].get(one, (None, 0)), summed[1].get(two, (None, 0))
    difference = None if base[0] is other[0] is None else (other[0] or 0) - (base[0] or 0)
    own = change(base[0], other[0])
    keys = tuple(None if key is KEYLESS else key for key in (one, two))
    return (own, *keys, *base, *other, difference, rate(base[0], other[0]))


def by_name(summed: list[dict[Any, Any]], query: Query, names: Names) -> list[tuple[Key, Key]]:
    """Pair projects by their folded names, each of which only one has on each side."""
    found: list[dict[Any, list[Key]]] = []
    for own in summed:
        named: dict[Any, list[Key]] = defaultdict(list)
        for key in filter(None, own):
            office, name = names[key]
            shared = "" if query["between"] == "department" else office
            named[shared, "".join(name.split())].append(key)
        found.append(named)
    both = [(found[0][name], found[1].get(name, [])) for name in found[0]]
    unique = [(one[0], two[0]) for one, two in both if len(one) == len(two) == 1]
    return [pair for pair in unique if not {*pair} & {*summed[0]} & {*summed[1]}]


def shown(row: dict[str, Any]) -> tuple[Any, ...]:
    sides = [row[name] or {"code": None, "amount": None, "lines": 0} for name in ("base", "other")]
    parts = [value for own in sides for value in (own["amount"], own["lines"])]
    codes = [own["code"] for own in sides]
    return (row["change"], *codes, *parts, row["difference"], row["rate"])


def draw(data: st.DataObject, lines: list[Row]) -> Query:
    """Ask for what both sides have, mostly, and leave out some of what must be one: the ways out
    that are offered lead to an answer."""
    between = data.draw(st.sampled_from(BETWEEN))
    found = contexts(lines, between)
    context, values = data.draw(st.sampled_from(found)) if found else ({}, [])
    absent = {"fiscal_year": "1999", "department": "110102-n0", "phase": "adjusted"}
    if len(values) < 2 or data.draw(st.sampled_from([False] * 6 + [True])):
        every = {row[between] for row in lines} | {absent.get(between, "unit")}
        context, values = {}, sorted(every | {"department"} if between == "scope" else every)
    base, other = data.draw(st.permutations(values))[:2]
    by = data.draw(st.sampled_from(list(LEVELS)))
    query = {"between": between, "base": base, "other": other, "by": by}
    kept = data.draw(st.sets(st.sampled_from(["table", "department", *ONE_OF_EACH]), min_size=2))
    query |= {name: value for name, value in context.items() if name in kept}
    levels = range(1, len(LEVELS[by]) + 1)
    if levels and data.draw(st.booleans()):
        query["level"] = str(data.draw(st.sampled_from(levels)))
    if between != "fiscal_year" and data.draw(st.sampled_from([False] * 6 + [True])):
        query["fiscal_year"] = "2023,2024"
    if between != "scope" and data.draw(st.sampled_from([False] * 6 + [True])):
        query["scope"] = "department,unit"
    if data.draw(st.sampled_from([False] * 4 + [True])):
        query["function__under"] = data.draw(st.sampled_from(["204", "20406", "208", "2210203"]))
    return query


def contexts(lines: list[Row], between: str) -> list[tuple[Query, list[str]]]:
    """Give the tables, offices, years, scopes and phases that have several values to compare."""
    names = [n for n in ("table", "department", *ONE_OF_EACH) if n != between]
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in lines:
        found[tuple(row[name] for name in names)].add(row[between])
    several = {own: values for own, values in found.items() if len(values) > 1}
    return [(dict(zip(names, own, strict=True)), sorted(several[own])) for own in sorted(several)]


def ask(cubes: Cubes, query: Query) -> tuple[int, Any]:
    response = cubes.api.call(f"/v1/compare?{urlencode(query)}")
    return response.status_code, parse(response)


def hold(cubes: Cubes, query: Query, names: Names) -> list[dict[str, Any]]:
    """Hold an answer to the lines; gives the mistakes where it is refused."""
    sides = [side(cubes.lines, query, name) for name in SIDES]
    sides, refused = refusals(sides, query)
    status, body = ask(cubes, query)
    assert status == (400 if refused and all(sides) else 200), body
    if status == 400:
        errors: list[dict[str, Any]] = body["errors"]
        assert {error["parameter"] for error in errors} == refused
        return errors
    found = body["data"]
    empty = [name for name, own in zip(SIDES, sides, strict=True) if not own]
    said = [own["detail"].split(" ")[0] for own in body["warnings"] if own["code"] == "no_lines"]
    assert said == empty
    rows = [row for name in found["counts"] for row in found[name]]
    assert found["counts"] == {name: len(found[name]) for name in found["counts"]}
    wanted = [] if empty else expected(sides, query, names)
    assert Counter(map(shown, rows)) == Counter(wanted)
    apart = max(len({KEYS["item_group"](row) for row in own}) for own in sides) > 1
    for name, own in zip(SIDES, sides, strict=True):
        assert found[name]["lines"] == len(own)
        assert found[name]["amount"] == (None if apart or refused else amount(own))
        assert set(found[name]["documents"]) == {row["document"] for row in own}
    return []


def way_out(data: st.DataObject, error: dict[str, Any], query: Query) -> Query:
    name, allowed = error["parameter"], error["allowed"]
    if name == "document":
        return {**query, "period": "own"}
    if name != "by":
        return {**query, name: str(data.draw(st.sampled_from(allowed)))}
    chosen = data.draw(st.sampled_from(allowed))
    left = {own: value for own, value in query.items() if own != "level"}
    parameter, equals, value = chosen.partition("=")
    return {**left, parameter: value} if equals else {**left, "by": chosen}


def explore(cubes: Cubes, data: st.DataObject, query: Query, names: Names) -> None:
    for _ in range(9):
        errors = hold(cubes, query, names)
        if not errors or errors[0]["allowed"] == []:
            return
        query = way_out(data, errors[0], query)
    raise AssertionError(f"no way out of {query}")


@SETTINGS
@given(data=st.data(), follow=st.booleans())
def test_comparisons_of_made_budgets_equal_what_the_lines_say(
    made: Cubes, data: st.DataObject, follow: bool
) -> None:
    query = {**draw(data, made.lines), "follow": "true" if follow else "false"}
    projects = csv.DictReader(io.StringIO(made.api.call("/v1/projects.csv").text[1:]))
    names = {row["id"]: (row["department"], row["name"]) for row in projects}
    explore(made, data, query, names)


@SETTINGS
@given(data=st.data())
def test_comparisons_of_real_budgets_equal_what_the_lines_say(
    real: Cubes, data: st.DataObject
) -> None:
    """Without following: which code of one office is which of another has tests of its own."""
    explore(real, data, {**draw(data, real.lines), "follow": "false"}, {})


@pytest.mark.parametrize(
    "query",
    [
        {"between": "fiscal_year", "base": "2023", "other": "2024", "by": "function", "level": "2"},
        {"between": "fiscal_year", "base": "2023", "other": "2024", "by": "function"},
        {"between": "phase", "base": "approved", "other": "executed", "by": "department_economic"},
        {"between": "scope", "base": "unit", "other": "department", "by": "government_economic"},
    ],
)
def test_the_lines_behind_every_row_add_up_to_it(made: Cubes, query: Query) -> None:
    office = {"department": "110102-231002"} | (
        {} if query["between"] == "fiscal_year" else {"fiscal_year": "2024"}
    )
    own = {"scope": "department", "phase": "approved", "function__under": "204,208,2210203"}
    own = {name: value for name, value in own.items() if name != query["between"]}
    status, body = ask(made, {**query, **office, **own, "table": "expenditure", "period": "own"})
    assert status == 200, body
    found = body["data"]
    rows = [row for name in found["counts"] for row in found[name]]
    assert rows
    for part in [found, *rows]:
        for name in SIDES:
            if part[name]:
                lines = made.api.json(f"{part[name]['href']}&page_size=1000")["data"]
                assert len(lines) == part[name]["lines"]
                assert sum(line["amount"] for line in lines) == part[name]["amount"]
