"""Indicators of a performance form: levels filled down, placeholders left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openbudget.budget.folding import fold
from openbudget.budget.performance import PerformanceIndicator
from openbudget.budget.table import Place
from openbudget.recognition.layout import ColumnLayout
from openbudget.recognition.ledger import PLACEHOLDER, Ledger
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.quantities import parse_quantities
from openbudget.recognition.table_rows import join_lines
from openbudget.recognition.table_shape import place_of
from openbudget.recognition.words import load_words

SHARED = ""
"""The term of columns that both halves of a form share."""


@dataclass
class _Filled:
    """What the cells above say, for one half of the form."""

    level_1: str | None = None
    level_2: str | None = None
    level_3: str | None = None
    activity: str | None = None


@dataclass
class IndicatorReader:
    """Reads the rows of an indicator block, in which merged cells print only once."""

    columns: Mapping[int, ColumnLayout]
    fiscal_year: int
    ledger: Ledger
    found: list[PerformanceIndicator] = field(default_factory=list)
    filled: dict[str, _Filled] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start with nothing above."""
        terms = {column.term or SHARED for column in self.columns.values() if column.term}
        self.filled = {term: _Filled() for term in sorted(terms)}

    def read(self, row: Row, number: int) -> None:
        """Read one row: at most one indicator for each half."""
        self._fill_shared(row)
        for term, filled in self.filled.items():
            cells = self._cells(row, term)
            self._fill(filled, cells)
            self._add(term, filled, cells, number)

    def _cells(self, row: Row, term: str | None) -> dict[str, Piece]:
        found = {}
        for piece in row.printed:
            column = self.columns.get(piece.column)
            if column is not None and column.term == term:
                found[column.role] = piece
        return found

    def _fill_shared(self, row: Row) -> None:
        for role, piece in self._cells(row, None).items():
            self.ledger.use(piece)
            if role == "level_1":
                for filled in self.filled.values():
                    filled.level_1, filled.level_2, filled.level_3 = _join(piece), None, None
            elif role == "activity":
                for filled in self.filled.values():
                    filled.activity = _join(piece)

    def _fill(self, filled: _Filled, cells: Mapping[str, Piece]) -> None:
        if "level_1" in cells:
            self.ledger.use(cells["level_1"])
            filled.level_1, filled.level_2, filled.level_3 = _join(cells["level_1"]), None, None
        if "level_2" in cells:
            real = self._is_real(cells["level_2"])
            filled.level_2, filled.level_3 = _join(cells["level_2"]) if real else None, None

    def _add(self, term: str, filled: _Filled, cells: Mapping[str, Piece], number: int) -> None:
        name = cells.get("level_3")
        value = cells.get("value")
        real_name = name is not None and self._is_real(name)
        real_value = value is not None and self._is_real(value)
        unit = cells.get("unit")
        if unit is not None:
            self.ledger.use(unit)
        label = None
        if name is not None:
            label, text = _split_label(name.text) if real_name else (None, None)
            filled.level_3 = text
        if not real_name and not real_value:
            return
        place = place_of((value if real_value else name) or row_piece(cells), number)
        self.found.append(
            self._indicator(term, filled, label, value if real_value else None, unit, place)
        )

    def _indicator(
        self,
        term: str,
        filled: _Filled,
        label: str | None,
        value: Piece | None,
        unit: Piece | None,
        place: Place,
    ) -> PerformanceIndicator:
        printed_unit = unit.text.strip() if unit else None
        text = value.text if value else None
        whole = join_lines(text) if text else ""
        quantities = parse_quantities(whole, printed_unit, self.fiscal_year) if text else ()
        return PerformanceIndicator(
            number=len(self.found) + 1,
            term=term,
            level_1=filled.level_1,
            level_2=filled.level_2,
            level_3=filled.level_3,
            label=label,
            activity=filled.activity,
            value=text,
            printed_unit=printed_unit,
            quantities=quantities,
            place=place,
        )

    def _is_real(self, piece: Piece) -> bool:
        """Tell real text from the text of the blank form, and account for both."""
        if load_words().placeholder.fullmatch(fold(piece.text)):
            self.ledger.ignore(piece, PLACEHOLDER)
            return False
        self.ledger.use(piece)
        return True


def row_piece(cells: Mapping[str, Piece]) -> Piece:
    """Give any piece of a row."""
    return next(iter(cells.values()))


def _join(piece: Piece) -> str:
    """Give a label that is broken over lines to fit a narrow column (产⏎出⏎指⏎标) as one word."""
    return piece.text.replace("\n", "").strip()


def _split_label(text: str) -> tuple[str | None, str]:
    match = load_words().indicator_label.fullmatch(text.strip())
    return (match["label"], match["text"]) if match else (None, text.strip())
