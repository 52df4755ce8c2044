"""Body rows: what each cell of a row says, and which part each amount plays in the sums."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openbudget.budget.classification import CodeLists
from openbudget.budget.folding import fold
from openbudget.budget.money import Amount, State, parse_amount
from openbudget.budget.table import CodedLabel, PrintedText
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, CodeSource, Role
from openbudget.errors import AmountError
from openbudget.recognition.folding import fold_label
from openbudget.recognition.layout import ColumnLayout, ItemLayout, TableLayout
from openbudget.recognition.ledger import Ledger
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.table_shape import place_of
from openbudget.recognition.words import load_words

CODED_ROLES = frozenset([*COORDINATE_SCHEMES, "budgetary_unit", "type"])
_CODE_AND_LABEL = re.compile(
    r"\s*(?P<code>\d[0-9A-Za-z]*)\s*[-‐–—－]\s*(?P<label>\S.*?)\s*", re.DOTALL
)
_CODE = re.compile(r"\d[0-9A-Za-z]*")
_SHOWN = frozenset([State.PRINTED, State.ZERO])


@dataclass
class BodyRow:
    """One non-blank body row as understood. Keys of the mappings are column keys or roles."""

    number: int
    ordinal: int
    total: bool = False
    coded: dict[str, CodedLabel] = field(default_factory=dict)
    texts: dict[str, PrintedText] = field(default_factory=dict)
    items: dict[str, tuple[PrintedText, ItemLayout | None, CodedLabel | None]] = field(
        default_factory=dict
    )
    amounts: dict[str, tuple[Piece, Amount]] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    @property
    def role(self) -> Role | None:
        """The role of the whole row: total, the one role of its amounts, or none."""
        roles = {
            self.roles[key] for key, (_, amount) in self.amounts.items() if amount.fen is not None
        }
        if self.total or roles == {Role.TOTAL}:
            return Role.TOTAL
        if Role.LEAF in roles:
            return Role.LEAF
        return Role.SUBTOTAL if Role.SUBTOTAL in roles else None


@dataclass(frozen=True)
class RowReader:
    """Reads body rows of one table."""

    layout: TableLayout
    columns: Mapping[int, ColumnLayout]
    unit: str | None
    fiscal_year: int
    lists: CodeLists
    ledger: Ledger
    width: int

    def read(self, row: Row, number: int, ordinal: int) -> BodyRow:
        """Read a row; cells that cannot be placed or read stay unmapped, with the reason."""
        body = BodyRow(number, ordinal)
        if row.ragged and len(row.pieces) != self.width:
            for piece in row.printed:
                reason = f"a row of {len(row.pieces)} cells in a table of {self.width} columns"
                self.ledger.reject(piece, reason)
            return body
        for piece in row.pieces:
            column = self.columns.get(piece.column)
            if column is not None:
                self._read_cell(body, piece, column)
        self._set_roles(body)
        return body

    def _read_cell(self, body: BodyRow, piece: Piece, column: ColumnLayout) -> None:
        if column.role == "amount":
            self._read_amount(body, piece, column)
            return
        self.ledger.use(piece)
        if piece.blank or piece.withheld:
            return
        if fold(piece.text) in load_words().totals and column.role != "item":
            body.total = True
        elif column.role in CODED_ROLES:
            _add_coded(body, piece, column)
        elif column.role == "item":
            self._read_item(body, piece, column)
        elif column.role != "ordinal":
            key = "project" if column.role == "project" else column.key
            body.texts[key] = PrintedText(piece.text, place_of(piece, body.number))

    def _read_amount(self, body: BodyRow, piece: Piece, column: ColumnLayout) -> None:
        try:
            amount = parse_amount(piece.text, self.unit)
        except AmountError as error:
            self.ledger.reject(piece, str(error))
            return
        self.ledger.use(piece)
        body.amounts[column.key] = (piece, amount)

    def _read_item(self, body: BodyRow, piece: Piece, column: ColumnLayout) -> None:
        name = load_words().item_prefix.sub("", fold(piece.text), count=1)
        known = self.layout.items[column.items] if column.items else {}
        item = known.get(fold_label(name))
        text = PrintedText(piece.text, place_of(piece, body.number))
        coded = self._find_by_name(piece, column, name, body) if item is None else None
        body.items[column.key] = (text, item, coded)

    def _find_by_name(
        self, piece: Piece, column: ColumnLayout, name: str, body: BodyRow
    ) -> CodedLabel | None:
        """Find the code of a 类 that is printed by name only, by its exact name."""
        scheme = COORDINATE_SCHEMES.get(column.names or "")
        edition = self.lists.for_year(scheme, self.fiscal_year) if scheme else None
        code = edition.by_name.get(name) if edition else None
        if code is None:
            return None
        place = place_of(piece, body.number)
        return CodedLabel(code.code, name, piece.text, CodeSource.NAME, place)

    def _set_roles(self, body: BodyRow) -> None:
        for key in body.amounts:
            column = next(column for column in self.columns.values() if column.key == key)
            body.roles[key] = self._role(body, column)

    def _role(self, body: BodyRow, column: ColumnLayout) -> Role:
        item = body.items[column.item][1] if column.item in body.items else None
        if column.of_which:
            return Role.OF_WHICH
        if item is not None and item.role is not None:
            return item.role
        if body.total:
            return Role.TOTAL
        parts = [
            body.amounts[part][1].state in _SHOWN for part in column.parts if part in body.amounts
        ]
        return Role.SUBTOTAL if any(parts) else Role.LEAF


def _add_coded(body: BodyRow, piece: Piece, column: ColumnLayout) -> None:
    """Add a code, a label, or both; a code and its label may stand in two cells."""
    place = place_of(piece, body.number)
    code, label = _split_code(piece.text, column.part)
    known = body.coded.get(column.role)
    if known is None:
        body.coded[column.role] = CodedLabel(code, label, piece.text, CodeSource.PRINTED, place)
    else:
        body.coded[column.role] = CodedLabel(
            known.code or code, known.label or label, known.printed, known.source, known.place
        )


def _split_code(text: str, part: str) -> tuple[str | None, str | None]:
    if part == "code":
        return text.strip(), None
    if part == "label":
        return None, text.strip()
    match = _CODE_AND_LABEL.fullmatch(text)
    if match is not None:
        return match["code"], match["label"]
    bare = text.strip()
    return (bare, None) if _CODE.fullmatch(bare) else (None, bare)


def sum_item_parts(rows: list[BodyRow]) -> None:
    """Make an item a subtotal where items that are its parts print an amount in the same column."""
    for body, column_key, item in _items_with_parts(rows):
        for key in list(body.amounts):
            parts = _printed_items(rows, column_key, key)
            if parts & set(item.parts) and body.roles[key] is Role.LEAF:
                body.roles[key] = Role.SUBTOTAL


def _items_with_parts(rows: list[BodyRow]) -> Iterator[tuple[BodyRow, str, ItemLayout]]:
    for body in rows:
        for column_key, (_, item, _) in body.items.items():
            if item is not None and item.parts:
                yield body, column_key, item


def _printed_items(rows: list[BodyRow], column_key: str, key: str) -> set[str | None]:
    found: set[str | None] = set()
    for body in rows:
        item = body.items[column_key][1] if column_key in body.items else None
        if item and key in body.amounts and body.amounts[key][1].state in _SHOWN:
            found.add(item.key)
    return found
