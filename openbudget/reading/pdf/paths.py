"""Drawn paths to ruling lines, whatever the back end."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openbudget.reading.pdf.page import Edge, Frame

Point = tuple[float, float]
Drawn = tuple[float, float, float, float]
"""A straight line in the coordinates of the PDF: left, bottom, right, top."""

THIN = 3.0
"""A box not thicker than this, in points, serves as a line. Borders are 0.5 to 2.25 wide."""
STRAIGHT = 1.0
"""A line that leaves its axis by no more than this, in points, still counts as straight."""


def box_edges(x0: float, y0: float, x1: float, y1: float, stroked: bool) -> Sequence[Drawn]:
    """Give the ruling lines of one box: its middle where it is thin, else its stroked sides.

    A filled box that is not thin is shading and rules nothing. A dot counts both ways, since
    dotted borders are drawn as rows of dots.
    """
    flat, slim = y1 - y0 <= THIN, x1 - x0 <= THIN
    if flat or slim:
        y, x = (y0 + y1) / 2, (x0 + x1) / 2
        across, down = (x0, y, x1, y), (x, y0, x, y1)
        return (across, down) if flat and slim else (across,) if flat else (down,)
    if not stroked:
        return ()
    return (x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)


def outline_edges(pieces: Sequence[Sequence[Point]], stroked: bool) -> Iterator[Drawn]:
    """Give the ruling lines of one subpath, cut into straight pieces wherever it bends in a curve.

    A closed subpath repeats its first point. A filled shape with curves is no box.
    """
    if len(pieces) == 1:
        yield from _piece_edges(pieces[0], stroked)
    elif stroked:
        for piece in pieces:
            yield from _piece_edges(piece, stroked)


def _piece_edges(points: Sequence[Point], stroked: bool) -> Iterator[Drawn]:
    if len(points) < 2:  # noqa: PLR2004  one point is no line
        return
    xs, ys = [x for x, _ in points], [y for _, y in points]
    x0, y0, x1, y1 = min(xs), min(ys), max(xs), max(ys)
    if x1 - x0 <= THIN or y1 - y0 <= THIN:
        yield from box_edges(x0, y0, x1, y1, stroked)
    elif stroked:
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) <= STRAIGHT or abs(ax - bx) <= STRAIGHT:
                yield from box_edges(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), stroked)


def shown(drawn: Iterable[Drawn], frame: Frame) -> list[Edge]:
    """Turn lines in the coordinates of the PDF into those a reader sees, cut off at the page."""
    width, height = frame.size
    upright, page_left, page_top = frame.rotation == 0, frame.left, frame.top
    found: list[Edge] = []
    for line in drawn:
        left, bottom, right, top = line
        if upright:
            left, top, right, bottom = (
                left - page_left, page_top - top, right - page_left, page_top - bottom,
            )  # fmt: skip
        else:
            left, top, right, bottom = frame.box(*line)
        if left >= 0 and top >= 0 and right <= width and bottom <= height:  # as nearly all are
            found.append((left, top, right, bottom))
        elif left <= width and right >= 0 and top <= height and bottom >= 0:
            found.append((max(left, 0), max(top, 0), min(right, width), min(bottom, height)))
    return found
