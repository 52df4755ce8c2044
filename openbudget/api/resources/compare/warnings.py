"""What to know about a comparison: what it cannot say, and what may be read into it wrongly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openbudget.api.resources.compare.choices import WHY
from openbudget.api.resources.compare.compared import Compared
from openbudget.api.resources.compare.query import SIDES

_SHOWN = 20
Said = tuple[str, str]
"""The code of a warning, and its text."""


def warnings_of(found: Compared) -> list[dict[str, str]]:
    """Give the warnings of a comparison."""
    made = [*_no_lines(found), *_not_additive(found)]
    if found.settled.comparable:
        made += [*_departments(found), *_beside(found), *_editions(found), *_levels(found)]
    return [*({"code": code, "detail": said} for code, said in made), *found.settled.warnings]


def _no_lines(found: Compared) -> Iterator[Said]:
    between = found.asked.between
    there = (
        f"{between} with lines: {_some(found.present)}"
        if found.present
        else f"No {between} has lines for it"
    )
    for place, own in enumerate(found.sides):
        if not own.lines:
            said = f"{found.asked.said(place)} has no lines for this query: nothing is compared."
            yield "no_lines", f"{said} {there}."


def _some(values: Sequence[Any]) -> str:
    shown = ", ".join(str(value) for value in values[:_SHOWN])
    more = len(values) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _not_additive(found: Compared) -> Iterator[Said]:
    if found.settled.comparable and not found.settled.additive:
        said = "The sides have no sum, which would count money twice"
        yield "sum_not_additive", f"{said}: {WHY['item_group']}."


def _departments(found: Compared) -> Iterator[Said]:
    if found.asked.between == "department":
        return
    base, other = (set(own.departments) for own in found.sides)
    if base != other:
        said = (
            f"{len(base - other)} departments have lines in base only, "
            f"{len(other - base)} in other only"
        )
        yield "departments_differ", f"{said}: what was not published or loaded looks like a change."


def _beside(found: Compared) -> Iterator[Said]:
    for place, own in enumerate(found.sides):
        if own.beside:
            said = f"{own.beside} of the {own.lines} lines of {found.asked.said(place)}"
            documents = "stand in documents of another year or phase, beside those of their own"
            yield "printed_for_comparison", f"{said} {documents}."


def _editions(found: Compared) -> Iterator[Said]:
    titles = [own.codes.title for own in found.sides]
    if titles[0] == titles[1] or not all(titles):
        return
    said = " and ".join(f"{title} ({side})" for title, side in zip(titles, SIDES, strict=True))
    how = (
        "codes that moved are followed where both lists say so"
        if found.asked.follow
        else "codes that moved are not followed, and one code may mean two things"
    )
    yield "editions_differ", f"The years have different code lists, {said}: {how}."


def _levels(found: Compared) -> Iterator[Said]:
    if not found.asked.axis.of_codes or found.asked.axis.level:
        return
    lengths = [{len(own.key) for own in side.entries if own.key} for side in found.sides]
    if lengths[0] != lengths[1]:
        digits = [" and ".join(str(n) for n in sorted(own)) for own in lengths]
        said = f"base prints codes of {digits[0]} digits, other of {digits[1]}"
        yield "levels_differ", f"{said}; level=1 cuts them to what both have."
