"""Texts split for searching: what the index holds of a text, and what a query asks for.

A text is a row of *units*: a Chinese character is one, and so is a word of Latin letters or digits.
Spaces and quotes say nothing, other signs part what is beside them. The index holds, as terms, each
two units that follow each other and each word; a name also has each of its characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Literal, NamedTuple

from openbudget.budget.folding import fold_characters

BREAK = "/"
"""Stands between units that a sign parts; no unit holds it, nor a space, nor `NAME`."""
NAME = "|"
"""Begins and ends a name among the units of an entry."""
_QUOTES = frozenset("“”\"‘’'「」《》")
_LONGEST = 64
"""Characters of a word in a term; the units hold the whole word."""
_MOST_KEPT = 65_536
_MOST, _BESIDE_TERM = 1_000_000, 6
"""Bytes of all terms of an entry, with what a `tsvector` keeps beside each."""

Kind = Literal["character", "word", "break"]


class Unit(NamedTuple):
    """A unit, folded, and where it stands in its text."""

    text: str
    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query; a `single` character is looked for in names and codes only."""

    needle: str
    single: bool


@dataclass(frozen=True, slots=True)
class Query:
    """What a query asks for: all of its words, better one behind the other as a `phrase`.

    Both are units with a space around each, as entries have them; `terms` are those of the index.
    """

    phrase: str
    words: tuple[Word, ...]
    terms: tuple[str, ...]


def split_units(text: str) -> list[Unit]:
    """Split a text into units, with a break where a sign parts them."""
    found: list[Unit] = []
    word, begin, end = "", 0, 0
    for place, character in enumerate(text):
        for folded, kind in _folded(character):
            if kind == "word":
                begin = begin if word else place
                word, end = word + folded, place + 1
                continue
            if word:
                _add(found, Unit(word, begin, end, "word"))
                word = ""
            if kind is not None:
                _add(found, Unit(folded, place, place + 1, kind))
    if word:
        _add(found, Unit(word, begin, end, "word"))
    return found


def _add(found: list[Unit], unit: Unit) -> None:
    """Add a unit; several breaks are one, and a sign inside a number (1,800.00) parts nothing."""
    last = found[-1] if found else None
    if last is not None and last.kind == "break":
        if unit.kind == "break":
            found[-1] = last._replace(end=unit.end)
            return
        if unit.kind == "word" and len(found) > 1 and _inside(found[-2], last, unit):
            found.pop()
    found.append(unit)


def _inside(before: Unit, sign: Unit, after: Unit) -> bool:
    beside = before.end == sign.start and sign.end == after.start
    return before.kind == "word" and beside and sign.end - sign.start == 1


@lru_cache(maxsize=_MOST_KEPT)
def _folded(character: str) -> tuple[tuple[str, Kind | None], ...]:
    """Fold a character, with the kind of each one it becomes; spaces and quotes have none."""
    normal = unicodedata.normalize("NFKD", character)
    bare = "".join(c for c in normal if not unicodedata.combining(c))
    kinds = ((c, _kind(c)) for c in fold_characters(bare).casefold())
    return tuple((BREAK if kind == "break" else c, kind) for c, kind in kinds)


def _kind(character: str) -> Kind | None:
    category = unicodedata.category(character)
    if category in ("Lu", "Ll", "Lt", "Nd"):
        return "word"
    if category[0] in "LN":
        return "character"
    is_blank = character.isspace() or category == "Cf" or character in _QUOTES
    return None if is_blank else "break"


class _Spread(dict[int, str]):
    """What each character becomes where a text is split: units of one character with spaces around.

    A sign that is one character is left beside what it touches, to tell one inside a number.
    """

    def __missing__(self, code: int) -> str:
        folded = _folded(chr(code))
        kinds = {kind for _, kind in folded}
        if kinds == {"break"}:
            spread = BREAK
        else:
            spread = "".join(_set_apart(text, kind) for text, kind in folded) or _MARK
        if len(self) < _MOST_KEPT:
            self[code] = spread
        return spread


def _set_apart(text: str, kind: Kind | None) -> str:
    return text if kind == "word" else f" {text} " if kind else " "


_SPREAD = _Spread()
_MARK = "\0"
"""What combining marks become: nothing in a word, and no neighbour of a sign."""
_INSIDE = re.compile(rf"(?<=[^\s{BREAK}{_MARK}]){BREAK}(?=[^\s{BREAK}{_MARK}])")
_BREAKS = re.compile(rf"{BREAK}[{BREAK}{_MARK}\s]*")


def unit_texts(text: str) -> list[str]:
    """Give the texts of the units of a text, as `split_units` does with their places.

    Everything that is stored passes here, so all is done by the characters' translation.
    """
    spread = text.translate(_SPREAD)
    if BREAK in spread:
        spread = _BREAKS.sub(f" {BREAK} ", _INSIDE.sub(" ", spread))
    return spread.replace(_MARK, "").split()


def write_units(units: Iterable[str]) -> str:
    """Write units with a space around each, without breaks at the ends; "" where there are none."""
    bare = " ".join(units).strip(f" {BREAK}")
    return f" {bare} " if bare else ""


def index_terms(names: Iterable[list[str]], texts: Iterable[list[str]]) -> str:
    """Give the terms of an entry, each once, in one order.

    They are as many as PostgreSQL takes of one entry, the first ones: more than any section has.
    """
    found: dict[str, None] = {}
    for units in names:
        found |= dict.fromkeys(_terms(units, singles=True))
    for units in texts:
        found |= dict.fromkeys(_terms(units, singles=False))
    sizes = accumulate(len(term) + _BESIDE_TERM for term in found)
    return " ".join(sorted(t for t, size in zip(found, sizes, strict=True) if size < _MOST))


def _terms(units: Iterable[str], *, singles: bool) -> Iterator[str]:
    """Give each word, each two neighbours unless both are whole words, and `singles`."""
    before, whole = "", True
    for unit in units:
        if unit == BREAK:
            before = ""
            continue
        term, is_word = _term(unit), len(unit) > 1
        if singles or is_word:
            yield term
        if before and not (whole and is_word):
            yield before + term
        before, whole = term, is_word


@lru_cache(maxsize=_MOST_KEPT)
def _term(unit: str) -> str:
    """Write a unit in small Latin letters and digits, which no engine splits or folds further."""
    shown = (c if c.isascii() else f"x{ord(c):x}" for c in unit[:_LONGEST])
    return ("w" if unit[0].isascii() else "") + "".join(shown)


def parse_query(text: str) -> Query | None:
    """Take a query apart; None where there is nothing in it to look for.

    Spaces and signs part words. Single characters with spaces between are one word, as the
    headings of tables are printed (收    入).
    """
    parts = [unit_texts(part) for part in text.split()]
    if len(parts) > 1 and all(map(_is_character, parts)):
        parts = [[unit for part in parts for unit in part]]
    runs = dict.fromkeys(
        tuple(run)
        for part in parts
        for is_break, run in groupby(part, lambda unit: unit == BREAK)
        if not is_break
    )
    if not runs:
        return None
    words = tuple(Word(write_units(run), len(run) == 1 and len(run[0]) == 1) for run in runs)
    terms = (
        term
        for run, word in zip(runs, words, strict=True)
        for term in _terms(run, singles=word.single)
    )
    return Query(write_units(unit_texts(text)), words, tuple(dict.fromkeys(terms)))


def _is_character(units: list[str]) -> bool:
    return len(units) == 1 and len(units[0]) == 1 and _kind(units[0]) == "character"
