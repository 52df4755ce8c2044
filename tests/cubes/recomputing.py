"""The answers of a cube, worked out again in two other ways: in Python from the lines as they are
exported, and in plain SQL. Neither knows the code that it is held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from tests.cubes.asking import Row

Value = str | int | None
THREE = {
    *("official_overseas_visits", "official_hospitality", "official_vehicles"),
    *("official_vehicle_purchase", "official_vehicle_operation"),
}


def code(name: str, length: int | None = None) -> Callable[[Row], Value]:
    def find(row: Row) -> Value:
        whole = row[f"{name}_code"]
        if not whole or (length and len(whole) < length):
            return None
        return whole[:length]

    return find


def plain(name: str) -> Callable[[Row], Value]:
    return lambda row: row[name] or None


def city(row: Row) -> Value:
    return None if row["jurisdiction"][2:4] == "00" else row["jurisdiction"][:4] + "00"


def item(row: Row) -> Value:
    return row["item_key"] or row["item_text"].strip() or None


def item_group(row: Row) -> Value:
    if row["table"] != "three_public_expenses":
        return None
    return "three_public_expenses" if row["item_key"] in THREE else item(row)


def period(row: Row) -> Value:
    *_, year, _scope, phase = row["document"].split("-")
    same = (year, phase) == (row["fiscal_year"], row["phase"])
    return "own" if same else "comparison"


KEYS: dict[str, Callable[[Row], Value]] = {
    "province": lambda row: row["jurisdiction"][:2] + "0000",
    "city": city,
    "jurisdiction": plain("jurisdiction"),
    "department": plain("department"),
    "document": plain("document"),
    "table_key": lambda row: row["table_id"].rpartition(".")[2],
    "fiscal_year": lambda row: int(row["fiscal_year"]),
    "phase": plain("phase"),
    "period": period,
    "scope": plain("scope"),
    "direction": plain("direction"),
    "function_1": code("function", 3),
    "function_2": code("function", 5),
    "function": code("function"),
    "government_economic_1": code("government_economic", 3),
    "government_economic": code("government_economic"),
    "department_economic_1": code("department_economic", 3),
    "department_economic": code("department_economic"),
    "revenue": code("revenue"),
    "expenditure_type_1": lambda row: {"personnel": "basic", "operating": "basic"}.get(
        row["expenditure_type"], row["expenditure_type"] or None
    ),
    "expenditure_type": plain("expenditure_type"),
    "funding_source": plain("funding_source"),
    "carryover": plain("carryover"),
    "item_group": item_group,
    "item": item,
    "project": plain("project"),
    "line": plain("id"),
}
KEY_REFS = {
    name: f"{name}."
    + {"fiscal_year": "year", "table_key": "key"}.get(
        name, "id" if name in ("department", "document", "project", "line") else "code"
    )
    for name in KEYS
}
SQL = {
    "province": "substr(jurisdiction, 1, 2) || '0000'",
    "city": "CASE WHEN jurisdiction NOT LIKE '__00%' THEN substr(jurisdiction, 1, 4) || '00' END",
    "jurisdiction": "jurisdiction",
    "department": "department",
    "document": "document",
    "table_key": "table_key",
    "fiscal_year": "own_year",
    "phase": "own_phase",
    "period": "iif(own_year = fiscal_year AND own_phase = phase, 'own', 'comparison')",
    "scope": "scope",
    "direction": "direction",
    "function_1": "iif(length(function) > 2, substr(function, 1, 3), NULL)",
    "function_2": "iif(length(function) > 4, substr(function, 1, 5), NULL)",
    "function": "function",
    "government_economic_1": "substr(government_economic, 1, 3)",
    "government_economic": "government_economic",
    "department_economic_1": "substr(department_economic, 1, 3)",
    "department_economic": "department_economic",
    "revenue": "revenue",
    "expenditure_type_1": "replace(replace(expenditure_type, 'personnel', 'basic'), "
    "'operating', 'basic')",
    "expenditure_type": "expenditure_type",
    "funding_source": "funding_source",
    "carryover": "carryover",
    "item_group": "CASE WHEN table_kind != 'three_public_expenses' THEN NULL "
    "WHEN item_key LIKE 'official_%' THEN 'three_public_expenses' "
    "ELSE ifnull(item_key, item) END",
    "item": "ifnull(item_key, item)",
    "project": "document || '.' || project",
    "line": "replace(id, '@' || version, '')",
}


def selected(lines: Iterable[Row], cube: str, cuts: dict[str, list[Value]]) -> list[Row]:
    return [
        row
        for row in lines
        if row["table"] == cube
        and row["role"] == "leaf"
        and all(KEYS[name](row) in values for name, values in cuts.items())
    ]


def amount(rows: Iterable[Row]) -> Decimal | None:
    found = [Decimal(row["amount"]) for row in rows if row["amount"]]
    return sum(found, Decimal(0)) if found else None


def cells(rows: Iterable[Row], drilldown: list[str]) -> dict[tuple[Value, ...], tuple[Any, int]]:
    groups: dict[tuple[Value, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(KEYS[name](row) for name in drilldown)].append(row)
    return {key: (amount(own), len(own)) for key, own in groups.items()}


def in_sql(
    cube: str, drilldown: list[str], cuts: dict[str, list[Value]]
) -> tuple[str, list[Value]]:
    keys = [SQL[name] for name in drilldown]
    conditions = ["current = 1", "role = 'leaf'", "table_kind = ?"]
    parameters: list[Value] = [cube]
    for name, values in cuts.items():
        conditions.append(f"({' OR '.join([f'{SQL[name]} IS ?'] * len(values))})")
        parameters += values
    places = ", ".join(str(n) for n in range(1, len(keys) + 1))
    statement = " ".join(
        [
            *("SELECT", ", ".join([*keys, "sum(amount_fen)", "count(*)"]), "FROM lines"),
            *("WHERE", " AND ".join(conditions)),
            f"GROUP BY {places}" if keys else "",
        ]
    )
    return statement, parameters


def sort_key(value: Any) -> Any:
    """Sort texts by code point, numbers by size."""
    return "" if value is None else value


def ordered(rows: list[dict[str, Any]], order: list[tuple[str, bool]]) -> list[dict[str, Any]]:
    """Sort by several keys, nulls last in both directions."""
    for ref, descending in reversed(order):
        stated = [row for row in rows if row[ref] is not None]
        stated.sort(key=lambda row, ref=ref: sort_key(row[ref]), reverse=descending)  # type: ignore[misc]
        rows = [*stated, *(row for row in rows if row[ref] is None)]
    return rows


def mixed(rows: list[Row]) -> set[str]:
    """Tell what the lines mix that must not be added up."""
    names = ("fiscal_year", "scope", "phase", "direction", "table_key", "item_group")
    found = {name for name in names if len({KEYS[name](row) for row in rows}) > 1}
    documents: dict[Any, set[Any]] = defaultdict(set)
    alike = ("department", "scope", "fiscal_year", "phase", "direction", "table_key", "item_group")
    for row in rows:
        documents[tuple(KEYS[name](row) for name in alike)].add(row["document"])
    return found | ({"document"} if any(len(own) > 1 for own in documents.values()) else set())


PARTED_BY = {
    "fiscal_year": {"fiscal_year", "line"},
    "scope": {"scope", "document", "line"},
    "phase": {"phase", "line"},
    "direction": {"direction", "line"},
    "table_key": {"table_key", "line"},
    "item_group": {"item_group", "item", "line"},
    "document": {"document", "line"},
}


def refused(
    rows: list[Row], drilldown: list[str], cuts: dict[str, list[Value]], across: list[str]
) -> set[str]:
    """Tell what a sum is refused for."""
    said = {"fiscal_year"} & set(cuts)
    return {
        name
        for name in mixed(rows)
        if name not in across and name not in said and not PARTED_BY[name] & set(drilldown)
    }
