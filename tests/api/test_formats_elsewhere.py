"""The same data in formats of one list, cubes, bulk files, and opened by a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pyarrow.parquet import read_table

from openbudget.api.catalog import LISTS
from openbudget.api.listing import ListResource
from openbudget.api.resources.changes import CHANGE_LIST
from openbudget.api.resources.findings import FINDINGS
from openbudget.api.resources.lines import LINES
from openbudget.api.resources.projects import PROJECTS
from openbudget.exporting.resources import LEFT_OUT
from openbudget.formats.columns import Column, Kind
from tests.api.client import Api
from tests.api.flat import (
    columns,
    neutral,
    read,
    records,
    sheet_of,
    too_long,
    value_at,
    written,
)
from tests.conftest import export

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


# Formats of one list -----------------------------------------------------------------------------


def test_the_feed_holds_every_title(hard: Api) -> None:
    names = {"a": "http://www.w3.org/2005/Atom"}
    feed = etree.fromstring(hard.call("/v1/changes.atom?page_size=1000&lang=en").data)
    shown = [
        (entry.findtext("a:title", None, names), entry.findtext("a:author/a:name", None, names))
        for entry in feed.iterfind("a:entry", names)
    ]
    said = {"added": "Added", "superseded": "Superseded"}
    # XML has no vertical tab, not even escaped.
    assert shown == [
        (
            f"{said[record['change']]}: {record['title']}".replace("\x0b", "\ufffd"),
            record["publisher"].replace("\x0b", "\ufffd"),
        )
        for record in records(hard, CHANGE_LIST)
    ]


def test_the_report_holds_every_finding(hard: Api) -> None:
    report = hard.json("/v1/findings?format=frictionless-report&lang=zh")
    parts = [report, *report["tasks"]]
    found = [error["message"] for part in parts for error in part["errors"]]
    found += [message for part in parts for message in part["warnings"]]
    wanted = [record["message"]["zh"] for record in records(hard, FINDINGS)]
    assert sorted(found) == sorted(wanted)


# Cubes -------------------------------------------------------------------------------------------


def test_facts_and_members_of_a_cube_say_what_the_lines_say(hard: Api) -> None:
    leaves = {
        record["id"]: (record["amount"], record["printed"]["text"], record["printed"]["unit"])
        for record in records(hard, LINES)
        if (record["table"], record["role"]) == ("expenditure", "leaf")
    }
    facts = hard.json("/v1/cubes/expenditure/facts?fields=line,amount")["data"]
    assert {
        fact["line.id"]: (fact["amount"], fact["line.text"], fact["line.unit"]) for fact in facts
    } == leaves
    assert {None, Decimal(0), Decimal("-0.01")} < {amount for amount, _, _ in leaves.values()}
    names = {record["id"]: record["name"] for record in records(hard, PROJECTS)}
    members = hard.json("/v1/cubes/project_expenditure/members/project")["data"]
    assert members
    for member in members:
        assert member["project.label"] == names[member["project.id"]]


def test_an_aggregate_is_the_sum_of_its_lines(hard: Api) -> None:
    wanted: dict[str, Decimal | None] = {}
    for record in records(hard, LINES):
        if (record["table"], record["role"]) == ("project_expenditure", "leaf"):
            known = wanted.setdefault(record["project"], None)
            if record["amount"] is not None:
                wanted[record["project"]] = (known or Decimal(0)) + record["amount"]
    answer = hard.json("/v1/cubes/project_expenditure/aggregate?drilldown=project")
    assert {cell["project.id"]: cell["amount.sum"] for cell in answer["cells"]} == wanted
    assert {None, Decimal(0)} < set(wanted.values())
    assert answer["summary"]["amount.sum"] == sum(filter(None, wanted.values()))


# Bulk files --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bulk(hard_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(hard_url, tmp_path_factory.mktemp("bulk"), parquet=True).folder


BULK_LISTS = pytest.mark.parametrize(
    "resource",
    [own for own in LISTS if own.within == "/v1"],
    ids=lambda resource: resource.name,
)


@BULK_LISTS
def test_every_bulk_file_says_what_the_json_says(
    hard: Api, bulk: Path, resource: ListResource
) -> None:
    left_out = LEFT_OUT.get(resource.name, ())
    found = [
        {key: value for key, value in record.items() if key not in left_out}
        for record in records(hard, resource)
    ]
    own = [column for column in columns(resource.name) if column.path[0] not in left_out]
    wanted = [[value_at(record, column) for column in own] for record in found]
    lines = (bulk / f"{resource.name}.ndjson").read_text(encoding="utf-8").split("\n")[:-1]
    assert [json.loads(line, parse_float=Decimal) for line in lines] == found
    text = (bulk / f"{resource.name}.csv").read_bytes().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    assert header == [column.name for column in own]
    assert [[read(c, k.kind) for c, k in zip(row, own, strict=True)] for row in rows] == [
        [neutral(v) if isinstance(v, str) else written(v) for v in row] for row in wanted
    ]
    table = read_table(bulk / f"{resource.name}.parquet")
    assert [_kept(row, own) for row in zip(*table.to_pydict().values(), strict=True)] == wanted
    names = [f"{k.name}_fen" if k.kind is Kind.MONEY else k.name for k in own]
    with closing(sqlite3.connect(bulk / "openbudget.sqlite")) as opened:
        opened.row_factory = sqlite3.Row
        name = resource.name.replace("-", "_")
        stored = opened.execute(f'SELECT * FROM "{name}" ORDER BY rowid').fetchall()  # noqa: S608
    assert [_kept([row[name] for name in names], own, 100) for row in stored] == wanted


def _kept(row: Iterable[Any], own: list[Column], part: int = 1) -> list[Any]:
    """Give the values of a row that a file keeps; money in `part` of a yuan."""
    return [
        value if value is None else _READ.get(column.kind, lambda own, _: own)(value, part)
        for value, column in zip(row, own, strict=True)
    ]


_READ: dict[Kind, Callable[[Any, int], Any]] = {
    Kind.MONEY: lambda value, part: Decimal(value) / part,
    Kind.NUMBER: lambda value, _: Decimal(value),
    Kind.TRUTH: lambda value, _: bool(value),
    Kind.LIST: lambda value, _: json.loads(value, parse_float=Decimal),
    Kind.OBJECT: lambda value, _: json.loads(value, parse_float=Decimal),
}


# A spreadsheet -----------------------------------------------------------------------------------

# What a spreadsheet takes for a number, a date or a truth value when it opens a CSV.
TYPED = frozenset({"00123", "1e5", "0.10", "TRUE", "2024-01-01"})


def reopened(path: Path, *options: str) -> bytes:
    """Open a file in LibreOffice Calc and give what it saves as a workbook."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    folder = path.parent / "saved"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [program, "--headless", profile, *options, "--convert-to", "xlsx"]
    ended = subprocess.run(
        [*command, "--outdir", str(folder), str(path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if "could not be loaded" in ended.stderr + ended.stdout:
        pytest.skip("LibreOffice has no Calc")
    return (folder / f"{path.stem}.xlsx").read_bytes()


def test_a_spreadsheet_runs_nothing_of_a_csv(hard: Api, tmp_path: Path) -> None:
    path = tmp_path / "projects.csv"
    path.write_bytes(hard.call("/v1/projects.csv?fields=id,name,leaf_sum").data)
    # Commas, double quotes, UTF-8: what the dialog offers for a file with this mark.
    content = reopened(path, "--infilter=CSV:44,34,76,1")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheet = etree.fromstring(packed.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(f".//{MAIN}f") is None
    _, *rows = sheet_of(content)
    found = records(hard, PROJECTS)
    names = [record["name"] for record in found]
    assert [row[0] for row in rows] == [record["id"] for record in found]
    assert [row[1] for row, name in zip(rows, names, strict=True) if name not in TYPED] == [
        broken(neutral(name)) for name in names if name not in TYPED
    ]
    money = [record["leaf_sum"] for record in found]
    assert [
        row[2] for row, own in zip(rows, money, strict=True) if not own or not too_long(own)
    ] == ["" if own is None else float(own) for own in money if not own or not too_long(own)]


def broken(value: Any) -> Any:
    """Write line breaks in one way: a spreadsheet knows only one."""
    if not isinstance(value, str):
        return value
    return value.replace("\r\n", "\n").replace("\r", "\n")


def test_a_spreadsheet_keeps_what_a_workbook_holds(hard: Api, tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    path.write_bytes(hard.call("/v1/projects.xlsx?fields=id,name,type,leaf_sum").data)
    titles, *rows = sheet_of(path.read_bytes())
    assert titles[1] == "name\n名称"
    assert {row[2] for row in rows} >= {"00123", "0.10", "=1+1"}
    saved = sheet_of(reopened(path))
    assert [list(map(broken, row)) for row in saved] == [
        list(map(broken, row)) for row in [titles, *rows]
    ]
