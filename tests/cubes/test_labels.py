"""Names of codes: those of the newest list that has them, else the printed ones."""

from __future__ import annotations

import csv

import pytest

from tests.conftest import SEED
from tests.cubes.asking import Cubes
from tests.cubes.recomputing import KEYS

SCHEMES = {
    "function": "functional",
    "government_economic": "government-economic",
    "department_economic": "department-economic",
}
LEVELS = {
    "function_1": "function",
    "function_2": "function",
    "function": "function",
    "government_economic_1": "government_economic",
    "government_economic": "government_economic",
    "department_economic_1": "department_economic",
    "department_economic": "department_economic",
}


def listed(scheme: str) -> dict[str, tuple[str, str | None]]:
    found: dict[str, tuple[str, str | None]] = {}
    for path in sorted((SEED / "classifications").glob(f"{scheme}-*.csv")):
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        found |= {row["code"]: (row["name_zh"], row["name_en"] or None) for row in rows}
    return found


@pytest.mark.parametrize("name", LEVELS)
def test_a_code_has_the_name_of_the_newest_list(cubes: Cubes, name: str) -> None:
    names = listed(SCHEMES[LEVELS[name]])
    seen = 0
    for cube in sorted({row["table"] for row in cubes.lines}):
        own = [row for row in cubes.lines if (row["table"], row["role"]) == (cube, "leaf")]
        for member in cubes.ask(f"{cube}/members/{name}")["data"]:
            code = member[f"{name}.code"]
            printed = {row[f"{LEVELS[name]}_label_zh"] for row in own if KEYS[name](row) == code}
            fallback = min(printed, default=None) if name in SCHEMES else code
            wanted = names.get(code, (fallback, None))
            if code is None:
                continue
            assert (member[f"{name}.label"], member[f"{name}.label_en"]) == wanted
            seen += 1
    assert seen >= 3


def test_a_code_that_no_list_has_is_named_as_printed(real: Cubes) -> None:
    found = real.ask("expenditure/members/function", cut="function:71102")
    assert found["data"] == [
        {
            "function.code": "71102",
            "function.label": "事业单位医疗",
            "function.label_en": None,
        }
    ]
    (upper,) = real.ask("expenditure/members/function_1", cut="function:71102")["data"]
    assert (upper["function_1.code"], upper["function_1.label"]) == ("711", "711")


def test_offices_documents_places_and_projects_have_their_names(cubes: Cubes) -> None:
    for name in ("department", "document"):
        data = cubes.api.json(f"/v1/{name}s?page_size=100")["data"]
        key = "name" if name == "department" else "title"
        names = {own["id"]: own[key] for own in data}
        for member in cubes.ask(f"revenue/members/{name}")["data"]:
            assert member[f"{name}.label"] == names[member[f"{name}.id"]]
    projects = {
        own["id"]: own["name"] for own in cubes.api.json("/v1/projects?page_size=100")["data"]
    }
    found = cubes.ask("project_expenditure/members/project")["data"]
    assert {own["project.id"]: own["project.label"] for own in found} == projects
    (place,) = cubes.ask("revenue/members/jurisdiction", cut="jurisdiction:110102")["data"]
    assert place["jurisdiction.label"] == "西城区"
