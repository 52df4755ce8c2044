"""Searching documents as they were published; the files are looked for in `OPENBUDGET_SHARED`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from openbudget.api.app import create_app
from openbudget.loading.batch import load_files
from openbudget.loading.folders import find_files
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.models import PART_MODELS, DocumentRow, SearchEntryRow
from openbudget.storage.reference import store_seed
from tests.api.client import Api
from tests.conftest import LOADED_AT, ROOT, SEED

FOLDER = Path(os.environ.get("OPENBUDGET_SHARED", ROOT.parent / "shared")) / "documents"
NAMES = (
    "hn_yueyang_wenlian_three_public_2017_trad.tsv",
    "sh_putuo_commerce_budget_dept_2025.pdf",
    "sh_putuo_commerce_budget_unit_2025.pdf",
)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, seed: Seed) -> Iterator[Api]:
    """Load the published documents beside the first one."""
    paths = [FOLDER / name for name in NAMES]
    if missing := [path.name for path in paths if not path.exists()]:
        pytest.skip(f"{missing} are not there")
    url = f"sqlite:///{tmp_path_factory.mktemp('real')}/own.sqlite"
    engine = open_for_writing(url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: LOADED_AT)
    files = [*find_files([SEED]), *paths]
    results = list(load_files(engine, files, seed, None, lambda: LOADED_AT))
    assert [result.error for result in results] == [None] * len(files)
    with engine.connect() as connection:
        models: tuple[Any, ...] = (*PART_MODELS, DocumentRow)
        count = sum(
            connection.scalar(select(func.count()).select_from(model.__table__)) or 0
            for model in models
        )
        own = select(func.count()).where(SearchEntryRow.document.is_not(None))
        assert connection.scalar(own) == count
    engine.dispose()
    reading = open_for_reading(url)
    yield Api(create_app(reading))
    reading.dispose()


def search(api: Api, q: str, **more: Any) -> Any:
    return api.json(f"/v1/search?{urlencode({'q': q, 'page_size': 1000, **more})}")


def marks(hit: Any) -> set[str]:
    return {part["text"] for part in hit["excerpt"]["parts"] if part["match"]}


def test_traditional_print_is_found_by_the_usual_characters(real: Api) -> None:
    found = search(real, "岳阳县文联")
    assert found["data"][0]["kind"] == "department"
    assert found == search(real, "嶽陽縣文聯") | {
        "links": found["links"],
        "meta": found["meta"],
    }
    (document,) = search(real, "岳阳县文联", kind="document")["data"]
    assert marks(document) == {"嶽陽縣文聯"}
    lines = search(real, "公务接待费", fiscal_year=2017)["data"]
    assert {"公務接待費"} in [marks(hit) for hit in lines]


def test_facets_tell_departments_apart(real: Api) -> None:
    found = search(real, "预算")
    facets = found["meta"]["facets"]
    assert len([v for v in facets["department"]["values"] if v["value"]]) >= 3
    assert {v["value"] for v in facets["scope"]["values"]} >= {"department", "unit"}
    for facet in facets.values():
        assert sum(v["count"] for v in facet["values"]) + facet["other"] == found["meta"]["total"]


@pytest.mark.parametrize("query", ["商务", "普陀区", "公用经费", "绩效", "一般公共预算"])
def test_every_hit_is_marked_and_leads_on(real: Api, query: str) -> None:
    hits = search(real, query)["data"]
    assert len(hits) > 0
    assert all(marks(hit) for hit in hits)
    for href in {hit["href"] for hit in hits[:50]}:
        assert real.call(href).status_code == 200, href
