"""Comparisons in JSON-stat: the rows of the JSON answer, with flags worked out again from SQL."""

from __future__ import annotations

from typing import Any

import pytest
from pyjstat import pyjstat

from openbudget.api.resources.compare.statistics import row_ids
from openbudget.cubes.comparison import Change, ComparedRow
from openbudget.cubes.following import Entry
from openbudget.formats.json_stat import MEDIA_TYPE
from tests.api.client import Api, parse
from tests.cubes.asking import Cubes
from tests.cubes.test_compare_real import CALLS
from tests.cubes.test_json_stat import RANKS, by_place

SIDES = ("base", "other")


def both(api: Api, query: str) -> tuple[Any, Any]:
    """Give a comparison in JSON and in JSON-stat."""
    response = api.call(f"/v1/compare.json-stat?{query}")
    assert response.status_code == 200, response.text
    assert response.content_type == MEDIA_TYPE
    plain = api.json(f"/v1/compare?{query}")
    return plain, parse(response)


def rows_of(plain: Any) -> list[Any]:
    data = plain["data"]
    return [row for change in data["counts"] for row in data[change]]


@pytest.mark.parametrize("name", CALLS)
def test_values_are_the_amounts_of_both_sides(real: Cubes, name: str) -> None:
    plain, found = both(real.api, CALLS[name])
    rows, values = rows_of(plain), by_place(found, "value")
    assert found["id"] == [plain["data"]["by"], plain["data"]["between"], "measure"]
    ids = found["dimension"][found["id"][0]]["category"]["index"]
    assert len(ids) == len(rows)
    wanted = {
        (identifier, plain["data"][side]["value"], "amount.sum"): row[side]["amount"]
        for identifier, row in zip(ids, rows, strict=True)
        for side in SIDES
        if row[side] is not None and row[side]["amount"] is not None
    }
    assert values == wanted
    assert found["extension"]["rows"] == {
        identifier: {key: row[key] for key in ("change", "match", "note")}
        for identifier, row in zip(ids, rows, strict=True)
    }
    assert found["extension"]["warnings"] == plain["warnings"]


def test_statuses_are_the_worst_severities_of_the_lines_behind_a_side(real: Cubes) -> None:
    query = (
        "between=department&base=110102-231002&other=310107-ntptakbwp3j&by=function&level=1"
        "&table=expenditure&phase=approved,executed"
    )
    plain, found = both(real.api, query)
    severities: dict[str, set[str]] = {}
    statement = (
        "SELECT replace(i.item, '@' || l.version, ''), f.severity FROM finding_items i "
        "JOIN findings f ON f.id = i.id JOIN lines l ON l.id = i.item WHERE l.current"
    )
    for line, severity in real.sql(statement):
        severities.setdefault(line, set()).add(severity)
    wanted = {}
    for row in rows_of(plain):
        for side in SIDES:
            if row[side] is None:
                continue
            lines = real.api.json(f"{row[side]['href']}&page_size=1000")["data"]
            words = set().union(*(severities.get(line["id"], set()) for line in lines))
            if words:
                place = (row["code"], plain["data"][side]["value"], "amount.sum")
                wanted[place] = max(words, key=RANKS.index)
    assert by_place(found, "status") == wanted != {}


def test_labels_are_in_the_language_that_is_asked_for(real: Cubes) -> None:
    labels = [
        both(real.api, f"{CALLS['planning-approved-executed']}&lang={lang}")[1]["dimension"]
        for lang in ("zh", "en")
    ]
    assert [own["phase"]["label"] for own in labels] == ["阶段", "Phase"]
    assert [own["phase"]["category"]["label"]["approved"] for own in labels] == [
        "预算",
        "Approved budget",
    ]


# It warns of a function of its own, which it calls itself.
@pytest.mark.filterwarnings("ignore:Shouldn't use this function anymore:DeprecationWarning")
def test_pyjstat_reads_a_comparison(real: Cubes) -> None:
    plain, _ = both(real.api, CALLS["office-commerce"])
    text = real.api.call(f"/v1/compare.json-stat?{CALLS['office-commerce']}").text
    frame = pyjstat.Dataset.read(text).write("dataframe", naming="id")
    assert list(frame.columns) == ["function", "department", "measure", "value"]
    read = {
        (row.function, row.department): row.value
        for row in frame.itertuples()
        if row.value == row.value
    }
    data = plain["data"]
    wanted = {
        (row["code"], data[side]["value"]): float(row[side]["amount"])
        for row in rows_of(plain)
        for side in SIDES
        if row[side] is not None
    }
    assert read == wanted


def test_a_code_that_means_something_else_on_each_side_is_two_rows() -> None:
    old, new = Entry("30311", "住房公积金", 100, 1), Entry("30311", "代缴社会保险费", 200, 1)
    rows = [
        ComparedRow(Change.ADDED, None, new, None, None),
        ComparedRow(Change.ADDED, None, Entry(None, None, 5, 1), None, None),
        ComparedRow(Change.REMOVED, old, None, None, None),
        ComparedRow(Change.REMOVED, Entry("30399", "其他", 1, 1), None, None, None),
    ]
    assert row_ids(rows) == ["30311", "_Z", "30311@base", "30399"]
