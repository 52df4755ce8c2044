"""Personal data is withheld before anything else reads a document.

The person responsible for a project and their telephone number are named beside fixed labels.
Their text is emptied here, whether or not the table around them is recognised later. Where form
and chance cannot be told apart, too much is withheld rather than too little; what is withheld is
counted as ignored.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import NamedTuple

from openbudget.budget.folding import fold, fold_characters
from openbudget.recognition.folding import fold_label
from openbudget.recognition.layout_files import load_layouts
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.words import load_words

_MOST_CELLS_OF_A_PAIR_ROW = 4
_NAME = re.compile(r"[一-龥·]{2,4}")
_MARKS = re.compile(r"^(?:[\d一二三四五六七八九十]+[、.)]|[*#·])+|[*:;。、#_]+$")
_SPACES = re.compile(r"[^\S\n]+")
_HIDDEN = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u0300-\u036f\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]+"
)
"""What prints nothing, or over another character: controls, marks, selectors, fillers, tags."""


def withhold_personal_data(rows: Iterable[Row]) -> list[Row]:
    """Empty every piece that holds personal data and mark it with its kind.

    A label withholds the printed cell on its right; one that heads a column, the cells below it
    that look like a name or a number; one that ends a row or a line, what follows it. A label and
    its text in one piece go together. What was withheld once is withheld wherever it stands again.
    """
    guard = _Guard()
    return guard.withhold_repeated([guard.pass_row(row) for row in rows])


@lru_cache(maxsize=65_536)
def personal_kind(text: str) -> str | None:
    """Give the kind of personal data that a text labels; None for any other text."""
    if not _may_label(text):
        return None
    bare = _MARKS.sub("", fold_label(_MARKS.sub("", fold(_HIDDEN.sub("", text)))))
    kinds = load_words().personal.items()
    return next((kind for kind, label in kinds if label.fullmatch(bare)), None)


def _may_label(text: str) -> bool:
    return load_words().personal_character.search(text) is not None


@dataclass
class _Guard:
    """Remembers the labels above, by column, and every text that was withheld."""

    above: dict[int, str] = field(default_factory=dict)
    block: int = -1
    open_label: str | None = None
    withheld: dict[str, str] = field(default_factory=dict)

    def pass_row(self, row: Row) -> Row:
        if row.in_grid and row.pieces and row.pieces[0].key[0] != self.block:
            self.above, self.block = {}, row.pieces[0].key[0]
        labelled = any(map(_kinds, [piece.text for piece in row.printed]))
        if not labelled and not self.above and self.open_label is None:
            return row
        found = {n: own for n, piece in enumerate(row.pieces) if (own := _kinds(piece.text))}
        labels = {n: own.label for n, own in found.items() if own.label and not own.inline}
        marked = self._below(row, labels) | self._after_open_label(row)
        if labels:
            marked |= self._beside(row, labels)
        marked |= {n: own.inline for n, own in found.items() if own.inline}
        return self._emptied(row, marked)

    def _beside(self, row: Row, labels: dict[int, str]) -> dict[int, str]:
        """Mark what stands to the right; a label with nothing there looks below."""
        heads = len(row.printed) > _MOST_CELLS_OF_A_PAIR_ROW
        marked = {}
        for number, kind in labels.items():
            right = _next_printed(row, number)
            adjacent = right == number + 1 and not heads
            if (
                right is not None
                and right not in labels
                and (adjacent or _looks_personal(row.pieces[right]))
            ):
                marked[right] = kind
            if right is None or right in labels or heads:
                self.above[row.pieces[number].column] = kind
        last = max(labels)
        self.open_label = labels[last] if _next_printed(row, last) is None else None
        return marked

    def _below(self, row: Row, labels: dict[int, str]) -> dict[int, str]:
        marked = {}
        for number, piece in enumerate(row.pieces):
            kind = self.above.get(piece.column)
            if kind is None or piece.blank:
                continue
            if number not in labels and _looks_personal(piece):
                marked[number] = kind
            else:
                del self.above[piece.column]
        return marked

    def _after_open_label(self, row: Row) -> dict[int, str]:
        """Mark the first thing behind a label that ended its row or line."""
        kind, printed = self.open_label, row.printed
        if kind is None or not printed:
            return {}
        self.open_label = None
        first = row.pieces.index(printed[0])
        return {first: kind} if _looks_personal(printed[0]) else {}

    def _emptied(self, row: Row, marked: dict[int, str]) -> Row:
        if not marked:
            return row
        pieces = list(row.pieces)
        for number, kind in marked.items():
            piece = pieces[number]
            if not piece.blank:
                if _looks_personal(piece):
                    self.withheld[fold(piece.text)] = kind
                pieces[number] = replace(piece, text="", withheld=kind)
        return replace(row, pieces=tuple(pieces))

    def withhold_repeated(self, rows: Sequence[Row]) -> list[Row]:
        """Empty cells that repeat a withheld name, and any text that holds a withheld number."""
        if not self.withheld:
            return list(rows)
        numbers = [text for text in self.withheld if not _NAME.fullmatch(text)]
        return [self._without_repeated(row, numbers) for row in rows]

    def _without_repeated(self, row: Row, numbers: Sequence[str]) -> Row:
        kinds = {piece.key: self._repeated(piece.text, numbers) for piece in row.printed}
        if not any(kinds.values()):
            return row
        pieces = [
            replace(piece, text="", withheld=kind) if (kind := kinds.get(piece.key)) else piece
            for piece in row.pieces
        ]
        return replace(row, pieces=tuple(pieces))

    def _repeated(self, text: str, numbers: Sequence[str]) -> str | None:
        bare = fold(text)
        if bare in self.withheld:
            return self.withheld[bare]
        return next((self.withheld[number] for number in numbers if number in bare), None)


def _next_printed(row: Row, number: int) -> int | None:
    following = range(number + 1, len(row.pieces))
    return next((n for n in following if not row.pieces[n].blank), None)


def _looks_personal(piece: Piece) -> bool:
    """Tell a name or a telephone number from figures and from the labels of forms."""
    bare = fold(piece.text)
    if load_words().telephone.fullmatch(bare):
        return True
    return _NAME.fullmatch(bare) is not None and fold_label(piece.text) not in _known_labels()


class _Kinds(NamedTuple):
    """The kinds of personal data that a text labels: what stands beside it, and in it."""

    label: str | None
    inline: str | None


@lru_cache(maxsize=65_536)
def _kinds(text: str) -> _Kinds | None:
    """Give what a text labels; None where it labels nothing, as most texts do."""
    if not _may_label(text):
        return None
    found = _Kinds(personal_kind(text), _inline_kind(text))
    return found if any(found) else None


def _inline_kind(text: str) -> str | None:
    """Give the kind of a text with label and data together: ``联系人：…  电话：…``.

    Spaces inside a label say nothing, one behind it parts it from a name that ends the text.
    """
    normal = fold_characters(unicodedata.normalize("NFKC", _HIDDEN.sub("", text)))
    bare = _SPACES.sub("", normal)
    kinds = load_words().personal_inline.items()
    found = (kind for kind, own in kinds if own.search(normal) or own.search(bare))
    return next(found, None) or _kind_before_name(normal.strip())


def _kind_before_name(text: str) -> str | None:
    """Give the kind of a label that a space parts from a name: ``负责人 某某某``."""
    *label, name = _SPACES.split(text)
    is_name = _NAME.fullmatch(name) is not None and fold_label(name) not in _known_labels()
    return personal_kind("".join(label)) if is_name and not personal_kind(name) else None


@cache
def _known_labels() -> frozenset[str]:
    """Give every label and heading of the layouts: none of them is a name."""
    layouts = load_layouts()
    found = {label for table in layouts.tables for label in table.labels}
    for form in layouts.forms:
        found |= {*form.fields, *form.objective_fields, *form.groups, *form.amounts}
        found |= {label for block in form.blocks for label in block.labels}
    return frozenset(found) | load_words().totals
