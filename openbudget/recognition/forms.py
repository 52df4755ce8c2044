"""Performance forms: labelled fields, labelled amounts, and small tables inside the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, cast

from openbudget.budget.folding import fold
from openbudget.budget.money import parse_amount
from openbudget.budget.performance import (
    Objective,
    PerformanceIndicator,
    PerformanceTarget,
    TargetAmount,
)
from openbudget.budget.table import BudgetTable, PrintedText, RowPart, TableCell, TableRow
from openbudget.errors import AmountError
from openbudget.recognition.folding import fold_label
from openbudget.recognition.headers import match_header
from openbudget.recognition.indicators import IndicatorReader
from openbudget.recognition.layout import ColumnLayout, FormBlock, FormLayout
from openbudget.recognition.ledger import Ledger
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.privacy import personal_kind
from openbudget.recognition.segments import TableSegment
from openbudget.recognition.table_shape import header_bounds, place_of
from openbudget.recognition.tables import Context, ReadTable
from openbudget.recognition.words import load_words

ANNUAL = "annual"
_UNIT_IN_LABEL = ("亿元", "百万元", "万元", "千元", "元")


@dataclass
class _Content:
    """What a form says, as it is collected."""

    attributes: dict[str, PrintedText] = field(default_factory=dict)
    withheld: list[str] = field(default_factory=list)
    objectives: list[Objective] = field(default_factory=list)
    amounts: list[TargetAmount] = field(default_factory=list)
    indicators: list[PerformanceIndicator] = field(default_factory=list)
    year_text: PrintedText | None = None
    unit: PrintedText | None = None
    money: dict[tuple[int, int, int], TargetAmount] = field(default_factory=dict)
    headers: set[int] = field(default_factory=set)


def read_form(
    segment: TableSegment,
    key: str,
    ordinal: int,
    number: int,
    layouts: Sequence[FormLayout],
    context: Context,
) -> tuple[ReadTable, PerformanceTarget]:
    """Read a form with the layout that leaves the fewest cells unread."""
    ledger = context.ledger
    ledger.use(*segment.rows[0].printed)
    layout = max(layouts, key=lambda candidate: _known_labels(segment.rows, candidate))
    reader = _FormReader(layout, context)
    reader.read(segment.rows)
    target = _target(reader.content, layout, key, number)
    table = _table(segment, key, ordinal, layout, reader.content, ledger)
    return ReadTable(table, (), segment), target


def _known_labels(rows: Sequence[Row], layout: FormLayout) -> int:
    labels = {label for block in layout.blocks for label in block.labels}
    labels |= {*layout.fields, *layout.objective_fields, *layout.groups, *layout.amounts}
    return sum(fold_label(piece.text) in labels for row in rows for piece in row.printed)


class _FormReader:
    """Walks down a form: rows of pairs, and blocks that begin with a header row."""

    def __init__(self, layout: FormLayout, context: Context) -> None:
        self.layout = layout
        self.context = context
        self.ledger: Ledger = context.ledger
        self.content = _Content()
        self.periods: dict[int, str] = {}

    def read(self, rows: Sequence[Row]) -> None:
        number = 1
        while number < len(rows):
            block = self._block_at(rows[number])
            if block is not None:
                number = self._read_block(rows, number, block)
            else:
                self._read_pairs(rows[number], number + 1)
                number += 1

    def _block_at(self, row: Row) -> FormBlock | None:
        texts = {fold_label(piece.text) for piece in row.printed}
        for block in self.layout.blocks:
            if len(texts & (block.labels - self.layout.groups)) > 1 and texts <= block.labels:
                return block
        return None

    def _read_pairs(self, row: Row, number: int) -> None:
        for piece, right in zip(row.pieces, [*row.pieces[1:], None], strict=True):
            if piece.blank:
                continue
            value = right if right is not None and not self._is_label(right) else None
            self._read_pair(piece, value, number)

    def _read_pair(self, piece: Piece, value: Piece | None, number: int) -> None:
        label = fold_label(piece.text)
        personal = personal_kind(piece.text)
        if personal:
            self.ledger.use(piece, *([value] if value else []))
            self.content.withheld.append(personal)
        elif label in self.layout.amounts:
            self._read_labelled_amount(piece, label, value, number)
        elif label in self.layout.fields or label in self.layout.objective_fields:
            self._read_field(piece, label, value, number)
        elif label in self.layout.groups:
            self.ledger.use(piece)
            self._note_unit(piece, number)
        elif load_words().year_caption.fullmatch(fold(piece.text)):
            self.ledger.use(piece)
            self.content.year_text = PrintedText(piece.text, place_of(piece, number))

    def _is_label(self, piece: Piece) -> bool:
        label = fold_label(piece.text)
        layout = self.layout
        known = (layout.amounts, layout.fields, layout.objective_fields)
        return personal_kind(piece.text) is not None or any(label in labels for labels in known)

    def _read_field(self, piece: Piece, label: str, value: Piece | None, number: int) -> None:
        self.ledger.use(piece)
        if value is None or value.blank or value.withheld:
            return
        self.ledger.use(value)
        place = place_of(value, number)
        if label in self.layout.objective_fields:
            period = self.layout.objective_fields[label]
            self.content.objectives.append(Objective(period, value.text, place))
        else:
            self.content.attributes[self.layout.fields[label]] = PrintedText(value.text, place)

    def _note_unit(self, piece: Piece, number: int) -> None:
        folded = fold(piece.text)
        unit = next((unit for unit in _UNIT_IN_LABEL if f"({unit})" in folded), None)
        if unit:
            self.content.unit = PrintedText(unit, place_of(piece, number))

    def _read_labelled_amount(
        self, piece: Piece, label: str, value: Piece | None, number: int
    ) -> None:
        """Read an amount; a label without a period stands under the total of its half."""
        self.ledger.use(piece)
        known = self.layout.amounts[label]
        if known.period:
            self.periods[piece.column] = known.period
        left = [column for column in self.periods if column <= piece.column]
        period = self.periods[max(left)] if left else ANNUAL
        if value is not None:
            self._add_amount(value, known.item, period, piece.text.strip(), number)

    def _add_amount(self, value: Piece, item: str, period: str, label: str, number: int) -> None:
        unit = self.content.unit.text if self.content.unit else None
        try:
            amount = parse_amount(value.text, unit)
        except AmountError as error:
            self.ledger.reject(value, str(error))
            return
        self.ledger.use(value)
        money = TargetAmount(item, period, label, amount, place_of(value, number))
        self.content.amounts.append(money)
        self.content.money[value.key] = money

    # Blocks ------------------------------------------------------------------------------

    def _read_block(self, rows: Sequence[Row], start: int, block: FormBlock) -> int:
        """Read a block from its header on; gives the index of the row after it."""
        first, last = header_bounds(rows, block.labels, start)
        width = max(row.width for row in rows[first : self._block_end(rows, last, block)])
        header = match_header(rows[first:last], width, block.columns)
        for number, row in enumerate(rows[first:last], start=first + 1):
            self.content.headers.add(number)
            self.ledger.use(*row.printed)
            for piece in row.printed:
                self._note_unit(piece, number)
        columns = {column.number: column.layout for column in header.columns if column.layout}
        headings = {column.number: "".join(column.heading) for column in header.columns}
        end = self._block_end(rows, last, block)
        self._read_body(rows, last, end, columns, headings)
        return end

    def _block_end(self, rows: Sequence[Row], last: int, block: FormBlock) -> int:
        if block.rows is not None:
            return min(last + block.rows, len(rows))
        following = (n for n in range(last, len(rows)) if self._block_at(rows[n]) is not None)
        return next(following, len(rows))

    def _read_body(
        self,
        rows: Sequence[Row],
        start: int,
        end: int,
        columns: Mapping[int, ColumnLayout],
        headings: Mapping[int, str],
    ) -> None:
        reader = IndicatorReader(columns, self.context.fiscal_year, self.ledger)
        for number, row in enumerate(rows[start:end], start=start + 1):
            if any(column.role == "value" for column in columns.values()):
                reader.read(row, number)
                continue
            for piece in row.pieces:
                self._read_block_cell(piece, columns.get(piece.column), headings, number)
        self.content.indicators += reader.found

    def _read_block_cell(
        self,
        piece: Piece,
        column: ColumnLayout | None,
        headings: Mapping[int, str],
        number: int,
    ) -> None:
        if column is None:
            return
        if column.role == "objective" and not piece.blank:
            self.ledger.use(piece)
            self.content.objectives.append(
                Objective(column.key, piece.text, place_of(piece, number))
            )
        elif column.role == "amount":
            item = column.item or column.key
            self._add_amount(piece, item, ANNUAL, headings[piece.column], number)
        elif column.role == "group":
            self.ledger.use(piece)


def _target(content: _Content, layout: FormLayout, key: str, number: int) -> PerformanceTarget:
    attributes = dict(content.attributes)
    return PerformanceTarget(
        number=number,
        kind=cast("Literal['project', 'department']", layout.target),
        table=key,
        name=attributes.pop(layout.name_field, None),
        year_text=content.year_text,
        objectives=tuple(content.objectives),
        amounts=tuple(content.amounts),
        attributes=tuple(attributes.items()),
        withheld=tuple(dict.fromkeys(content.withheld)),
        indicators=tuple(content.indicators),
    )


def _table(
    segment: TableSegment,
    key: str,
    ordinal: int,
    layout: FormLayout,
    content: _Content,
    ledger: Ledger,
) -> BudgetTable:
    filled = content.attributes or content.indicators or content.objectives
    return BudgetTable(
        key=key,
        kind=segment.match.kind,
        ordinal=ordinal,
        title=segment.match.title,
        number=segment.match.number,
        place=place_of(segment.title, 1),
        unit=content.unit,
        layout=layout.family,
        empty=not filled,
        columns=(),
        rows=tuple(_rows(segment, content, ledger)),
        lines=(),
    )


def _rows(segment: TableSegment, content: _Content, ledger: Ledger) -> Iterator[TableRow]:
    for number, row in enumerate(segment.rows, start=1):
        part: RowPart = "title" if number == 1 else "body"
        if number in content.headers:
            part = "header"
        cells = tuple(_cell(piece, content, ledger) for piece in row.pieces)
        yield TableRow(number, part, None, None, cells)


def _cell(piece: Piece, content: _Content, ledger: Ledger) -> TableCell:
    use, reason = ledger.outcome(piece)
    money = content.money.get(piece.key)
    text, amount = None if piece.withheld else piece.text, money.amount if money else None
    spans = piece.column_span, piece.row_span
    return TableCell(text, piece.column + 1, piece.anchor, use, reason, None, amount, *spans)
