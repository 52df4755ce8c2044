"""Budget tables and budget lines."""

from __future__ import annotations

from typing import Literal

from openbudget.blocks import Anchor
from openbudget.budget.money import Amount
from openbudget.budget.vocabulary import (
    Carryover,
    CodeSource,
    Direction,
    ExpenditureType,
    FundingSource,
    Phase,
    Role,
    TableKind,
)
from openbudget.frozen import dataclass

RowPart = Literal["title", "unit", "caption", "header", "body", "note"]
CellUse = Literal["used", "ignored", "unmapped", "blank"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: in the file (`anchor`) and in its table.

    `row` and `column` are 1-based over the rows and columns printed under the table's title;
    both are None outside a table.
    """

    anchor: Anchor
    row: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class CodedLabel:
    """A classification code as a line carries it.

    `code` is a string or None where only a name is printed that the lists do not have; `label` the
    printed name; `printed` the cell exactly (of a code in several cells, these with bars between:
    ``208|05|01``); `source` says whether the code itself is printed.
    """

    code: str | None
    label: str | None
    printed: str
    source: CodeSource
    place: Place


@dataclass(frozen=True, slots=True)
class PrintedText:
    """A text with its place."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key in the layout, the printed headings above it, and what it means.

    `coordinates` are those that every amount of the column takes, as (name, value). `parts` are the
    keys of the columns whose sum it prints; of lists side by side, `side` names the one it is of.
    """

    key: str
    number: int
    heading: tuple[str, ...]
    role: str
    coordinates: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()
    side: str = ""


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell of a table. `text` is None where it is withheld; `amount` stands in money cells.

    `column` is the 1-based number of the column, `use` what became of the cell, `reason` why it
    was ignored.
    """

    text: str | None
    column: int
    anchor: Anchor
    use: CellUse
    reason: str | None = None
    column_key: str | None = None
    amount: Amount | None = None
    column_span: int = 1
    row_span: int = 1


@dataclass(frozen=True, slots=True)
class TableRow:
    """A printed row. `ordinal` counts the non-blank body rows from 1 and is None elsewhere."""

    number: int
    part: RowPart
    ordinal: int | None
    role: Role | None
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One money cell that prints something, with every coordinate it has.

    `ordinal` and `column` make its id: the ordinal of the non-blank row under the header, and the
    key of its column in the layout. `item` is the printed name in a list of items, `item_key` what
    it is in the field's terms; `project` the number of the project the money is for.
    """

    ordinal: int
    column: str
    role: Role
    amount: Amount
    place: Place
    fiscal_year: int
    phase: Phase
    direction: Direction | None = None
    function: CodedLabel | None = None
    government_economic: CodedLabel | None = None
    department_economic: CodedLabel | None = None
    revenue: CodedLabel | None = None
    expenditure_type: ExpenditureType | None = None
    funding_source: FundingSource | None = None
    carryover: Carryover | None = None
    item: PrintedText | None = None
    item_key: str | None = None
    item_role: Role | None = None
    item_parts: tuple[str, ...] = ()
    budgetary_unit: CodedLabel | None = None
    project: int | None = None


@dataclass(frozen=True, slots=True)
class BudgetTable:
    """A recognised table: present, and empty where no money cell prints anything.

    `key` is the kind, with ``-2``, ``-3`` … for further tables of that kind in one document.
    `number` is the printed number (预算03表), None where none is printed; `unit` the printed unit.
    """

    key: str
    kind: TableKind
    ordinal: int
    title: str
    number: str | None
    place: Place
    unit: PrintedText | None
    layout: str
    empty: bool
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    lines: tuple[BudgetLine, ...]
