"""Parts a document into tables, each opened by its title, and the narrative around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.titles import TitleIndex, TitleMatch


@dataclass
class TableSegment:
    """The rows from one title up to the next; `rows[0]` holds the title."""

    match: TitleMatch
    title: Piece
    rows: list[Row] = field(default_factory=list)


@dataclass
class Segments:
    """A document in parts. `narrative` is everything that stands in no table."""

    narrative: list[Piece] = field(default_factory=list)
    tables: list[TableSegment] = field(default_factory=list)


def part_document(rows: Iterable[Row], index: TitleIndex) -> Segments:
    """Part rows into tables and narrative: a title closes the table before it."""
    segments = Segments()
    table: TableSegment | None = None
    for row in rows:
        match = _title_of(row, index)
        if match is not None:
            table = TableSegment(match, row.printed[0], [row])
            segments.tables.append(table)
        elif row.in_grid and table is not None:
            table.rows.append(row)
        else:
            segments.narrative += row.printed
    return segments


def _title_of(row: Row, index: TitleIndex) -> TitleMatch | None:
    printed = row.printed
    if len(printed) != 1 or printed[0].withheld:
        return None
    return index.match(printed[0].text)
