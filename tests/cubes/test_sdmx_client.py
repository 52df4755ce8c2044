"""sdmx1, unchanged, asks a real gunicorn for structures and data, and reads them to pandas."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
import sdmx

FLOW = "expenditure"
DIMENSIONS = {
    "REF_AREA": "jurisdiction.code",
    "DEPARTMENT": "department.id",
    "SCOPE": "scope.code",
    "PHASE": "phase.code",
    "DIRECTION": "direction.code",
    "FUNCTION": "function.code",
    "GOVERNMENT_ECONOMIC": "government_economic.code",
    "DEPARTMENT_ECONOMIC": "department_economic.code",
    "EXPENDITURE_TYPE": "expenditure_type.code",
    "BUDGET_TABLE": "table_key.key",
    "TIME_PERIOD": "fiscal_year.year",
}
CSV = {"Accept": "application/vnd.sdmx.data+csv;version=2.0.0"}
Found = dict[tuple[str, ...], float]


@pytest.fixture
def client(port: int) -> Iterator[sdmx.Client]:
    address = f"http://127.0.0.1:{port}/sdmx"
    sdmx.add_source({"id": "OPENBUDGET", "name": "openbudget", "url": address}, override=True)
    yield sdmx.Client("OPENBUDGET")
    del sdmx.source.sources["OPENBUDGET"]


@pytest.fixture(scope="module")
def cells(port: int) -> Found:
    query = f"drilldown={'|'.join(DIMENSIONS.values())}&cut=period:own"
    url = f"http://127.0.0.1:{port}/v1/cubes/{FLOW}/aggregate?{query}"
    with urllib.request.urlopen(url) as answer:
        found = json.load(answer)["cells"]
    return {
        (
            "A",
            *("_Z" if cell[ref] is None else str(cell[ref]) for ref in DIMENSIONS.values()),
        ): cell["amount.sum"]
        for cell in found
    }


def values(message: Any) -> Found:
    series = sdmx.to_pandas(message)
    assert isinstance(series, pd.Series)
    ordered = series.reorder_levels(["FREQ", *DIMENSIONS])
    return {tuple(key): float(value) for key, value in ordered.items()}


@pytest.mark.parametrize("at", ["TIME_PERIOD", "AllDimensions", "FUNCTION"])
def test_generic_data_are_read_whole(client: sdmx.Client, cells: Found, at: str) -> None:
    message = client.get("data", FLOW, params={"dimensionAtObservation": at})
    assert values(message) == cells
    assert len(cells) > 10


def test_a_key_by_dimensions_is_asked_by_the_structure(client: sdmx.Client, cells: Found) -> None:
    key = {"EXPENDITURE_TYPE": "basic", "FUNCTION": ["2080505", "2040650"]}
    message = client.get("data", FLOW, key=key, start_period="2024", end_period="2024")
    assert values(message) == {
        place: value
        for place, value in cells.items()
        if place[9] == "basic" and place[6] in ("2080505", "2040650")
    }


def test_sdmx_csv_is_read_whole_with_the_structure(client: sdmx.Client, cells: Found) -> None:
    structure = client.get("datastructure", FLOW).structure[FLOW]
    message = client.get("data", FLOW, key={"FREQ": "A"}, dsd=structure, headers=CSV)
    assert message.response.headers["Content-Type"] == CSV["Accept"]
    # Of a message in CSV the client leaves the dataflow empty; its data set knows the structure.
    assert values(message.data[0]) == cells
    found = {
        tuple(v.value for v in obs.dimension.values.values()): obs.attached_attribute["FINDING"]
        for obs in message.data[0].obs
    }
    assert len(found) == len(cells)
    assert {own.value for own in found.values()} <= {"error", "warning", "info", "_Z"}


def test_attributes_are_read(client: sdmx.Client) -> None:
    table = sdmx.to_pandas(client.get("data", FLOW), attributes="so")
    assert table[["UNIT_MEASURE", "UNIT_MULT", "DECIMALS"]].drop_duplicates().values.tolist() == [
        ["CNY", "0", "2"]
    ]
    assert set(zip(table["OBS_STATUS"], table["FINDING"], strict=True)) <= {
        *(("A", "_Z"), ("A", "info"), ("U", "warning"), ("U", "error"), ("O", "_Z"))
    }
    assert "U" in set(table["OBS_STATUS"])


def test_series_are_previewed(client: sdmx.Client, cells: Found) -> None:
    keys = client.preview_data(FLOW)
    assert [tuple(str(v.value) for v in key.values.values()) for key in keys] == [
        place[:-1] for place in cells
    ]


def test_structures_are_read(client: sdmx.Client) -> None:
    flows = sdmx.to_pandas(client.get("dataflow").dataflow)
    assert flows["expenditure"] == "支出总表"
    message = client.get("dataflow", FLOW)
    structure = message.structure[FLOW]
    assert [own.id for own in structure.dimensions] == ["FREQ", *DIMENSIONS]
    assert [own.id for own in structure.attributes] == [
        *("UNIT_MEASURE", "UNIT_MULT", "DECIMALS", "OBS_STATUS", "FINDING")
    ]
    codes = message.codelist["CL_SCOPE"]
    assert {code.id: code.name.localized_default("zh") for code in codes} == {
        "department": "部门",
        "unit": "单位",
        "_Z": "不适用",
        "_T": "合计",
    }
    assert structure.dimensions.get("SCOPE").local_representation.enumerated is codes


def test_a_url_is_read_as_it_is(port: int, cells: Found) -> None:
    url = f"http://127.0.0.1:{port}/sdmx/data/{FLOW}/A.110102.........?detail=dataonly"
    assert values(sdmx.read_url(url)) == cells
