"""Characters to lines of text, exactly as printed."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from openbudget.blocks import Box
    from openbudget.reading.pdf.page import Character

GAP = 0.5
"""White of this width, in parts of the character's height, is read as one space."""
SAME_LINE = 0.5
"""Middles that lie apart by less than this, in parts of the height, stand on one line."""

_LEFT = attrgetter("left")


class Line(NamedTuple):
    """One printed line and the box around it, in points from the top left corner."""

    text: str
    box: Box


def lines(characters: Iterable[Character]) -> list[Line]:
    """Set characters into lines, from the top down; lines of white space only are left out."""
    by_angle: dict[int, list[Character]] = {}
    for character in characters:
        by_angle.setdefault(character.angle, []).append(character)
    if not by_angle.keys() - {0}:
        return _upright(by_angle.get(0, []))
    found = _upright(by_angle.pop(0, []))
    for angle, turned in by_angle.items():
        found.extend(_turned(turned, angle))
    return sorted(found, key=lambda line: (line.box[1], line.box[0]))


def text_of(characters: Sequence[Character]) -> str:
    """Give the text of a cell, its lines joined by line breaks; blank when nothing is printed."""
    return "\n".join(line.text for line in lines(characters)) if characters else ""


def _upright(characters: list[Character]) -> list[Line]:
    found = []
    for row in _rows(characters):
        text = _joined(row)
        if text:
            found.append(Line(text, _around(row)))
    return found


def _turned(characters: Sequence[Character], angle: int) -> Iterable[Line]:
    """Read sideways text by turning the page under it; slanted text is taken as it was drawn."""
    if angle % 90:
        return [Line("".join(c.text for c in characters), _around(characters))]
    upright = _upright([_straightened(character, angle) for character in characters])
    return [Line(line.text, _straightened_box(line.box, -angle)) for line in upright]


def _straightened(character: Character, angle: int) -> Character:
    left, top, right, bottom = _straightened_box(character[1:5], angle)
    return character._replace(left=left, top=top, right=right, bottom=bottom, angle=0)


def _straightened_box(box: Box, angle: int) -> Box:
    """Turn a box clockwise about the corner of the page."""
    left, top, right, bottom = box
    for _ in range(angle // 90 % 4):
        left, top, right, bottom = -bottom, left, -top, right
    return left, top, right, bottom


def _rows(characters: list[Character]) -> Iterable[list[Character]]:
    """Part characters by height; each row is sorted from the left.

    Twice the middle is compared with twice the distance, to save the halving.
    """
    placed = sorted([(c.top + c.bottom, c.left, c) for c in characters])
    row: list[Character] = []
    first = 0.0
    for middle, _, character in placed:
        if row and middle - first > 2 * SAME_LINE * (character.bottom - character.top):
            yield sorted(row, key=_LEFT)
            row = []
        if not row:
            first = middle
        row.append(character)
    if row:
        yield sorted(row, key=_LEFT)


def _joined(row: list[Character]) -> str:
    """Join one line, with a space for every wide gap; a space under a character parts nothing.

    Word sets the mark at the end of a paragraph as a space, often under the next text.
    """
    parts: list[str] = []
    visible = False
    end = row[0].left
    for index, character in enumerate(row):
        left, right = character.left, character.right
        if character.text.isspace():
            following = row[index + 1].left if index + 1 < len(row) else right
            if min(right, following) - max(left, end) < (right - left) / 2:
                continue
        else:
            visible = True
            if left - end > GAP * (character.bottom - character.top) and parts[-1:] != [" "]:
                parts.append(" ")
        parts.append(character.text)
        end = max(end, right)
    return "".join(parts) if visible else ""


def _around(characters: Sequence[Character]) -> Box:
    seen = [c for c in characters if not c.text.isspace()] or characters
    return (
        round(min(c.left for c in seen), 2),
        round(min(c.top for c in seen), 2),
        round(max(c.right for c in seen), 2),
        round(max(c.bottom for c in seen), 2),
    )
