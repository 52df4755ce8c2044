"""Characters to runs: what stands on one height, one after the other, without a gap.

A page has a tenth as many runs as characters, and nearly every run is all that is printed on one
line of one cell, or a whole line outside: what is done next is done for runs.
"""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Character = tuple[str, float, float, float, float, int, bool | None]
"""One printed character: its text, its box in points from the top left corner of the page (left,
top, right, bottom), its angle, and whether it is visible, as in a `Run`."""

GAP = 0.5
"""White of this width, in parts of the character's height, is read as one space."""

_HEIGHT = itemgetter(2, 4, 5, 6)


class Run(NamedTuple):
    """Characters of one height, in points from the top left corner of the page.

    Each character of the text has its left and its right side. Neither goes back from one to the
    next, and no white between them is wider than `GAP`.

    The angle is the direction of writing as a reader sees it, in degrees anticlockwise; None for
    visible is where the back end cannot tell.
    """

    text: str
    lefts: Sequence[float]
    rights: Sequence[float]
    top: float
    bottom: float
    angle: int = 0
    visible: bool | None = None

    def parts(self, cuts: Iterable[int]) -> list[Run]:
        """Cut the run before some of its characters."""
        text, lefts, rights, top, bottom, angle, visible = self
        return [
            Run(text[start:end], lefts[start:end], rights[start:end], top, bottom, angle, visible)
            for start, end in pairwise([0, *cuts, len(text)])
        ]

    def characters(self) -> Iterator[Character]:
        """List the characters one by one."""
        text, lefts, rights, top, bottom, angle, visible = self
        for character, left, right in zip(text, lefts, rights, strict=True):
            yield character, left, top, right, bottom, angle, visible


def runs_of(characters: Iterable[Character]) -> list[Run]:
    """Set characters into runs; those of a run follow one another among the characters, too."""
    runs: list[list[Character]] = []
    for character in characters:
        if runs and _follows(character, runs[-1][-1]):
            runs[-1].append(character)
        else:
            runs.append([character])
    return [_run(run) for run in runs]


def _follows(character: Character, before: Character) -> bool:
    _, left, top, right, bottom, *_ = character
    return (
        _HEIGHT(character) == _HEIGHT(before)
        and before[1] <= left
        and left - before[3] <= GAP * (bottom - top)
        and before[3] <= right
    )


def _run(characters: Sequence[Character]) -> Run:
    texts, lefts, _, rights, *_ = zip(*characters, strict=True)
    return Run("".join(texts), lefts, rights, *_HEIGHT(characters[0]))
