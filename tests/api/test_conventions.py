"""What clients rely on everywhere: headers, caching, formats, problems."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
from typing import Any

import pytest

from openbudget.api.common import DEPARTMENT, DOCUMENT
from openbudget.api.endpoint import SDMX_CSV_1, SDMX_GENERIC
from openbudget.api.problems import MEDIA_TYPE
from tests.api.client import Api

LINES = "/v1/lines?page_size=5"


def test_every_answer_has_strict_and_open_headers(api: Api) -> None:
    for path in ("/v1", LINES, "/v1/nothing", "/docs", "/healthz"):
        headers = api.call(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in headers["Access-Control-Expose-Headers"]
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_an_etag_answers_304_and_differs_by_representation(api: Api) -> None:
    first = api.call(LINES)
    tag = first.headers["ETag"]
    assert not tag.startswith("W/")
    again = api.call(LINES, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Cache-Control"].startswith("public, max-age=300, s-maxage=86400")
    packed = api.app.test_client().get(LINES, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["ETag"] != tag
    other = api.call("/v1/lines?page_size=6").headers["ETag"]
    narrow = api.call("/v1/lines.csv").headers["ETag"]
    assert len({tag, packed.headers["ETag"], other, narrow}) == 4


def test_gzip_holds_the_same_answer(api: Api) -> None:
    plain = api.call(LINES)
    packed = api.app.test_client().get(LINES, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]
    streamed = api.app.test_client().get("/v1/lines.csv", headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(streamed.data) == api.call("/v1/lines.csv").data


def test_versions_stand_in_headers_and_meta(api: Api) -> None:
    response = api.call(LINES)
    meta = json.loads(response.text)["meta"]
    assert response.headers["Data-Version"] == meta["data_version"]
    assert response.headers["Schema-Version"] == meta["schema_version"] == "1.0"
    assert response.headers["Last-Modified"] == "Fri, 01 Mar 2024 00:00:00 GMT"


def test_head_and_options(api: Api) -> None:
    head = api.call(LINES, "HEAD")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == api.call(LINES).headers["Content-Length"]
    options = api.call(LINES, "OPTIONS", headers={"Origin": "https://example.org"})
    assert options.status_code == 200
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert options.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


def test_csv_is_complete_flat_and_readable_by_spreadsheets(api: Api) -> None:
    response = api.call("/v1/lines?format=csv")
    assert response.content_type == "text/csv; charset=utf-8"
    assert response.headers["X-Total-Count"] == "183"
    assert response.text.startswith("\ufeffid,jurisdiction,department,document,fiscal_year")
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert len(rows) == 183
    row = next(r for r in rows if r["id"] == f"{DOCUMENT}.expenditure.29.project")
    wanted = {
        "function_code": "2040650",
        "function_label_zh": "事业运行",
        "amount": "23510.38",
        "printed_text": "2.351038",
        "printed_unit": "万元",
        "anchor_line": "585",
    }
    assert {name: row[name] for name in wanted} == wanted


def test_ndjson_holds_the_same_records_as_json(api: Api) -> None:
    records = api.call("/v1/lines.ndjson").text.splitlines()
    pages = api.call("/v1/lines?page_size=1000").text
    assert [json.loads(record) for record in records] == json.loads(pages)["data"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/csv", "text/csv"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("text/html,application/json;q=0.9", "application/json"),
        ("*/*", "application/json"),
    ],
)
def test_accept_chooses_the_format(api: Api, accept: str, media_type: str) -> None:
    assert api.call("/v1/lines", headers={"Accept": accept}).mimetype == media_type


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [(MEDIA_TYPE, SDMX_GENERIC), (f"{MEDIA_TYPE}, {SDMX_CSV_1}", SDMX_CSV_1)],
)
def test_who_accepts_problems_alone_gets_the_first_format_of_sdmx(
    api: Api, accept: str, media_type: str
) -> None:
    response = api.call("/sdmx/data/expenditure", headers={"Accept": accept})
    assert response.content_type == media_type


def test_formats_that_are_not_offered(api: Api) -> None:
    problem = api.problem(LINES, 406, headers={"Accept": "image/png"})
    assert "text/csv" in problem["errors"][0]["allowed"]
    (error,) = api.problem("/v1/lines.csv?format=ndjson", 400)["errors"]
    assert error["parameter"] == "format"


BAD_CALLS: list[tuple[str, str, str]] = [
    ("/v1/lines?functon=204", "functon", "Did you mean function?"),
    ("/v1/lines?cursor=xyz", "cursor", "links.next"),
    ("/v1/lines?cursor=WyJ4IixmYWxzZSxbXV0", "cursor", "links.next"),
    ("/v1/lines?page_size=0", "page_size", "from 1 to 1000"),
    ("/v1/lines?page_size=1001", "page_size", "from 1 to 1000"),
    ("/v1/lines?page_size=ten", "page_size", "from 1 to 1000"),
    ("/v1/lines?page_size=5&page_size=6", "page_size", "one value"),
    ("/v1/lines?amount__gte=1e6", "amount__gte", "1800000.00"),
    ("/v1/lines?amount__gte=1.234", "amount__gte", "1800000.00"),
    ("/v1/lines?role=leaves", "role", "leaf"),
    ("/v1/lines?fiscal_year=24", "fiscal_year", "1900"),
    ("/v1/lines?function=abc", "function", "code of digits"),
    ("/v1/lines?function__isnull=yes", "function__isnull", "true"),
    ("/v1/lines?order=size", "order", "amount"),
    ("/v1/lines?order=", "order", "empty"),
    ("/v1/lines?fields=id,nothing", "fields", "printed"),
    ("/v1/lines?table_id=expenditure", "table_id", "id of a table"),
    ("/v1/lines?jurisdiction=1101", "jurisdiction", "six digits"),
    ("/v1/departments?q=%00", "q", "not a usable text"),
    ("/v1/classifications/functional/2024/tree?depth=0", "depth", "from 1 to 9"),
]


@pytest.mark.parametrize(("path", "parameter", "said"), BAD_CALLS)
def test_bad_calls_name_the_parameter_and_how_to_mend_it(
    api: Api, path: str, parameter: str, said: str
) -> None:
    (error,) = api.problem(path, 400)["errors"]
    assert error["parameter"] == parameter
    assert said in f"{error['detail']} {error['allowed']} {error['hint']}"
    assert len(error["detail"]) > 3


def test_a_wrong_choice_is_answered_whole(api: Api) -> None:
    assert api.problem("/v1/lines?phase=final", 400)["errors"] == [
        {
            "parameter": "phase",
            "detail": "'final' is not allowed",
            "allowed": ["approved", "adjusted", "executed"],
            "hint": None,
        }
    ]


def test_all_mistakes_are_named_at_once(api: Api) -> None:
    errors = api.problem("/v1/lines?page_size=0&role=x&nope=1", 400)["errors"]
    assert {error["parameter"] for error in errors} == {"page_size", "role", "nope"}


def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    cursor = api.json(LINES)["links"]["next"].rpartition("cursor=")[2]
    (error,) = api.problem(f"/v1/lines?page_size=5&role=leaf&cursor={cursor}", 400)["errors"]
    assert error["detail"] == "belongs to a list with other filters or another order"


UNKNOWN = [
    "/v1/nothing",
    "/v1/lines/none",
    f"/v1/lines/{DOCUMENT}.expenditure.99.project",
    f"/v1/lines/{DOCUMENT}@000000000000.expenditure.29.project",
    "/v1/documents/110102-231002-1999-department-approved",
    f"/v1/documents/{DOCUMENT}.expenditure",
    "/v1/documents/none/source",
    "/v1/documents/none/sections",
    "/v1/documents/none/claims",
    "/v1/departments/none",
    f"/v1/departments/{DEPARTMENT}/budgets/1999",
    "/v1/classifications/functional/2024/codes/999",
    "/schemas/v1/none.schema.json",
    "/v1/lines.ods",
]


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_is_not_there_is_a_problem_that_leads_on(api: Api, path: str) -> None:
    problem = api.problem(path, 404)
    assert problem["instance"] == path
    assert problem["errors"][0]["hint"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_api_is_read_only(api: Api, method: str) -> None:
    response = api.call(LINES, method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "read-only" in response.text


def test_an_unexpected_error_tells_nothing_of_the_inside(
    api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr(api.app.extensions["openbudget"], "data_state", fail)
    response = api.app.test_client().get("/v1?x")
    assert response.status_code in (400, 500)
    response = api.app.test_client().get("/v1")
    assert response.status_code == 500
    assert "the inside" not in response.text
    identifier = response.text.partition("Request id: ")[2][:16]
    assert identifier in caplog.text


def test_a_trailing_slash_changes_nothing(api: Api) -> None:
    assert api.json("/v1/")["data"] == api.json("/v1")["data"]


def test_heads_of_exports_hold_no_connection(api: Api) -> None:
    pool = api.app.extensions["openbudget"].engine.pool
    before = pool.checkedout()
    for _ in range(60):
        assert api.call("/v1/lines.csv", "HEAD").status_code == 200
        assert api.call("/v1/lines.ndjson", "HEAD", headers={"Accept-Encoding": "gzip"}).data == b""
    assert pool.checkedout() == before
    assert api.json(LINES)["meta"]["total"] == 183


def test_long_sort_values_make_cursors_that_work(api: Api) -> None:
    path, found = "/v1/indicators?order=level_3:asc,scope:desc&page_size=2", []
    while path:
        answer = api.json(path)
        found += [record["id"] for record in answer["data"]]
        last, path = answer, answer["links"]["next"]
    assert len(set(found)) == 20
    assert api.json(last["links"]["prev"])["data"]


@pytest.mark.parametrize("value", [True, "x", 1.5, None, [], {}])
def test_a_forged_cursor_is_a_problem(api: Api, value: Any) -> None:
    path = "/v1/lines?order=row&page_size=5"
    cursor = api.json(path)["links"]["next"].rpartition("cursor=")[2]
    mark, backwards, values = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    forged = json.dumps([mark, backwards, [value, *values[1:]]]).encode()
    text = base64.urlsafe_b64encode(forged).decode().rstrip("=")
    (error,) = api.problem(f"{path}&cursor={text}", 400)["errors"]
    assert error["detail"] == "is not a cursor of this API"


def test_exports_take_no_page(api: Api) -> None:
    errors = api.problem("/v1/lines.csv?page_size=3&cursor=x", 400)["errors"]
    assert [error["parameter"] for error in errors] == ["cursor", "page_size"]


def test_the_order_of_parameters_changes_nothing(api: Api) -> None:
    one = api.call("/v1/lines?table=revenue&table=expenditure&page_size=3")
    other = api.call("/v1/lines?page_size=3&table=expenditure&table=revenue")
    assert (one.data, one.headers["ETag"]) == (other.data, other.headers["ETag"])
    one, other = (
        api.call(f"/v1/lines.ndjson?fields={first}&fields={second}")
        for first, second in (("id", "amount"), ("amount", "id"))
    )
    assert (one.data, one.headers["ETag"]) == (other.data, other.headers["ETag"])


@pytest.mark.parametrize(
    "path",
    [
        "/v1/lines?fiscal_year=２０２４",
        "/v1/crosswalk-mappings?source_code=٢٠٤",
        "/v1/classifications/functional/2024/tree?root=2０4",
    ],
)
def test_digits_are_those_of_ascii(api: Api, path: str) -> None:
    api.problem(path, 400)


def test_a_star_is_no_tag(api: Api) -> None:
    assert api.call("/v1/lines?nope=1", headers={"If-None-Match": "*"}).status_code == 400
    assert api.call("/v1/lines/none", headers={"If-None-Match": "*"}).status_code == 404


def test_no_redirect_repeats_the_host(api: Api) -> None:
    assert api.call("/v1//lines", headers={"Host": "evil.example"}).status_code == 404
