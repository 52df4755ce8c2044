"""What a comparison is asked for: its parameters, checked, and the links to the lines behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import ValidationError

from openbudget.api.common import DEPARTMENT, DEPARTMENT_PATTERN
from openbudget.api.endpoint import Call
from openbudget.api.filters import conditions
from openbudget.api.list_query import FORMATS, link
from openbudget.api.parameters import (
    Parameter,
    any_text,
    matching,
    mistake_of,
    one_of,
    truth,
    whole,
)
from openbudget.api.problems import Mistake, bad_request
from openbudget.api.resources.findings import LANGUAGE
from openbudget.api.resources.lines import FILTERS
from openbudget.budget.measures import load_measures
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.cubes.following import Entry
from openbudget.cubes.sides import AXES, DIGITS, Axis
from openbudget.storage.selection import Condition
from openbudget.texts import Text

_LEFT_OUT = ("role", "amount", "state")
LINE_FILTERS = tuple(own for own in FILTERS if own.name not in _LEFT_OUT)
SIDES = ("base", "other")
_VALUES = {
    "fiscal_year": whole(1900, 2200)[0],
    "department": matching(DEPARTMENT_PATTERN.strip("^$"), Text("the id of a department"))[0],
    "phase": one_of(tuple(Phase))[0],
    "scope": one_of(tuple(Scope))[0],
}
"""What can be compared, and how its values are read."""
BETWEEN = tuple(_VALUES)

_SAID = "One value of what is compared: a year, the id of a department, a phase or a scope."
_OWN = {
    "between": Parameter(*one_of(BETWEEN), "What is compared.", "department", required=True),
    "base": Parameter(*any_text(), f"{_SAID} Differences are from it.", DEPARTMENT, required=True),
    "other": Parameter(*any_text(), _SAID, "310107-nbzypml4u3v", required=True),
    "by": Parameter(
        *one_of(AXES),
        "What the rows are: codes of a classification, items of a list, or projects.",
        "function",
        required=True,
    ),
    "level": Parameter(
        *whole(1, 3),
        "Codes are cut to this level: 1 类, 2 款, 3 项; as printed when left out.",
        1,
    ),
    "follow": Parameter(
        *truth(),
        "Whether codes that moved and equal names are followed; false: equal codes and ids only.",
        True,
        default=True,
    ),
    "format": Parameter(
        *one_of((*FORMATS, "json-stat")), "Format of the answer; json has the sums, too.", "json"
    ),
    "lang": LANGUAGE,
}


def parameters() -> dict[str, Parameter]:
    """Give all parameters: those of its own, and the filters of lines."""
    return {**_OWN, **{n: p for own in LINE_FILTERS for n, _, p in own.parameters}}


@dataclass(frozen=True)
class Asked:
    """A comparison as asked for: what of, by what, and the filters that hold on both sides."""

    between: str
    values: tuple[Any, Any]
    axis: Axis
    follow: bool
    conditions: tuple[Condition, ...]
    filters: Mapping[str, str]

    def of_side(self, place: int) -> Condition:
        """Give the condition of one side."""
        return Condition(self.between, "eq", (self.values[place],))

    def said(self, place: int) -> Text:
        """Name a side in a text."""
        asked = f"{self.between}={self.values[place]}"
        return Text("{side} ({asked})", side=SIDES[place], asked=asked)


def understand(call: Call) -> Asked:
    """Check what parameters mean together.

    Raises:
        ProblemError: 400 that names everything that is wrong.
    """
    query = call.query
    between, axis = query["between"], Axis(query["by"], query.get("level"))
    values, mistakes = _values(between, query)
    mistakes += [*_twice(between, call.sent), *_too_deep(axis)]
    if mistakes:
        raise bad_request(mistakes)
    found = tuple(conditions(LINE_FILTERS, query))
    filters = {name: value for name, value in call.sent.items() if name not in _OWN}
    return Asked(between, (values[0], values[1]), axis, query.get("follow", True), found, filters)


def _values(between: str, query: Mapping[str, Any]) -> tuple[list[Any], list[Mistake]]:
    values, mistakes = [], []
    for name in SIDES:
        try:
            values.append(_VALUES[between](query[name]))
        except ValidationError as error:
            mistakes.append(_malformed(name, query[name], between, error))
    if len(set(values)) == 1 and not mistakes:
        detail = Text("is the same {between} as base", between=between)
        mistakes.append(Mistake("other", detail, hint=Text("Take another.")))
    return values, mistakes


def _malformed(name: str, value: str, between: str, error: ValidationError) -> Mistake:
    found = mistake_of(name, error.messages)
    if between != "department":
        return found
    hint = Text("Look the id up with {path}.", path=f"/v1/departments?q={value}")
    return replace(found, hint=hint)


def _twice(between: str, sent: Mapping[str, str]) -> Iterator[Mistake]:
    """Refuse filters by what is compared."""
    for name in sent:
        if name.partition("__")[0] == between:
            hint = Text("Leave it out: base and other say it.")
            detail = Text("{between} is what is compared", between=between)
            yield Mistake(name, detail, hint=hint)


def _too_deep(axis: Axis) -> Iterator[Mistake]:
    levels = range(1, len(DIGITS.get(axis.name, ())) + 1)
    if axis.level is not None and axis.level not in levels:
        hint = None if levels else Text("Leave it out.")
        detail = Text("{name} has no level {level}", name=axis.name, level=axis.level)
        yield Mistake("level", detail, list(levels), hint)


# Links -------------------------------------------------------------------------------------------


def side_query(asked: Asked, chosen: Mapping[str, Any], place: int) -> dict[str, str]:
    """Give the query of the lines of one side."""
    own = {asked.between: asked.values[place], "role": "leaf"}
    return {**asked.filters, **{n: str(v) for n, v in {**chosen, **own}.items()}}


def lines_link(query: Mapping[str, str], axis: Axis, entry: Entry) -> str | None:
    """Link to the lines of an entry; None where the filters of lines cannot tell them."""
    found = _entry_query(query, axis, entry.key)
    return None if found is None else link("/v1/lines", dict(sorted({**query, **found}.items())))


def _entry_query(query: Mapping[str, str], axis: Axis, key: str | None) -> dict[str, str] | None:
    if axis.name == "project":
        return None if key is None else {"project": key}
    if key is None:
        names = ("item", "item_key") if axis.name == "item" else (axis.name,)
        return {f"{name}__isnull": "true" for name in names}
    if axis.name == "item":
        name = "item_key" if key in load_measures() else "item"
        return None if "," in key else {name: key}
    if len(key) == axis.digits:
        name = f"{axis.name}__under"
        return {name: ",".join(_within(key, query[name].split(",") if name in query else [""]))}
    return {axis.name: key}


def _within(code: str, stems: Sequence[str]) -> list[str]:
    """Give the subtrees that are below a code and below one of some stems."""
    nested = [stem for stem in stems if stem.startswith(code) or code.startswith(stem)]
    return [max(code, stem, key=len) for stem in nested]
