"""What a back end tells about a page: its characters and its ruling lines."""

from __future__ import annotations

from math import cos, radians, sin
from typing import TYPE_CHECKING, NamedTuple, Protocol

from openbudget.reading.pdf.runs import runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.blocks import Box
    from openbudget.reading.pdf.runs import Run

QUARTER = 90
FULL_TURN = 360
LETTER: Box = (0.0, 0.0, 612.0, 792.0)
"""What viewers take for a page without a usable size."""


Edge = tuple[float, float, float, float]
"""A straight ruling line in points: left, top, right, bottom; horizontal where top is bottom."""


class PageSource(Protocol):
    """An open PDF. Pages are 0-based; every method raises `UnreadableFileError` only."""

    def page_count(self) -> int:
        """Tell how many pages the document says it has."""

    def runs(self, page: int) -> Sequence[Run]:
        """List the runs of characters that are printed on a page, in no particular order."""

    def edges(self, page: int) -> Sequence[Edge]:
        """List the ruling lines of a page: stroked lines and boxes, and thin filled boxes."""

    def close(self) -> None:
        """Release what the back end holds; further calls do nothing."""


class Frame(NamedTuple):
    """The visible part of a page in the coordinates of the PDF, and how it is turned."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int = 0

    @classmethod
    def of(cls, media: Box, crop: Box | None, rotation: int) -> Frame:
        """Take the crop box where it shows anything; odd rotations count as none."""
        turned = rotation % FULL_TURN if rotation % QUARTER == 0 else 0
        sheet = _ordered(media)
        sheet = _intersection(sheet, sheet) or LETTER
        inner = _intersection(sheet, _ordered(crop)) if crop else None
        return cls(*(inner or sheet), turned)

    @property
    def size(self) -> tuple[float, float]:
        """Give width and height as a reader sees them, in points."""
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation in {QUARTER, 3 * QUARTER} else (width, height)

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Turn a point of the PDF into points from the top left corner."""
        if self.rotation == 0:
            return x - self.left, self.top - y
        if self.rotation == QUARTER:
            return y - self.bottom, x - self.left
        if self.rotation == 2 * QUARTER:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Turn two opposite corners into a box from the top left corner."""
        ax, ay = self.point(x0, y0)
        bx, by = self.point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def angle(self, degrees: float) -> int:
        """Tell how a direction of writing in the PDF looks on the turned page."""
        return round(degrees - self.rotation) % FULL_TURN

    def shown(self, runs: Iterable[Run]) -> list[Run]:
        """Leave out the characters whose middle lies off the visible page."""
        width, height = self.size
        found = []
        for run in runs:
            _, lefts, rights, top, bottom, _, _ = run
            if 0 <= top + bottom <= 2 * height:
                if lefts[0] + rights[0] >= 0 and lefts[-1] + rights[-1] <= 2 * width:
                    found.append(run)
                else:
                    found += runs_of(c for c in run.characters() if 0 <= c[1] + c[3] <= 2 * width)
        return found


def turned_box(
    origin: tuple[float, float], degrees: float, advance: float, heights: tuple[float, float]
) -> Box:
    """Give the upright box around a turned character, in the coordinates of the PDF.

    `heights` are its lower and upper end over the baseline, in points.
    """
    along, across = cos(radians(degrees)), sin(radians(degrees))
    xs, ys = [], []
    for forward in (0.0, advance):
        for up in heights:
            xs.append(origin[0] + forward * along - up * across)
            ys.append(origin[1] + forward * across + up * along)
    return min(xs), min(ys), max(xs), max(ys)


def _ordered(box: Box) -> Box:
    """Some producers write the corners of a page the other way round."""
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _intersection(one: Box, other: Box) -> Box | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left < right and bottom < top else None
