"""Parts a document into tables, each opened by its title, and the narrative around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from openbudget.budget.folding import fold
from openbudget.recognition.contents import contents_rows
from openbudget.recognition.continuation import Columns, columns_of, moved, places_of
from openbudget.recognition.folding import fold_label
from openbudget.recognition.heads import is_head_row, unit_in
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.titles import TitleIndex, TitleMatch
from openbudget.recognition.words import load_words

CONTENTS = "contents"
PAGE_NUMBER = "page number"
REPEATED_HEADER = "repeated header"
UNKNOWN_TABLE = "of a table that no known title stands above"
_LOOK_AHEAD = 12


@dataclass
class TableSegment:
    """The rows from one title up to the next; `rows[0]` holds the title."""

    match: TitleMatch
    title: Piece
    rows: list[Row] = field(default_factory=list)


@dataclass
class Segments:
    """A document in parts. `narrative` is everything that stands in no table.

    `ignored` are pieces that belong to neither, each with the reason; `unknown` those of tables
    that no known title stands above.
    """

    narrative: list[Piece] = field(default_factory=list)
    tables: list[TableSegment] = field(default_factory=list)
    ignored: list[tuple[Piece, str]] = field(default_factory=list)
    unknown: list[Piece] = field(default_factory=list)


def part_document(rows: Iterable[Row], index: TitleIndex) -> Segments:
    """Part rows into tables and narrative.

    A title closes the table before it, and so do a paragraph that is no note of the table, another
    sheet, and a grid of other columns. A title counts only where a table follows it.
    """
    parting = _Parting(_with_whole_titles(list(rows), index), index)
    parting.run()
    return parting.segments


class _Parting:
    """Walks down the rows; `table` is the table that is open, `block` its present grid."""

    def __init__(self, rows: Sequence[Row], index: TitleIndex) -> None:
        self.rows, self.index = rows, index
        self.contents = contents_rows(rows)
        self.segments = Segments()
        self.table: TableSegment | None = None
        self.block = -1
        self.columns: Columns | None = None
        self.places: Mapping[int, tuple[int, int]] = {}
        self.grids = _grids(rows)

    def run(self) -> None:
        for number, row in enumerate(self.rows):
            if number in self.contents:
                self._ignore(row, CONTENTS)
                self.table = None
            elif _is_page_number(row):
                self._ignore(row, PAGE_NUMBER)
            elif (match := self._title_at(number)) is not None:
                if self._is_repeated(number, match):
                    self._ignore(row, REPEATED_HEADER)
                else:
                    self._open(row, match)
            elif row.in_grid:
                self._add_grid_row(row)
            else:
                self._add_paragraph(row)

    def _ignore(self, row: Row, reason: str) -> None:
        self.segments.ignored += [(piece, reason) for piece in row.printed]

    # Titles ------------------------------------------------------------------------------

    def _title_at(self, number: int) -> TitleMatch | None:
        match = _title_of(self.rows[number], self.index)
        return match if match is not None and self._is_followed_by_table(number) else None

    def _is_followed_by_table(self, number: int) -> bool:
        """Look for a unit, or a row of several cells, behind what stands above a header."""
        title = self.rows[number]
        for row in self.rows[number + 1 : number + 1 + _LOOK_AHEAD]:
            if not row.printed:
                continue
            if _sheet(row) != _sheet(title) or _title_of(row, self.index) is not None:
                return False
            if any(unit_in(piece.text) for piece in row.printed):
                return True
            if not is_head_row(row):
                return row.in_grid and len(row.printed) > 1
        return False

    def _is_repeated(self, number: int, match: TitleMatch) -> bool:
        """Whether a title is that of the open table once more, at the top of its next page.

        What stands under it must be the same, or less where the title says that its table goes on;
        its grid must have the same columns, and the table must not have come to its total: else it
        is the same table of another office.
        """
        table, row = self.table, self.rows[number]
        if table is None or self.columns is None or row.pieces[0].anchor.page is None:
            return False
        title = fold(match.title)
        first = load_words().title_continued.sub("", title)  # 支出总表（续）
        if first != fold(table.match.title) or _is_total(table.rows[-1]):
            return False
        head = list(takewhile(is_head_row, self.rows[number + 1 :]))
        texts, above = _texts(head), _texts(takewhile(is_head_row, table.rows[1:]))
        if texts != above and not (first != title and set(texts) <= set(above)):
            return False
        following = self.rows[number + 1 + len(head) :][:1]
        grids = [self.grids.get(_block(r), []) for r in following if r.in_grid]
        pieces = [piece for grid in grids for r in grid for piece in r.pieces]
        return bool(pieces) and self.columns.place(pieces) is not None

    def _open(self, row: Row, match: TitleMatch) -> None:
        self.table = TableSegment(match, row.printed[0], [row])
        self.segments.tables.append(self.table)
        self.block = _block(row) if row.in_grid else -1
        self.columns, self.places = None, {}

    # Rows --------------------------------------------------------------------------------

    def _add_grid_row(self, row: Row) -> None:
        if self.table is None or not self._belongs(row):
            self.table = None
            self._add_loose_row(row)
            return
        self.table.rows.append(moved(row, self.places) if self.places else row)

    def _add_loose_row(self, row: Row) -> None:
        """Tell rows of tables that nobody knows from texts that merely stand in a grid."""
        if len(row.printed) > 1 and not is_head_row(row) and not self._is_list(row):
            self.segments.unknown += row.printed
        else:
            self.segments.narrative += row.printed

    def _is_list(self, row: Row) -> bool:
        """Whether the grid of a row is a list of offices or words: its headings say so."""
        labels = load_words().list_headings
        first = next(r for r in self.grids[_block(row)] if len(r.printed) > 1)
        return all(fold_label(piece.text) in labels for piece in first.printed)

    def _belongs(self, row: Row) -> bool:
        block = _block(row)
        if block == self.block:
            return True
        if self.table is None or _sheet(row) != _sheet(self.table.rows[0]):
            return False
        self.places = {}
        if not row.ragged and not self._go_on(block):
            return False
        self.block = block
        return True

    def _go_on(self, block: int) -> bool:
        """Take up a further grid, if its columns are those of the table."""
        rows = self.grids[block]
        if self.columns is None:
            if any(len(row.printed) > 1 and not is_head_row(row) for row in rows):
                self.columns = columns_of(rows)
            return True
        pieces = [piece for row in rows for piece in row.pieces]
        places = self.columns.place(pieces)
        if places is None:
            return False
        self.places = places if places != places_of(pieces) else {}
        return True

    def _add_paragraph(self, row: Row) -> None:
        if self.table is not None and row.printed:
            if self.columns is not None and is_head_row(row):
                self._ignore(row, REPEATED_HEADER)
                return
            if self._is_of_table(row):
                self.table.rows.append(row)
                return
        if row.printed:
            self.table = None
        self.segments.narrative += row.printed

    def _is_of_table(self, row: Row) -> bool:
        if self.columns is None and self.block < 0:
            return is_head_row(row)
        return load_words().note.match(row.printed[0].text.strip()) is not None


def _title_of(row: Row, index: TitleIndex) -> TitleMatch | None:
    printed = row.printed
    if not printed or printed[0].withheld or (row.in_grid and len(printed) > 1):
        return None
    return index.match("".join([piece.text.strip("\n") for piece in printed]))


def _with_whole_titles(rows: Sequence[Row], index: TitleIndex) -> list[Row]:
    """Join titles that are broken over two lines of a page."""
    found: list[Row] = []
    for row in rows:
        if found and _ends_title(found[-1], row):
            whole = Row((*found[-1].pieces, *row.pieces), in_grid=False)
            if not _title_of(row, index) and _title_of(whole, index):
                found[-1] = whole
                continue
        found.append(row)
    return found


def _ends_title(above: Row, row: Row) -> bool:
    """Whether two rows are lines of text, and the second may be the end of a title."""
    if above.in_grid or row.in_grid or len(above.printed) != 1 or len(row.printed) != 1:
        return False
    return row.printed[0].text.rstrip().endswith("表")


def _texts(rows: Iterable[Row]) -> list[str]:
    return [fold(piece.text) for row in rows for piece in row.printed]


def _is_total(row: Row) -> bool:
    return bool(row.printed) and fold(row.printed[0].text) in load_words().totals


def _grids(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        if row.in_grid and row.pieces:
            found.setdefault(_block(row), []).append(row)
    return found


def _block(row: Row) -> int:
    return row.pieces[0].key[0] if row.pieces else -1


def _sheet(row: Row) -> str | None:
    return row.pieces[0].anchor.sheet if row.pieces else None


def _is_page_number(row: Row) -> bool:
    """Whether a row is the number of a page: only where there are pages can one be told."""
    if row.in_grid or not row.printed or row.printed[0].anchor.page is None:
        return False
    return load_words().page_number.fullmatch(row.printed[0].text.strip()) is not None
