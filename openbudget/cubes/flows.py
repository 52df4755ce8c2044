"""Cubes as SDMX dataflows: a fixed list of dimensions, and keys that say what is asked for.

The key of a query has a part for each dimension but the time, parted by dots (SDMX REST 1.5, data
queries): nothing for every member apart, members parted by ``+``, or ``_T`` for their sum. ``_Z``
is the member of what has no value. Identifiers of SDMX hold ASCII only (``IDType``): every other
character of a member is written as ``$`` and ``$`` around its code point in hexadecimal digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from openbudget.cubes.dialect import MOST_VALUES, Cut
from openbudget.cubes.mistakes import CubeQueryError, QueryMistake
from openbudget.cubes.model import AMOUNT_SUM, COUNT, Dimension, dimensions
from openbudget.cubes.query import CubeQuery
from openbudget.texts import Text
from openbudget.yaml_files import load_yaml

ALL = "all"
TOTAL = "_T"
NOT_APPLICABLE = "_Z"
TIME = "TIME_PERIOD"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_QUOTED = re.compile(r"\$([0-9A-F]{1,6})\$")


@dataclass(frozen=True, slots=True)
class FlowDimension:
    """A dimension of a flow: that of a cube, or one value."""

    id: str
    of: str | None = None
    value: str | None = None

    @property
    def cube(self) -> Dimension | None:
        """The dimension of the cube."""
        return dimensions()[self.of] if self.of else None


@dataclass(frozen=True, slots=True)
class Flow:
    """A dataflow; it has the name of its cube. Its dimensions stand in order, the time last."""

    name: str
    dimensions: tuple[FlowDimension, ...]

    @property
    def key_dimensions(self) -> tuple[FlowDimension, ...]:
        """The dimensions of its keys: all but the time."""
        return self.dimensions[:-1]


Key = Mapping[str, tuple[str, ...]]
"""The members that are asked for, by the id of a dimension; all of them where it is left out."""


@cache
def _data() -> Any:
    source = resources.files("openbudget.cubes") / "flows.yaml"
    return load_yaml(source.read_bytes())


@cache
def flows() -> Mapping[str, Flow]:
    """Give every flow by its name."""
    found = _data()
    known = {name: FlowDimension(name, **given) for name, given in found["dimensions"].items()}
    return {
        name: Flow(name, tuple(known[own] for own in (*found["first"], *given, *found["last"])))
        for name, given in found["flows"].items()
    }


def agency() -> str:
    """Give the agency that maintains the flows."""
    return str(_data()["agency"])


def version() -> str:
    """Give the version of the flows."""
    return str(_data()["version"])


def constant_attributes() -> Mapping[str, str]:
    """Give the attributes that are the same for every observation."""
    found: dict[str, str] = _data()["attributes"]
    return found


def status_of(severity: str | None, *, missing: bool) -> str:
    """Give the code of CL_OBS_STATUS for an observation."""
    found: dict[str, str] = _data()["statuses"]
    return found["missing" if missing else severity or "none"]


def concept_names(identifier: str) -> tuple[str, str]:
    """Give the names of a dimension, an attribute or the value in Chinese and English."""
    found = _data()
    of = found["dimensions"].get(identifier, {}).get("of")
    zh, en = (
        (dimensions()[of].label, dimensions()[of].label_en) if of else found["concepts"][identifier]
    )
    return zh, en


def closed_codes(identifier: str) -> Mapping[str, tuple[str, str]]:
    """Give the codes of a closed vocabulary with their names; none where any may exist."""
    found = _data()
    of = found["dimensions"].get(identifier, {}).get("of")
    words = dimensions()[of].values if of else None
    codes = {**words, **found["special"]} if words else found["codes"].get(identifier, {})
    return {code: (zh, en) for code, (zh, en) in codes.items()}


def write_member(value: Any) -> str:
    """Write a member as an identifier of SDMX that no spreadsheet takes for a formula."""
    if value is None:
        return NOT_APPLICABLE
    text = str(value)
    if _PLAIN.fullmatch(text):
        return text
    return "".join(
        char if _PLAIN.fullmatch("0" * bool(place) + char) else f"${ord(char):X}$"
        for place, char in enumerate(text)
    )


def read_member(text: str) -> str | None:
    """Read a member as `write_member` writes it; None where the text is none."""
    try:
        value = _QUOTED.sub(lambda found: chr(int(found[1], 16)), text)
        value.encode()
    except (ValueError, OverflowError):
        return None
    return value if "\0" not in value and write_member(value) == text else None


def read_key(flow: Flow, text: str) -> Key:
    """Read the key of a query.

    Raises:
        CubeQueryError: it does not have a part for each dimension, or a part is malformed.
    """
    if text == ALL:
        return {}
    parts, own = text.split("."), flow.key_dimensions
    if len(parts) != len(own):
        names = ".".join(one.id for one in own)
        said = "has {count} parts, but {flow} has {right}: {names}"
        detail = Text(said, count=len(parts), flow=flow.name, right=len(own), names=names)
        said = "Part them by dots and leave those empty of which you want every member; or all."
        hint = Text(said)
        raise CubeQueryError([QueryMistake("key", detail, hint=hint)])
    if text.count("+") >= MOST_VALUES:
        detail = Text("has more than {most} members", most=MOST_VALUES)
        raise CubeQueryError([QueryMistake("key", detail)])
    read = {one.id: _part(one, part) for one, part in zip(own, parts, strict=True) if part}
    mistakes = [found for found in read.values() if isinstance(found, QueryMistake)]
    if mistakes:
        raise CubeQueryError(mistakes)
    return {name: found for name, found in read.items() if not isinstance(found, QueryMistake)}


def _part(own: FlowDimension, text: str) -> tuple[str, ...] | QueryMistake:
    """Read the members of one dimension."""
    members = tuple(dict.fromkeys(text.split("+")))
    if TOTAL in members and (len(members) > 1 or own.cube is None):
        detail = Text("{id} has no _T", id=own.id)
        if own.cube:
            detail = Text("{id} is {members!r}: _T stands alone", id=own.id, members=text)
        return QueryMistake("key", detail)
    allowed = _allowed(own)
    for member in members:
        if not (_is_member(member) if allowed is None else member in allowed):
            detail = Text("{member!r} is no member of {id}", member=member, id=own.id)
            return QueryMistake("key", detail, allowed)
    return members


def _is_member(text: str) -> bool:
    return text in (TOTAL, NOT_APPLICABLE) or (text != "" and read_member(text) is not None)


def _allowed(own: FlowDimension) -> tuple[str, ...] | None:
    """Give the members of a closed vocabulary; None where any may exist."""
    if own.cube is None:
        return (str(own.value),)
    words = own.cube.values
    return None if words is None else (*words, NOT_APPLICABLE, TOTAL)


def query_of(
    flow: Flow, key: Key, years: tuple[int | None, int | None], last: str | None, *, series: bool
) -> CubeQuery:
    """Make the query of a flow: grouped by its dimensions, that of the observations `last`.

    Args:
        series: ask which series there are, without the dimension of the observations.
    """
    grouped = [own for own in _grouped(flow, key) if own.id != last]
    if not series:
        grouped += [own for own in _grouped(flow, key) if own.id == last]
    cuts = [Cut(name, (value,)) for name, value in _data()["only"].items()]
    return CubeQuery(
        flow.name,
        cuts=(*cuts, *_cuts(flow, key)),
        drilldown=tuple(own.cube.key_ref for own in grouped if own.cube),
        aggregates=(COUNT,) if series else (AMOUNT_SUM,),
        years=years,
    )


def _grouped(flow: Flow, key: Key) -> list[FlowDimension]:
    return [own for own in flow.dimensions if own.cube and key.get(own.id) != (TOTAL,)]


def _cuts(flow: Flow, key: Key) -> Iterator[Cut]:
    for own in _grouped(flow, key):
        if own.cube and own.id in key:
            read = (None if m == NOT_APPLICABLE else read_member(m) for m in key[own.id])
            yield Cut(own.cube.name, tuple(read))


def place(
    flow: Flow, key: Key, cell: Mapping[str, Any], without: str | None = None
) -> tuple[str, ...]:
    """Give the members of a cell in the order of the flow's dimensions."""
    return tuple(_member(own, key, cell) for own in flow.dimensions if own.id != without)


def _member(own: FlowDimension, key: Key, cell: Mapping[str, Any]) -> str:
    if own.cube is None:
        return str(own.value)
    return TOTAL if key.get(own.id) == (TOTAL,) else write_member(cell[own.cube.key_ref])


def explain(flow: Flow, error: CubeQueryError) -> list[QueryMistake]:
    """Say what is refused in words of keys, with the ways out that a key has."""
    return [_explained(flow, own) if own.dimension else own for own in error.mistakes]


_PARTED_BY = {"item_group": "item"}
"""Dimensions that no flow has, with one that keeps them apart."""


def _explained(flow: Flow, mistake: QueryMistake) -> QueryMistake:
    wanted = _PARTED_BY.get(str(mistake.dimension), mistake.dimension)
    position = next((n for n, own in enumerate(flow.dimensions, 1) if own.of == wanted), None)
    if position is None:
        return mistake
    name = flow.dimensions[position - 1].id
    values: Sequence[Any] = mistake.values if wanted == mistake.dimension else ()
    ways = [*(f"{name}={write_member(value)}" for value in values), f"{name}="]
    said = "Part {place} of the key is {name}: name one of its members, or leave it empty."
    return QueryMistake("key", mistake.detail, ways, Text(said, place=position, name=name))
