"""Characters to lines of text, exactly as printed."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.blocks import Box
    from openbudget.reading.pdf.page import Character

GAP = 0.5
"""White of this width, in parts of the character's height, is read as one space."""
SAME_LINE = 0.5
"""Middles that lie apart by less than this, in parts of the height, stand on one line."""

_TEXT = itemgetter(0)
_LEFT = itemgetter(1)
_ANGLE = itemgetter(5)


class Line(NamedTuple):
    """One printed line and the box around it, in points from the top left corner."""

    text: str
    box: Box


def lines(characters: Sequence[Character]) -> list[Line]:
    """Set characters into lines, from the top down; lines of white space only are left out."""
    if not any(map(_ANGLE, characters)):
        return _upright(characters)
    by_angle: dict[int, list[Character]] = {}
    for character in characters:
        by_angle.setdefault(character[5], []).append(character)
    found = _upright(by_angle.pop(0, []))
    for angle, turned in by_angle.items():
        found.extend(_turned(turned, angle))
    return sorted(found, key=lambda line: (line.box[1], line.box[0]))


def text_of(characters: Sequence[Character]) -> str:
    """Give the text of a cell, its lines joined by line breaks; blank when nothing is printed."""
    if not characters:
        return ""
    if any(map(_ANGLE, characters)):
        return "\n".join(line.text for line in lines(characters))
    return "\n".join(filter(None, map(_joined, _rows(characters))))


def _upright(characters: Sequence[Character]) -> list[Line]:
    texts = ((_joined(row), row) for row in _rows(characters))
    return [Line(text, _around(row)) for text, row in texts if text]


def _turned(characters: Sequence[Character], angle: int) -> Iterable[Line]:
    """Read sideways text by turning the page under it; slanted text is taken as it was drawn."""
    if angle % 90:
        return [Line("".join(map(_TEXT, characters)), _around(characters))]
    upright = _upright([_straightened(character, angle) for character in characters])
    return [Line(line.text, _straightened_box(line.box, -angle)) for line in upright]


def _straightened(character: Character, angle: int) -> Character:
    return character[0], *_straightened_box(character[1:5], angle), 0, character[6]


def _straightened_box(box: Box, angle: int) -> Box:
    """Turn a box clockwise about the corner of the page."""
    left, top, right, bottom = box
    for _ in range(angle // 90 % 4):
        left, top, right, bottom = -bottom, left, -top, right
    return left, top, right, bottom


def _rows(characters: Sequence[Character]) -> Iterable[list[Character]]:
    """Part characters by height; each row is sorted from the left.

    Those of one baseline and size have one middle to the last bit, so that only the few different
    middles are compared; twice of them, to save the halving.
    """
    middles = [character[2] + character[4] for character in characters]
    if len(set(middles)) == 1:  # as in most cells
        yield sorted(characters, key=_LEFT)
        return
    by_middle: dict[float, list[Character]] = {}
    for middle, character in zip(middles, characters, strict=True):
        by_middle.setdefault(middle, []).append(character)
    row: list[Character] = []
    first = 0.0
    for middle in sorted(by_middle):
        level = by_middle[middle]
        if row and middle - first > 2 * SAME_LINE * (level[0][4] - level[0][2]):
            yield sorted(row, key=_LEFT)
            row = []
        if not row:
            first = middle
        row += level
    if row:
        yield sorted(row, key=_LEFT)


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
    return round(min(lefts), 2), round(min(tops), 2), round(max(rights), 2), round(max(bottoms), 2)
