"""Budget tables: what they are, and their rows as printed and as understood."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from openbudget.api.common import (
    DOCUMENT,
    AnchorSchema,
    MoneySchema,
    anchor,
    document_of,
    findings_link,
    public_id,
    stored_money,
)
from openbudget.api.endpoint import Call
from openbudget.api.fields import (
    ResponseSchema,
    choice,
    flag,
    integer,
    many,
    nested,
    optional_string,
    string,
    strings,
)
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.resources.citations import citation_fields, citations_of, spots_of_table
from openbudget.api.resources.findings import INCLUDE_OF_ITEMS, findings_fields
from openbudget.api.resources.shared import (
    COMMON_FILTERS,
    COMMON_SORT,
    NATURAL_ORDER,
    common_columns,
    common_fields,
    common_values,
)
from openbudget.budget.vocabulary import Role, TableKind
from openbudget.storage.models import TableRow
from openbudget.storage.read import Found, Listing, table_columns
from openbudget.texts import Text

PARTS = ("title", "unit", "caption", "header", "body", "note")
USES = ("used", "ignored", "unmapped", "blank")


class CellSchema(ResponseSchema):
    """A cell as printed, and what became of it."""

    text = optional_string("The cell exactly as printed; null where withheld.", "2.351038")
    state = choice("`withheld` where the text is personal data.", ("shown", "withheld"), "shown")
    column = integer("Column of the table, from 1.", 6)
    column_span = integer("Columns it covers.", 1)
    row_span = integer("Rows it covers.", 1)
    key = optional_string("Key of the column in the layout.", "project")
    use = choice("What became of the cell.", USES, "used")
    reason = optional_string("Why it is ignored or not understood.", None)
    money = nested(MoneySchema, "The amount, in money cells.", optional=True)
    anchor = nested(AnchorSchema, "Where it is printed.")


class RowSchema(ResponseSchema):
    """A row as printed; `ordinal` counts the non-blank rows under the header."""

    number = integer("Row of the table, from 1 at its title.", 33)
    part = choice("What the row is.", PARTS, "body")
    ordinal = integer("Ordinal that the ids of its lines carry.", 29, optional=True)
    role = choice("Part of the row in the sums.", Role, "leaf", optional=True)
    cells = many(CellSchema, "The cells in printed order.")


class ColumnSchema(ResponseSchema):
    """A column and what it means."""

    key = string("Key of the column.", "project")
    number = integer("Column of the table, from 1.", 6)
    heading = strings("The printed headings above it, from the top.", ["项目支出"])
    role = string("What the cells under it are.", "amount")
    coordinates = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        metadata={
            "description": "Coordinates that every amount of the column takes.",
            "example": {"expenditure_type": "project"},
        },
    )


_SUMMARY: dict[str, fields.Field[Any]] = {
    "id": string("Id of the table.", f"{DOCUMENT}.expenditure"),
    **common_fields(),
    "kind": choice("Kind of the table.", TableKind, "expenditure"),
    "title": string("The title as printed.", "预算03表 支出预算总表"),
    "number": optional_string("The printed number.", "预算03表"),
    "ordinal": integer("Ordinal of the table in the document.", 3),
    "unit": optional_string("The printed unit of money.", "万元"),
    "empty": flag("Whether the table is present and empty.", False),
    "line_count": integer("Number of its lines.", 65),
    "layout": string("Family of layouts it was recognised by.", "beijing_xicheng_2024"),
    "anchor": nested(AnchorSchema, "Where the title is printed."),
    **findings_fields(),
    **citation_fields(),
}
TableSchema = ResponseSchema.from_dict(_SUMMARY, name="TableSchema")
WholeTableSchema = ResponseSchema.from_dict(
    {
        **_SUMMARY,
        "columns": many(ColumnSchema, "The columns with their meaning."),
        "rows": many(RowSchema, "The rows as printed and as understood."),
    },
    name="WholeTableSchema",
)


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a table."""
    own = public_id(row)
    kept = ("kind", "title", "number", "unit", "empty", "line_count", "layout")
    return {
        **common_values(row),
        "id": own,
        "ordinal": row.position,
        **{name: getattr(row, name) for name in kept},
        "anchor": anchor(row.place, document_of(row), own),
        "links": findings_link("item", own),
    }


def present_whole(row: Found, call: Call) -> dict[str, Any]:
    """Make the record of a table with its columns and rows."""
    rows = [_row(row, stored) for stored in row.rows]
    return {**present(row, call), "columns": row.columns, "rows": rows}


def _row(table: Found, stored: dict[str, Any]) -> dict[str, Any]:
    return {**stored, "cells": [_cell(table, stored["number"], cell) for cell in stored["cells"]]}


def _cell(table: Found, row: int, cell: dict[str, Any]) -> dict[str, Any]:
    own, document = public_id(table), document_of(table)
    place = {**cell["place"], "row": row, "column": cell["column"]}
    found = {
        **cell,
        "state": "withheld" if cell["text"] is None else "shown",
        "anchor": anchor(place, document, own),
        "money": None,
    }
    if "money" in cell:
        found["money"] = stored_money({**cell["money"], "place": place}, document, own)
    return found


_OWN = TableRow.__table__.c
TABLES = ListResource(
    name="tables",
    singular=Text("table"),
    summary="Budget tables",
    description="Budget tables of documents, empty ones too. One table has its rows.",
    listing=Listing(
        {
            **common_columns(TableRow),
            **{name: _OWN[name] for name in ("kind", "title", "number", "unit", "empty")},
            "table": _OWN.kind,
            "line_count": _OWN.line_count,
        },
        table_columns(TableRow, without=("rows", "columns")),
    ),
    schema=TableSchema,
    filters=(
        *COMMON_FILTERS,
        Filter("table", "choice", "Kind of the table.", "expenditure", tuple(TableKind)),
        Filter("title", "text", "The title as printed.", "预算03表 支出预算总表"),
        Filter("unit", "text", "The printed unit.", "万元", nullable=True),
        Filter("empty", "truth", "Present and empty, or not.", False),
        Filter("line_count", "whole", "Number of lines.", 65),
    ),
    sortable=(*COMMON_SORT, "table", "title", "line_count"),
    order=NATURAL_ORDER,
    present=present,
    detail=present_whole,
    detail_schema=WholeTableSchema,
    detail_columns=table_columns(TableRow),
    example_id=f"{DOCUMENT}.expenditure",
    include={**INCLUDE_OF_ITEMS, **citations_of("/v1/tables", spots_of_table)},
)
