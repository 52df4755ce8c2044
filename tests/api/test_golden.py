"""The first document whole, as the API serves it: every record, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from openbudget.api.common import DEPARTMENT, DOCUMENT
from tests.api.client import Api
from tests.conftest import GOLDEN

FOLDER = GOLDEN / "xicheng-legal-aid-center-2024" / "api"
LISTS = [
    *("departments", "documents", "lines", "projects", "transfers", "performance-targets"),
    *("indicators", "findings", "rules"),
]
SINGLE = {
    "budget": [f"/v1/departments/{DEPARTMENT}/budgets/2024"],
    "document": [f"/v1/documents/{DOCUMENT}"],
    "sections": [f"/v1/documents/{DOCUMENT}/sections"],
    "jurisdictions": ["/v1/jurisdictions"],
    "whole-targets": [
        f"/v1/performance-targets/{DOCUMENT}.performance-targets.{n}" for n in (1, 2)
    ],
    "trees": [
        f"/v1/classifications/{scheme}/2024/tree?department={DEPARTMENT}&table=expenditure"
        for scheme in ("functional", "government-economic", "department-economic")
    ],
}


def records(api: Api, name: str) -> Iterator[str]:
    if name == "claims":
        yield from api.call(f"/v1/documents/{DOCUMENT}/claims.ndjson").text.splitlines()
    elif name in LISTS:
        yield from api.call(f"/v1/{name}.ndjson").text.splitlines()
    elif name == "whole-tables":
        for table in api.json("/v1/tables")["data"]:
            yield _data(api, f"/v1/tables/{table['id']}")
    else:
        for path in SINGLE[name]:
            yield _data(api, path)


def _data(api: Api, path: str) -> str:
    """Give the resource as written: money must keep its two decimals."""
    text = api.call(path).text
    data = json.loads(text)["data"]
    begin = text.index('"data":') + len('"data":')
    end = text.index(',"links":{"self":')
    assert json.loads(text[begin:end]) == data
    return text[begin:end]


@pytest.mark.parametrize("name", [*LISTS, "claims", "whole-tables", *SINGLE])
def test_the_api_serves_the_golden_document(
    api: Api, name: str, request: pytest.FixtureRequest
) -> None:
    found = "".join(record + "\n" for record in records(api, name))
    golden = FOLDER / f"{name}.ndjson"
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")
