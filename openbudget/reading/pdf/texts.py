"""Characters to lines of text, exactly as printed."""

from __future__ import annotations

from itertools import chain
from operator import itemgetter, sub
from typing import TYPE_CHECKING, NamedTuple

from openbudget.reading.pdf.runs import GAP, runs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.blocks import Box
    from openbudget.reading.pdf.runs import Character, Run

SAME_LINE = 0.5
"""Middles that lie apart by less than this, in parts of the height, stand on one line."""

_TEXT = itemgetter(0)
_LEFT = itemgetter(1)
_ANGLE = itemgetter(5)


class Line(NamedTuple):
    """One printed line and the box around it, in points from the top left corner."""

    text: str
    box: Box


def lines(runs: Sequence[Run]) -> list[Line]:
    """Set runs into lines, from the top down; lines of white space only are left out."""
    if not any(map(_ANGLE, runs)):
        return _upright(runs)
    by_angle: dict[int, list[Run]] = {}
    for run in runs:
        by_angle.setdefault(run.angle, []).append(run)
    found = _upright(by_angle.pop(0, []))
    for angle, turned in by_angle.items():
        found.extend(_turned([*_characters(turned)], angle))
    return sorted(found, key=lambda line: (line.box[1], line.box[0]))


def text_of(runs: Sequence[Run]) -> str:
    """Give the text of a cell, its lines joined by line breaks; blank when nothing is printed."""
    if not runs:
        return ""
    if len(runs) == 1 and not runs[0].angle:  # as in most cells
        return _text(runs)
    if any(map(_ANGLE, runs)):
        return "\n".join(line.text for line in lines(runs))
    return "\n".join(filter(None, map(_text, _rows(runs))))


def _upright(runs: Sequence[Run]) -> list[Line]:
    texts = ((_text(row), row) for row in _rows(runs))
    return [Line(text, _box(row)) for text, row in texts if text]


def _turned(characters: Sequence[Character], angle: int) -> Iterable[Line]:
    """Read sideways text by turning the page under it; slanted text is taken as it was drawn."""
    if angle % 90:
        return [Line("".join(map(_TEXT, characters)), _around(characters))]
    upright = _upright(runs_of(_straightened(character, angle) for character in characters))
    return [Line(line.text, _straightened_box(line.box, -angle)) for line in upright]


def _straightened(character: Character, angle: int) -> Character:
    return character[0], *_straightened_box(character[1:5], angle), 0, character[6]


def _straightened_box(box: Box, angle: int) -> Box:
    """Turn a box clockwise about the corner of the page."""
    left, top, right, bottom = box
    for _ in range(angle // 90 % 4):
        left, top, right, bottom = -bottom, left, -top, right
    return left, top, right, bottom


def _characters(runs: Iterable[Run]) -> Iterable[Character]:
    return chain.from_iterable(run.characters() for run in runs)


def _rows(runs: Sequence[Run]) -> Iterable[Sequence[Run]]:
    """Part runs by height."""
    by_middle: dict[float, list[Run]] = {}
    for run in runs:
        by_middle.setdefault(run.top + run.bottom, []).append(run)
    rows: list[list[Run]] = []
    first = 0.0
    for middle in sorted(by_middle):  # twice of them, to save the halving
        level = by_middle[middle]
        if not rows or middle - first > 2 * SAME_LINE * (level[0].bottom - level[0].top):
            rows.append([])
            first = middle
        rows[-1] += level
    return rows


def _text(row: Sequence[Run]) -> str:
    """Give the text of one line; blank when it is white space only."""
    if len(row) == 1:
        text = row[0].text
        if text.isspace():
            return ""
        if text.split() == [text] or _is_loose(row[0]):
            return text
    return _joined(sorted(_characters(row), key=_LEFT))


def _box(row: Sequence[Run]) -> Box:
    """Give the box around what is no white space."""
    if len(row) > 1:
        return _around([*_characters(row)])
    text, lefts, rights, top, bottom, *_ = row[0]
    first, last = len(text) - len(text.lstrip()), len(text.rstrip()) - 1
    return _rounded(lefts[first], top, rights[last], bottom)


def _is_loose(run: Run) -> bool:
    """Tell whether surely no space is half under its neighbours: none is even a fifth."""
    _, lefts, rights, *_ = run
    narrowest: float = min(map(sub, rights, lefts))
    overlap: float = max(map(sub, rights, lefts[1:]), default=0)
    return narrowest >= 5 * overlap


def _joined(row: Sequence[Character]) -> str:
    """Join one line, with a space for every wide gap; blank when it is white space only.

    A space under a character parts nothing: Word sets the mark at the end of a paragraph as a
    space, often under the next text.
    """
    parts: list[str] = []
    held: list[Character] = []
    end, visible = row[0][1], False
    for character in row:
        text, left, top, right, bottom, _, _ = character
        if text.isspace():
            held.append(character)
            continue
        visible = True
        if held:
            end = _keep_spaces(held, parts, end, left)
        if left - end > GAP * (bottom - top) and not (parts and parts[-1].isspace()):
            parts.append(" ")
        parts.append(text)
        end = right if right > end else end  # noqa: FURB136  `max` takes a call a character
    if not visible:
        return ""
    _keep_spaces(held, parts, end, float("inf"))
    return "".join(parts)


def _keep_spaces(held: list[Character], parts: list[str], end: float, following: float) -> float:
    """Move the spaces that are at least half free into the text; give where it ends then."""
    for text, left, _, right, _, _, _ in held:
        if min(right, following) - max(left, end) >= (right - left) / 2:
            parts.append(text)
            end = max(end, right)
    held.clear()
    return end


def _around(characters: Sequence[Character]) -> Box:
    seen = [character for character in characters if not character[0].isspace()] or characters
    _, lefts, tops, rights, bottoms, _, _ = zip(*seen, strict=True)
    return _rounded(min(lefts), min(tops), max(rights), max(bottoms))


def _rounded(*box: float) -> Box:
    left, top, right, bottom = box
    return round(left, 2), round(top, 2), round(right, 2), round(bottom, 2)
