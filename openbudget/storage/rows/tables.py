"""The rows of tables and lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any

from openbudget.budget.document import BudgetDocument
from openbudget.budget.identifiers import line_id
from openbudget.budget.table import BudgetLine, BudgetTable, Column, TableCell
from openbudget.storage.rows.parts import (
    CODED,
    Values,
    amount_of,
    anchor_of,
    code_of,
    coded_of,
    place_of,
    printed_of,
    value_of,
)

_printed = attrgetter(*CODED, "item")


def table_values(table: BudgetTable) -> Values:
    """Give the row of a table."""
    return {
        "id": table.key,
        "kind": value_of(table.kind),
        "key": table.key,
        "title": table.title,
        "number": table.number,
        "unit": table.unit.text if table.unit else None,
        "layout": table.layout,
        "empty": table.empty,
        "line_count": len(table.lines),
        "place": place_of(table.place),
        "unit_place": place_of(table.unit.place) if table.unit else None,
        "columns": [_column(column) for column in table.columns],
        "rows": list(_rows(table)),
    }


def _column(column: Column) -> Values:
    return {
        "key": column.key,
        "number": column.number,
        "heading": list(column.heading),
        "role": column.role,
        "coordinates": dict(column.coordinates),
    }


def _rows(table: BudgetTable) -> Iterator[Values]:
    for row in table.rows:
        yield {
            "number": row.number,
            "part": row.part,
            "ordinal": row.ordinal,
            "role": value_of(row.role),
            "cells": [_cell(cell) for cell in row.cells],
        }


def _cell(cell: TableCell) -> Values:
    found: Values = {
        "text": cell.text,
        "column": cell.column,
        "key": cell.column_key,
        "use": cell.use,
        "reason": cell.reason,
        "place": anchor_of(cell.anchor),
        "column_span": cell.column_span,
        "row_span": cell.row_span,
    }
    if cell.amount is not None:
        found["money"] = amount_of(cell.amount)
    return found


def line_values(document: BudgetDocument, totals: Mapping[str, Values]) -> Iterator[Values]:
    """Give the rows of all lines, in printed order; `totals` is what checks say of them by id."""
    for table in document.tables:
        coded: dict[tuple[int, ...], Values] = {}
        for line in table.lines:
            printed = _printed(line)
            # The lines of a row share what is printed beside them, so it is written once.
            own = tuple(map(id, printed))
            if own not in coded:
                coded[own] = _coded(printed)
            yield _line(table, line, coded[own], totals)


def _coded(printed: Sequence[Any]) -> Values:
    *labels, item = printed
    found = {name: coded_of(label) for name, label in zip(CODED, labels, strict=True) if label}
    if item is not None:
        found["item"] = printed_of(item) or {}
    return found


def _line(
    table: BudgetTable, line: BudgetLine, coded: Values, totals: Mapping[str, Values]
) -> Values:
    identifier = line_id(table.key, line)
    return {
        "id": identifier,
        "own_year": line.fiscal_year,
        "own_phase": value_of(line.phase),
        "table_key": table.key,
        "table_kind": value_of(table.kind),
        "row": line.ordinal,
        "column": line.column,
        "role": value_of(line.role),
        "direction": value_of(line.direction),
        "function": code_of(line.function),
        "government_economic": code_of(line.government_economic),
        "department_economic": code_of(line.department_economic),
        "revenue": code_of(line.revenue),
        "expenditure_type": value_of(line.expenditure_type),
        "funding_source": value_of(line.funding_source),
        "carryover": value_of(line.carryover),
        "item": line.item.text.strip() if line.item else None,
        "item_key": line.item_key,
        "project": f"projects.{line.project}" if line.project else None,
        **amount_of(line.amount),
        "place": place_of(line.place),
        "coded": coded,
        "total_check": totals.get(identifier),
    }
