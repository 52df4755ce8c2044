"""Contents lists: their entries look like titles and headings, and are none."""

from __future__ import annotations

from collections.abc import Sequence

from openbudget.budget.folding import fold
from openbudget.recognition.pieces import Row
from openbudget.recognition.titles import title_index
from openbudget.recognition.words import load_words

_SHORT = 8
"""So many characters are what an entry leaves over for a second line."""
_CELLS = 2
"""An entry and its page number."""


def contents_rows(rows: Sequence[Row]) -> frozenset[int]:
    """Find the rows of contents lists, headings included, as indexes.

    A list goes on as long as its lines look like entries. It ends where its first entry is printed
    again (as the heading it announces), and with the sheet it stands on.
    """
    found: set[int] = set()
    index = 0
    while index < len(rows):
        if _text(rows[index]) in load_words().contents_heading:
            end = _end_of_list(rows, index + 1)
            found.update(range(index, end))
            index = end
        else:
            index += 1
    return frozenset(found)


def _end_of_list(rows: Sequence[Row], start: int) -> int:
    first: str | None = None
    for index in range(start, len(rows)):
        row = rows[index]
        if not row.printed:
            continue
        text = _text(row)
        if text == first or not _is_entry(row) or _sheet(row) != _sheet(rows[start - 1]):
            return index
        first = first or text
    return len(rows)


def _is_entry(row: Row) -> bool:
    if len(row.printed) > _CELLS:
        return False
    text = _joined(row)
    if len(text) <= _SHORT or title_index().is_title(row.printed[0].text):
        return True
    return load_words().contents_entry.match(text) is not None


def _joined(row: Row) -> str:
    return fold("".join(piece.text for piece in row.printed))


def _text(row: Row) -> str:
    """Give what a row prints, folded and without leaders and page number."""
    text = _joined(row)
    return load_words().leaders.sub("", text) or text


def _sheet(row: Row) -> str | None:
    return row.pieces[0].anchor.sheet if row.pieces else None
