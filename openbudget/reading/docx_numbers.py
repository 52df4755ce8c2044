"""Automatic numbers of a DOCX: printed before a paragraph, but not stored in its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from openbudget.reading.docx_text import child_of, name_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml import etree

_LEVELS = 9
_MOST_STYLES = 50
_DIGITS = "零一二三四五六七八九"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    *((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC")),
    *((50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_ALPHABET = 26
_CIRCLED = 20
_LARGEST = 9999
_PLACE = re.compile(r"%([1-9])")


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = ""
    suffix: str = "\t"
    decimal: bool = False


@dataclass(slots=True)
class _Numbering:
    """A list of the document: its levels, and how far it has counted (shared by its copies)."""

    levels: dict[int, _Level]
    counts: dict[int, int]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbers:
    """The numbers of one document; ask for those of its paragraphs in their order."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        """Take the parts of the document that define lists and styles, where it has them."""
        self._lists = {} if numbering is None else _lists(numbering)
        self._styles = {} if styles is None else _styles(styles)

    def label(self, paragraph: etree._Element) -> str:
        """Count a paragraph and return what is printed before it, with the gap after it."""
        identifier, depth = self._place(paragraph)
        numbering = self._lists.get(identifier)
        if numbering is None or depth not in numbering.levels:
            return ""
        level = numbering.levels[depth]
        _count(numbering, depth)
        text = _PLACE.sub(
            lambda found: _number(numbering, int(found[1]) - 1, decimal=level.decimal), level.text
        )
        return text + level.suffix if text else ""

    def _place(self, paragraph: etree._Element) -> tuple[str, int]:
        """Return the list and the level of a paragraph, its own ones before those of its style."""
        properties = child_of(paragraph, "w:pPr")
        own = _place_of(properties)
        style = child_of(properties, "w:pStyle")
        inherited = self._styles.get(_value(style)) or (None, None)
        identifier = own[0] if own[0] is not None else inherited[0]
        depth = own[1] if own[1] is not None else inherited[1]
        return identifier or "", depth or 0


_Place = tuple[str | None, int | None]


def _place_of(properties: etree._Element | None) -> _Place:
    numbered = child_of(properties, "w:numPr")
    identifier, depth = child_of(numbered, "w:numId"), child_of(numbered, "w:ilvl")
    return (
        None if identifier is None else _value(identifier),
        None if depth is None else _integer(depth, 0),
    )


def _styles(root: etree._Element) -> dict[str, _Place]:
    """Return list and level by style, from the styles they are based on where not their own."""
    named = {value_of(style, "styleId") or "": style for style in root}
    return {name: _inherited(style, named) for name, style in named.items()}


def _inherited(style: etree._Element | None, named: dict[str, etree._Element]) -> _Place:
    identifier: str | None = None
    depth: int | None = None
    for _ in range(_MOST_STYLES):  # styles may be based on each other in a circle
        own = _place_of(child_of(style, "w:pPr"))
        identifier = own[0] if identifier is None else identifier
        depth = own[1] if depth is None else depth
        style = named.get(_value(child_of(style, "w:basedOn")))
        if style is None:
            break
    return identifier, depth


def _lists(root: etree._Element) -> dict[str, _Numbering]:
    abstract = {
        value_of(item, "abstractNumId") or "": _Numbering(_levels(item), {})
        for item in root
        if name_of(item) == "w:abstractNum"
    }
    found = {}
    for item in root:
        base = abstract.get(_value(child_of(item, "w:abstractNumId")))
        if name_of(item) == "w:num" and base is not None:
            found[value_of(item, "numId") or ""] = _copy(base, item)
    return found


def _copy(base: _Numbering, item: etree._Element) -> _Numbering:
    """Make a list that counts on with its base, but for what it overrides."""
    levels, restarts = dict(base.levels), {}
    for override in item:
        if name_of(override) == "w:lvlOverride":
            depth = _digits(value_of(override, "ilvl"), 0)
            start = child_of(override, "w:startOverride")
            levels.update(_levels(override))
            if start is not None:
                restarts[depth] = _integer(start, 1)
    return _Numbering(levels, base.counts, restarts)


def _levels(item: etree._Element) -> dict[int, _Level]:
    return {
        _digits(value_of(level, "ilvl"), 0): _Level(
            start=_integer(child_of(level, "w:start"), 0),
            kind=_value(child_of(level, "w:numFmt")) or "decimal",
            text=_value(child_of(level, "w:lvlText")),
            decimal=child_of(level, "w:isLgl") is not None,
            suffix={"nothing": "", "space": " "}.get(_value(child_of(level, "w:suff")), "\t"),
        )
        for level in item
        if name_of(level) == "w:lvl"
    }


def _count(numbering: _Numbering, depth: int) -> None:
    """Count one at a level: those above it have begun with it, those below it begin anew."""
    for above in range(depth):
        numbering.counts.setdefault(above, _start(numbering, above))
    if depth in numbering.restarts:
        numbering.counts[depth] = numbering.restarts.pop(depth)
    elif depth in numbering.counts:
        numbering.counts[depth] += 1
    else:
        numbering.counts[depth] = _start(numbering, depth)
    for below in range(depth + 1, _LEVELS):
        numbering.counts.pop(below, None)


def _start(numbering: _Numbering, depth: int) -> int:
    return numbering.levels.get(depth, _Level()).start


def _number(numbering: _Numbering, depth: int, *, decimal: bool) -> str:
    kind = "decimal" if decimal else numbering.levels.get(depth, _Level()).kind
    number = numbering.counts.get(depth, _start(numbering, depth))
    return _FORMATS.get(kind, str)(number)


def _roman(number: int) -> str:
    if not 0 < number <= _LARGEST:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _letters(number: int) -> str:
    """Return a letter, after z the doubled ones: aa, bb."""
    if not 0 < number <= _LARGEST:
        return str(number)
    return chr(ord("A") + (number - 1) % _ALPHABET) * ((number - 1) // _ALPHABET + 1)


def _chinese(number: int, digits: str = _DIGITS, units: str = "十百千") -> str:
    if not 0 <= number <= _LARGEST:
        return str(number)
    text = ""
    for place, digit in enumerate(reversed(str(number))):
        unit = units[place - 1] if place else ""
        text = (digits[int(digit)] + unit if digit != "0" else digits[0]) + text
    zero = digits[0]
    text = re.sub(f"{zero}+", zero, text).rstrip(zero) or zero
    # 十一, not 一十一; in the form for cheques every digit is written.
    return text[1:] if digits == _DIGITS and text.startswith("一十") else text


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda number: characters[(number - 1) % len(characters)]


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda number: f"{number:02}",
    "decimalFullWidth": lambda number: str(number).translate(
        {ord("0") + digit: ord("０") + digit for digit in range(10)}
    ),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "chineseLegalSimplified": lambda number: _chinese(number, _LEGAL_DIGITS, "拾佰仟"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalEnclosedCircle": lambda number: (
        chr(ord("①") + number - 1) if 0 < number <= _CIRCLED else str(number)
    ),
}
_FORMATS["decimalEnclosedCircleChinese"] = _FORMATS["decimalEnclosedCircle"]


def _value(element: etree._Element | None) -> str:
    return "" if element is None else value_of(element, "val") or ""


def _integer(element: etree._Element | None, default: int) -> int:
    return _digits(_value(element), default)


def _digits(value: str | None, default: int) -> int:
    return int(value[:6]) if value and value.isascii() and value.isdecimal() else default
