"""Two tables of one kind in a document print the same money, which nothing sums unasked."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from openbudget.loading.batch import BatchOptions, load_files
from openbudget.loading.pipeline import KnownIdentity
from openbudget.loading.seed import Seed
from openbudget.storage.database import open_for_writing
from tests.api.client import parse
from tests.conftest import LOADED_AT, ROOT
from tests.cubes.asking import Cubes
from tests.cubes.conftest import _copied, _served

PAGE = ROOT / "tests/made/beijing-a1.html"
KEYS = ["expenditure", "expenditure-2"]
CUT = "fiscal_year:2021"
TOTAL = Decimal("1000000.00")


@pytest.fixture(scope="module")
def twofold(
    database_url: str, seed: Seed, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cubes]:
    """Serve the made budget with 支出总表 and 部门预算明细表 beside the first document."""
    path = _copied(database_url, tmp_path_factory.mktemp("twofold"))
    engine = open_for_writing(f"sqlite:///{path}")
    known = BatchOptions(known=KnownIdentity(jurisdiction="110102"))
    results = list(load_files(engine, [PAGE], seed, None, lambda: LOADED_AT, known))
    engine.dispose()
    assert [result.error for result in results] == [None]
    yield from _served(path)


def test_cubes_say_how_to_ask(twofold: Cubes) -> None:
    (error,) = twofold.refused("expenditure/aggregate", cut=CUT)
    assert error["allowed"] == [
        *(f'cut=table_key:"{key}"' for key in KEYS),
        "drilldown=table_key",
        "sum_across=table_key",
    ]
    for key in KEYS:
        found = twofold.ask("expenditure/aggregate", cut=f"{CUT}|table_key:{key}")
        assert found["summary"]["amount.sum"] == TOTAL
    both = twofold.ask("expenditure/aggregate", cut=CUT, drilldown="table_key")
    assert [cell["amount.sum"] for cell in both["cells"]] == [TOTAL, TOTAL]
    assert both["summary"]["amount.sum"] is None
    (nested,) = twofold.refused("expenditure/tree", cut=CUT, drilldown="table_key|function")
    assert nested["allowed"] == [*error["allowed"][:2], "sum_across=table_key"]


def test_trees_and_comparisons_ask_which_table_is_meant(twofold: Cubes) -> None:
    api = twofold.api
    tree = "/v1/classifications/functional/2024/tree?table=expenditure&fiscal_year=2021"
    (document,) = {row["document"] for row in twofold.lines if row["fiscal_year"] == "2021"}
    (error,) = api.problem(tree, 400)["errors"]
    assert error["parameter"] == "table_id"
    assert error["detail"].startswith("the lines are of expenditure, expenditure-2; ")
    own_tables = [f"{document}.expenditure", f"{document}.expenditure-2"]
    assert error["allowed"] == own_tables
    found = parse(api.call(f"{tree}&table_id={document}.expenditure"))
    assert found["data"]["value"] == TOTAL
    query = "between=fiscal_year&base=2021&other=2024&by=function&table=expenditure"
    (asked,) = api.problem(f"/v1/compare?{query}&scope=department", 400)["errors"]
    assert asked["parameter"] == "table_id"
    assert asked["allowed"] == sorted(
        [*own_tables, "110102-231002-2024-department-approved.expenditure"]
    )
    tables = ",".join(
        (f"{document}.expenditure", "110102-231002-2024-department-approved.expenditure")
    )
    compared = parse(api.call(f"/v1/compare?{query}&scope=department&table_id={tables}"))
    assert compared["data"]["base"]["amount"] == TOTAL


def test_observations_of_each_table_stand_apart(twofold: Cubes) -> None:
    url = "/sdmx/data/expenditure/A......_T._T._T._T.{}?startPeriod=2021&endPeriod=2021"
    refused = twofold.api.problem(url.format("_T"), 400)["errors"]
    assert [own["allowed"] for own in refused] == [
        ["BUDGET_TABLE=expenditure", "BUDGET_TABLE=expenditure-2", "BUDGET_TABLE="]
    ]
    text = twofold.api.call(url.format("") + "&format=sdmx-csv-1.0").text
    assert [row.split(",")[11:14] for row in text.splitlines()[1:]] == [
        [key, "2021", str(TOTAL)] for key in KEYS
    ]
