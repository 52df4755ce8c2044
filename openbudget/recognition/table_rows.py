"""Body rows: what each cell of a row says, and which part each amount plays in the sums."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from openbudget.budget.classification import CodeLists
from openbudget.budget.folding import fold
from openbudget.budget.money import Amount, parse_amount
from openbudget.budget.table import CodedLabel, PrintedText
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, CodeSource, Role
from openbudget.errors import AmountError
from openbudget.recognition.layout import ColumnLayout, ItemLayout, TableLayout
from openbudget.recognition.ledger import PLACEHOLDER, Ledger
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.table_shape import item_name, place_of
from openbudget.recognition.words import load_words

_FIGURES = frozenset(["amount", "figure"])
CODED_ROLES = frozenset([*COORDINATE_SCHEMES, "budgetary_unit", "type"])
_CODE_AND_LABEL = re.compile(
    r"\s*(?P<code>\d[0-9A-Za-z]*)\s*[-‐–—－]\s*(?P<label>\S.*?)\s*", re.DOTALL
)
_WRAP = re.compile(r"\s*\n\s*")
_CODE = re.compile(r"\d[0-9A-Za-z]*")


@dataclass(slots=True)
class BodyRow:
    """One non-blank body row as understood. Keys of the mappings are column keys or roles.

    `totals` are the lists side by side of which the row is the total, "" being the whole table;
    `code_cells` the cells that make up a code (208, 05, 01).
    """

    number: int
    ordinal: int
    totals: set[str] = field(default_factory=set)
    coded: dict[str, CodedLabel] = field(default_factory=dict)
    code_cells: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, PrintedText] = field(default_factory=dict)
    items: dict[str, tuple[PrintedText, ItemLayout | None, CodedLabel | None]] = field(
        default_factory=dict
    )
    amounts: dict[str, tuple[Piece, Amount]] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)

    @property
    def total(self) -> bool:
        """Whether the row is a total, of one of its lists at least."""
        return bool(self.totals)

    def is_total(self, side: str) -> bool:
        """Whether the row is the total of a list: of its own, or of the whole table."""
        return side in self.totals or "" in self.totals

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


@dataclass
class RowReader:
    """Reads body rows of one table."""

    layout: TableLayout
    columns: Mapping[int, ColumnLayout]
    unit: str | None
    fiscal_year: int
    lists: CodeLists
    ledger: Ledger
    width: int
    above: dict[str, ItemLayout] = field(default_factory=dict)
    texts: Mapping[int, ColumnLayout] = field(init=False)
    figures: Mapping[int, ColumnLayout] = field(init=False)

    def __post_init__(self) -> None:
        """Tell columns of texts and of figures apart."""
        known = self.columns.items()
        self.texts = {number: column for number, column in known if column.role not in _FIGURES}
        self.figures = {number: column for number, column in known if column.role in _FIGURES}

    def read(self, row: Row, number: int, ordinal: int) -> BodyRow:
        """Read a row; cells that cannot be placed or read stay unmapped, with the reason."""
        body = BodyRow(number, ordinal)
        if row.ragged and len(row.pieces) != self.width:
            for piece in row.printed:
                reason = f"a row of {len(row.pieces)} cells in a table of {self.width} columns"
                self.ledger.reject(piece, reason)
            return body
        for piece in row.printed:
            if (column := self.texts.get(piece.column)) is not None:
                self._read_cell(body, piece, column)
        for piece in row.pieces:
            if (column := self.figures.get(piece.column)) is not None:
                self._read_figure(body, piece, column)
        return body

    def _read_cell(self, body: BodyRow, piece: Piece, column: ColumnLayout) -> None:
        folded = fold(piece.text)
        if load_words().placeholder.fullmatch(folded):
            self.ledger.ignore(piece, PLACEHOLDER)
            return
        self.ledger.use(piece)
        if piece.withheld:
            return
        if folded in load_words().totals and column.role != "item":
            body.totals.add(column.side)
        elif column.role in CODED_ROLES:
            _add_coded(body, piece, column)
        elif column.role == "item":
            self._read_item(body, piece, column)
        elif column.role != "ordinal":
            key = "project" if column.role == "project" else column.key
            body.texts[key] = PrintedText(piece.text, place_of(piece, body.number))

    def _read_figure(self, body: BodyRow, piece: Piece, column: ColumnLayout) -> None:
        """Read money as an amount, and all other figures (22 %, 3 辆) as the texts they are."""
        # The item of the row may be counted or told, and cost nothing.
        counted = column.item in body.items and _is_no_money(body.items[column.item][0].text)
        if column.role == "amount" and not counted:
            self._read_amount(body, piece, column)
            return
        self.ledger.use(piece)
        if not piece.blank and not piece.withheld:
            body.texts[column.key] = PrintedText(piece.text, place_of(piece, body.number))

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
        item = self._known_item(column, item_name(piece.text))
        text = PrintedText(piece.text, place_of(piece, body.number))
        coded = self._find_by_name(piece, column, name, body) if item is None else None
        body.items[column.key] = (text, item, coded)

    def _known_item(self, column: ColumnLayout, name: str) -> ItemLayout | None:
        """Find an item, below the last one that has items below it first."""
        known = self.layout.items[column.items] if column.items else {}
        above = self.above.get(column.key)
        if above is not None and name in above.children:
            return above.children[name]
        item = known.get(name)
        if item is not None and item.children:
            self.above[column.key] = item
        elif name:
            self.above.pop(column.key, None)
        return item

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


@lru_cache(maxsize=4_096)
def _is_no_money(item: str) -> bool:
    return load_words().not_money.fullmatch(fold(item)) is not None


def _add_coded(body: BodyRow, piece: Piece, column: ColumnLayout) -> None:
    """Add a code, a label, or both; a code may stand in up to three cells, its label in one."""
    code, label = _split_code(piece.text, column.part)
    key = coded_key(column.role, column.side)
    known = body.coded.get(key)
    cells = body.code_cells.get(key, ())
    if code is not None and column.part == "code":
        cells = body.code_cells[key] = (*cells, code)
        code = "".join(cells)
    if known is None:
        place = place_of(piece, body.number)
        body.coded[key] = CodedLabel(code, label, piece.text, CodeSource.PRINTED, place)
        return
    printed = "|".join(cells) if len(cells) > 1 else known.printed
    code, label = code or known.code, known.label or label
    body.coded[key] = CodedLabel(code, label, printed, known.source, known.place)


def coded_key(role: str, side: str) -> str:
    """Give the key of a coded label in its row: lists side by side have one each."""
    return f"{side} {role}" if side else role


@lru_cache(maxsize=16_384)
def _split_code(text: str, part: str) -> tuple[str | None, str | None]:
    bare = join_lines(text)
    if part == "label":
        return None, bare
    match = _CODE_AND_LABEL.fullmatch(bare) if part == "both" else None
    if match is not None:
        return match["code"], match["label"]
    return (bare, None) if _CODE.fullmatch(bare) else (None, bare)


def starts_with_code(text: str) -> bool:
    """Whether a cell begins with a code, or is a total: either way it begins a row."""
    return _CODE.match(text.strip()) is not None or fold(text) in load_words().totals


def join_lines(text: str) -> str:
    """Join the lines of a name that is wrapped to fit its column; Chinese needs no space there."""
    return _WRAP.sub("", text).strip()
