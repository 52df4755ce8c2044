"""A department keeps the id it had first, whatever its later documents print of its code."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from openbudget.api.app import create_app
from openbudget.budget.identifiers import name_code
from openbudget.budget.organization import DepartmentName
from openbudget.loading.batch import BatchOptions, load_files
from openbudget.loading.pipeline import KnownIdentity
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_reading, open_for_writing
from openbudget.storage.write import store_seed
from tests.api.client import Api

NAME = "北京市西城区某某局"
UNNAMED = f"110102-{name_code(NAME)}"
TABLE = "“三公”经费预算表\n单位：万元\n项目\t预算数\n合计\t5\n公务接待费\t5\n"
Load = Callable[..., list[str]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/own.sqlite"


@pytest.fixture
def engine(url: str, seed: Seed) -> Iterator[Engine]:
    engine = open_for_writing(url)
    store_seed(engine, seed.lists, seed.divisions, seed.digest, lambda: "2024-03-01T00:00:00Z")
    yield engine
    engine.dispose()


@pytest.fixture
def load(engine: Engine, seed: Seed, tmp_path: Path) -> Load:
    """Load documents in one batch; gives their ids."""
    numbers = itertools.count()

    def run(*texts: str, seed: Seed = seed, known: KnownIdentity | None = None) -> list[str]:
        paths = [tmp_path / f"{next(numbers)}.tsv" for _ in texts]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8")
        results = list(load_files(engine, paths, seed, options=BatchOptions(known=known)))
        assert [result.error for result in results] == [None] * len(texts)
        return [str(result.report.document) for result in results]

    return run


def budget(year: int, code: str | None = None, name: str = NAME) -> str:
    """Write a budget that prints the name of its office, and its code if it has one."""
    coded = f"{code}-{name}\n" if code else ""
    return f"{name}{year}年部门预算\n{coded}{TABLE}"


def test_a_code_printed_later_is_an_alias(load: Load, url: str) -> None:
    assert load(budget(2023)) == [f"{UNNAMED}-2023-department-approved"]
    assert load(budget(2024, "101001")) == [f"{UNNAMED}-2024-department-approved"]
    renamed = budget(2025, "101001", "北京市西城区某某委员会")
    assert load(renamed) == [f"{UNNAMED}-2025-department-approved"]
    reading = open_for_reading(url)
    api = Api(create_app(reading))
    department = api.json("/v1/departments/110102-101001")["data"]
    assert department == api.json(f"/v1/departments/{UNNAMED}")["data"]
    assert (department["id"], department["fiscal_years"]) == (UNNAMED, [2023, 2024, 2025])
    glance = api.json("/v1/departments/110102-101001/budgets/2024")["data"]
    assert glance["department"] == UNNAMED
    assert api.json("/v1/departments")["meta"]["total"] == 1
    api.problem("/v1/departments/110102-101002", 404)
    reading.dispose()


def test_documents_of_one_batch_follow_their_order(load: Load) -> None:
    assert load(budget(2023), budget(2024, "101001"), budget(2025)) == [
        f"{UNNAMED}-{year}-department-approved" for year in (2023, 2024, 2025)
    ]


def test_a_document_without_the_code_goes_to_the_code_printed_before(load: Load, url: str) -> None:
    assert load(budget(2023, "101001"), budget(2024)) == [
        f"110102-101001-{year}-department-approved" for year in (2023, 2024)
    ]
    reading = open_for_reading(url)
    found = Api(create_app(reading)).json(f"/v1/departments/{UNNAMED}")["data"]
    assert found["id"] == "110102-101001"
    reading.dispose()


def test_two_printed_codes_are_two_departments(load: Load) -> None:
    first, second, third = load(budget(2023, "101001"), budget(2024, "101002"), budget(2025))
    assert (first[:13], second[:13]) == ("110102-101001", "110102-101002")
    assert third.startswith(UNNAMED), "it is not known which of the two it is"


def test_a_department_has_one_code_for_an_alias(load: Load) -> None:
    _, second, third = load(budget(2023), budget(2024, "101001"), budget(2025, "101002"))
    assert second.startswith(UNNAMED)
    assert third.startswith("110102-101002")


def test_the_same_file_again_changes_nothing(load: Load) -> None:
    texts = budget(2023), budget(2024, "101001")
    assert load(*texts) == load(*texts)
    known = KnownIdentity(fiscal_year=2024)  # so that the file is read
    assert load(texts[1], known=known) == [f"{UNNAMED}-2024-department-approved"]


def test_what_is_stated_goes_by_its_id_and_not_by_its_name(load: Load, seed: Seed) -> None:
    load(budget(2023))
    stated = KnownIdentity(department="7")
    assert load(budget(2024), known=stated) == ["110102-7-2024-department-approved"]
    names = (DepartmentName(NAME, "110102", "101009"),)
    listed = replace(seed, digest="other", departments=names)
    assert load(budget(2024), seed=listed) == ["110102-101009-2024-department-approved"]
    load(budget(2024, "101001"))
    alias = KnownIdentity(department="101001")
    assert load(budget(2022), known=alias) == [f"{UNNAMED}-2022-department-approved"]
