"""Data Package 2.0 (datapackage.org), with the column types of Fiscal Data Package."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openbudget.formats.columns import Column, Kind
from openbudget.formats.sqlite import ForeignKey

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
CURRENCY = "CNY"
_TYPES = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.TRUTH: "boolean",
    Kind.MONEY: "number",
    Kind.NUMBER: "number",
    Kind.LIST: "array",
    Kind.OBJECT: "object",
}


def table_schema(
    resource: str,
    columns: Sequence[Column],
    key: Sequence[str],
    foreign_keys: Iterable[ForeignKey],
    column_types: Mapping[str, str],
) -> dict[str, Any]:
    """Describe the columns of a table, its key, and what its columns refer to."""
    return {
        "fields": [_field(column, column_types.get(column.name)) for column in columns],
        "primaryKey": list(key),
        "foreignKeys": [_foreign_key(resource, link) for link in foreign_keys],
        "missingValues": [""],
    }


def _field(column: Column, column_type: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES[column.kind],
        "title": column.title,
        "description": column.description,
        "columnType": column_type,
        "currency": CURRENCY if column.kind is Kind.MONEY else None,
        "constraints": {"enum": list(column.choices)} if column.choices else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _foreign_key(resource: str, link: ForeignKey) -> dict[str, Any]:
    """Describe a reference; one to the table itself names no resource."""
    own = {"resource": link.resource} if link.resource != resource else {}
    return {"fields": list(link.columns), "reference": {**own, "fields": list(link.key)}}
