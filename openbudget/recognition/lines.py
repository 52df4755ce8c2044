"""Budget lines: what the columns, the items and the codes of a row say of each of its amounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple, TypeVar

from openbudget.budget.money import State
from openbudget.budget.table import BudgetLine, CodedLabel
from openbudget.budget.vocabulary import (
    COORDINATE_SCHEMES,
    Carryover,
    Direction,
    ExpenditureType,
    FundingSource,
)
from openbudget.recognition.layout import ColumnLayout, ItemLayout, TableLayout
from openbudget.recognition.periods import Period, period_of
from openbudget.recognition.table_rows import BodyRow, coded_key
from openbudget.recognition.table_shape import TableShape, place_of

_Choice = TypeVar("_Choice", bound=StrEnum)


def read_lines(
    shape: TableShape, body: Sequence[BodyRow], document: Period
) -> Iterator[BudgetLine]:
    """Give a line for every amount that prints something; `document` is the period it is of."""
    columns = [
        (column.layout, period_of(column.heading, document))
        for column in shape.header.columns
        if column.layout
    ]
    sides = {column.side for column, _ in columns}
    for row in body:
        codes = {side: _codes(row, side) for side in sides}
        for column, period in columns:
            known = row.amounts.get(column.key)
            if known is not None and known[1].state is not State.BLANK:
                yield _line(row, column, shape.layout, period, codes[column.side])


def _line(
    row: BodyRow,
    column: ColumnLayout,
    layout: TableLayout,
    period: Period,
    codes: Mapping[str, CodedLabel | None],
) -> BudgetLine:
    piece, amount = row.amounts[column.key]
    item_text, item, item_code = row.items.get(column.item or "", (None, None, None))
    meaning = _meaning(layout, column, item)
    return BudgetLine(  # by position: with keywords it takes three times as long
        row.ordinal,
        column.key,
        row.roles[column.key],
        amount,
        place_of(piece, row.number),
        period.fiscal_year,
        period.phase,
        meaning.direction,
        codes["function"] or item_code,
        codes["government_economic"],
        codes["department_economic"],
        codes["revenue"],
        meaning.expenditure_type,
        meaning.funding_source,
        meaning.carryover,
        item_text,
        column.item_key or (item.key if item else None),
        item.role if item else None,
        item.parts if item else (),
        row.coded.get("budgetary_unit"),
    )


def _codes(row: BodyRow, side: str) -> dict[str, CodedLabel | None]:
    """Give the code of each classification that the amounts of one list of a row carry."""
    coded = row.coded
    return {
        role: coded.get(coded_key(role, side)) or coded.get(role) for role in COORDINATE_SCHEMES
    }


class _Meaning(NamedTuple):
    """The coordinates that layouts give an amount."""

    direction: Direction | None
    expenditure_type: ExpenditureType | None
    funding_source: FundingSource | None
    carryover: Carryover | None


@cache
def _meaning(layout: TableLayout, column: ColumnLayout, item: ItemLayout | None) -> _Meaning:
    """Collect the coordinates of a table, a column and an item; there are only so many of them."""
    coordinates = {**layout.coordinates, **column.coordinates, **(item.coordinates if item else {})}
    return _Meaning(
        _one(Direction, coordinates, "direction"),
        _one(ExpenditureType, coordinates, "expenditure_type"),
        _one(FundingSource, coordinates, "funding_source"),
        _one(Carryover, coordinates, "carryover"),
    )


def _one(kind: type[_Choice], coordinates: Mapping[str, str], name: str) -> _Choice | None:
    return kind(coordinates[name]) if name in coordinates else None
