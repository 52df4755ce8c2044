"""Departments and budgetary units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields

from openbudget.api.common import (
    DEPARTMENT,
    DEPARTMENT_PATTERN,
    AnchorSchema,
    anchor,
    findings_link,
)
from openbudget.api.endpoint import Call
from openbudget.api.fields import ResponseSchema, many, nested, optional_string, string
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.parameters import Parameter, any_text
from openbudget.api.resources.findings import INCLUDE_OF_DEPARTMENTS, findings_fields
from openbudget.budget.folding import fold
from openbudget.storage.models import DepartmentRow
from openbudget.storage.read import Found, Listing, read_row, resolve_department, table_columns
from openbudget.storage.selection import Condition, Order
from openbudget.texts import Text


class NameSchema(ResponseSchema):
    """A name as printed, where it first stands."""

    name = string("The name as printed.", "西城区法律援助中心")
    anchor = nested(AnchorSchema, "Where it is printed.")


class SupervisingSchema(ResponseSchema):
    """主管部门, as printed."""

    name = string("The name as printed.", "西城区司法局")
    unified_social_credit_code = optional_string("The printed code.", "111101020000292256")
    anchor = nested(AnchorSchema, "Where it is printed.")


class _DepartmentSchema(ResponseSchema):
    id = string("Id: jurisdiction and code.", DEPARTMENT)
    jurisdiction = string("Division code of GB/T 2260.", "110102")
    code = string("The printed code.", "231002")
    name = string("The publisher's name.", "北京市西城区法律援助中心")
    names = many(NameSchema, "Every printed name.")
    types = many(NameSchema, "Printed types of the unit.")
    supervising_department = nested(SupervisingSchema, "主管部门.", optional=True)
    fiscal_years = fields.List(
        fields.Integer(), metadata={"description": "Years with data.", "example": [2024]}
    )
    budgets = fields.List(
        fields.String(),
        metadata={
            "description": "Budgets.",
            "example": [f"/v1/departments/{DEPARTMENT}/budgets/2024"],
        },
    )


DepartmentSchema = _DepartmentSchema.from_dict(findings_fields(), name="DepartmentSchema")


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a department."""
    supervising = row.supervising and {
        "name": row.supervising["name"],
        "unified_social_credit_code": row.supervising["credit_code"],
        "anchor": anchor(row.supervising["place"], row.supervising["document"]),
    }
    return {
        **{name: getattr(row, name) for name in ("id", "jurisdiction", "code", "name")},
        "names": [_name(entry) for entry in row.names],
        "types": [_name(entry) for entry in row.types],
        "supervising_department": supervising,
        "fiscal_years": row.fiscal_years,
        "budgets": [f"/v1/departments/{row.id}/budgets/{year}" for year in row.fiscal_years],
        "links": findings_link("department", row.id),
    }


def _name(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": entry["name"], "anchor": anchor(entry["place"], entry["document"])}


def find_department(call: Call, identifier: str) -> Found | None:
    """Find a department by its id, or by another id that is kept as an alias of it."""
    own = resolve_department(call.connection, identifier)
    return read_row(call.connection, table_columns(DepartmentRow), {"id": own}) if own else None


def _search(query: Mapping[str, Any]) -> Iterator[Condition]:
    if "q" in query:
        yield Condition("search_text", "contains", (fold(query["q"]).casefold(),))


_OWN = DepartmentRow.__table__.c
DEPARTMENTS = ListResource(
    name="departments",
    singular=Text("department"),
    summary="Departments and budgetary units",
    description=(
        "Departments and budgetary units, with every printed name and who supervises them. One "
        "that was published without a code first answers by the code printed later, too."
    ),
    listing=Listing(
        {name: _OWN[name] for name in ("id", "jurisdiction", "code", "name", "search_text")},
        table_columns(DepartmentRow),
    ),
    schema=DepartmentSchema,
    filters=(
        Filter("id", "text", "Id of the department.", DEPARTMENT),
        Filter("jurisdiction", "division", "Division code of GB/T 2260.", "110102"),
        Filter("code", "text", "The printed code.", "231002"),
        Filter("name", "text", "The publisher's name.", "北京市西城区法律援助中心"),
    ),
    sortable=("id", "jurisdiction", "code", "name"),
    order=(Order("id"),),
    present=present,
    detail_columns=table_columns(DepartmentRow),
    example_id=DEPARTMENT,
    id_pattern=DEPARTMENT_PATTERN,
    versioned=False,
    extra={
        "q": Parameter(*any_text(), "Part of any of its names; full-width forms fold.", "法律援助")
    },
    extra_conditions=_search,
    find=find_department,
    include=INCLUDE_OF_DEPARTMENTS,
)
