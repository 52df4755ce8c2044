"""One budget table: from the rows under its title to columns, rows and lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openbudget.budget.classification import CodeLists
from openbudget.budget.folding import fold
from openbudget.budget.money import Amount, State
from openbudget.budget.table import (
    BudgetTable,
    Column,
    RowPart,
    TableCell,
    TableRow,
)
from openbudget.budget.vocabulary import Phase
from openbudget.errors import TruncatedFileError
from openbudget.recognition.broken_rows import NumberedRow, join_broken_rows
from openbudget.recognition.heads import TableHead, read_head
from openbudget.recognition.layout import ColumnLayout, TableLayout
from openbudget.recognition.ledger import Ledger
from openbudget.recognition.lines import read_lines
from openbudget.recognition.periods import Period
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.roles import set_roles
from openbudget.recognition.segments import REPEATED_HEADER, TableSegment
from openbudget.recognition.table_rows import BodyRow, RowReader
from openbudget.recognition.table_shape import TableShape, fit_layout, place_of
from openbudget.recognition.words import load_words


@dataclass(frozen=True)
class Context:
    """What a table needs to know of its document."""

    fiscal_year: int
    phase: Phase
    lists: CodeLists
    ledger: Ledger


@dataclass(frozen=True)
class ReadTable:
    """A table with its rows as understood, for the steps that look across tables."""

    table: BudgetTable
    body: tuple[BodyRow, ...]
    segment: TableSegment
    closes_with_total: bool = False


def read_table(
    segment: TableSegment,
    key: str,
    ordinal: int,
    layouts: Sequence[TableLayout],
    context: Context,
) -> ReadTable:
    """Read one table. Where no layout fits its header it has no columns, and is unmapped."""
    context.ledger.use(*segment.rows[0].printed)
    shape = fit_layout(segment.rows, layouts)
    until = shape.first if shape else len(segment.rows)
    head = read_head(segment.rows[:until], context.ledger)
    body = _read_body(segment, shape, head, context) if shape else []
    document = Period(context.fiscal_year, context.phase)
    table = BudgetTable(
        key=key,
        kind=segment.match.kind,
        ordinal=ordinal,
        title=segment.match.title,
        number=segment.match.number or head.number,
        place=place_of(segment.title, 1),
        unit=head.unit,
        layout=shape.layout.family if shape else "",
        empty=not any(_prints(amount) for row in body for _, amount in row.amounts.values()),
        columns=tuple(_columns(shape)) if shape else (),
        rows=tuple(_rows(segment, shape, body, context.ledger)),
        lines=tuple(read_lines(shape, body, document)) if shape else (),
    )
    closes = bool(shape and shape.layout.closes_with_total)
    return ReadTable(table, tuple(body), segment, closes)


def check_not_truncated(read: ReadTable) -> None:
    """Check the last table of a document for an end in the middle.

    Raises:
        TruncatedFileError: its last row is short, or its 合计 row is not there.
    """
    *_, before, last = [Row((), in_grid=True), *(row for row in read.segment.rows if row.printed)]
    if last.ragged and len(last.pieces) < len(before.pieces):
        line = last.pieces[0].anchor.line
        raise TruncatedFileError(
            f"the file ends in the middle of a row of {read.table.title!r} (line {line}: "
            f"{len(last.pieces)} of {len(before.pieces)} cells); it seems to be cut off"
        )
    if read.closes_with_total and read.body and not read.body[-1].total:
        raise TruncatedFileError(
            f"the file ends before the total of {read.table.title!r}; it seems to be cut off"
        )


def _prints(amount: Amount) -> bool:
    return amount.state is not State.BLANK


def _read_body(
    segment: TableSegment, shape: TableShape, head: TableHead, context: Context
) -> list[BodyRow]:
    ledger = context.ledger
    for row in segment.rows[shape.first : shape.last]:
        ledger.use(*row.printed)
    columns = {column.number: column.layout for column in shape.header.columns if column.layout}
    reader = RowReader(
        shape.layout,
        columns,
        head.known_unit,
        context.fiscal_year,
        context.lists,
        ledger,
        len(shape.header.columns),
    )
    body: list[BodyRow] = []
    for number, row in _whole_rows(segment, shape, columns, ledger):
        if _is_note(row):
            ledger.use(*row.printed)
        elif row.printed:
            body.append(reader.read(row, number, len(body) + 1))
    set_roles(body, list(columns.values()))
    return body


def _whole_rows(
    segment: TableSegment,
    shape: TableShape,
    columns: Mapping[int, ColumnLayout],
    ledger: Ledger,
) -> list[NumberedRow]:
    """Give the rows under the header, without its repetitions, and mended where a page ends."""
    headers = {_texts(row) for row in segment.rows[shape.first : shape.last] if row.printed}
    firsts = {texts[0] for texts in headers}
    rows = []
    for number, row in enumerate(segment.rows[shape.last :], start=shape.last + 1):
        printed = row.printed
        if printed and fold(printed[0].text) in firsts and _texts(row) in headers:
            ledger.ignore_all(row.printed, REPEATED_HEADER)
        else:
            rows.append((number, row))
    whole, rests = join_broken_rows(rows, columns)
    ledger.use(*rests)
    return whole


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(fold(piece.text) for piece in row.printed)


def _is_note(row: Row) -> bool:
    printed = row.printed
    return len(printed) == 1 and load_words().note.match(printed[0].text.strip()) is not None


def _columns(shape: TableShape) -> Iterator[Column]:
    for column in shape.header.columns:
        layout = column.layout
        coordinates = {**shape.layout.coordinates, **layout.coordinates} if layout else {}
        money = layout is not None and layout.role == "amount"
        yield Column(
            key=layout.key if layout else f"column_{column.number + 1}",
            number=column.number + 1,
            heading=column.heading,
            role=layout.role if layout else "unknown",
            coordinates=tuple(sorted(coordinates.items())) if money else (),
            parts=layout.parts if layout else (),
            side=layout.side if layout else "",
        )


def _rows(
    segment: TableSegment, shape: TableShape | None, body: Sequence[BodyRow], ledger: Ledger
) -> Iterator[TableRow]:
    understood = {row.number: row for row in body}
    headed = shape.header.columns if shape else ()
    keys = {column.number: column.layout.key for column in headed if column.layout}
    for number, row in enumerate(segment.rows, start=1):
        known = understood.get(number)
        part = _part(number, row, shape, ledger)
        if known is None:
            cells = tuple(_cells(row, {}, {}, ledger))
            yield TableRow(number, part, None, None, cells)
        else:
            cells = tuple(_cells(row, keys, known.amounts, ledger))
            yield TableRow(number, part, known.ordinal, known.role, cells)


def _part(number: int, row: Row, shape: TableShape | None, ledger: Ledger) -> RowPart:
    if number == 1:
        return "title"
    if shape is None or number > shape.last:
        if row.printed and ledger.outcome(row.printed[0]) == ("ignored", REPEATED_HEADER):
            return "header"
        return "note" if _is_note(row) else "body"
    if number > shape.first:
        return "header"
    return "unit" if row.printed else "caption"


def _cells(
    row: Row,
    keys: Mapping[int, str],
    amounts: Mapping[str, tuple[Piece, Amount]],
    ledger: Ledger,
) -> Iterator[TableCell]:
    for piece in row.pieces:
        use, reason = ledger.outcome(piece)
        key = keys.get(piece.column)
        money = amounts.get(key) if key else None
        yield TableCell(  # by position: with keywords it takes three times as long
            None if piece.withheld else piece.text,
            piece.column + 1,
            piece.anchor,
            use,
            reason,
            key,
            money[1] if money else None,
            piece.column_span,
            piece.row_span,
        )
