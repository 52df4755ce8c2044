"""Whether a grid goes on with the table before it, and in which of its columns its cells stand."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from openbudget.recognition.pieces import Piece, Row

_NEAR = 4.0
"""Points that a ruling line may stand off the same line of the page before."""


@dataclass(frozen=True)
class Columns:
    """The columns of a grid: how many, and where their edges stand if the carrier says so."""

    width: int
    edges: tuple[float, ...] = ()

    def place(self, pieces: Sequence[Piece]) -> Mapping[int, tuple[int, int]] | None:
        """Give column and span here of the cells of a further grid; None where it does not fit.

        Where edges are known it is they that must fit: a page whose lines part fewer columns has
        the same table all the same.
        """
        boxes = [piece.anchor.box for piece in pieces]
        if not self.edges or None in boxes:
            return places_of(pieces) if _width(pieces) == self.width else None
        sides = [(box[0], box[2]) for box in boxes if box is not None]
        edges = {position: self._edge_at(position) for position in set(chain.from_iterable(sides))}
        places = {}
        for piece, (left, right) in zip(pieces, sides, strict=True):
            first, last = edges[left], edges[right]
            if first is None or last is None or first >= last:
                return None
            places[piece.key[1]] = (first, last - first)
        return places

    def _edge_at(self, position: float) -> int | None:
        at = bisect_left(self.edges, position)
        near = [n for n in (at - 1, at) if 0 <= n < len(self.edges)]
        best = min(near, key=lambda n: abs(self.edges[n] - position))
        return best if abs(self.edges[best] - position) <= _NEAR else None


def columns_of(rows: Iterable[Row]) -> Columns:
    """Give the columns of the rows of one grid."""
    pieces = [piece for row in rows for piece in row.pieces]
    edges: dict[int, float] = {}
    for piece in pieces:
        if piece.anchor.box is not None:
            edges.setdefault(piece.column, piece.anchor.box[0])
            edges.setdefault(piece.column + piece.column_span, piece.anchor.box[2])
    width = _width(pieces)
    known = tuple(edges[n] for n in range(width + 1)) if len(edges) == width + 1 else ()
    return Columns(width, known if list(known) == sorted(known) else ())


def moved(row: Row, places: Mapping[int, tuple[int, int]]) -> Row:
    """Move the pieces of a row to their places."""
    pieces = []
    for piece in row.pieces:
        column, span = places[piece.key[1]]
        pieces.append(replace(piece, column=column, column_span=span))
    return replace(row, pieces=tuple(pieces))


def _width(pieces: Sequence[Piece]) -> int:
    return max((piece.column + piece.column_span for piece in pieces), default=0)


def places_of(pieces: Sequence[Piece]) -> dict[int, tuple[int, int]]:
    """Give column and span of cells as they stand, by their ordinals in the grid."""
    return {piece.key[1]: (piece.column, piece.column_span) for piece in pieces}
