"""A document as one page that shows what became of every cell: no script, nothing from elsewhere.

It is for whoever asks what was understood of a file: every table as printed, each cell coloured,
with the account of all cells, and the narrative. Personal data is not in a `BudgetDocument`, and
so not on the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from openbudget.blocks import Anchor
from openbudget.budget.document import BudgetDocument, Section
from openbudget.budget.identifiers import document_id
from openbudget.budget.table import BudgetTable, TableCell, TableRow
from openbudget.budget.vocabulary import Role

KINDS = {
    "leaf": ("Leaf", "money that is summed"),
    "subtotal": ("Subtotal", "money that sums others"),
    "total": ("Total", "money of a total row or column"),
    "of_which": ("Of which", "money that repeats a part of a cell beside it"),
    "used": ("Used", "headings, codes, names and other text that is understood"),
    "ignored": ("Ignored", "left out for the reason given"),
    "withheld": ("Withheld", "personal data: known to be there, not shown or stored"),
    "unmapped": ("Unmapped", "not understood"),
    "blank": ("Blank", "prints nothing"),
}
"""What can become of a cell, as the legend says it."""

_HEADING_PARTS = frozenset({"title", "unit", "caption", "header"})
_DEEPEST_HEADING = 6


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell as the page shows it; `kind` is a key of `KINDS`, `where` says all about it."""

    text: str
    kind: str
    heading: bool
    number: bool
    where: str
    note: str | None
    column_span: int
    row_span: int


@dataclass(frozen=True, slots=True)
class PageRow:
    """A row: its number in the table, its part in it, and how many columns it lacks at its end."""

    number: int
    part: str
    role: str
    cells: tuple[PageCell, ...]
    gap: int


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table with its rows, how many cells there are of each kind, and its anchor."""

    table: BudgetTable
    where: str
    columns: tuple[str, ...]
    rows: tuple[PageRow, ...]
    counts: Mapping[str, int]
    name: str


@dataclass(frozen=True, slots=True)
class PageSection:
    """A section of the narrative; `level` is that of its HTML heading, `name` its anchor."""

    section: Section
    level: int
    name: str


def document_page(document: BudgetDocument) -> str:
    """Write a document as a page of HTML, complete in itself."""
    tables = [_table(table) for table in document.tables]
    return _template().render(
        document=document,
        identifier=document_id(document.identity),
        tables=tables,
        sections=[
            PageSection(section, min(section.level + 2, _DEEPEST_HEADING), f"s{section.number}")
            for section in document.sections
        ],
        coverage=document.coverage,
        unmapped=[(cell, place(cell.anchor)) for cell in document.coverage.unmapped],
        kinds=KINDS,
        lines=sum(len(table.lines) for table in document.tables),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("openbudget.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("document.html")


def _table(table: BudgetTable) -> PageTable:
    roles = {(line.ordinal, line.column): line.role for line in table.lines}
    width = max((_width(row) for row in table.rows), default=0)
    # Where merges reach down, rows seem short that are not.
    exact = any(cell.row_span > 1 for row in table.rows for cell in row.cells)
    rows = tuple(_row(row, roles, 0 if exact else width - _width(row)) for row in table.rows)
    counts = Counter(cell.kind for row in rows for cell in row.cells)
    return PageTable(
        table=table,
        where=place(table.place.anchor),
        columns=tuple(_columns(table, width)),
        rows=rows,
        counts={kind: counts[kind] for kind in KINDS if counts[kind]},
        name=f"t{table.ordinal}",
    )


def _row(row: TableRow, roles: Mapping[tuple[int, str], Role], gap: int) -> PageRow:
    cells = tuple(_cell(row, cell, roles) for cell in row.cells)
    if len(cells) == 1 and gap > 0:  # a title over the whole table
        cells, gap = (replace(cells[0], column_span=cells[0].column_span + gap),), 0
    return PageRow(row.number, row.part, row.role.value if row.role else "", cells, gap)


def _width(row: TableRow) -> int:
    return max((cell.column + cell.column_span - 1 for cell in row.cells), default=0)


def _columns(table: BudgetTable, width: int) -> Iterator[str]:
    """Give the key of each column of the grid; empty where the layout has none."""
    keys = {column.number: column.key for column in table.columns}
    return (keys.get(number, "") for number in range(1, width + 1))


def _cell(row: TableRow, cell: TableCell, roles: Mapping[tuple[int, str], Role]) -> PageCell:
    role = roles.get((row.ordinal or 0, cell.column_key or ""))
    kind = _kind(cell, role)
    parts = (
        f"row {row.number}, column {cell.column}",
        place(cell.anchor),
        cell.column_key,
        KINDS[kind][0].lower(),
        cell.reason,
    )
    return PageCell(
        text=cell.text or "",
        kind=kind,
        heading=row.part in _HEADING_PARTS,
        number=cell.amount is not None,
        where=" · ".join(part for part in parts if part),
        note=cell.reason,
        column_span=cell.column_span,
        row_span=cell.row_span,
    )


def _kind(cell: TableCell, role: Role | None) -> str:
    if cell.text is None:
        return "withheld"
    if cell.use == "used" and cell.amount is not None and cell.text.strip() and role is not None:
        return role.value
    return cell.use


def place(anchor: Anchor) -> str:
    """Say where something stands in its file, in the terms of its format."""
    parts = (
        ("line", anchor.line),
        ("page", anchor.page),
        ("sheet", anchor.sheet),
        ("cell", anchor.address),
        ("block", anchor.block),
    )
    return ", ".join(f"{name} {value}" for name, value in parts if value is not None)
