"""Babbage's little language: ``drilldown=a|b``, ``cut=a:"x";"y"|b:z``, ``order=a:desc,b``."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from openbudget.cubes.mistakes import CubeQueryError, QueryMistake
from openbudget.cubes.model import AGGREGATES, known_refs, resolve
from openbudget.texts import Text

_REF = re.compile(r"[A-Za-z0-9_.]+")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_BARE = re.compile(r'[^"|;][^|;]*')
_OTHER_SEPARATORS = re.compile(r"[|,;& ]")
_COLON_MISSING = Text(
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
    parameter: str, detail: Text, allowed: Sequence[str] | None = None, hint: Text | None = None
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
            detail = Text("{name!r} is not known here", name=name)
            raise refuse(parameter, detail, allowed, hint)
    return names


def _parted(parameter: str, text: str, separator: str) -> Text | None:
    """Say how names are parted, where they are parted in another way."""
    parts = [part.strip() for part in _OTHER_SEPARATORS.split(text)]
    right = separator.join(filter(None, parts))
    if len(parts) == 1 or right == text:
        return None
    said = "Part them by {separator}: {right}."
    return Text(said, separator=separator, right=f"{parameter}={right}")


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
            detail = Text("{name!r} is not in the answer", name=ref)
            raise refuse("order", detail, allowed, hint)
        if colon and direction not in ("asc", "desc"):
            detail = Text("{name!r} is no direction", name=direction)
            raise refuse("order", detail, ("asc", "desc"))
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
        raise refuse("cut", Text("has more than {most} values", most=MOST_VALUES))
    return tuple(cuts)


def _cut(text: str, start: int) -> tuple[Cut, int]:
    """Read one cut, and give where the next one begins."""
    match = _REF.match(text, start)
    if match is None or text[match.end() : match.end() + 1] != ":":
        said = "a reference and a colon are missing at character {place}"
        raise refuse("cut", Text(said, place=start + 1), hint=_with_colon(text, match))
    ref, position = match[0], match.end() + 1
    values: list[Value] = []
    while True:
        value, position = _value(text, position)
        values.append(_checked(ref, value))
        if text[position : position + 1] != ";":
            break
        position += 1
    if position < len(text) and text[position] != "|":
        said = "';' or '|' is missing at character {place}"
        raise refuse("cut", Text(said, place=position + 1))
    return Cut(ref, tuple(dict.fromkeys(values))), position + 1


def _with_colon(text: str, match: re.Match[str] | None) -> Text:
    """Say where the colon goes, where another sign stands there."""
    if match and text[match.end() : match.end() + 1] == "=":
        right = f"cut={text[: match.end()]}:{text[match.end() + 1 :]}"
        return Text("Write a colon: {right}.", right=right)
    return _COLON_MISSING


def _value(text: str, start: int) -> tuple[str | None, int]:
    """Read a value: quoted as in JSON, or bare; nothing at all stands for no value."""
    if text[start : start + 1] == '"':
        match = _QUOTED.match(text, start)
        value = _unquoted(match[0]) if match else None
        if match is None or value is None:
            said = "the quoted value at character {place} is malformed"
            raise refuse("cut", Text(said, place=start + 1))
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
        raise refuse("cut", Text("{name!r} is not known here", name=ref), known_refs())
    dimension, attribute = found
    if value is None or attribute not in (None, dimension.key):
        return value
    if dimension.datatype == "integer":
        return _year(ref, value)
    if dimension.values is not None and value not in dimension.values:
        detail = Text("{value!r} is no value of {name}", value=value, name=ref)
        raise refuse("cut", detail, tuple(dimension.values))
    if dimension.name in ("document", "project", "line") and "@" in value:
        said = "{value!r} is one version of a document: cubes hold the current ones only"
        hint = Text("Leave @version out, or use /v1/lines?document=.")
        raise refuse("cut", Text(said, value=value), hint=hint)
    return value


def _year(ref: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{4}", value):
        hint = Text("Part conditions by |, and values of one by ;.") if "," in value else None
        said = "{value!r} is no value of {name}: a year has four digits"
        raise refuse("cut", Text(said, value=value, name=ref), hint=hint)
    return int(value)
