"""Citations: how to cite a record, as GB/T 7714-2015 text and as BibTeX, by the exact version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import fields

from openbudget.api.common import DOCUMENT, AnchorSchema, MessageSchema, anchor
from openbudget.api.endpoint import JSON, Answer, BytesAnswer, Call, Endpoint, JsonAnswer
from openbudget.api.envelopes import one_envelope
from openbudget.api.fields import (
    ResponseSchema,
    integer,
    many,
    nested,
    optional_string,
    string,
)
from openbudget.api.including import Include
from openbudget.api.list_query import link
from openbudget.api.listing import ListResource
from openbudget.api.parameters import Parameter, day, one_of, query_schema
from openbudget.api.problems import not_listed
from openbudget.budget.finding import OperandRole
from openbudget.formats import bibtex, citation
from openbudget.formats.bibtex import write_bibtex
from openbudget.formats.citation import CitedPlace, Reference, write_gb_t_7714
from openbudget.storage.citing import Cited, Spot, read_cited, stored_document
from openbudget.storage.read import Found, read_by_id

VERSION = f"{DOCUMENT}@a21bb77f8bac"
_KEY = f"{DOCUMENT}.a21bb77f8bac.expenditure.29.project"
_SHA256 = "a21bb77f8bac" + "0" * 52
FORMATS = ("json", "text", "bibtex")

Spots = Callable[[Found], Sequence[Spot]]
"""Gives what is cited of a row: tables and places of its document, or of another one."""


class CitedPlaceSchema(ResponseSchema):
    """A place that is cited."""

    title = optional_string("Title of its table as printed.", "预算03表 支出预算总表")
    text = nested(MessageSchema, "Where it is; empty for a whole table or document.")
    anchor = nested(AnchorSchema, "Where it is, in that version.", optional=True)


class ReferenceSchema(ResponseSchema):
    """One version of a published document, and the places in it that are cited."""

    document = string("Id of the version.", VERSION)
    key = string("Its key in BibTeX.", _KEY)
    publisher = string("Who published it.", "北京市西城区法律援助中心")
    title = string("The title.", "北京市西城区法律援助中心 2024年部门预算")
    fiscal_year = integer("Budget year.", 2024)
    sha256 = string("Hash of the published bytes.", _SHA256)
    published = optional_string("Date of publication; null where not known.", None)
    url = optional_string("Address of publication; null where not known.", None)
    href = string("The exact version of what is cited.", f"/v1/lines/{VERSION}.expenditure")
    places = many(CitedPlaceSchema, "The places in it.")


class CitationSchema(ResponseSchema):
    """How to cite a record; of a finding between two documents there are two references."""

    id = string("Id with the version, which stays.", f"{VERSION}.expenditure.29.project")
    href = string("The record in that version.", f"/v1/lines/{VERSION}.expenditure.29.project")
    accessed = optional_string("Date of access, where the call gives it.", None)
    text = string("GB/T 7714-2015, one reference a line.", "北京市西城区法律援助中心. …[EB/OL]. ….")
    bibtex = string("BibTeX, one entry for each reference.", f"@misc{{{_KEY},\n}}\n")
    references = many(ReferenceSchema, "What is cited, document by document.")


def citation_fields() -> dict[str, fields.Field[Any]]:
    """Give the field of a record that can be cited."""
    said = "How to cite it; only with `include=citation`."
    return {"citation": nested(CitationSchema, said, optional=True)}


# What is cited of each kind of record ------------------------------------------------------------


def spots_of_document(_row: Found) -> Sequence[Spot]:
    """Cite a document as a whole."""
    return ()


def spots_of_table(row: Found) -> Sequence[Spot]:
    """Cite a table as a whole, by the page or line where it begins."""
    begins = {key: at for key, at in row.place.items() if key not in ("row", "column")}
    return [Spot(row.key, begins)]


def spots_of_part(row: Found) -> Sequence[Spot]:
    """Cite the cell of a line, project, transfer or indicator."""
    return [Spot(row.table_key, row.place)]


def spots_of_target(row: Found) -> Sequence[Spot]:
    """Cite a performance target by its name, in its form."""
    return [Spot(row.table_key, row.name_place)]


def spots_of_finding(row: Found) -> Sequence[Spot]:
    """Cite every place that a finding speaks of; of a sum, the table that it is of."""
    found = [Spot(o["table"], o["place"], o["document"]) for o in _by_role(row.operands)]
    placed = {(spot.document, spot.table) for spot in found if spot.place}
    spots: list[Spot] = []
    for spot in found:
        summed = spot.table and (spot.document, spot.table) not in placed
        if (spot.place or summed) and spot not in spots:
            spots.append(spot)
    return spots


def _by_role(operands: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put what a finding is about first, then what it is held against, then other evidence."""
    roles = list(OperandRole)
    return sorted(operands, key=lambda operand: roles.index(operand["role"]))


# What is made of it ------------------------------------------------------------------------------


def citations_of(path: str, spots: Spots) -> Mapping[str, Include]:
    """Give what `include=citation` adds to the records of a list at a path."""

    def cite(call: Call, rows: Sequence[Found]) -> list[dict[str, Any]]:
        wanted = [spots(row) for row in rows]
        cited = read_cited(call.connection, rows, wanted)
        pairs = zip(rows, wanted, strict=True)
        return [_citation(call, path, row, own, cited) for row, own in pairs]

    return {"citation": cite}


def _citation(
    call: Call, path: str, row: Found, spots: Sequence[Spot], cited: Cited
) -> dict[str, Any]:
    by_document: dict[str | None, list[Spot]] = {None: []}
    for spot in spots:
        by_document.setdefault(spot.document, []).append(spot)
    accessed = call.query.get("accessed")
    references = []
    for number, (other, own) in enumerate(by_document.items(), 1):
        document = cited.documents[other or stored_document(row)]
        key = row.id.replace("@", ".") + (f".{number}" if other else "")
        # Another document is cited itself: it has a finding of its own, told from its side.
        href = f"/v1/documents/{document.id}" if other else f"{path}/{row.id}"
        places = [_place(document, spot, cited) for spot in own]
        references.append(_reference(document, key, href, places))
    written = [_written(made, call.service.public_address, accessed) for made in references]
    return {
        "id": row.id,
        "href": f"{path}/{row.id}",
        "accessed": accessed,
        "text": "\n".join(map(write_gb_t_7714, written)),
        "bibtex": "\n".join(map(write_bibtex, written)),
        "references": references,
    }


def _reference(
    document: Found, key: str, href: str, places: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "document": document.id,
        "key": key,
        **{name: getattr(document, name) for name in ("publisher", "title", "fiscal_year")},
        "sha256": document.sha256,
        "published": document.origin.get("published"),
        "url": document.origin.get("url"),
        "href": href,
        "places": places,
    }


def _place(document: Found, spot: Spot, cited: Cited) -> dict[str, Any]:
    table = f"{document.id}.{spot.table}" if spot.table else None
    place = spot.place and {key: at for key, at in spot.place.items() if key != "box"}
    said = CitedPlace(cited.titles[table] if table else None, place or {})
    return {
        "title": said.title,
        "text": {language: said.text(language) for language in ("zh", "en")},
        "anchor": anchor(place, document.id, table),
    }


def _written(made: Mapping[str, Any], address: str, accessed: str | None) -> Reference:
    return Reference(
        key=made["key"],
        publisher=made["publisher"],
        title=made["title"],
        fiscal_year=made["fiscal_year"],
        sha256=made["sha256"],
        href=address + made["href"],
        places=[CitedPlace(place["title"], place["anchor"] or {}) for place in made["places"]],
        published=made["published"],
        origin=made["url"],
        accessed=accessed,
    )


# The resource ------------------------------------------------------------------------------------

_ACCESSED = "Date of access, which only the reader knows; left out without it."
_PARAMETERS = {
    "format": Parameter(*one_of(FORMATS), "Format of the answer.", "bibtex"),
    "accessed": Parameter(*day(), _ACCESSED, "2024-06-30"),
}
_QUERY = query_schema("CitationQuery", _PARAMETERS)
_ANSWER = one_envelope(CitationSchema, "CitationOne")
_MEDIA_TYPES = (JSON, citation.MEDIA_TYPE, bibtex.MEDIA_TYPE)
_KEYS = {citation.MEDIA_TYPE: "text", bibtex.MEDIA_TYPE: "bibtex"}


def citation_endpoint(resource: ListResource) -> Endpoint:
    """Make the endpoint that answers how to cite one record of a list."""
    (single,) = (own for own in resource.endpoints() if own.path == f"{resource.path}/{{id}}")
    name = resource.singular.replace(" ", "_")
    return Endpoint(
        path=f"{resource.path}/{{id}}/citation",
        operation_id=f"get_{name}_citation",
        summary=f"How to cite one {resource.singular}",
        description=(
            "The published documents with the places that are cited, as JSON, as text by "
            "GB/T 7714-2015 or as BibTeX, by the exact version."
        ),
        view=lambda call: _answer(resource, call),
        answers=_ANSWER,
        tag=resource.name,
        query=_QUERY,
        parameters=single.parameters,
        media_types=_MEDIA_TYPES,
    )


def _answer(resource: ListResource, call: Call) -> Answer:
    identifier = call.arguments["id"]
    row = read_by_id(call.connection, resource.detail_columns, identifier)
    if row is None:
        raise not_listed(resource.singular, identifier, resource.path)
    (found,) = resource.include["citation"](call, [row])
    if call.media_type != JSON:
        text = found[_KEYS[call.media_type]].rstrip("\n") + "\n"
        return BytesAnswer(text.encode(), f"{call.media_type}; charset=utf-8", {})
    links, meta = {"self": link(call.path, call.sent)}, {"query": dict(call.sent)}
    return JsonAnswer({"data": CitationSchema().dump(found), "links": links, "meta": meta})
