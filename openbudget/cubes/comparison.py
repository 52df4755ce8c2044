"""Two sides of a comparison, row by row: what increased, decreased, was added or removed.

Pure: integers of fen and exact fractions, no database. Formats are written from `Comparison`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from openbudget.cubes.following import Entry, Lists, Match, Note, Pair, pair

RATE_DECIMALS = 6


class Change(StrEnum):
    """What became of a row, in the order of answers."""

    INCREASED = "increased"
    DECREASED = "decreased"
    ADDED = "added"
    REMOVED = "removed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A row of a comparison: an entry of each side, or of one only."""

    change: Change
    base: Entry | None
    other: Entry | None
    match: Match | None
    note: Note | None

    @property
    def key(self) -> str | None:
        """The key on the other side, or, where that has none, on the base."""
        found = self.other or self.base
        return found.key if found else None

    @property
    def difference(self) -> int | None:
        """Other less base in fen, what is not there counted as nothing; None without any amount."""
        return difference(_fen(self.base), _fen(self.other))

    @property
    def rate(self) -> Fraction | None:
        """Difference over base, exact."""
        return rate(_fen(self.base), _fen(self.other))


@dataclass(frozen=True)
class Comparison:
    """All rows: by change, then by the size of the difference, then by key."""

    rows: tuple[ComparedRow, ...]

    def of(self, change: Change) -> list[ComparedRow]:
        """Give the rows of one change."""
        return [row for row in self.rows if row.change is change]


def compare(
    base: Sequence[Entry], other: Sequence[Entry], lists: Lists, *, follow: bool = True
) -> Comparison:
    """Compare two sides; codes and names are followed by the lists of both, unless told not to.

    The rows of a side add up to all of its entries.
    """
    rows = [_row(found) for found in pair(base, other, lists, follow=follow)]
    return Comparison(tuple(sorted(rows, key=_order)))


def difference(base: int | None, other: int | None) -> int | None:
    """Give other less base; what is not there counts as nothing; None where neither is there."""
    return None if base is None and other is None else (other or 0) - (base or 0)


def rate(base: int | None, other: int | None) -> Fraction | None:
    """Give the difference over the base; None where the base is 0 or not there."""
    return Fraction((other or 0) - base, base) if base else None


def decimal_text(exact: Fraction, decimals: int = RATE_DECIMALS) -> str:
    """Write a fraction as a decimal, rounded half away from zero."""
    scaled = abs(exact) * 10**decimals
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    whole, rest = divmod(units, 10**decimals)
    return f"{'-' if exact < 0 and units else ''}{whole}.{rest:0{decimals}d}"


def _row(found: Pair) -> ComparedRow:
    return ComparedRow(_change(found), found.base, found.other, found.match, found.note)


def _change(found: Pair) -> Change:
    base, other = _fen(found.base), _fen(found.other)
    if base == other:
        return Change.UNCHANGED
    if base is None:
        return Change.ADDED
    if other is None:
        return Change.REMOVED
    return Change.INCREASED if other > base else Change.DECREASED


def _fen(own: Entry | None) -> int | None:
    return own.fen if own else None


_PLACES = {change: place for place, change in enumerate(Change)}


def _order(row: ComparedRow) -> tuple[int, int, bool, str, str]:
    """Sort rows totally; Python compares texts by code point. Lines without a key come last."""
    base = (row.base.key if row.base else None) or ""
    size = abs(row.difference or 0)
    return (_PLACES[row.change], -size, row.key is None, row.key or "", base)
