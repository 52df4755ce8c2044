"""Reads documents back from storage, as far as others are held against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from openbudget.blocks import Anchor
from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.document import BudgetDocument, DocumentIdentity, RelatedDocument
from openbudget.budget.identifiers import department_id, document_id
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


def related_document(document: BudgetDocument, version: str) -> RelatedDocument:
    """Make of a document what others are held against: as it would be read from storage."""
    tables = tuple(replace(table, rows=()) for table in document.tables)
    identity = document.identity
    return RelatedDocument(document_id(identity), version, identity, tables, document.claims)


def read_related(session: Session, identity: DocumentIdentity) -> list[RelatedDocument]:
    """Read the current documents that one is held against.

    They are those of its department in the same year and another scope or phase, and those of the
    same scope in the years before and after.
    """
    rows = session.execute(
        select(DocumentRow).where(DocumentRow.current, or_(*_years(identity)))
    ).scalars()
    found = sorted(rows, key=lambda row: row.document)
    return [_document(session, row) for row in found if _is_related(row, identity)]


def _years(identity: DocumentIdentity) -> Iterator[Any]:
    department = department_id(identity.jurisdiction, identity.department)
    for year in range(identity.fiscal_year - 1, identity.fiscal_year + 2):
        stem = f"{department}-{year}"
        yield and_(
            DocumentRow.jurisdiction == identity.jurisdiction,
            DocumentRow.fiscal_year == year,
            DocumentRow.id > f"{stem}-",
            DocumentRow.id < f"{stem}.",
        )


def _is_related(row: DocumentRow, identity: DocumentIdentity) -> bool:
    if row.fiscal_year != identity.fiscal_year:
        return row.scope == identity.scope
    return (row.scope, row.phase) != (identity.scope, identity.phase)


def _document(session: Session, row: DocumentRow) -> RelatedDocument:
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
    for line in _rows(session, LineRow, LineRow.__table__.c, row.document):
        lines[line.table_key].append(_line(line))
    columns = [TableRow.__table__.c[name] for name in _TABLE_COLUMNS]
    tables = [_table(t, lines[t.key]) for t in _rows(session, TableRow, columns, row.document)]
    own = _rows(session, ClaimRow, ClaimRow.__table__.c, row.document)
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


def _rows(session: Session, model: Any, columns: Any, document: str) -> Iterator[Any]:
    wanted = select(*columns).where(model.current, model.document == document)
    yield from session.execute(wanted.order_by(model.position, model.id))


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
