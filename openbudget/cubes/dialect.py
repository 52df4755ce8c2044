"""Babbage's little language: ``drilldown=a|b``, ``cut=a:"x";"y"|b:z``, ``order=a:desc,b``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from openbudget.cubes.mistakes import CubeQueryError, QueryMistake
from openbudget.cubes.model import AGGREGATES, known_refs, resolve

_REF = re.compile(r"[A-Za-z0-9_.]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_BARE = re.compile(r'[^"|;][^|;]*')
_OTHER_SEPARATORS = re.compile(r"[|,;& ]")
_COLON_MISSING = (
    'Write reference:value, several conditions parted by |, such as scope:unit|item:"a".'
)
Value = str | int | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A condition: the reference has one of the values; None stands for no value."""

    ref: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sorting:
    """A reference to sort by."""

    ref: str
    descending: bool = False


def refuse(
    parameter: str, detail: str, allowed: Sequence[str] | None = None, hint: str | None = None
) -> CubeQueryError:
    """Give the error of one mistake."""
    return CubeQueryError([QueryMistake(parameter, detail, allowed, hint)])


MOST_VALUES = 200
"""Values of all cuts together: databases nest no conditions without end."""


def parse_names(
    parameter: str, text: str | None, separator: str, allowed: Sequence[str]
) -> tuple[str, ...]:
    """Read names that are parted by one character; each is taken once.

    Raises:
        CubeQueryError: a name is not among those that are allowed.
    """
    names = tuple(dict.fromkeys(text.split(separator))) if text is not None else ()
    for name in names:
        if name not in allowed:
            hint = _parted(parameter, text or "", separator)
            raise refuse(parameter, f"{name!r} is not known here", allowed, hint)
    return names


def _parted(parameter: str, text: str, separator: str) -> str | None:
    """Say how names are parted, where they are parted in another way."""
    parts = [part.strip() for part in _OTHER_SEPARATORS.split(text)]
    right = separator.join(filter(None, parts))
    if len(parts) == 1 or right == text:
        return None
    return f"Part them by {separator}: {parameter}={right}."


def parse_drilldown(text: str | None) -> tuple[str, ...]:
    """Read what cells are grouped by."""
    return parse_names("drilldown", text, "|", known_refs())


def parse_aggregates(text: str | None) -> tuple[str, ...]:
    """Read which aggregates are asked for: all of them when none is."""
    return parse_names("aggregates", text, "|", AGGREGATES) or AGGREGATES


def parse_order(text: str | None, allowed: Sequence[str]) -> tuple[Sorting, ...]:
    """Read what to sort by.

    Raises:
        CubeQueryError: it is not among what is answered, or the direction is neither.
    """
    found: dict[str, Sorting] = {}
    for part in text.split(",") if text is not None else ():
        ref, colon, direction = part.partition(":")
        if ref not in allowed:
            hint = _parted("order", text or "", ",")
            raise refuse("order", f"{ref!r} is not in the answer", allowed, hint)
        if colon and direction not in ("asc", "desc"):
            raise refuse("order", f"{direction!r} is no direction", ("asc", "desc"))
        found.setdefault(ref, Sorting(ref, direction == "desc"))
    return tuple(found.values())


def parse_cuts(text: str | None) -> tuple[Cut, ...]:
    """Read the cuts; all of them hold.

    Raises:
        CubeQueryError: they are malformed, or name what cannot be cut.
    """
    cuts: list[Cut] = []
    position = 0
    while text is not None and position <= len(text):
        cut, position = _cut(text, position)
        cuts.append(cut)
    if sum(len(cut.values) for cut in cuts) > MOST_VALUES:
        raise refuse("cut", f"has more than {MOST_VALUES} values")
    return tuple(cuts)


def _cut(text: str, start: int) -> tuple[Cut, int]:
    """Read one cut, and give where the next one begins."""
    match = _REF.match(text, start)
    if match is None or text[match.end() : match.end() + 1] != ":":
        detail = f"a reference and a colon are missing at character {start + 1}"
        raise refuse("cut", detail, hint=_with_colon(text, match))
    ref, position = match[0], match.end() + 1
    values: list[Value] = []
    while True:
        value, position = _value(text, position)
        values.append(_checked(ref, value))
        if text[position : position + 1] != ";":
            break
        position += 1
    if position < len(text) and text[position] != "|":
        raise refuse("cut", f"';' or '|' is missing at character {position + 1}")
    return Cut(ref, tuple(dict.fromkeys(values))), position + 1


def _with_colon(text: str, match: re.Match[str] | None) -> str:
    """Say where the colon goes, where another sign stands there."""
    if match and text[match.end() : match.end() + 1] == "=":
        return f"Write a colon: cut={text[: match.end()]}:{text[match.end() + 1 :]}."
    return _COLON_MISSING


def _value(text: str, start: int) -> tuple[str | None, int]:
    """Read a value: quoted as in JSON, or bare; nothing at all stands for no value."""
    if text[start : start + 1] == '"':
        match = _QUOTED.match(text, start)
        value = _unquoted(match[0]) if match else None
        if match is None or value is None:
            raise refuse("cut", f"the quoted value at character {start + 1} is malformed")
        return value, match.end()
    bare = _BARE.match(text, start)
    return (bare[0], bare.end()) if bare else (None, start)


def _unquoted(text: str) -> str | None:
    """Read a quoted value; None where it is malformed, or no text that a database could hold."""
    try:
        value = str(json.loads(text))
        value.encode()
    except ValueError:
        return None
    return None if "\0" in value else value


def _checked(ref: str, value: str | None) -> Value:
    found = resolve(ref)
    if found is None:
        raise refuse("cut", f"{ref!r} is not known here", known_refs())
    dimension, attribute = found
    if value is None or attribute not in (None, dimension.key):
        return value
    if dimension.datatype == "integer":
        return _year(ref, value)
    if dimension.values is not None and value not in dimension.values:
        raise refuse("cut", f"{value!r} is no value of {ref}", tuple(dimension.values))
    if dimension.name in ("document", "project", "line") and "@" in value:
        detail = f"{value!r} is one version of a document: cubes hold the current ones only"
        raise CubeQueryError(
            [QueryMistake("cut", detail, hint="Leave @version out, or use /v1/lines?document=.")]
        )
    return value


def _year(ref: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", value):
        hint = "Part conditions by |, and values of one by ;." if "," in value else None
        detail = f"{value!r} is no value of {ref}: a year has four digits"
        raise refuse("cut", detail, hint=hint)
    return int(value)
