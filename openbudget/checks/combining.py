"""Rows of a sum that together are just a difference: the only two or three that are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations, islice

from openbudget.budget.table import BudgetLine
from openbudget.checks.sheets import Sheet, fen_of

_COINCIDENCE = 0.02
"""Combinations are told only where fewer than this many would fit by chance."""


def adding_up(
    lines: Sequence[tuple[Sheet, BudgetLine]], difference: int
) -> Sequence[tuple[Sheet, BudgetLine]]:
    """Give the only two rows, or else the only three, whose sum is the difference."""
    for size in (2, 3):
        if _expected(lines, size) > _COINCIDENCE:
            return ()
        found = list(islice(_sums(lines, size, difference), 2))
        if len(found) == 1:
            return [lines[number] for number in found[0]]
    return ()


def _sums(
    lines: Sequence[tuple[Sheet, BudgetLine]], size: int, difference: int
) -> Iterator[tuple[int, ...]]:
    """Give the numbers of rows that add up to the difference; the last of them is looked up."""
    amounts = [fen_of(line) for _, line in lines]
    places: dict[int, list[int]] = defaultdict(list)
    for number, amount in enumerate(amounts):
        places[amount].append(number)
    for first in combinations(range(len(amounts)), size - 1):
        rest = difference - sum(amounts[number] for number in first)
        for last in places.get(rest, ()):
            if last > first[-1]:
                yield (*first, last)


def _expected(lines: Sequence[tuple[Sheet, BudgetLine]], size: int) -> float:
    """Estimate how many sums of so many rows hit any one amount by chance."""
    count = 1.0
    for number in range(size):
        count = count * (len(lines) - number) / (number + 1)
    spread = max(abs(fen_of(line)) for _, line in lines) / lines[0][0].grain
    return count / max(1.0, spread)
