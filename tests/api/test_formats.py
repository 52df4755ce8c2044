"""Every list in every format, over data that formats get wrong: all say what the JSON says."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from lxml import etree

from openbudget.api.listing import ListResource
from openbudget.api.resources.lines import LINES
from openbudget.formats.columns import Kind
from tests.api.client import Api
from tests.api.flat import (
    ALL,
    STARTS,
    columns,
    neutral,
    path_of,
    read,
    records,
    sheet_of,
    texts_in,
    too_long,
    values,
    written,
)
from tests.hard_values import CODES, FEN, HARD

EVERY_LIST = pytest.mark.parametrize("resource", ALL, ids=lambda resource: resource.name)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


# What the data hold ------------------------------------------------------------------------------


@EVERY_LIST
def test_every_hard_value_stands_in_the_list(hard: Api, resource: ListResource) -> None:
    found = records(hard, resource)
    rows = [values(record, resource) for record in found]
    flat = {value for row in rows for value in row if isinstance(value, str)}
    assert not set(HARD) - set(texts_in(found))
    # Where a column of its own can hold a free text, each stands in one.
    if resource.name not in ("performance-targets", "changes"):
        assert not set(HARD) - flat
    money = [n for n, own in enumerate(columns(resource.name)) if own.kind is Kind.MONEY]
    if money:
        wanted = {None if fen is None else Decimal(fen) / 100 for fen in FEN}
        assert not wanted - {row[n] for row in rows for n in money}


def test_codes_keep_their_zeros(hard: Api) -> None:
    found = {record["function"]["code"] for record in records(hard, LINES) if record["function"]}
    assert found == set(CODES)


# NDJSON, CSV, XLSX -------------------------------------------------------------------------------


@EVERY_LIST
def test_ndjson_is_the_json_line_by_line(hard: Api, resource: ListResource) -> None:
    answer = hard.call(path_of(resource, ".ndjson"))
    # By the bytes of NDJSON's own line break: a text may hold U+0085 or U+2028.
    lines = answer.data.decode().removesuffix("\n").split("\n")
    assert answer.headers["X-Total-Count"] == str(len(lines))
    assert [json.loads(line, parse_float=Decimal) for line in lines] == records(hard, resource)
    page = hard.call(path_of(resource, page_size=1000)).text
    assert page.startswith(f'{{"data":[{",".join(lines[:1000])}],"links":')


@EVERY_LIST
def test_csv_is_the_json_cell_by_cell(hard: Api, resource: ListResource) -> None:
    content = hard.call(path_of(resource, ".csv")).data
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    header, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    own = columns(resource.name)
    assert header == [column.name for column in own]
    found = [[read(c, column.kind) for c, column in zip(row, own, strict=True)] for row in rows]
    wanted = [
        [
            neutral(value) if isinstance(value, str) else written(value)
            for value in values(record, resource)
        ]
        for record in records(hard, resource)
    ]
    assert found == wanted


@EVERY_LIST
def test_no_text_of_a_csv_is_a_formula(hard: Api, resource: ListResource) -> None:
    text = hard.call(path_of(resource, ".csv")).data.decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(text, newline=""))
    numbers = (Kind.MONEY, Kind.NUMBER, Kind.INTEGER)
    for row in rows:
        for cell, column in zip(row, columns(resource.name), strict=True):
            if cell.startswith(STARTS):
                assert column.kind in numbers
                assert Decimal(cell) < 0


_DECLARED = {Kind.INTEGER: "Int64", Kind.TRUTH: "boolean"}


@EVERY_LIST
def test_pandas_reads_the_csv_by_declared_types(hard: Api, resource: ListResource) -> None:
    own = columns(resource.name)
    content = hard.call(path_of(resource, ".csv")).data
    frame = pd.read_csv(
        io.BytesIO(content),
        dtype={column.name: _DECLARED.get(column.kind, "string") for column in own},
        keep_default_na=False,
        na_values={column.name: [""] for column in own},
        encoding="utf-8-sig",
    )
    found = records(hard, resource)
    assert list(frame.columns) == [column.name for column in own]
    for number, column in enumerate(own):
        wanted = [values(record, resource)[number] for record in found]
        shown = [None if value is pd.NA else value for value in frame[column.name]]
        if column.kind in (Kind.MONEY, Kind.NUMBER):
            assert [None if v is None else Decimal(v) for v in shown] == wanted
        elif column.kind in _DECLARED:
            assert shown == wanted
        else:
            assert [read(v or "", column.kind) for v in shown] == [
                neutral(v) if isinstance(v, str) else written(v) for v in wanted
            ]


@EVERY_LIST
def test_a_second_reader_shows_what_the_json_says(hard: Api, resource: ListResource) -> None:
    content = hard.call(path_of(resource, ".xlsx")).data
    titles, *rows = sheet_of(content)
    own = columns(resource.name)
    assert titles == [f"{column.name}\n{column.title}" for column in own]
    for row, record in zip(rows, records(hard, resource), strict=True):
        for shown, value, column in zip(row, values(record, resource), own, strict=True):
            found = read(shown, column.kind) if isinstance(shown, str) else shown
            assert (type(found), found) == _shown(value), column.name


def _shown(value: Any) -> tuple[type, Any]:
    if isinstance(value, bool):
        return bool, value
    if isinstance(value, int | Decimal) and not too_long(value):
        return float, float(value)
    return str, written(value)


@EVERY_LIST
def test_cells_of_a_workbook_have_their_types(hard: Api, resource: ListResource) -> None:
    content = hard.call(path_of(resource, ".xlsx")).data
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert not [name for name in packed.namelist() if "external" in name or "calc" in name]
        sheet = etree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    pane = sheet.find(f".//{MAIN}pane")
    assert (pane.get("state"), pane.get("topLeftCell")) == ("frozen", "B2")
    assert sheet.find(f".//{MAIN}f") is None
    _, *rows = sheet.iter(f"{MAIN}row")
    found = records(hard, resource)
    assert len(rows) == len(found)
    for row, record in zip(rows, found, strict=True):
        cells = {_column(cell.get("r")): cell for cell in row}
        shown = [
            (cells[n].get("t", "n"), Decimal(cells[n].findtext(f"{MAIN}v") or "NaN"))
            if n in cells and cells[n].get("t", "n") in "nb"
            else (cells[n].get("t") if n in cells else None, None)
            for n in range(len(columns(resource.name)))
        ]
        assert shown == [_typed(value) for value in values(record, resource)]


def _typed(value: Any) -> tuple[str | None, Decimal | None]:
    """Zero is a number, and a blank is no cell."""
    if value is None or value == "":
        return None, None
    if isinstance(value, bool):
        return "b", Decimal(value)
    if isinstance(value, int | Decimal) and not too_long(value):
        return "n", Decimal(value)
    return "inlineStr", None


def _column(reference: str) -> int:
    """``AB12`` stands in column 27, from 0."""
    number = 0
    for letter in reference.rstrip("0123456789"):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
