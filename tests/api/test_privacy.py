"""Personal data appears nowhere but in the published bytes."""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from werkzeug.test import TestResponse

from openbudget.api.app import create_app
from openbudget.api.catalog import ENDPOINTS
from openbudget.api.common import DOCUMENT
from openbudget.api.endpoint import XLSX, Endpoint
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import CheckReport, Severity
from openbudget.budget.table import Place
from openbudget.cli import main
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.prepared import prepare
from openbudget.storage.write import store_document
from tests.api.client import Api
from tests.checked import checked
from tests.conftest import FIRST

TARGET = f"{DOCUMENT}.performance-targets.1"
DISCOVERY = ["/openapi.json", "/openapi.yaml", "/docs", "/llms.txt", "/schemas/v1/"]


@pytest.fixture(scope="session")
def personal(first_lines: list[str]) -> list[str]:
    """Find the personal data in the file itself: the cells below their labels."""
    labels = ("\t项目负责人", "\t联系电话")
    found = [first_lines[first_lines.index(label) + 1].strip() for label in labels]
    assert all(len(text) > 1 for text in found)
    return found


def paths_of(endpoint: Endpoint) -> list[str]:
    patterns = {parameter.name: parameter.pattern or "" for parameter in endpoint.parameters}
    endings = patterns.get("extension", "").strip("^()$").split("|")
    path = endpoint.path
    for parameter in endpoint.parameters:
        if parameter.name != "extension":
            path = path.replace(f"{{{parameter.name}}}", parameter.example)
    fields: Any = endpoint.query().fields
    needed = {name: own.example for name, own in fields.items() if own.required}
    pages = "page_size" in fields and endpoint.media_types != (XLSX,)
    paged = {"page_size": "1000"} if pages else {}
    queries = [urlencode({**needed, **(paged if e in ("", "json") else {})}) for e in endings]
    return [
        path.replace("{extension}", ending) + (f"?{query}" if query else "")
        for ending, query in zip(endings, queries, strict=True)
    ]


def readable(response: TestResponse) -> str:
    if response.mimetype != XLSX:
        return response.text
    with zipfile.ZipFile(io.BytesIO(response.data)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.operation_id)
def test_no_operation_answers_personal_data(
    api: Api, endpoint: Endpoint, personal: list[str]
) -> None:
    for path in paths_of(endpoint):
        response = api.call(path)
        assert response.status_code == 200, path
        own = endpoint.operation_id == "get_document_source"
        shown = readable(response)
        assert [text in shown for text in personal] == [own, own], path


def test_every_table_and_target_withholds_it(api: Api, personal: list[str]) -> None:
    tables = [table["id"] for table in api.json("/v1/tables")["data"]]
    targets = [target["id"] for target in api.json("/v1/performance-targets")["data"]]
    paths = [f"/v1/tables/{i}" for i in tables] + [f"/v1/performance-targets/{i}" for i in targets]
    for path in [*paths, *DISCOVERY]:
        text = api.call(path).text
        assert not any(found in text for found in personal), path
    form = api.json(f"/v1/tables/{DOCUMENT}.project_performance_target")["data"]
    withheld = [c for row in form["rows"] for c in row["cells"] if c["state"] == "withheld"]
    assert [(c["text"], c["reason"]) for c in withheld] == [(None, "personal data")] * 2


def test_a_report_on_the_row_itself_withholds_it(
    tmp_path: Path, first_document: BudgetDocument, personal: list[str]
) -> None:
    (table,) = (t for t in first_document.tables if t.key == "project_performance_target")
    rows = [row for row in table.rows if any(cell.text is None for cell in row.cells)]
    finding = checked(first_document).findings[1]
    findings = tuple(
        replace(
            finding,
            id=f"findings.missing_value.{row.number}",
            severity=Severity.ERROR,
            operands=(replace(finding.operands[0], place=Place(cell.anchor, row.number, column)),),
        )
        for row in rows
        for column, cell in enumerate(row.cells[:1], start=1)
    )
    url = f"sqlite:///{tmp_path}/own.sqlite"
    engine = open_for_writing(url)
    clock = "2024-03-01T00:00:00Z".__str__
    prepared = prepare(first_document, CheckReport(findings))
    store_document(engine, prepared, b"", "r1", clock)
    engine.dispose()
    reading = open_for_reading(url)
    text = Api(create_app(reading)).call("/v1/findings?format=frictionless-report").text
    reading.dispose()
    assert text.count('"cells":') == len(rows) > 0
    assert not any(found in text for found in personal)


def test_filters_cannot_find_it(api: Api, personal: list[str]) -> None:
    for text in personal:
        for path in ("departments?q=", "performance-targets?name__contains=", "search?q="):
            assert api.json(f"/v1/{path}{text}")["meta"]["total"] == 0


@pytest.mark.parametrize("options", [[], ["--json"], ["--tables"]])
def test_the_terminal_does_not_show_it(options: list[str], personal: list[str]) -> None:
    result = CliRunner().invoke(main, ["show", *options, str(FIRST)])
    assert result.exit_code == 0
    assert not any(text in result.output for text in personal)


def test_the_database_holds_it_only_in_the_published_bytes(
    database_url: str, tmp_path: Path, personal: list[str]
) -> None:
    copy = tmp_path / "copy.sqlite"
    source = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    target = sqlite3.connect(copy, isolation_level=None)
    source.backup(target)
    whole = copy.read_bytes()
    assert all(text.encode() in whole for text in personal)
    target.execute("UPDATE sources SET content = x''")
    target.execute("VACUUM")
    target.close()
    source.close()
    bare = copy.read_bytes()
    assert not any(text.encode() in bare for text in personal)
    assert re.search("法律援助补贴经费".encode(), bare)


def test_nothing_is_logged(api: Api, caplog: pytest.LogCaptureFixture, personal: list[str]) -> None:
    caplog.set_level(0)
    api.call(f"/v1/performance-targets/{TARGET}")
    assert not any(text in caplog.text for text in personal)
