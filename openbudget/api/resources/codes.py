"""The codes of an edition, as a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openbudget.api.endpoint import Call
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.parameters import Parameter, any_text
from openbudget.api.resources.classifications import (
    EDITION,
    SCHEME,
    CodeSchema,
    find_edition,
    present_code,
)
from openbudget.budget.classification import Provenance
from openbudget.budget.folding import fold
from openbudget.storage.models import CodeRow
from openbudget.storage.read import Found, Listing, table_columns
from openbudget.storage.selection import Condition, Order
from openbudget.texts import Text


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a code."""
    return present_code(row)


def _search(query: Mapping[str, Any]) -> Iterator[Condition]:
    if "q" in query:
        yield Condition("search_text", "contains", (fold(query["q"]).casefold(),))


def _of_edition(call: Call) -> Iterator[Condition]:
    find_edition(call)
    for name in ("scheme", "edition"):
        yield Condition(name, "eq", (call.arguments[name],))


_OWN = CodeRow.__table__.c
_NAMES = ("scheme", "edition", "code", "level", "parent", "provenance", "search_text")

CODES = ListResource(
    name="codes",
    singular=Text("code"),
    summary="Codes of an edition",
    description="The codes of an edition with their names and where these come from.",
    listing=Listing({name: _OWN[name] for name in _NAMES}, table_columns(CodeRow)),
    schema=CodeSchema,
    filters=(
        Filter("code", "code", "The code.", "2040607"),
        Filter("level", "whole", "1 is 类, 2 is 款, 3 is 项.", 3),
        Filter("parent", "code", "The code one level up.", "20406", nullable=True),
        Filter("provenance", "choice", "Where the name comes from.", "seen", tuple(Provenance)),
    ),
    sortable=("code", "level", "parent", "provenance"),
    order=(Order("code"),),
    present=present,
    detail_columns=table_columns(CodeRow),
    example_id="2040607",
    versioned=False,
    extra={"q": Parameter(*any_text(), "Part of a name, Chinese or English.", "法律")},
    extra_conditions=_search,
    within="/v1/classifications/{scheme}/{edition}",
    within_parameters=(SCHEME, EDITION),
    within_conditions=_of_edition,
    single=False,
)
