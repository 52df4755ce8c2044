"""What must not be added up, or cannot: in trees of codes, over 64 bits, by thousands of values."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from openbudget.api.app import create_app
from openbudget.cubes.dialect import MOST_VALUES
from openbudget.loading.batch import BatchOptions, load_files
from openbudget.loading.pipeline import KnownIdentity
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_reading, open_for_writing
from tests.api.client import Api, parse
from tests.conftest import LOADED_AT, ROOT
from tests.cubes.asking import Cubes

PAGE = ROOT / "tests/made/beijing-a1.html"
FIRST = "110102-231002-2024-department-approved"
TREE = "/v1/classifications/functional/2024/tree"


def changed(database_url: str, folder: Path, *statements: str) -> Api:
    """Serve a copy of the database, changed by SQL."""
    path = folder / "changed.sqlite"
    shutil.copyfile(database_url.removeprefix("sqlite:///"), path)
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    return Api(create_app(open_for_reading(f"sqlite:///{path}")))


@pytest.fixture(scope="module")
def three_years(
    database_url: str, seed: Seed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Api]:
    """Serve one made budget as those of three years, each with figures of the years before."""
    path = tmp_path_factory.mktemp("three") / "years.sqlite"
    shutil.copyfile(database_url.removeprefix("sqlite:///"), path)
    engine = open_for_writing(f"sqlite:///{path}")
    for year in (2020, 2021, 2022):
        known = KnownIdentity(jurisdiction="110102", fiscal_year=year)
        (result,) = load_files(
            engine, [PAGE], seed, None, lambda: LOADED_AT, BatchOptions(known=known)
        )
        assert result.error is None
    engine.dispose()
    reading = open_for_reading(f"sqlite:///{path}")
    yield Api(create_app(reading))
    reading.dispose()


def test_branches_that_a_search_keeps_have_their_whole_sums(api: Api) -> None:
    def branch(query: str) -> Any:
        found = parse(api.call(f"{TREE}?document={FIRST}&table=expenditure{query}"))["data"]
        (node,) = [own for own in found["children"] if own["code"] == "204"]
        return found["value"], node["value"], node["line_count"]

    whole = branch("")
    assert whole == (Decimal("10097543.96"), Decimal("9092652.68"), 26)
    for words in ("公共安全", "行政运行"):
        found = branch(f"&q={quote(words)}")
        assert found[1:] == whole[1:]


def test_a_tree_of_codes_adds_up_no_two_documents_about_one_thing(three_years: Api) -> None:
    query = f"{TREE}?table=three_public_expenses&department__not=110102-231002"
    years = {own["fiscal_year"] for own in lines(three_years, "three_public_expenses")}
    assert len(years) > 1
    errors = three_years.problem(f"{query}&fiscal_year={sorted(years)[1]}", 400)["errors"]
    assert "document" in {error["parameter"] for error in errors}


def lines(api: Api, table: str) -> list[Any]:
    found = api.json(f"/v1/lines?table={table}&role=leaf&page_size=1000")["data"]
    return [own for own in found if own["department"] != "110102-231002"]


def test_a_tree_of_codes_does_not_mix_items_that_hold_each_other(real: Cubes) -> None:
    query = f"{TREE}?table=three_public_expenses&fiscal_year=2025&scope=department"
    (error,) = real.api.problem(query, 400)["errors"]
    assert error["parameter"] == "item_key"
    assert real.api.json(f"{query}&{error['allowed'][0]}")["data"]["value"] == Decimal("0.00")


def test_a_sum_over_64_bits_is_a_fault_of_the_figures(database_url: str, tmp_path: Path) -> None:
    api = changed(database_url, tmp_path, "UPDATE lines SET amount_fen = 4611686018427387904")
    cube = api.call("/v1/cubes/expenditure/aggregate")
    (told,) = parse(cube)["context"]["problem"]["errors"]
    assert cube.status_code == 400
    assert told["detail"].startswith("the sum of these amounts is larger than 64 bits")
    (same,) = api.problem(f"{TREE}?table=expenditure&document={FIRST}", 400)["errors"]
    assert same == told


@pytest.mark.parametrize("separator", [";", "|jurisdiction:"])
def test_no_cut_has_values_without_end(api: Api, separator: str) -> None:
    for count, status in ((MOST_VALUES, 200), (MOST_VALUES + 1, 400)):
        values = separator.join(map(str, range(count)))
        response = api.call(f"/v1/cubes/expenditure/members/function?cut=jurisdiction:{values}")
        assert response.status_code == status
    key = "+".join(str(number) for number in range(1000, 1000 + MOST_VALUES + 1))
    (error,) = api.problem(f"/sdmx/data/expenditure/A.{key}.........", 400)["errors"]
    assert error["detail"] == f"has more than {MOST_VALUES} members"


def test_an_item_that_is_called_as_nothing_is_called_has_an_id_of_its_own(
    database_url: str, tmp_path: Path
) -> None:
    api = changed(
        database_url,
        tmp_path,
        "UPDATE lines SET item = '_Z', item_key = NULL WHERE id LIKE '%.revenue_and_expenditure.%'",
        "UPDATE lines SET item = NULL WHERE id IN (SELECT min(id) FROM lines "
        "WHERE role = 'leaf' AND table_kind = 'revenue_and_expenditure')",
    )
    query = "drilldown=item&sum_across=direction"
    found = parse(api.call(f"/v1/cubes/revenue_and_expenditure/aggregate.json-stat?{query}"))
    index = found["dimension"]["item"]["category"]["index"]
    assert index == ["__Z", "_Z"]
    plain = parse(api.call(f"/v1/cubes/revenue_and_expenditure/aggregate?{query}"))["cells"]
    counts = [value for value in found["value"] if isinstance(value, int)]
    assert sum(counts) == sum(cell["_count"] for cell in plain)
