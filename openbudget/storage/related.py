"""Reads documents back from storage, as far as others are held against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, select

from openbudget.blocks import Anchor
from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.document import DocumentIdentity, RelatedDocument
from openbudget.budget.identifiers import department_id
from openbudget.budget.money import Amount, State
from openbudget.budget.table import (
    BudgetLine,
    BudgetTable,
    CodedLabel,
    Column,
    Place,
    PrintedText,
)
from openbudget.budget.vocabulary import (
    Carryover,
    CodeSource,
    Direction,
    ExpenditureType,
    FundingSource,
    Phase,
    Role,
    Scope,
    TableKind,
)
from openbudget.storage.models import ClaimRow, DocumentRow, LineRow, TableRow
from openbudget.storage.rows.parts import CODED

_TABLE_COLUMNS = (
    *("key", "kind", "position", "title", "number", "unit", "layout", "empty"),
    *("place", "unit_place", "columns"),
)


# Made once: to make and to compile a statement takes several times as long as to execute it.
_documents: Any = DocumentRow.__table__
_CURRENT = select(
    *(_documents.c[name] for name in ("document", "version", "jurisdiction", "department")),
    *(_documents.c[name] for name in ("fiscal_year", "scope", "phase", "title", "publisher")),
).where(_documents.c.current)
_ONE = _CURRENT.where(_documents.c.document == bindparam("own"))
_BETWEEN = _CURRENT.where(
    _documents.c.document > bindparam("after"), _documents.c.document < bindparam("before")
)


def read_one(connection: Connection, document: str) -> RelatedDocument:
    """Read the current version of a document."""
    return _document(connection, connection.execute(_ONE, {"own": document}).one())


def read_related(connection: Connection, identity: DocumentIdentity) -> list[RelatedDocument]:
    """Read the current documents that one is held against.

    They are those of its department in the same year and another scope or phase, and those of the
    same scope in the years before and after.
    """
    department = department_id(identity.jurisdiction, identity.department)
    # Ids go on with the year; "." follows "-" in every order by code point.
    after = f"{department}-{identity.fiscal_year - 1}-"
    before = f"{department}-{identity.fiscal_year + 1}."
    rows = connection.execute(_BETWEEN, {"after": after, "before": before})
    found = sorted(rows, key=lambda row: str(row.document))
    return [_document(connection, row) for row in found if _is_related(row, identity)]


def _is_related(row: Any, identity: DocumentIdentity) -> bool:
    if row.fiscal_year != identity.fiscal_year:
        return bool(row.scope == identity.scope)
    return (row.scope, row.phase) != (identity.scope, identity.phase)


def _document(connection: Connection, row: Any) -> RelatedDocument:
    identity = DocumentIdentity(
        jurisdiction=row.jurisdiction,
        department=row.department.partition("-")[2],
        fiscal_year=row.fiscal_year,
        scope=Scope(row.scope),
        phase=Phase(row.phase),
        title=row.title,
        publisher=row.publisher,
    )
    lines: dict[str, list[BudgetLine]] = defaultdict(list)
    for line in _rows(connection, LineRow, LineRow.__table__.c, row.document):
        lines[line.table_key].append(_line(line))
    columns = [TableRow.__table__.c[name] for name in _TABLE_COLUMNS]
    tables = [_table(t, lines[t.key]) for t in _rows(connection, TableRow, columns, row.document)]
    own = _rows(connection, ClaimRow, ClaimRow.__table__.c, row.document)
    return RelatedDocument(
        row.document, row.version, identity, tuple(tables), tuple(map(_claim, own))
    )


def _claim(row: Any) -> Claim:
    return Claim(
        number=row.position,
        kind=ClaimKind(row.kind),
        measure=row.measure,
        label=row.label,
        function=row.function,
        fiscal_year=row.own_year,
        phase=Phase(row.own_phase) if row.own_phase else None,
        figure=Decimal(row.figure) if row.figure is not None else None,
        unit=row.printed_unit,
        fen=row.amount_fen,
        text=row.printed_text,
        sentence=row.sentence,
        section=row.section,
        place=_place(row.place),
        about=row.about,
        base=row.base,
        base_year=row.base_year,
        base_phase=Phase(row.base_phase) if row.base_phase else None,
    )


def _rows(connection: Connection, model: Any, columns: Any, document: str) -> Iterator[Any]:
    wanted = select(*columns).where(model.current, model.document == document)
    yield from connection.execute(wanted.order_by(model.position, model.id))


def _table(row: Any, lines: Sequence[BudgetLine]) -> BudgetTable:
    unit = row.unit and PrintedText(row.unit, _place(row.unit_place))
    return BudgetTable(
        key=row.key,
        kind=TableKind(row.kind),
        ordinal=row.position,
        title=row.title,
        number=row.number,
        place=_place(row.place),
        unit=unit or None,
        layout=row.layout,
        empty=row.empty,
        columns=tuple(map(_column, row.columns)),
        rows=(),
        lines=tuple(lines),
    )


def _column(stored: Mapping[str, Any]) -> Column:
    coordinates = tuple(stored["coordinates"].items())
    heading = tuple(stored["heading"])
    return Column(stored["key"], stored["number"], heading, stored["role"], coordinates)


def _line(row: Any) -> BudgetLine:
    item = row.coded.get("item")
    coded: Any = {name: _coded(row.coded[name]) for name in CODED if name in row.coded}
    return BudgetLine(
        ordinal=row.row,
        column=row.column,
        role=Role(row.role),
        amount=Amount(row.amount_fen, State(row.state), row.printed_text, row.printed_unit),
        place=_place(row.place),
        fiscal_year=row.own_year,
        phase=Phase(row.own_phase),
        direction=Direction(row.direction) if row.direction else None,
        expenditure_type=ExpenditureType(row.expenditure_type) if row.expenditure_type else None,
        funding_source=FundingSource(row.funding_source) if row.funding_source else None,
        carryover=Carryover(row.carryover) if row.carryover else None,
        item=PrintedText(item["text"], _place(item["place"])) if item else None,
        item_key=row.item_key,
        project=int(row.project.rpartition(".")[2]) if row.project else None,
        **coded,
    )


def _coded(stored: Mapping[str, Any]) -> CodedLabel:
    source = CodeSource(stored["source"])
    place = _place(stored["place"])
    return CodedLabel(stored["code"], stored["label"], stored["printed"], source, place)


def _place(stored: Mapping[str, Any]) -> Place:
    known = dict(stored)
    row, column = known.pop("row", None), known.pop("column", None)
    box = known.pop("box", None)
    return Place(Anchor(box=tuple(box) if box else None, **known), row, column)
