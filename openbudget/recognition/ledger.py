"""The account of a document: what became of every piece that prints something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from openbudget.budget.document import Coverage, UnmappedCell
from openbudget.budget.table import CellUse
from openbudget.recognition.pieces import Piece, PieceKey

PERSONAL_DATA = "personal data"
PLACEHOLDER = "text of the blank form"


Outcome = tuple[CellUse, str | None]
"""What became of a piece, and the reason where there is one."""

_USED: Outcome = ("used", None)
_UNMAPPED: Outcome = ("unmapped", None)
_BLANK: Outcome = ("blank", None)
_PERSONAL: Outcome = ("ignored", PERSONAL_DATA)


@dataclass
class Ledger:
    """Outcomes by piece; of several, what is ignored goes before what is used.

    A piece without an outcome is unmapped, `rejected` where it is known why.
    """

    outcomes: dict[PieceKey, Outcome] = field(default_factory=dict)
    rejected: dict[PieceKey, str] = field(default_factory=dict)

    def use(self, *pieces: Piece) -> None:
        """Record that the pieces were understood."""
        for piece in pieces:
            self.outcomes.setdefault(piece.key, _USED)

    def ignore(self, piece: Piece, reason: str) -> None:
        """Record that a piece is left out, and why."""
        self.outcomes[piece.key] = ("ignored", reason)

    def ignore_all(self, pieces: Iterable[Piece], reason: str) -> None:
        """Record that pieces are left out, and why."""
        for piece in pieces:
            self.ignore(piece, reason)

    def reject(self, piece: Piece, reason: str) -> None:
        """Record why a piece was not understood; it stays unmapped."""
        self.rejected[piece.key] = reason

    def outcome(self, piece: Piece) -> Outcome:
        """Give the outcome of a piece; personal data is ignored whoever reads it."""
        if piece.withheld is not None:
            return _PERSONAL
        if not piece.text.strip():
            return _BLANK
        known = self.outcomes.get(piece.key)
        return known or ("unmapped", self.rejected.get(piece.key))

    def account(self, pieces: Sequence[Piece]) -> Coverage:
        """Add up the outcomes of all pieces of a document that print something, and only these."""
        shown = [piece for piece in pieces if piece.withheld is None]
        counts = Counter([self.outcomes.get(piece.key, _UNMAPPED) for piece in shown])
        counts[_PERSONAL] += len(pieces) - len(shown)
        unmapped = tuple(
            UnmappedCell(piece.text, piece.anchor, self.rejected.get(piece.key))
            for piece in shown
            if piece.key not in self.outcomes
        )
        used = counts.pop(_USED, 0)
        ignored = sorted((why, n) for (_, why), n in counts.items() if why and n)
        return Coverage(len(pieces), used, tuple(ignored), unmapped)
