"""Every list as a workbook: the same values as its CSV, under the same keys."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from openbudget.api import list_query
from openbudget.api.catalog import LISTS
from openbudget.api.columns import columns_of
from openbudget.api.common import DOCUMENT
from openbudget.api.endpoint import XLSX
from openbudget.api.listing import ListResource
from openbudget.formats.columns import Kind
from openbudget.formats.csv import BYTE_ORDER_MARK
from tests.api.client import Api


def path_of(resource: ListResource) -> str:
    examples = {"id": DOCUMENT, "scheme": "functional", "edition": "2024"}
    return resource.path.format_map(examples)


def sheet(content: bytes) -> list[list[Any]]:
    opened = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return opened.get_sheet_by_index(0).to_python(skip_empty_area=False)


def as_cell(text: str, kind: Kind) -> Any:
    """Give what a workbook shows for the text of a CSV cell."""
    if kind is Kind.TRUTH and text:
        return text == "true"
    if kind in (Kind.INTEGER, Kind.MONEY, Kind.NUMBER) and text:
        return float(Decimal(text))
    # A text that a spreadsheet would run is quoted in CSV; here it is a text cell.
    return text.removeprefix("'")


@pytest.mark.parametrize("resource", LISTS, ids=lambda resource: resource.name)
def test_a_workbook_holds_what_the_csv_holds(api: Api, resource: ListResource) -> None:
    path = path_of(resource)
    text = api.call(f"{path}.csv").text.removeprefix(BYTE_ORDER_MARK)
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    columns = columns_of(resource.schema, None, resource.include)
    answer = api.call(f"{path}.xlsx")
    titles, *shown = sheet(answer.data)
    assert answer.mimetype == XLSX
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{resource.name}.xlsx"'
    assert answer.headers["X-Total-Count"] == str(len(rows))
    assert [title.split("\n")[0] for title in titles] == header
    assert [title.split("\n")[1:] for title in titles] == [[column.title] for column in columns]
    kinds = [column.kind for column in columns]
    assert shown == [list(map(as_cell, row, kinds)) for row in rows]
    assert api.call(f"{path}?format=xlsx").data == answer.data
    assert api.call(path, headers={"Accept": XLSX}).data == answer.data


def test_a_workbook_takes_filters_order_and_fields(api: Api) -> None:
    query = "role=total&order=amount:desc&fields=id,amount,function"
    titles, *rows = sheet(api.call(f"/v1/lines.xlsx?{query}").data)
    records = api.json(f"/v1/lines?{query}")["data"]
    names = [title.split("\n")[0] for title in titles]
    assert names[:2] == ["id", "function_code"]
    assert names[-1] == "amount"
    assert [(row[0], Decimal(str(row[-1]))) for row in rows] == [
        (record["id"], record["amount"]) for record in records
    ]


def test_lists_link_to_their_workbook(api: Api) -> None:
    links = api.json("/v1/lines?role=leaf&page_size=1")["links"]
    assert links["xlsx"] == "/v1/lines.xlsx?role=leaf"


def test_a_workbook_is_not_packed_twice(api: Api) -> None:
    sent = {"Accept-Encoding": "gzip"}
    answer = api.call("/v1/lines.xlsx", headers=sent)
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["ETag"] == api.call("/v1/lines.xlsx").headers["ETag"]
    again = api.call("/v1/lines.xlsx", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_head_makes_no_workbook(api: Api) -> None:
    head = api.call("/v1/lines.xlsx", "HEAD")
    assert (head.status_code, head.data) == (200, b"")


@pytest.mark.parametrize(
    ("path", "parameter", "word"),
    [
        ("/v1/lines.xlsx?format=csv", "format", "path ends in .xlsx"),
        ("/v1/lines.xlsx?page_size=5", "page_size", "xlsx"),
        ("/v1/lines.xlsx?include=findings", "include", "xlsx"),
        ("/v1/lines?format=xls", "format", "not allowed"),
    ],
)
def test_what_a_workbook_cannot_hold(api: Api, path: str, parameter: str, word: str) -> None:
    (error,) = api.problem(path, 400)["errors"]
    assert error["parameter"] == parameter
    assert word in json.dumps(error)


def test_more_records_than_rows_are_a_problem(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_query, "MAX_RECORDS", 182)
    (error,) = api.problem("/v1/lines.xlsx", 400)["errors"]
    assert "at most 182 records, and these are 183" in error["detail"]
    assert "csv or ndjson" in error["hint"]
    monkeypatch.setattr(list_query, "MAX_RECORDS", 183)
    assert len(sheet(api.call("/v1/lines.xlsx").data)) == 184
