"""Random queries: every answer equals what Python makes of the exported lines, and plain SQL."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.cubes.asking import Cubes
from tests.cubes.recomputing import (
    KEY_REFS,
    KEYS,
    Value,
    amount,
    cells,
    in_sql,
    mixed,
    ordered,
    refused,
    selected,
)

NAMES = list(KEYS)
GUARDED = ["fiscal_year", "scope", "phase", "direction", "table_key", "item_group", "document"]
SETTINGS = settings(
    max_examples=250,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
FEWER_SUMS = settings(SETTINGS, max_examples=150)
FEWER = settings(SETTINGS, max_examples=60)


def written(cuts: dict[str, list[Value]]) -> str | None:
    """Write cuts: codes quoted, years not, nothing for no value."""
    parts = [
        f"{name}:" + ";".join("" if v is None else json.dumps(v) for v in values)
        for name, values in cuts.items()
    ]
    return "|".join(parts) or None


def draw_cuts(data: st.DataObject, cubes: Cubes, cube: str) -> dict[str, list[Value]]:
    names = data.draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
    lines = [row for row in cubes.lines if row["table"] == cube]
    found: dict[str, list[Value]] = {}
    for name in names:
        own = [KEYS[name](row) for row in lines]
        there = sorted(set(own), key=lambda value: (value is None, str(value)))
        if name in ("function_1", "department_economic", "item"):
            there.append("999")
        found[name] = data.draw(
            st.lists(st.sampled_from(there), unique=True, min_size=1, max_size=3)
        )
    return found


def draw_order(data: st.DataObject, drilldown: list[str]) -> list[tuple[str, bool]]:
    refs = ["amount.sum", "_count", *(KEY_REFS[name] for name in drilldown)]
    return data.draw(
        st.lists(st.tuples(st.sampled_from(refs), st.booleans()), unique_by=lambda x: x[0])
    )


def known_cubes(cubes: Cubes) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted({row["table"] for row in cubes.lines}))


def from_sql(cubes: Cubes, cube: str, drilldown: list[str], cuts: dict[str, list[Value]]) -> Any:
    found = cubes.sql(*in_sql(cube, drilldown, cuts))
    return {
        tuple(row[:-2]): (None if row[-2] is None else Decimal(row[-2]).scaleb(-2), row[-1])
        for row in found
        if row[-1]
    }


def test_any_sum_equals_the_sum_of_the_exported_lines(cubes: Cubes) -> None:
    seen = []

    @SETTINGS
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        cube = data.draw(known_cubes(cubes))
        drilldown = data.draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
        cuts = draw_cuts(data, cubes, cube)
        order = draw_order(data, drilldown)
        page = data.draw(st.integers(1, 3))
        size = data.draw(st.sampled_from([1, 2, 7, 10_000]))
        answer = cubes.ask(
            f"{cube}/aggregate",
            drilldown="|".join(drilldown) or None,
            cut=written(cuts),
            order=",".join(f"{ref}:{'desc' if down else 'asc'}" for ref, down in order) or None,
            page=page,
            pagesize=size,
            sum_across="|".join(GUARDED),
        )
        rows = selected(cubes.lines, cube, cuts)
        made = cells(rows, drilldown)
        assert from_sql(cubes, cube, drilldown, cuts) == made
        assert answer["total_cell_count"] == len(made)
        assert answer["summary"] == {"amount.sum": amount(rows), "_count": len(rows)}
        keys = [KEY_REFS[name] for name in drilldown]
        wanted = [
            {**dict(zip(keys, key, strict=True)), "amount.sum": fen, "_count": count}
            for key, (fen, count) in made.items()
        ]
        wanted = ordered(wanted, [*order, *((key, False) for key in keys)])
        given_cells = [
            {ref: cell[ref] for ref in (*keys, "amount.sum", "_count")} for cell in answer["cells"]
        ]
        assert given_cells == wanted[(page - 1) * size : page * size]
        assert all(isinstance(cell["amount.sum"], Decimal | None) for cell in answer["cells"])
        seen.append(len(made))

    compare()
    assert len(seen) >= 200
    assert len([count for count in seen if count > 1]) >= 50


def test_any_sum_that_counts_twice_is_refused_and_nothing_else(cubes: Cubes) -> None:
    seen = set()

    @FEWER_SUMS
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        cube = data.draw(known_cubes(cubes))
        drilldown = data.draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3))
        cuts = draw_cuts(data, cubes, cube)
        across = data.draw(st.lists(st.sampled_from(GUARDED), unique=True))
        query = {
            "drilldown": "|".join(drilldown) or None,
            "cut": written(cuts),
            "sum_across": "|".join(across) or None,
        }
        rows = selected(cubes.lines, cube, cuts)
        wrong = refused(rows, drilldown, cuts, across)
        seen.add(bool(wrong))
        if wrong:
            errors = cubes.refused(f"{cube}/aggregate", **query)
            assert {error["allowed"][-1] for error in errors} == {f"sum_across={w}" for w in wrong}
            return
        answer = cubes.ask(f"{cube}/aggregate", **query)
        twice = mixed(rows) - set(across) - {"fiscal_year"}
        assert answer["summary"] == {
            "amount.sum": None if twice else amount(rows),
            "_count": len(rows),
        }
        assert len(answer["warnings"]) == bool(twice)

    compare()
    assert seen == {True, False}


def test_every_way_out_that_a_refusal_names_is_a_way_out(cubes: Cubes) -> None:
    for cube in sorted({row["table"] for row in cubes.lines}):
        open_questions = {"drilldown": "", "cut": "", "sum_across": ""}
        response = cubes.api.call(f"/v1/cubes/{cube}/aggregate")
        if response.status_code == 200:
            continue
        errors = cubes.refused(f"{cube}/aggregate")
        names = [error["allowed"][-1].partition("=")[2] for error in errors]
        for error, name in zip(errors, names, strict=True):
            others = "|".join(other for other in names if other != name)
            for way in error["allowed"]:
                parameter, _, value = way.partition("=")
                query = {**open_questions, "sum_across": others, parameter: value}
                if parameter == "sum_across":
                    query["sum_across"] = "|".join(names)
                cubes.ask(f"{cube}/aggregate", **{n: v or None for n, v in query.items()})


def test_any_page_of_facts_equals_the_exported_lines(cubes: Cubes) -> None:
    @FEWER
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        cube = data.draw(known_cubes(cubes))
        cuts = draw_cuts(data, cubes, cube)
        names = data.draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1, max_size=4))
        size, page = data.draw(st.sampled_from([1, 5, 10_000])), data.draw(st.integers(1, 2))
        down = data.draw(st.booleans())
        first = data.draw(st.sampled_from(["amount", *(KEY_REFS[name] for name in names)]))
        answer = cubes.ask(
            f"{cube}/facts",
            fields=",".join([*names, "line.id", "amount"]),
            cut=written(cuts),
            order=f"{first}:{'desc' if down else 'asc'},line",
            page=page,
            pagesize=size,
        )
        refs = {KEY_REFS[name]: name for name in [*names, "line"]}
        wanted = [
            {
                **{ref: KEYS[name](row) for ref, name in refs.items()},
                "amount": Decimal(row["amount"]) if row["amount"] else None,
            }
            for row in selected(cubes.lines, cube, cuts)
        ]
        assert answer["total_fact_count"] == len(wanted)
        wanted = ordered(wanted, [(first, down), ("line.id", False)])
        found = [{ref: fact[ref] for ref in (*refs, "amount")} for fact in answer["data"]]
        assert found == wanted[(page - 1) * size : page * size]

    compare()


def test_the_members_of_any_dimension_are_those_of_the_exported_lines(cubes: Cubes) -> None:
    @FEWER
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        cube = data.draw(known_cubes(cubes))
        name = data.draw(st.sampled_from(NAMES))
        cuts = draw_cuts(data, cubes, cube)
        answer = cubes.ask(f"{cube}/members/{name}", cut=written(cuts))
        keys = {KEYS[name](row) for row in selected(cubes.lines, cube, cuts)}
        wanted = sorted(keys, key=lambda value: (value is None, value or ""))
        assert [row[KEY_REFS[name]] for row in answer["data"]] == wanted
        assert answer["total_member_count"] == len(wanted)

    compare()
