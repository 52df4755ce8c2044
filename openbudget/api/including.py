"""``include=``: related objects inside records, one query a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from openbudget.api.endpoint import CSV, JSON, XLSX, Call
from openbudget.api.parameters import Parameter, one_of
from openbudget.api.problems import Mistake, bad_request
from openbudget.storage.read import Found
from openbudget.texts import Text

Include = Callable[[Call, Sequence[Found]], Sequence[Any]]
"""Gives the related object or objects of each of some rows."""

MAX_PAGE_SIZE = 100
"""Records a page at most where each holds others."""


def include_parameter(names: Sequence[str]) -> Parameter:
    """Give the parameter that adds related objects."""
    said = f"Related objects to add to each record; then at most {MAX_PAGE_SIZE} a page."
    return Parameter(*one_of(names), said, names[0], several=True)


def add_included(
    includes: Mapping[str, Include],
    call: Call,
    rows: Sequence[Found],
    records: Sequence[dict[str, Any]],
) -> None:
    """Add to the record of each row what the call asks for."""
    for name in call.query.get("include", ()):
        for record, found in zip(records, includes[name](call, rows), strict=True):
            record[name] = found


def refuse_include(call: Call, page_size: int) -> None:
    """Refuse related objects where they have no place, or are too many.

    Raises:
        ProblemError: the answer is flat, or a page is too large for them.
    """
    if not call.query.get("include"):
        return
    if call.media_type in (CSV, XLSX):
        hint = Text("Leave it out, or take ndjson.")
        raise bad_request([Mistake("include", Text("has no meaning for csv and xlsx"), hint=hint)])
    if call.media_type == JSON and page_size > MAX_PAGE_SIZE:
        detail = Text("is at most {most} with include", most=MAX_PAGE_SIZE)
        raise bad_request([Mistake("page_size", detail, hint=Text("Follow links.next."))])
