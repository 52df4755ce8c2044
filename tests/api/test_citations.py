"""How to cite what the API answers: whole texts, by versions that stay, and none for persons."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pybtex.database import parse_string
from sqlalchemy import Engine, event

from openbudget.api.app import create_app
from openbudget.api.catalog import LISTS
from openbudget.api.common import DOCUMENT
from openbudget.api.listing import ListResource
from openbudget.budget.document import BudgetDocument
from openbudget.loading.batch import load_files
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.prepared import prepare
from openbudget.storage.reference import store_rules, store_seed
from openbudget.storage.write import Beside, store_document
from tests.api.client import Api
from tests.checked import COLUMN, RULES, checked, held_against
from tests.conftest import LOADED_AT, ROOT

SHARED = Path(os.environ.get("OPENBUDGET_SHARED", ROOT.parent / "shared"))
SHA256 = "a21bb77f8bacdb575aaa0db4ada1eb584c48cf460f44c410678dfa8f45aa4d1d"
VERSION = f"{DOCUMENT}@a21bb77f8bac"
KEY = VERSION.replace("@", ".")
LINE = "expenditure.29.project"
TOTAL = "findings.column-total.expenditure.32.total"
HEAD = "北京市西城区法律援助中心. 北京市西城区法律援助中心 2024年部门预算"
TAIL = f"SHA-256: {SHA256}."
BEFORE = DOCUMENT.replace("2024", "2023")
CITED = [own for own in LISTS if "citation" in own.include]
NAMES = [own.name for own in CITED]


def path_of(resource: ListResource) -> str:
    return f"{resource.path}/{resource.example_id}"


def text(api: Api, path: str) -> str:
    answer = api.call(f"{path}/citation?format=text")
    assert answer.content_type == "text/plain; charset=utf-8"
    return answer.text


@pytest.mark.parametrize(
    ("name", "local", "place"),
    [
        ("documents", "", ""),
        ("tables", ".expenditure", ": 预算03表 支出预算总表(文件第271行)"),
        ("lines", f".{LINE}", ": 预算03表 支出预算总表(第33行, 第6列, 文件第585行)"),
        ("findings", f".{TOTAL}", ": 预算03表 支出预算总表(第36行, 第4列, 文件第613行)"),
        ("projects", ".projects.2", ": 预算04表 项目支出表(第6行, 第3列, 文件第682行)"),
        (
            "transfers",
            ".transfers.1",
            ": 预算12表 上级转移支付细化明细表(第4行, 第7列, 文件第1408行)",
        ),
    ],
)
def test_the_text_of_a_record_whole(api: Api, name: str, local: str, place: str) -> None:
    assert text(api, f"/v1/{name}/{DOCUMENT}{local}") == (
        f"{HEAD}{place}[EB/OL]. /v1/{name}/{VERSION}{local}. {TAIL}\n"
    )


def test_the_bibtex_of_a_line_whole(api: Api) -> None:
    path = f"/v1/lines/{DOCUMENT}.{LINE}/citation"
    answer = api.call(f"{path}?format=bibtex&accessed=2024-06-30")
    assert answer.content_type == "application/x-bibtex; charset=utf-8"
    assert answer.text == (
        f"@misc{{{KEY}.{LINE},\n"
        "  author = {{北京市西城区法律援助中心}},\n"
        "  title = {{北京市西城区法律援助中心 2024年部门预算: 预算03表 支出预算总表}},\n"
        f"  url = {{/v1/lines/{VERSION}.{LINE}}},\n"
        "  urldate = {2024-06-30},\n"
        "  note = {Fiscal year 2024; 预算03表 支出预算总表(row 33, column 6, line 585 of the "
        f"file); SHA-256 {SHA256}}},\n"
        "}\n"
    )


def test_a_citation_as_json_whole(api: Api) -> None:
    href = f"/v1/lines/{VERSION}.{LINE}"
    answer = api.json(f"/v1/lines/{DOCUMENT}.{LINE}/citation?accessed=2024-06-30")
    written = answer["data"].pop("bibtex")
    assert answer["data"] == {
        "id": f"{VERSION}.{LINE}",
        "href": href,
        "accessed": "2024-06-30",
        "text": f"{HEAD}: 预算03表 支出预算总表(第33行, 第6列, 文件第585行)[EB/OL]. "
        f"[2024-06-30]. {href}. {TAIL}",
        "references": [
            {
                "document": VERSION,
                "key": f"{KEY}.{LINE}",
                "publisher": "北京市西城区法律援助中心",
                "title": "北京市西城区法律援助中心 2024年部门预算",
                "fiscal_year": 2024,
                "sha256": SHA256,
                "published": None,
                "url": None,
                "href": href,
                "places": [
                    {
                        "title": "预算03表 支出预算总表",
                        "text": {
                            "zh": "第33行, 第6列, 文件第585行",
                            "en": "row 33, column 6, line 585 of the file",
                        },
                        "anchor": {
                            "document": VERSION,
                            "line": 585,
                            "table": f"{VERSION}.expenditure",
                            "row": 33,
                            "column": 6,
                        },
                    }
                ],
            }
        ],
    }
    path = f"/v1/lines/{DOCUMENT}.{LINE}/citation?format=bibtex&accessed=2024-06-30"
    assert written == api.call(path).text
    assert answer["meta"]["query"] == {"accessed": "2024-06-30"}


@pytest.mark.parametrize("resource", CITED, ids=NAMES)
def test_every_cited_record_has_one_citation_everywhere(api: Api, resource: ListResource) -> None:
    path = path_of(resource)
    answer = api.json(f"{path}/citation")
    assert api.json(path)["links"]["citation"] == f"{path}/citation"
    assert api.json(f"{path}?include=citation")["data"]["citation"] == answer["data"]
    listed = api.json(f"{resource.path}?include=citation&page_size=100")["data"]
    (own,) = [record for record in listed if record["id"] == resource.example_id]
    assert own["citation"] == answer["data"]
    for media_type, key in (("text/plain", "text"), ("application/x-bibtex", "bibtex")):
        other = api.call(f"{path}/citation", headers={"Accept": media_type})
        assert (other.mimetype, other.text.rstrip("\n")) == (
            media_type,
            answer["data"][key].rstrip("\n"),
        )
    # What is cited is there under the very address, and says the same of itself.
    cited = api.json(f"{answer['data']['href']}/citation")["data"]
    assert cited == answer["data"]
    entries = parse_string(answer["data"]["bibtex"], "bibtex").entries
    assert list(entries) == [own["key"] for own in answer["data"]["references"]]


def test_lists_that_are_cited() -> None:
    assert [
        *("documents", "tables", "lines", "projects", "transfers", "performance-targets"),
        *("indicators", "findings"),
    ] == NAMES


def test_keys_are_unique(api: Api) -> None:
    records = api.call("/v1/lines.ndjson?include=citation&fields=id").text.splitlines()
    keys = {record.partition('"key":"')[2].partition('"')[0] for record in records}
    assert len(keys) == len(records) == 183


@pytest.mark.parametrize(
    ("query", "parameter", "said"),
    [
        ("accessed=2024-02-30", "accessed", "'2024-02-30' is not a day such as 2024-06-30"),
        ("accessed=20240630", "accessed", "'20240630' is not a day such as 2024-06-30"),
        ("accessed=today", "accessed", "'today' is not a day such as 2024-06-30"),
        ("format=ris", "format", "'ris' is not allowed"),
        ("style=apa", "style", "unknown parameter"),
    ],
)
def test_what_a_citation_does_not_take(api: Api, query: str, parameter: str, said: str) -> None:
    (error,) = api.problem(f"/v1/lines/{DOCUMENT}.{LINE}/citation?{query}", 400)["errors"]
    assert (error["parameter"], error["detail"]) == (parameter, said)


def test_what_is_not_there_has_no_citation(api: Api) -> None:
    problem = api.problem(f"/v1/lines/{DOCUMENT}.expenditure.99.project/citation", 404)
    assert problem["errors"][0]["hint"] == "GET /v1/lines lists those there are."
    api.problem(f"/v1/documents/{DOCUMENT}.expenditure/citation", 404)
    api.problem(f"/v1/lines/{DOCUMENT}.{LINE}/citation", 406, headers={"Accept": "text/csv"})
    (error,) = api.problem("/v1/lines.csv?include=citation", 400)["errors"]
    assert error["parameter"] == "include"


def test_a_public_address_begins_every_link_that_leaves_the_api(database_url: str) -> None:
    engine = open_for_reading(database_url)
    public = Api(create_app(engine, public_address="https://budget.example/api"))
    bare = Api(create_app(engine))
    path = f"/v1/lines/{DOCUMENT}.{LINE}/citation"
    answer, tag = public.json(path)["data"], public.call(path).headers["ETag"]
    assert f" https://budget.example/api/v1/lines/{VERSION}.{LINE}. SHA" in answer["text"]
    assert f"url = {{https://budget.example/api/v1/lines/{VERSION}" in answer["bibtex"]
    assert answer["href"] == f"/v1/lines/{VERSION}.{LINE}"
    assert tag != bare.call(path).headers["ETag"]
    engine.dispose()


def test_personal_data_is_in_no_citation(api: Api, first_lines: list[str]) -> None:
    labels = ("\t项目负责人", "\t联系电话")
    personal = [first_lines[first_lines.index(label) + 1].strip() for label in labels]
    for resource in CITED:
        written = api.call(f"{resource.path}.ndjson?include=citation").text
        assert '"citation":{' in written
        assert not any(found in written for found in personal), resource.name


# Between two documents, and of versions ----------------------------------------------------------


@pytest.fixture(scope="module")
def reading(
    tmp_path_factory: pytest.TempPathFactory, seed: Seed, first_document: BudgetDocument
) -> Iterator[Engine]:
    """Store the first document in two versions, and as the budget of the year before."""
    url = f"sqlite:///{tmp_path_factory.mktemp('citations')}/own.sqlite"
    engine = open_for_writing(url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: LOADED_AT)
    store_rules(engine, RULES, lambda: LOADED_AT)
    old = replace(first_document, file=replace(first_document.file, sha256="a" * 64))
    before = replace(old, identity=replace(old.identity, fiscal_year=2023))
    for document in (old, first_document, before):
        prepared = prepare(document, checked(document))
        store_document(engine, prepared, b"", "r1", lambda: LOADED_AT, Beside(held_against))
    engine.dispose()
    engine = open_for_reading(url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def found(reading: Engine) -> Api:
    return Api(create_app(reading))


def test_a_finding_between_two_documents_cites_both(found: Api) -> None:
    records = found.json("/v1/findings?include=citation&related_document__isnull=false")["data"]
    assert records
    for record in records:
        citation, related = record["citation"], record["related_document"]
        own, other = citation["references"]
        assert own["document"].partition("@")[0] == record["document"]
        assert other["document"].partition("@")[0] == related
        assert other["key"] == f"{own['key']}.2"
        assert other["href"] == f"/v1/documents/{other['document']}"
        sums = [line.rpartition("SHA-256: ")[2] for line in citation["text"].split("\n")]
        assert sums == [f"{own['sha256']}.", f"{other['sha256']}."]
        assert list(parse_string(citation["bibtex"], "bibtex").entries) == [
            own["key"],
            other["key"],
        ]
        anchored = [o["anchor"] for o in record["operands"] if o["anchor"]]
        places = [p["anchor"] for made in (own, other) for p in made["places"] if p["anchor"]]
        assert {(a["document"], a["line"]) for a in anchored} == {
            (p["document"].partition("@")[0], p["line"]) for p in places
        }


def test_a_sum_is_cited_by_its_table(found: Api) -> None:
    data = found.json(f"/v1/findings/{DOCUMENT}.{COLUMN}/citation")["data"]
    (reference,) = data["references"]
    # The sum is of the same table as the total, which is cited already.
    assert [place["text"]["zh"] for place in reference["places"]] == ["第36行, 第4列, 文件第613行"]


def test_a_citation_stays_true_after_a_newer_version(found: Api) -> None:
    old, new = f"{DOCUMENT}@{'a' * 12}", VERSION
    for version, sha256 in ((old, "a" * 64), (new, SHA256)):
        data = found.json(f"/v1/lines/{version}.{LINE}/citation")["data"]
        assert (data["id"], data["references"][0]["sha256"]) == (f"{version}.{LINE}", sha256)
        assert found.json(data["href"])["data"]["amount"]
    assert found.json(f"/v1/lines/{DOCUMENT}.{LINE}/citation")["data"]["id"] == f"{new}.{LINE}"
    listed = found.json(f"/v1/lines?document={old}&include=citation&page_size=100")["data"]
    assert {record["citation"]["references"][0]["document"] for record in listed} == {old}


@pytest.mark.parametrize("resource", CITED, ids=NAMES)
def test_citations_of_a_page_take_at_most_three_queries(
    found: Api, reading: Engine, resource: ListResource
) -> None:
    statements: list[str] = []

    def count(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(reading, "before_cursor_execute", count)
    try:
        found.json(f"{resource.path}?page_size=100&versions=all")
        without, statements[:] = len(statements), []
        found.json(f"{resource.path}?page_size=100&versions=all&include=citation")
    finally:
        event.remove(reading, "before_cursor_execute", count)
    assert 1 <= len(statements) - without <= 3


PDF = SHARED / "documents/sh_putuo_commerce_budget_dept_2025.pdf"


@pytest.mark.skipif(not PDF.exists(), reason=f"{PDF.name} is not there")
def test_a_published_pdf_is_cited_by_its_pages(tmp_path: Path, seed: Seed) -> None:
    engine = open_for_writing(f"sqlite:///{tmp_path}/own.sqlite")
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: LOADED_AT)
    (loaded,) = load_files(engine, [PDF], seed, None, lambda: LOADED_AT)
    assert loaded.error is None
    api = Api(create_app(engine))
    document = api.json("/v1/documents")["data"][0]["id"]
    version = f"{document}@b06718491296"
    line = "revenue_and_expenditure.1.revenue"
    assert text(api, f"/v1/lines/{document}.{line}") == (
        "上海市普陀区商务委员会. 上海市普陀区2025年区级部门预算: 2025年部门财务收支预算总表"
        f"(第5行, 第2列, 文件第9页)[EB/OL]. /v1/lines/{version}.{line}. "
        "SHA-256: b067184912969b733d53e86c4cf658ba91b4cecf93c25b9198ea3086515e7a6a.\n"
    )
    assert api.call(f"/v1/tables/{document}.revenue/citation?format=bibtex").text == (
        f"@misc{{{version.replace('@', '.')}.revenue,\n"
        "  author = {{上海市普陀区商务委员会}},\n"
        "  title = {{上海市普陀区2025年区级部门预算: 2025年部门收入预算总表}},\n"
        f"  url = {{/v1/tables/{version}.revenue}},\n"
        "  note = {Fiscal year 2025; 2025年部门收入预算总表(page 10 of the file); "
        "SHA-256 b067184912969b733d53e86c4cf658ba91b4cecf93c25b9198ea3086515e7a6a},\n"
        "}\n"
    )
    engine.dispose()


def test_the_documentation_shows_what_is_answered(api: Api) -> None:
    blocks = (ROOT / "docs/citing.md").read_text(encoding="utf-8").split("```\n")[1::2]
    asked, answers = blocks[::2], blocks[1::2]
    assert len(asked) == len(answers) == 2
    for command, answer in zip(asked, answers, strict=True):
        path = command.partition("127.0.0.1:8000")[2].strip().removesuffix("'")
        assert api.call(path).text == answer
