"""Edges to ruling lines: snapped to one another, joined, and parted into tables.

All figures are points from the top left corner of the page.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from openbudget.errors import LimitExceededError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.reading.pdf.page import Edge

REACH = 3.0
"""Lines this near to each other are one (double borders); ends this near to a line touch it."""


Stroke = tuple[float, float, float]
"""A line as it was drawn: where it runs on the other axis, and from where to where."""


class Rule(NamedTuple):
    """A ruling line: where it runs on the other axis, and from where to where."""

    at: float
    start: float
    end: float


class Ruling(NamedTuple):
    """The lines of one table, all connected with each other."""

    horizontal: list[Rule]
    vertical: list[Rule]


def rulings(edges: Iterable[Edge], most_crossings: int) -> list[Ruling]:
    """Part the edges of a page into tables; raises `LimitExceededError` over `most_crossings`.

    Lines that touch no line of the other direction (underlines, say) are no table.
    """
    across: list[Stroke] = []
    down: list[Stroke] = []
    for left, top, right, bottom in edges:
        if top == bottom:
            across.append((top, left, right))
        elif left == right:
            down.append((left, top, bottom))
    horizontal, vertical = snapped(across), snapped(down)
    return [closed(ruling) for ruling in _connected(horizontal, vertical, most_crossings)]


def snapped(strokes: list[Stroke]) -> list[Rule]:
    """Move lines that lie within `REACH` onto one, and join what touches there; sorted."""
    strokes.sort()
    joined: list[Rule] = []
    first = 0
    for index, (at, _, _) in enumerate(strokes):
        # Measured from the first line of a bundle, so that a bundle cannot creep over a row.
        if at - strokes[first][0] > REACH:
            joined += _joined(strokes[first:index])
            first = index
    if strokes:
        joined += _joined(strokes[first:])
    return joined


def _joined(bundle: list[Stroke]) -> Iterable[Rule]:
    """Join the lines of one bundle; what stays shorter than `REACH` is a dot, not a line."""
    at = round((bundle[0][0] + bundle[-1][0]) / 2, 2)
    spans = sorted([stroke[1:] for stroke in bundle])
    (start, end), joined = spans[0], []
    for next_start, next_end in spans:
        if next_start - end > REACH:
            joined.append((start, end))
            start, end = next_start, next_end
        elif next_end > end:
            end = next_end
    joined.append((start, end))
    return [Rule(at, start, end) for start, end in joined if end - start >= REACH]


def positions(rules: Iterable[Rule]) -> list[float]:
    """List where the lines run, once each, sorted."""
    return sorted({rule.at for rule in rules})


def reached(places: Sequence[float], rule: Rule) -> tuple[int, int]:
    """Give the first and the last of the sorted places that a line reaches (last < first: none)."""
    first = bisect_left(places, rule.start - REACH)
    return first, bisect_right(places, rule.end + REACH, first) - 1


def _connected(
    horizontal: list[Rule], vertical: list[Rule], most_crossings: int
) -> Iterable[Ruling]:
    xs, ys = positions(vertical), positions(horizontal)
    if len(xs) * len(ys) > most_crossings:
        raise LimitExceededError(
            f"a page has {len(ys)} by {len(xs)} ruling lines;"
            f" at most {most_crossings} crossings are read"
        )
    leader = list(range(len(horizontal) + len(vertical)))
    crossings = _crossings(vertical, xs, ys, len(horizontal))
    crossed_before: dict[tuple[int | None, ...], int] = {}
    for number, rule in enumerate(horizontal):
        first, last = reached(xs, rule)
        crossed = tuple(crossings[bisect_left(ys, rule.at)][first : last + 1])
        before = crossed_before.setdefault(crossed, number)
        # Most lines of a table cross just what the line before them does.
        for other in crossed if before == number else (before,):
            if other is not None:
                leader[_leader(leader, number)] = _leader(leader, other)
    return _parted(leader, horizontal, vertical)


def _crossings(
    vertical: list[Rule], xs: Sequence[float], ys: Sequence[float], first_number: int
) -> list[list[int | None]]:
    """Tell for each row which vertical line crosses it at each column."""
    crossings: list[list[int | None]] = [[None] * len(xs) for _ in ys]
    for number, rule in enumerate(vertical, first_number):
        x = bisect_left(xs, rule.at)
        first, last = reached(ys, rule)
        for row in crossings[first : last + 1]:
            row[x] = number
    return crossings


def _leader(leader: list[int], number: int) -> int:
    while leader[number] != number:
        leader[number] = leader[leader[number]]
        number = leader[number]
    return number


def _parted(leader: list[int], horizontal: list[Rule], vertical: list[Rule]) -> Iterable[Ruling]:
    tables: dict[int, Ruling] = {}
    for number, rule in enumerate([*horizontal, *vertical]):
        table = tables.setdefault(_leader(leader, number), Ruling([], []))
        (table.horizontal if number < len(horizontal) else table.vertical).append(rule)
    return [table for table in tables.values() if table.horizontal and table.vertical]


def closed(ruling: Ruling) -> Ruling:
    """Add the outer sides that a table leaves open by custom: lines that end together past it.

    Tables without a left and right border are common, and so are those whose last row on a page
    has no lower border.
    """
    horizontal, vertical = ruling
    columns = positions(vertical)
    rows = positions(horizontal)
    return Ruling(
        [*horizontal, *_missing_sides(vertical, rows[0], rows[-1])],
        [*vertical, *_missing_sides(horizontal, columns[0], columns[-1])],
    )


def _missing_sides(rules: list[Rule], first: float, last: float) -> list[Rule]:
    """Find where at least two lines end together before the first or after the last crossing."""
    low, high = min(rule.start for rule in rules), max(rule.end for rule in rules)
    sides = []
    if low < first - REACH:
        ends = [rule.at for rule in rules if rule.start <= low + REACH]
        sides.append(Rule(round(low, 2), min(ends), max(ends)))
    if high > last + REACH:
        ends = [rule.at for rule in rules if rule.end >= high - REACH]
        sides.append(Rule(round(high, 2), min(ends), max(ends)))
    return [side for side in sides if side.end - side.start >= REACH]
