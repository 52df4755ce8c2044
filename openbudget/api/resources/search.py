"""Search: one query over everything that has a name or a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any

from marshmallow import Schema, fields

from openbudget.api.common import DEPARTMENT, DOCUMENT, document_of, public_id
from openbudget.api.endpoint import Answer, Call, JsonAnswer
from openbudget.api.envelopes import ListMetaSchema, list_envelope
from openbudget.api.fields import (
    ResponseSchema,
    always,
    choice,
    flag,
    integer,
    many,
    nested,
    optional_string,
    string,
)
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.parameters import ExplainedError, Parameter
from openbudget.api.resources.shared import COMMON_FILTERS, COMMON_SORT
from openbudget.budget.vocabulary import Phase, Scope
from openbudget.storage.excerpts import make_excerpt
from openbudget.storage.read import Found, Listing
from openbudget.storage.rows.search import EntryKind
from openbudget.storage.search import (
    FACETS,
    RANKING,
    MatchKind,
    count_facets,
    search_conditions,
    search_listing,
)
from openbudget.storage.selection import Condition
from openbudget.storage.terms import Query, parse_query
from openbudget.texts import Text

MAX_LENGTH = 200
MAX_FACET_VALUES = 100
EXAMPLE = "法律援助"
_MATCHES = tuple(MatchKind)


class ExcerptPartSchema(ResponseSchema):
    """A part of an excerpt."""

    text = string("The part, exactly as printed; plain text that has to be escaped.", EXAMPLE)
    match = flag("Whether it is what was asked for.", True)


class ExcerptSchema(ResponseSchema):
    """A piece of the printed text around the first match."""

    text = string("The piece, exactly as printed: all parts, one behind the other.", EXAMPLE)
    parts = many(ExcerptPartSchema, "The piece in parts, with what matches marked.")
    cut_start = flag("Whether the text begins before it.", False)
    cut_end = flag("Whether the text goes on behind it.", False)


class HitSchema(ResponseSchema):
    """Something that was found."""

    id = string("Id of what was found; of a code, scheme/edition/code.", f"{DOCUMENT}.projects.3")
    kind = choice("What it is.", EntryKind, "project")
    title = optional_string("Its name, or what it is of.", "西城区法律援助补贴经费")
    match = choice(
        "How well it matches: the name is the query (`exact`), begins with it, holds it whole or "
        "all of its words; or the text holds it whole (`phrase`) or all of its words.",
        MatchKind,
        "name",
    )
    excerpt = nested(ExcerptSchema, "The match in its text.")
    jurisdiction = optional_string("Division code of GB/T 2260.", "110102")
    department = optional_string("Id of the department.", DEPARTMENT)
    document = optional_string("Id of the document.", DOCUMENT)
    fiscal_year = integer("Year that it is of.", 2024, optional=True)
    scope = choice("Whose budget.", Scope, "department", optional=True)
    phase = choice("Phase of the budget.", Phase, "approved", optional=True)
    href = string("Where it is.", f"/v1/projects/{DOCUMENT}.projects.3")


class FacetValueSchema(ResponseSchema):
    """How much of what was found has a value."""

    value = fields.Raw(
        allow_none=True,
        metadata={"description": "The value, to filter by; null: without.", "example": "project"},
    )
    count = integer("How many.", 3)


class FacetSchema(ResponseSchema):
    """What was found by the values of a field; all counts and `other` are the total."""

    values = many(FacetValueSchema, f"The {MAX_FACET_VALUES} most frequent values.")
    other = integer("How many have none of these values.", 0)


FacetsSchema = ResponseSchema.from_dict(
    {name: nested(FacetSchema, f"By {name}.") for name in FACETS}, name="FacetsSchema"
)


class SearchMetaSchema(ListMetaSchema):
    """What an answer says about itself, with the counts of what was found."""

    facets = nested(FacetsSchema, "Counts of everything found, on this page or not.")


# Each kind and its list; what stands in no list of its own is led to by another path.
_PATHS = {
    "project": "projects",
    "document": "documents",
    "transfer": "transfers",
    "performance_target": "performance-targets",
    "table": "tables",
    "finding": "findings",
    "indicator": "indicators",
    "line": "lines",
}


def present(row: Found, query: Query) -> dict[str, Any]:
    """Make the record of a hit."""
    excerpt = make_excerpt(row.texts, query)
    in_document = row.document is not None
    return {
        "id": public_id(row) if in_document else row.id,
        "kind": row.kind,
        "title": row.title,
        "match": _MATCHES[row.match_rank].value,
        "excerpt": {
            "text": excerpt.text,
            "parts": [{"text": text, "match": matches} for text, matches in excerpt.parts],
            "cut_start": excerpt.cut_start,
            "cut_end": excerpt.cut_end,
        },
        "jurisdiction": row.jurisdiction or None,
        "department": row.department,
        "document": document_of(row) if in_document else None,
        "fiscal_year": row.own_year,
        "scope": row.scope,
        "phase": row.own_phase,
        "href": _href(row),
    }


def _href(row: Found) -> str:
    if row.kind == EntryKind.DEPARTMENT:
        return f"/v1/departments/{row.id}"
    if row.kind == EntryKind.CODE:
        scheme, edition, code = row.id.split("/")
        return f"/v1/classifications/{scheme}/{edition}/codes/{code}"
    if row.kind in (EntryKind.SECTION, EntryKind.CLAIM):
        return f"/v1/documents/{document_of(row)}/{row.kind}s"
    return f"/v1/{_PATHS[row.kind]}/{public_id(row)}"


def query_text() -> tuple[Callable[[str], Query], dict[str, Any]]:
    """Read what to look for: any text that holds a letter, a digit or a character."""

    def read(text: str) -> Query:
        found = parse_query(text)
        if found is None:
            raise ExplainedError(Text("holds no letter, digit or character to look for"))
        return found

    return read, {"type": "string", "minLength": 1, "maxLength": MAX_LENGTH}


def _words(query: Mapping[str, Any]) -> Iterator[Condition]:
    yield from search_conditions(query["q"])


class SearchResource(ListResource):
    """The list of what a query finds: what it is read from depends on the call."""

    def listing_for(self, call: Call) -> Listing:
        """Give the list of what the query finds."""
        return search_listing(call.query["q"])

    def answer_list(self, call: Call) -> Answer:
        """Answer the list, with its facets in JSON."""
        answer = super().answer_list(call)
        if isinstance(answer, JsonAnswer):
            found = count_facets(call.connection, self.listing_for(call), self._selection(call))
            answer.body["meta"]["facets"] = {name: _facet(found[name]) for name in FACETS}
        return answer

    @cached_property
    def _list_schema(self) -> type[Schema]:
        meta = always(nested(SearchMetaSchema, "About this answer."))
        found: Any = list_envelope(self.schema, "SearchList")
        made: type[Schema] = found.from_dict({"meta": meta}, name="SearchList")
        return made


def _facet(counts: Counter[Any]) -> dict[str, Any]:
    """Give the most frequent values, equally frequent ones by the value, null last."""

    def rank(item: tuple[Any, int]) -> tuple[int, bool, str]:
        return (-item[1], item[0] is None, str(item[0]))

    ranked = sorted(((value or None, count) for value, count in counts.items()), key=rank)
    shown = ranked[:MAX_FACET_VALUES]
    return {
        "values": [{"value": value, "count": count} for value, count in shown],
        "other": sum(count for _, count in ranked[MAX_FACET_VALUES:]),
    }


SEARCH = SearchResource(
    name="search",
    singular=Text("hit"),
    summary="Search everything",
    description=(
        "One query over departments, documents, tables, lines, projects, transfers, performance "
        "targets and indicators, sections and claims of the narrative, findings and codes. All "
        "words must be there; the best matches come first. Full-width and traditional forms fold "
        "together. A word of one character is looked for in names and codes only."
    ),
    listing=Listing({}, ()),
    schema=HitSchema,
    filters=(
        Filter("kind", "choice", "What it is.", "project", tuple(EntryKind)),
        *COMMON_FILTERS,
    ),
    sortable=("kind", *COMMON_SORT),
    order=RANKING,
    present=lambda row, call: present(row, call.query["q"]),
    detail_columns=(),
    example_id="",
    extra={
        "q": Parameter(
            *query_text(),
            "What to look for. It is text only: quotes, signs and words such as AND mean nothing.",
            EXAMPLE,
            required=True,
        )
    },
    extra_conditions=_words,
    single=False,
)
