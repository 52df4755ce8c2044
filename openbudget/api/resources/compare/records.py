"""The records of a comparison: its sides, and its rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from openbudget.api.endpoint import Call
from openbudget.api.list_query import link
from openbudget.api.resources.compare.compared import Compared, ComparedSide
from openbudget.api.resources.compare.query import SIDES, lines_link
from openbudget.budget.measures import load_measures
from openbudget.cubes.comparison import Change, ComparedRow, decimal_text, difference, rate
from openbudget.cubes.following import Entry
from openbudget.cubes.model import dimensions
from openbudget.storage.names import read_department_names

Record = dict[str, Any]


def comparison_record(found: Compared, call: Call) -> Record:
    """Make the record of a whole comparison."""
    asked, (base, other) = found.asked, found.sides
    rows = {change.value: found.comparison.of(change) for change in Change}
    both = all(own.fen is not None for own in found.sides)
    return {
        "between": asked.between,
        "by": asked.axis.name,
        "level": asked.axis.level,
        "follow": asked.follow,
        **dict(zip(SIDES, side_records(found, call), strict=True)),
        "difference": difference(base.fen, other.fen) if both else None,
        "rate": _rate_text(base.fen, other.fen) if both else None,
        "counts": {change: len(own) for change, own in rows.items()},
        **{change: list(row_records(own, found, call)) for change, own in rows.items()},
    }


def side_records(found: Compared, call: Call) -> Iterator[Record]:
    """Make the records of both sides."""
    names = _value_names(found, call)
    for own in found.sides:
        yield {
            "value": str(own.value),
            "label": names.get(own.value, {"zh": None, "en": None}),
            "amount": own.fen,
            "lines": own.lines,
            "edition": own.edition,
            "departments": len(own.departments),
            "documents": list(own.documents),
            "href": link("/v1/lines", dict(sorted(own.query.items()))),
        }


def _value_names(found: Compared, call: Call) -> Mapping[Any, Record]:
    if found.asked.between == "department":
        named = read_department_names(call.connection, found.asked.values)
        return {identifier: {"zh": name, "en": None} for identifier, name in named.items()}
    words = dimensions()[found.asked.between].values or {}
    return {word: {"zh": named[0], "en": named[1]} for word, named in words.items()}


def row_records(rows: Iterable[ComparedRow], found: Compared, call: Call) -> Iterator[Record]:
    """Make the records of rows."""
    for row in rows:
        sides = [
            _entry(own, side, found, call)
            for own, side in zip((row.base, row.other), found.sides, strict=True)
        ]
        shown = sides[1] or sides[0] or {}
        fen = [side["amount"] if side else None for side in sides]
        yield {
            "change": row.change.value,
            "code": shown["code"],
            "label": shown["label"],
            **dict(zip(SIDES, sides, strict=True)),
            "difference": row.difference,
            "rate": _rate_text(fen[0], fen[1]),
            "match": {"method": row.match.method.value, "evidence": row.match.evidence}
            if row.match
            else None,
            "note": {"code": row.note.code, "detail": row.note.detail} if row.note else None,
        }


def _rate_text(base: int | None, other: int | None) -> str | None:
    exact = rate(base, other)
    return None if exact is None else decimal_text(exact)


def _entry(own: Entry | None, side: ComparedSide, found: Compared, call: Call) -> Record | None:
    if own is None:
        return None
    axis = found.asked.axis
    return {
        "code": own.key,
        "label": _label(own, side, axis.name, call),
        "amount": own.fen,
        "lines": own.lines,
        "href": lines_link(side.query, axis, own),
    }


def _label(own: Entry, side: ComparedSide, axis: str, call: Call) -> Record:
    """Give the printed label, else that of the list; the English one of the list."""
    if own.key is None:
        return {"zh": None, "en": None}
    if axis == "item":
        measure = load_measures().get(own.key)
        return {"zh": own.label or (measure and measure.zh), "en": measure and measure.en}
    zh = own.label or side.codes.names.get(own.key)
    return {"zh": zh, "en": call.names.find(axis, own.key, side.year or 0, own.label)}
