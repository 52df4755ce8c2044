"""What stands between the title of a table and its header: unit, number, year, who made it up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from openbudget.budget.folding import fold, fold_characters
from openbudget.budget.money import FEN_PER_UNIT
from openbudget.budget.table import PrintedText
from openbudget.recognition.ledger import Ledger
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.table_shape import place_of
from openbudget.recognition.words import load_words


@dataclass(frozen=True)
class TableHead:
    """The unit of money as it is printed and as it is known, and a number on its own."""

    unit: PrintedText | None = None
    known_unit: str | None = None
    number: str | None = None


def read_head(rows: Sequence[Row], ledger: Ledger) -> TableHead:
    """Read the rows from the title to the header; what says something is used."""
    head = TableHead()
    for number, row in enumerate(rows, start=1):
        for piece in row.printed:
            head = _read_piece(head, piece, number, ledger)
    return head


def _read_piece(head: TableHead, piece: Piece, row: int, ledger: Ledger) -> TableHead:
    if is_head(piece.text):
        ledger.use(piece)
    unit = unit_in(piece.text)
    if unit is not None and head.unit is None:
        ledger.use(piece)
        printed, known = unit
        return TableHead(PrintedText(printed, place_of(piece, row)), known, head.number)
    if is_number(piece.text) and head.number is None:
        return TableHead(head.unit, head.known_unit, piece.text.strip())
    return head


@lru_cache(maxsize=4_096)
def unit_in(text: str) -> tuple[str, str] | None:
    """Give the unit of money that a text names, as printed and as known, if it is a known one."""
    normal = unicodedata.normalize("NFKC", text)
    for match in load_words().unit.finditer(fold_characters(normal)):
        if match["unit"] in FEN_PER_UNIT:
            return normal[match.start("unit") : match.end("unit")], match["unit"]
    return None


def is_number(text: str) -> bool:
    """Whether a text is the number of a table and nothing else: ``公开01表``."""
    bare = text.strip()
    return bare[:1] not in "一二三四五六七八九十0123456789" and bool(
        load_words().title_number.fullmatch(f"{bare} _")
    )


@lru_cache(maxsize=4_096)
def is_head(text: str) -> bool:
    """Whether a text says unit, number or year of a table, or who made it up."""
    if unit_in(text) is not None or is_number(text):
        return True
    folded = fold(text)
    words = load_words()
    return bool(words.caption.match(folded) or words.year_caption.fullmatch(folded))


def is_head_row(row: Row) -> bool:
    """Whether everything printed in a row is of that kind."""
    printed = row.printed
    return bool(printed) and all(
        piece.withheld is None and is_head(piece.text) for piece in printed
    )
