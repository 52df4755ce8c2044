"""Crosswalks as resources: who says that two codes go together, and when."""

from __future__ import annotations

import csv
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, event

from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_writing
from openbudget.storage.read import read_facts
from openbudget.storage.reference import store_seed
from tests.api.client import Api
from tests.conftest import LOADED_AT, SEED

MAPPINGS = "/v1/crosswalk-mappings"
CODES = "/v1/classifications"


def ids(answer: Any) -> list[str]:
    return [record["id"] for record in answer["data"]]


def test_the_crosswalks_say_how_far_they_can_be_trusted(api: Api) -> None:
    economic, cofog = api.json("/v1/crosswalks")["data"]
    assert {**cofog, "origin": cofog["origin"][:31]} == {
        "id": "functional-to-cofog",
        "title": {
            "zh": "支出功能分类科目与政府职能分类（COFOG）对照（建议稿）",
            "en": "Functional classification of expenditure to COFOG, a proposal",
        },
        "source": {"scheme": "functional", "edition": "2024"},
        "target": {"scheme": "cofog", "edition": "1999"},
        "status": "proposal",
        "origin": "A proposal of this project, not",
        "mapping_count": 306,
        "official_count": 0,
        "links": {"mappings": f"{MAPPINGS}?crosswalk=functional-to-cofog"},
    }
    assert (economic["status"], economic["mapping_count"]) == ("reconstruction", 166)
    assert api.json(f"/v1/crosswalks/{economic['id']}")["data"] == economic
    official = f"{economic['links']['mappings']}&status=official"
    assert api.json(official)["meta"]["total"] == economic["official_count"] > 0
    assert api.problem("/v1/crosswalks/none", 404)["errors"][0]["hint"] == (
        "GET /v1/crosswalks lists those there are."
    )


def test_a_mapping_has_names_condition_and_origin(api: Api) -> None:
    (official, other) = api.json(f"{MAPPINGS}?source_code=30201")["data"]
    assert official == {
        "id": "department-to-government-economic.30201.50201",
        "crosswalk": "department-to-government-economic",
        "source": {
            "scheme": "department-economic",
            "edition": "2024",
            "code": "30201",
            "label": {"zh": "办公费", "en": "Office expenses"},
            "parent": "302",
            "parent_label": {"zh": "商品和服务支出", "en": "Goods and services expenditure"},
        },
        "target": {
            "scheme": "government-economic",
            "edition": "2024",
            "code": "50201",
            "label": {"zh": "办公经费", "en": "Office operating expenses"},
            "parent": "502",
            "parent_label": {
                "zh": "机关商品和服务支出",
                "en": "Government agency goods and services",
            },
        },
        "condition": "unit is an administrative organ (机关, incl. units managed as civil service)",
        "confidence": None,
        "status": "official",
        "note": "seen in: 2018 correspondence table (web copy)",
        "links": {
            "crosswalk": "/v1/crosswalks/department-to-government-economic",
            "source": f"{CODES}/department-economic/2024/codes/30201",
            "target": f"{CODES}/government-economic/2024/codes/50201",
        },
    }
    assert (other["target"]["code"], other["status"]) == ("50502", "reconstruction")
    assert api.json(f"{MAPPINGS}/{official['id']}")["data"] == official
    for link in official["links"].values():
        assert api.json(link)["data"]


def test_a_code_without_a_function_in_cofog_maps_to_nothing(api: Api) -> None:
    (reserve,) = api.json(f"{MAPPINGS}?source_scheme=functional&source_code=227")["data"]
    assert reserve["target"] == {
        "scheme": "cofog",
        "edition": "1999",
        **dict.fromkeys(["code", "label", "parent", "parent_label"]),
    }
    assert reserve["links"]["target"] is None
    assert (reserve["id"], reserve["confidence"]) == ("functional-to-cofog.227", "none")
    assert api.json(f"{MAPPINGS}?target_code__isnull=true")["meta"]["total"] == 10


def file_rows(name: str) -> list[dict[str, str]]:
    with (SEED / f"classifications/{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("target_code__under=03", lambda row: row["cofog_group"].startswith("03")),
        ("target_code__prefix=04.,10.1", lambda row: row["cofog_group"][:4] in ("10.1", *FOURS)),
        (
            "source_code__under=204&confidence=low,medium",
            lambda row: (
                row["functional_code"][:3] == "204" and row["confidence"] in ("low", "medium")
            ),
        ),
        (
            "target_code=01.6&source_code__not=20123",
            lambda row: row["cofog_group"] == "01.6" and row["functional_code"] != "20123",
        ),
    ],
)
def test_mappings_are_found_by_either_code(api: Api, query: str, wanted: Any) -> None:
    answer = api.json(f"{MAPPINGS}?crosswalk=functional-to-cofog&{query}&page_size=1000")
    rows = sorted(filter(wanted, file_rows("cofog-crosswalk")), key=lambda r: r["functional_code"])
    assert [record["source"]["code"] for record in answer["data"]] == [
        row["functional_code"] for row in rows
    ]
    assert rows


FOURS = [f"04.{n}" for n in range(1, 10)]


def test_codes_of_other_forms_are_refused(api: Api) -> None:
    (error,) = api.problem(f"{MAPPINGS}?target_code=01.1.2", 400)["errors"]
    assert error["detail"] == "'01.1.2' is not a code of digits, with one dot at most"
    (error,) = api.problem(f"{MAPPINGS}?source_scheme=cofog", 400)["errors"]
    assert "functional" in error["allowed"]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("functional/2024/codes/2040601", ["functional-to-cofog.20406.03.3"]),
        ("functional/2024/codes/204", ["functional-to-cofog.204.03.6"]),
        ("functional/2009/codes/204", []),
        (
            "department-economic/2024/codes/30201",
            [f"department-to-government-economic.30201.{code}" for code in ("50201", "50502")],
        ),
        (
            "government-economic/2024/codes/50299",
            ["department-to-government-economic.30299.50299"],
        ),
        ("government-economic/2024/codes/50599", []),
    ],
)
def test_a_code_holds_its_mappings(api: Api, code: str, found: list[str]) -> None:
    bare = api.json(f"{CODES}/{code}")["data"]
    whole = api.json(f"{CODES}/{code}?include=mappings")
    assert {name: value for name, value in whole["data"].items() if name != "mappings"} == bare
    assert "mappings" not in bare
    assert [mapping["id"] for mapping in whole["data"]["mappings"]] == found
    linked = [*ids(api.json(bare["links"]["mappings_from"]))]
    linked += ids(api.json(bare["links"]["mappings_to"]))
    assert set(found) <= set(linked)
    for mapping in whole["data"]["mappings"]:
        assert api.json(f"{MAPPINGS}/{mapping['id']}")["data"] == mapping


def test_what_a_code_cannot_include_is_refused(api: Api) -> None:
    (error,) = api.problem(f"{CODES}/functional/2024/codes/204?include=lines", 400)["errors"]
    assert (error["parameter"], error["allowed"]) == ("include", ["mappings"])


def test_one_statement_for_the_mappings_of_a_code(api: Api) -> None:
    engine: Engine = api.app.extensions["openbudget"].engine
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    query = urlencode({"include": "mappings"})
    api.json(f"{CODES}/department-economic/2024/codes/30202?{query}")
    event.remove(engine, "before_cursor_execute", note)
    assert len([own for own in seen if "crosswalk_mappings" in own]) == 1


def test_crosswalks_are_part_of_the_data_version(tmp_path: Any, seed: Seed) -> None:
    engine = open_for_writing(f"sqlite:///{tmp_path}/seed.sqlite")
    versions = []
    for digest in (seed.digest, seed.digest[::-1]):
        lists = replace(seed.lists, crosswalks=seed.lists.crosswalks[len(versions) :])
        assert store_seed(engine, lists, seed.divisions, digest, lambda: LOADED_AT)
        with engine.connect() as connection:
            versions.append(read_facts(connection)["data_version"])
            counted = connection.exec_driver_sql("SELECT count(*) FROM crosswalk_mappings").scalar()
            assert counted == sum(len(own.mappings) for own in lists.crosswalks)
    assert versions[0] != versions[1]
    engine.dispose()
