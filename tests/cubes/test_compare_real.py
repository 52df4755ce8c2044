"""Published budgets compared: every row, in golden files, and what the documents print."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.api.client import Api
from tests.conftest import GOLDEN
from tests.cubes.asking import Cubes

FOLDER = GOLDEN / "compare"
OFFICE, COMMERCE = "310107-nbzypml4u3v", "310107-nsqv24djojp"
PLANNING = "310107-ntptakbwp3j"
FINAL = f"{PLANNING}-2024-department-executed"
FIRST = "110102-231002"
BASIC = "table=general_public_budget_basic_expenditure"
CALLS = {
    "office-department-unit": (
        f"between=scope&base=department&other=unit&by=function&table=expenditure&department={OFFICE}"
    ),
    "office-commerce": (
        f"between=department&base={OFFICE}&other={COMMERCE}&by=function&table=expenditure&scope=unit"
    ),
    "office-commerce-economic": (
        f"between=department&base={OFFICE}&other={COMMERCE}&by=department_economic&{BASIC}"
        "&scope=department"
    ),
    "planning-approved-executed": (
        f"between=phase&base=approved&other=executed&by=item&department={PLANNING}"
    ),
    "first-document-no-other-year": (
        f"between=fiscal_year&base=2023&other=2024&by=function&table=expenditure&department={FIRST}"
    ),
    "first-document-other-place": (
        f"between=department&base={FIRST}&other={PLANNING}&by=function&level=1&table=expenditure"
        "&phase=approved,executed"
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_comparisons_equal_their_golden_files(
    real: Cubes, name: str, request: pytest.FixtureRequest
) -> None:
    found = real.api.call(f"/v1/compare?{CALLS[name]}").text
    text = written(json.loads(found, parse_float=str))
    golden = FOLDER / f"{name}.ndjson"
    if request.config.getoption("--update-golden"):
        FOLDER.mkdir(exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def written(found: Any) -> str:
    """Write the sums, then every row, one a line; numbers as the texts they were."""
    data = found["data"]
    rows = [row for change in data["counts"] for row in data[change]]
    whole = {name: value for name, value in data.items() if name not in data["counts"]}
    records = [{**whole, "warnings": found["warnings"]}, *rows]
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def compare(api: Api, name: str) -> Any:
    return api.json(f"/v1/compare?{CALLS[name]}")["data"]


def test_a_department_and_its_only_unit_print_the_same(real: Cubes) -> None:
    found = compare(real.api, "office-department-unit")
    assert [found[side]["amount"] for side in ("base", "other")] == [Decimal("91016775.35")] * 2
    assert found["counts"] == {
        "increased": 0,
        "decreased": 0,
        "added": 0,
        "removed": 0,
        "unchanged": 12,
    }
    assert (found["difference"], found["rate"]) == (0, 0)


def test_two_offices_have_what_their_documents_print(real: Cubes) -> None:
    found = compare(real.api, "office-commerce")
    amounts = [found[side]["amount"] for side in ("base", "other")]
    assert amounts == [Decimal("91016775.35"), Decimal("371514655.00")]
    names = [found[side]["label"]["zh"] for side in ("base", "other")]
    assert names == ["上海市普陀区人民政府办公室", "上海市普陀区商务委员会"]


def test_final_accounts_print_the_budget_beside_them(real: Cubes) -> None:
    """2.85 and 0.39 万元: no budget of that year is there, and one document prints both."""
    found = compare(real.api, "planning-approved-executed")
    amounts = [found[side]["amount"] for side in ("base", "other")]
    assert amounts == [Decimal("28500.00"), Decimal("3900.00")]
    assert [found[side]["documents"] for side in ("base", "other")] == [[FINAL], [FINAL]]
    assert [row["code"] for row in found["decreased"]] == ["official_hospitality"]


def test_three_public_expenses_beside_other_items_have_no_sum(real: Cubes) -> None:
    query = f"between=scope&base=department&other=unit&department={OFFICE}"
    path = f"/v1/compare?{query}&table=three_public_expenses"
    (mistake,) = real.api.problem(f"{path}&by=function", 400)["errors"][:1]
    assert mistake["parameter"] == "by"
    found = real.api.json(f"{path}&by=item")
    assert [warning["code"] for warning in found["warnings"]] == ["sum_not_additive"]
    assert [found["data"][side]["amount"] for side in ("base", "other")] == [None, None]
    assert found["data"]["counts"]["unchanged"] == 3
    three = "official_overseas_visits,official_vehicles,official_vehicle_purchase"
    keys = f"{three},official_vehicle_operation,official_hospitality"
    sums = real.api.json(f"{path}&by=item&item_key={keys}")["data"]
    assert [sums[side]["amount"] for side in ("base", "other")] == [Decimal("8675000.00")] * 2
