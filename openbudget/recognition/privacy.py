"""Personal data is withheld before anything else reads a document.

The person responsible for a project and their telephone number are named beside fixed labels.
Their text is emptied here, whether or not the table around them is recognised later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from openbudget.recognition.folding import fold_label
from openbudget.recognition.pieces import Piece, Row
from openbudget.recognition.words import load_words

_MOST_CELLS_OF_A_PAIR_ROW = 4


def withhold_personal_data(rows: Iterable[Row]) -> list[Row]:
    """Empty every piece that holds personal data and mark it with its kind.

    In a row of pairs a label withholds the cell on its right; in a header row it withholds the
    cells below it, to the end of the grid. A label and its text in one piece go together.
    """
    found: list[Row] = []
    headed: dict[int, str] = {}
    grid = -1
    for row in rows:
        block = row.pieces[0].key[0] if row.pieces else grid
        headed, grid = ({} if block != grid else headed), block
        labels = _labels(row)
        if labels and _heads_columns(row, labels):
            headed = {row.pieces[index].column: kind for index, kind in labels.items()}
            marked: Mapping[int, str] = {}
        elif labels:
            marked = {index + 1: kind for index, kind in labels.items()}
        else:
            marked = {i: headed[p.column] for i, p in enumerate(row.pieces) if p.column in headed}
        found.append(_withhold(row, marked))
    return found


def _labels(row: Row) -> dict[int, str]:
    personal = load_words().personal
    kinds = {index: personal.get(fold_label(piece.text)) for index, piece in enumerate(row.pieces)}
    return {index: kind for index, kind in kinds.items() if kind}


def _heads_columns(row: Row, labels: Mapping[int, str]) -> bool:
    """Tell a header row from a row of pairs: labels side by side, at the end, or in many cells."""
    beside = any(index + 1 in labels for index in labels)
    last = max(labels) + 1 == len(row.pieces)
    return beside or last or len(row.printed) > _MOST_CELLS_OF_A_PAIR_ROW


def _withhold(row: Row, marked: Mapping[int, str]) -> Row:
    kinds = [marked.get(n) or _inline_kind(piece) for n, piece in enumerate(row.pieces)]
    if not any(kinds):
        return row
    pieces = (_emptied(piece, kind) for piece, kind in zip(row.pieces, kinds, strict=True))
    return replace(row, pieces=tuple(pieces))


def _inline_kind(piece: Piece) -> str | None:
    """Give the kind of a piece with label and text together: ``联系人：…  电话：…``."""
    label, colon, rest = piece.text.replace("：", ":").partition(":")
    return load_words().personal.get(fold_label(label)) if colon and rest.strip() else None


def _emptied(piece: Piece, kind: str | None) -> Piece:
    return piece if kind is None or piece.blank else replace(piece, text="", withheld=kind)
