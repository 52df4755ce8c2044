"""The account of a document: what became of every piece that prints something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from openbudget.budget.document import Coverage, UnmappedCell
from openbudget.budget.table import CellUse
from openbudget.recognition.pieces import Piece, PieceKey

PERSONAL_DATA = "personal data"
PLACEHOLDER = "text of the blank form"


@dataclass
class Ledger:
    """Outcomes by piece. A piece without an outcome is unmapped."""

    used: set[PieceKey] = field(default_factory=set)
    ignored: dict[PieceKey, str] = field(default_factory=dict)
    rejected: dict[PieceKey, str] = field(default_factory=dict)

    def use(self, *pieces: Piece) -> None:
        """Record that the pieces were understood; personal data is ignored whoever reads it."""
        for piece in pieces:
            if piece.withheld is not None:
                self.ignored[piece.key] = PERSONAL_DATA
            elif not piece.blank:
                self.used.add(piece.key)

    def ignore(self, piece: Piece, reason: str) -> None:
        """Record that a piece is left out, and why."""
        if not piece.blank:
            self.ignored[piece.key] = reason

    def ignore_all(self, pieces: Iterable[Piece], reason: str) -> None:
        """Record that pieces are left out, and why."""
        for piece in pieces:
            self.ignore(piece, reason)

    def reject(self, piece: Piece, reason: str) -> None:
        """Record why a piece was not understood; it stays unmapped."""
        self.rejected[piece.key] = reason

    def outcome(self, piece: Piece) -> tuple[CellUse, str | None]:
        """What became of a piece, and the reason where there is one."""
        if piece.blank:
            return "blank", None
        if piece.withheld is not None:
            return "ignored", PERSONAL_DATA
        if piece.key in self.ignored:
            return "ignored", self.ignored[piece.key]
        if piece.key in self.used:
            return "used", None
        return "unmapped", self.rejected.get(piece.key)

    def account(self, pieces: Iterable[Piece]) -> Coverage:
        """Add up the outcomes of all pieces of a document."""
        uses: Counter[CellUse] = Counter()
        reasons: Counter[str] = Counter()
        unmapped = []
        for piece in pieces:
            use, reason = self.outcome(piece)
            uses[use] += 1
            if use == "ignored" and reason:
                reasons[reason] += 1
            elif use == "unmapped":
                unmapped.append(UnmappedCell(piece.text, piece.anchor, reason))
        cells = uses["used"] + uses["ignored"] + uses["unmapped"]
        return Coverage(cells, uses["used"], tuple(sorted(reasons.items())), tuple(unmapped))
