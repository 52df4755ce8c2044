"""What must be one for two sides to be compared: settled, or asked back with the choices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openbudget.api.problems import Mistake, bad_request
from openbudget.api.resources.compare.query import SIDES, Asked
from openbudget.cubes.columns import THREE_PUBLIC
from openbudget.cubes.guards import DOCUMENTS, GUARDS
from openbudget.cubes.sides import AXES, DIGITS
from openbudget.texts import Text, listed

Groups = tuple[Sequence[Any], Sequence[Any]]
"""What `survey_side` tells of the base and of the other side."""
Documents = Callable[[], Sequence[str]]
"""Reads the ids of the documents of both sides, where a client must choose among them."""
Tables = Callable[[Mapping[str, Any]], Sequence[str]]
"""Reads the ids of the tables of both sides, given what was chosen, likewise."""
_BY_CODE = {
    "table": Text("several tables print the same money"),
    "direction": Text("revenue and the expenditure that it pays are the same money"),
}
"""What is chosen among the lines that have a code, so that tables without any are no choice."""
WHY = {own.dimension: own.why for own in GUARDS}
"""Why the values of a dimension must not be added up together."""
_ECONOMIC = {"government_economic", "department_economic"}
_ITEMS = "item_group"
_TABLE = "table_key"
_MAY_DIFFER = ("fiscal_year", "phase", "scope")
_SHOWN = 20
_NOTHING_IN_BOTH = Text("Both sides have nothing to compare these lines by: take another table=.")


@dataclass(frozen=True)
class Settled:
    """What was chosen since there was only one, and what is left to know.

    `additive` is whether the sum of a side counts nothing twice; `mixed`, whether there is more to
    choose, which does not matter where a side has no lines.
    """

    chosen: dict[str, Any]
    groups: Groups
    additive: bool
    mixed: bool = False
    warnings: tuple[dict[str, str], ...] = ()

    @property
    def comparable(self) -> bool:
        """Whether both sides have lines."""
        return all(self.groups)

    def year(self, place: int) -> int | None:
        """Give the fiscal year of a side; None where it has no lines, or those of several."""
        found = {int(row.fiscal_year) for row in self.groups[place]}
        return found.pop() if len(found) == 1 else None


def settle(asked: Asked, groups: Groups, documents: Documents, tables: Tables) -> Settled:
    """Settle one table, direction, year, scope and phase, and refuse documents that overlap.

    Raises:
        ProblemError: 400 with the choices where there are several, or nothing to compare by, and
            both sides have lines.
    """
    chosen, groups, mistakes = _by_code(groups)
    mistakes += [*_several(asked, groups), *_not_comparable(asked, groups)]
    if "table" in chosen:
        mistakes += [*_items_mixed(asked, groups), *_tables_mixed(groups, chosen, tables)]
    if any(row.documents > 1 for row in _both(groups)):
        mistakes.append(_overlapping(documents()))
    if mistakes and all(groups):
        raise bad_request(mistakes)
    chosen |= _single(asked, groups)
    warnings = tuple(_differing(groups, chosen, asked))
    return Settled(chosen, groups, _additive(groups), bool(mistakes), warnings)


def _by_code(groups: Groups) -> tuple[dict[str, Any], Groups, list[Mistake]]:
    """Choose table and direction, and keep what is of them."""
    chosen: dict[str, Any] = {}
    for name, why in _BY_CODE.items():
        values = _coded_values(groups, name)
        if len(values) > 1:
            # Which directions there are depends on the table: one question at a time.
            return chosen, groups, [_ambiguous(name, why, values)]
        if values and values[0] is not None:
            chosen[name] = values[0]
            groups = _kept(groups, name, values[0])
    return chosen, groups, []


def _both(groups: Groups) -> list[Any]:
    return [*groups[0], *groups[1]]


def _values(rows: Sequence[Any], name: str) -> list[Any]:
    found = {getattr(row, name) for row in rows}
    return sorted(found, key=lambda value: (value is None, str(value)))


def _coded_values(groups: Groups, name: str) -> list[Any]:
    """Give the values that both sides have, of lines with a code; else those that one side has."""
    base, other = (_values([row for row in rows if row.coded], name) for rows in groups)
    common = [value for value in base if value in other]
    return common or [*base, *(value for value in other if value not in base)]


def _kept(groups: Groups, name: str, value: Any) -> Groups:
    base, other = ([row for row in rows if getattr(row, name) == value] for rows in groups)
    return base, other


def _ambiguous(name: str, why: Text, values: Sequence[Any]) -> Mistake:
    stated = [value for value in values if value is not None]
    detail = Text("the lines have several values of {name}, and {why}", name=name, why=why)
    hint = Text("Add {way}, or another one.", way=f"{name}={stated[0]}")
    return Mistake(name, detail, stated, hint)


def _several(asked: Asked, groups: Groups) -> Iterator[Mistake]:
    """Refuse several years, scopes or phases, unless they are what is compared or are meant."""
    for name in _MAY_DIFFER:
        values = _values(_both(groups), name)
        if name != asked.between and len(values) > 1 and not _meant(asked, groups, name):
            yield _ambiguous(name, WHY[name], values)


def _single(asked: Asked, groups: Groups) -> dict[str, Any]:
    """Give the year, scope and phase where there is one."""
    found = {name: _values(_both(groups), name) for name in _MAY_DIFFER if name != asked.between}
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _items_mixed(asked: Asked, groups: Groups) -> Iterator[Mistake]:
    if asked.axis.name != "item" and not _additive(groups):
        allowed = ["by=item", f"item_key={','.join(THREE_PUBLIC)}"]
        said = "the lines have several values of {name}, and {why}"
        detail = Text(said, name=_ITEMS, why=WHY[_ITEMS])
        hint = Text("Take {one}, or add {other}.", one=allowed[0], other=allowed[1])
        yield Mistake("by", detail, allowed, hint)


def _meant(asked: Asked, groups: Groups, name: str) -> bool:
    """Whether the client named several values on purpose, and each side has only one of them."""
    named = name in _MAY_DIFFER and "," in asked.filters.get(name, "")
    return named and all(len(_values(rows, name)) <= 1 for rows in groups)


def _tables_mixed(groups: Groups, chosen: Mapping[str, Any], tables: Tables) -> Iterator[Mistake]:
    if any(len(_values(rows, _TABLE)) > 1 for rows in groups):
        keys = listed(_values(_both(groups), _TABLE))
        detail = Text("the lines are of {tables}, and {why}", tables=keys, why=WHY[_TABLE])
        hint = Text("Name the tables that are meant, one of each document.")
        yield Mistake("table_id", detail, tables(chosen), hint)


def _overlapping(documents: Sequence[str]) -> Mistake:
    hint = Text(
        "Add period=own to take of each document what is of its own year and phase, or document= "
        "to take one that prints both sides."
    )
    return Mistake("document", DOCUMENTS.why, list(documents)[:_SHOWN], hint)


def _additive(groups: Groups) -> bool:
    return all(len(_values(rows, _ITEMS)) <= 1 for rows in groups)


def _not_comparable(asked: Asked, groups: Groups) -> Iterator[Mistake]:
    """Refuse sides of which one has lines, but none with a code of what is compared by."""
    name = asked.axis.name
    for place, rows in enumerate(groups):
        if rows and not any(row.coded for row in rows):
            has = [axis for axis in AXES if any(getattr(row, f"with_{axis}") for row in rows)]
            common = _in_both(groups)
            hint = Text("Compare by what both sides have.") if common else _NOTHING_IN_BOTH
            yield Mistake("by", _without(name, asked.said(place), has), common, hint)


def _without(name: str, side: Text, has: Sequence[str]) -> Text:
    """Say that a side has nothing of what is compared by, and what it has."""
    said = Text("the lines of {side} have no {things}", side=side, things=_things([name]))
    if has:
        said = Text("{said}, but {things}", said=said, things=_things(has))
    if name in _ECONOMIC and _ECONOMIC & {*has}:
        said = Text("{said}: the two economic classifications are not comparable", said=said)
    return said


_THINGS = {"item": Text("items"), "project": Text("projects")}


def _things(axes: Sequence[str]) -> str:
    """Say what axes compare, as several: ``function, revenue codes, projects``."""
    coded = [axis for axis in axes if axis in DIGITS]
    others = [_THINGS[axis] for axis in axes if axis not in DIGITS]
    codes = [Text("{names} codes", names=listed(coded))] if coded else []
    return listed([*codes, *others])


def _in_both(groups: Groups) -> list[str]:
    return [
        axis
        for axis in AXES
        if all(any(getattr(row, f"with_{axis}") for row in rows) for rows in groups)
    ]


def _differing(groups: Groups, chosen: dict[str, Any], asked: Asked) -> Iterator[dict[str, str]]:
    """Warn of what is not the same on both sides since the client wanted it so."""
    for name in _MAY_DIFFER:
        if name in chosen or name == asked.between or not all(groups):
            continue
        values = [_values(rows, name)[0] for rows in groups]
        said = " and ".join(f"{name}={v} in {s}" for v, s in zip(values, SIDES, strict=True))
        yield {"code": "sides_differ", "detail": f"The sides differ in more than one way: {said}."}
