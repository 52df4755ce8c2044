"""What the resources of a document version have in common: filters, columns, order."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from openbudget.api.common import DEPARTMENT, DOCUMENT, document_of
from openbudget.api.fields import choice, integer, string
from openbudget.api.filters import Filter
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.storage.selection import Order, ReferenceColumns
from openbudget.texts import Text

COMMON_FILTERS = (
    Filter("jurisdiction", "division", "Division code of GB/T 2260.", "110102"),
    Filter("department", "text", "Id of the department.", DEPARTMENT),
    Filter("fiscal_year", "whole", "Budget year.", 2024),
    Filter("scope", "choice", "Whose budget.", "department", tuple(Scope)),
    Filter("phase", "choice", "Phase of the budget.", "approved", tuple(Phase)),
    Filter("document", "reference", "Id of the document.", DOCUMENT, what=Text("document")),
)
COMMON_SORT = ("jurisdiction", "department", "fiscal_year", "scope", "phase")
NATURAL_ORDER = (Order("document_key"), Order("position"), Order("id"))


def common_columns(model: Any) -> dict[str, Any]:
    """Give the columns behind the common filters and the natural order."""
    columns = model.__table__.c
    whole = ReferenceColumns(columns.document, columns.version, columns.current)
    named = {name: columns[name] for name in (*COMMON_SORT, "current", "position", "id")}
    return {**named, "document": whole, "document_key": columns.document}


def part_reference(model: Any, local: Any) -> ReferenceColumns:
    """Give the columns that the id of a part of a document is compared with."""
    columns = model.__table__.c
    return ReferenceColumns(columns.document, columns.version, columns.current, local)


def common_fields() -> dict[str, fields.Field[Any]]:
    """Give the fields that say what a record is about."""
    return {
        "jurisdiction": string("Division code of GB/T 2260.", "110102"),
        "department": string("Id of the department.", DEPARTMENT),
        "document": string("Id of the document.", DOCUMENT),
        "fiscal_year": integer("Budget year.", 2024),
        "scope": choice(
            "Whose budget: a department with its units, or one unit.", Scope, "department"
        ),
        "phase": choice("Phase of the budget.", Phase, "approved"),
    }


def common_values(row: Any) -> dict[str, Any]:
    """Make the values of the common fields."""
    return {
        "jurisdiction": row.jurisdiction,
        "department": row.department,
        "document": document_of(row),
        "fiscal_year": row.fiscal_year,
        "scope": row.scope,
        "phase": row.phase,
    }
