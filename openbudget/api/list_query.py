"""The query of a list: its special parameters, the selection it asks for, and links to pages."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from openbudget.api.endpoint import Call
from openbudget.api.filters import Filter, conditions
from openbudget.api.paging import query_mark, read_cursor, write_cursor
from openbudget.api.parameters import Parameter, QuerySchema, cursor_text, matching, one_of, whole
from openbudget.api.problems import Mistake, bad_request
from openbudget.formats.xlsx import MAX_RECORDS
from openbudget.storage.read import Page, known_values, unknown_values
from openbudget.storage.selection import Columns, Condition, Order, Selection
from openbudget.texts import Text, either

PAGE_SIZE = 50
MAX_PAGE_SIZE = 1000
FORMATS = ("json", "csv", "ndjson", "xlsx")
_FIELD = "[a-z_0-9]+(?::(?:asc|desc))?"
_LEFT_OUT_OF_EXPORTS = ("cursor", "format", "page_size")


def special_parameters(
    sortable: Sequence[str], keys: Sequence[str], formats: Sequence[str], *, versioned: bool
) -> dict[str, Parameter]:
    """Give the parameters that every list has besides its filters."""
    order = f"Fields to sort by, of {', '.join(sortable)}; `:desc` turns one round."
    page = "Where the page begins: a cursor of links.next or links.prev."
    kind = "Format of the answer; all but json hold the whole list."
    only = "Only these keys of each record."
    found = {
        "order": Parameter(
            *matching(f"{_FIELD}(?:,{_FIELD})*", Text("an order such as amount:desc,id:asc")),
            order,
            f"{sortable[0]}:desc",
        ),
        "page_size": Parameter(
            *whole(1, MAX_PAGE_SIZE), "Records a page.", PAGE_SIZE, default=PAGE_SIZE
        ),
        "cursor": Parameter(*cursor_text(), page, "WyIwMDAwMDAwMCIsZmFsc2UsW11d"),
        "fields": Parameter(*one_of(keys), only, keys[0], several=True),
        "format": Parameter(*one_of((*FORMATS, *formats)), kind, "json"),
    }
    if versioned:
        said = "`all`: superseded versions of documents too."
        found["versions"] = Parameter(*one_of(("current", "all")), said, "all", default="current")
    return found


def without_page_size(query: type[QuerySchema]) -> type[QuerySchema]:
    """Give the query of whole lists, which have no size of a page unless it is asked for.

    What a document says is the default, clients that are made from it send; a whole list refuses
    the size of a page.
    """
    page_size = Parameter(*whole(1, MAX_PAGE_SIZE), "Records a page, in json.", PAGE_SIZE)
    made: Any = query.from_dict({"page_size": page_size}, name=query.__name__)
    found: type[QuerySchema] = made
    return found


def select_page(
    query: Mapping[str, Any],
    found: tuple[Condition, ...],
    sortable: Sequence[str],
    natural: Sequence[Order],
    columns: Columns,
    *,
    versioned: bool,
) -> Selection:
    """Make the selection that a query asks for.

    Raises:
        ProblemError: the order names a field that is not sortable, or the cursor is of no use.
    """
    named = any(c.operator == "refers" and any(r.version for r in c.values) for c in found)
    if versioned and query.get("versions", "current") == "current" and not named:
        found += (Condition("current", "eq", (True,)),)
    order = total_order(query.get("order"), sortable, natural)
    position = None
    if "cursor" in query:
        keys = [columns[part.field] for part in order]
        position = read_cursor(query["cursor"], query_mark(found, order), keys)
    return Selection(found, order, query.get("page_size", PAGE_SIZE), position)


def refuse_paging(query: Mapping[str, Any]) -> None:
    """Refuse the parameters of a page for an answer that holds the whole list.

    Raises:
        ProblemError: there are some.
    """
    hint = Text("Leave it out: csv, ndjson and xlsx hold the whole list.")
    mistakes = [
        Mistake(name, Text("has no meaning for csv, ndjson and xlsx"), hint=hint)
        for name in ("cursor", "page_size")
        if name in query
    ]
    if mistakes:
        raise bad_request(mistakes)


def refuse_too_many(total: int) -> None:
    """Refuse a workbook of more records than a sheet of Excel has rows.

    Raises:
        ProblemError: there are more.
    """
    if total > MAX_RECORDS:
        said = "a workbook holds at most {most} records, and these are {total}"
        detail = Text(said, most=MAX_RECORDS, total=total)
        hint = Text("Narrow the list by its filters, or take csv or ndjson, which have no limit.")
        raise bad_request([Mistake("format", detail, hint=hint)])


def total_order(
    wanted: str | None, sortable: Sequence[str], natural: Sequence[Order]
) -> tuple[Order, ...]:
    """Give what the client asks for, then the natural order, which no two rows share."""
    asked: dict[str, Order] = {}
    for part in wanted.split(",") if wanted else []:
        name, _, direction = part.partition(":")
        if name not in sortable:
            detail = Text("{name!r} is not a field to sort by", name=name)
            raise bad_request([Mistake("order", detail, list(sortable))])
        asked.setdefault(name, Order(name, direction == "desc"))
    return (*asked.values(), *(order for order in natural if order.field not in asked))


def filter_conditions(filters: Sequence[Filter], call: Call) -> tuple[Condition, ...]:
    """Give the conditions of the filters that a call uses.

    Raises:
        ProblemError: a value is not in the vocabulary that the data have for it.
    """
    mistakes = [m for own in filters if own.vocabulary for m in _unknown(own, call)]
    if mistakes:
        raise bad_request(mistakes)
    return tuple(conditions(filters, call.query))


def _unknown(own: Filter, call: Call) -> Iterator[Mistake]:
    for name in (own.name, f"{own.name}__not"):
        values = call.query.get(name, ())
        for value in unknown_values(call.connection, own.vocabulary, values):
            known = known_values(call.connection, own.vocabulary[0])
            close = difflib.get_close_matches(value, known, 3)
            hint = Text("Take one of those allowed.")
            if close:
                hint = Text("Did you mean {names}?", names=either(close))
            yield Mistake(name, Text("{value!r} is not known", value=value), known, hint)


def applied_query(
    sent: Mapping[str, str], selection: Selection, *, versioned: bool
) -> dict[str, Any]:
    """Give the query as applied, defaults filled in."""
    order = ",".join(f"{o.field}:{'desc' if o.descending else 'asc'}" for o in selection.order)
    shown: dict[str, Any] = {k: v for k, v in sent.items() if k not in ("cursor", "format")}
    shown |= {"order": order, "page_size": selection.page_size}
    return {"versions": "current", **shown} if versioned else shown


def page_links(path: str, sent: Mapping[str, str], beside: Mapping[str, str]) -> dict[str, Any]:
    """Give the links of a page; `beside` are the cursors of the pages next to it."""
    links: dict[str, Any] = {"self": link(path, sent), "next": None, "prev": None}
    for name, cursor in beside.items():
        links[name] = link(path, {**sent, "cursor": cursor})
    kept = {k: v for k, v in sent.items() if k not in _LEFT_OUT_OF_EXPORTS}
    return links | {ending: link(f"{path}.{ending}", kept) for ending in FORMATS[1:]}


def link(path: str, sent: Mapping[str, str]) -> str:
    """Write a reference with its query."""
    return f"{path}?{urlencode(sent, safe=',:@')}" if sent else path


def cursors_beside(page: Page, selection: Selection) -> dict[str, str]:
    """Give the cursors of the pages next to a page."""
    mark = query_mark(selection.conditions, selection.order)
    positions = {"next": page.next, "prev": page.previous}
    return {name: write_cursor(at, mark) for name, at in positions.items() if at}
