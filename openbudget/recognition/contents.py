"""Contents lists: their entries look like titles and headings, and are none."""

from __future__ import annotations

from collections.abc import Sequence

from openbudget.budget.folding import fold
from openbudget.recognition.pieces import Row
from openbudget.recognition.titles import title_index
from openbudget.recognition.words import load_words

_SHORT = 8
"""So many characters are what an entry leaves over for a second line."""
_BEGINNING = 4
"""So many characters are folded to see how a text begins."""
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
        if _is_heading(rows[index]):
            end = _end_of_list(rows, index + 1)
            found.update(range(index, end))
            index = end
        else:
            index += 1
    return frozenset(found)


def _is_heading(row: Row) -> bool:
    """Whether a row is the heading of a list. Its first character tells most rows from one."""
    if not row.printed:
        return False
    words = load_words()
    first = fold(row.printed[0].text.lstrip()[:_BEGINNING])[:1]
    return first in words.contents_first and _text(row) in words.contents_heading


def _end_of_list(rows: Sequence[Row], start: int) -> int:
    printed = [index for index in range(start, len(rows)) if rows[index].printed]
    if not printed:
        return len(rows)
    first, led = _text(rows[printed[0]]), _has_leaders(rows[printed[0]])
    for place, index in enumerate(printed):
        row = rows[index]
        if _sheet(row) != _sheet(rows[start - 1]) or (place and _text(row) == first):
            return index
        following = rows[printed[place + 1]] if place + 1 < len(printed) else row
        if not _is_entry(row) or (led and not (_has_leaders(row) or _has_leaders(following))):
            return index
    return len(rows)


def _has_leaders(row: Row) -> bool:
    return load_words().leaders.search(_joined(row)) is not None


def _is_entry(row: Row) -> bool:
    """Whether a row looks like an entry; where the first has leaders, the others must as well."""
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
