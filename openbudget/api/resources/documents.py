"""Published documents: what they are, their versions, coverage, source bytes and sections."""

from __future__ import annotations

from mimetypes import guess_extension
from typing import Any

from marshmallow import fields

from openbudget.api.common import (
    DOCUMENT,
    DOCUMENT_PATTERN,
    AnchorSchema,
    LocatedTextSchema,
    anchor,
    document_of,
    findings_link,
    located_text,
    public_id,
)
from openbudget.api.endpoint import BytesAnswer, Call, Endpoint, PathParameter
from openbudget.api.fields import (
    ResponseSchema,
    flag,
    integer,
    many,
    nested,
    optional_string,
    string,
    strings,
)
from openbudget.api.filters import Filter
from openbudget.api.listing import ListResource
from openbudget.api.problems import not_found, not_listed
from openbudget.api.resources.checks import ChecksSchema, present_checks
from openbudget.api.resources.citations import citation_fields, citations_of, spots_of_document
from openbudget.api.resources.findings import INCLUDE_OF_DOCUMENTS, findings_fields
from openbudget.api.resources.shared import (
    COMMON_FILTERS,
    COMMON_SORT,
    NATURAL_ORDER,
    common_columns,
    common_fields,
    common_values,
)
from openbudget.budget.identifiers import versioned
from openbudget.storage.findings import count_by_severity
from openbudget.storage.models import DocumentRow
from openbudget.storage.read import (
    Found,
    Listing,
    read_by_id,
    read_rows,
    read_source,
    table_columns,
)
from openbudget.texts import Text


class OriginSchema(ResponseSchema):
    """What is known of where the file comes from."""

    url = optional_string("Address of publication; null where not known.", None)
    published = optional_string("Date of publication; null where not known.", None)
    terms = optional_string("Terms of use.", "official document, terms not stated")
    notes = strings("What else is known, and what is not.", ["The address is not known."])


class StaffSchema(ResponseSchema):
    """A printed number of staff."""

    count = integer("The number.", 9)
    label = string("What is counted, as printed.", "参照公务员管理人员编制人员")
    text = string("The sentence.", "西城区法律援助中心共有参照公务员管理人员编制人员9人。")
    anchor = nested(AnchorSchema, "Where it is printed.")


class IgnoredSchema(ResponseSchema):
    """Cells that are left out for a reason."""

    reason = string("The reason.", "text of the blank form")
    count = integer("How many.", 22)


class UnmappedSchema(ResponseSchema):
    """A cell that was not understood."""

    text = optional_string("The cell as printed.", None)
    reason = optional_string("Why, where that is known.", None)
    anchor = nested(AnchorSchema, "Where it is printed.")


class CoverageSchema(ResponseSchema):
    """The account of all cells: used + ignored + unmapped = cells."""

    cells = integer("Non-empty cells and paragraphs.", 837)
    used = integer("Those that were understood.", 813)
    ignored = many(IgnoredSchema, "Those that are left out, by reason.")
    unmapped_count = integer("Those that were not understood.", 0)


class VersionSchema(ResponseSchema):
    """A version of a document."""

    id = string("Id of the version.", f"{DOCUMENT}@a21bb77f8bac")
    sha256 = string("Hash of the published bytes.", "a21bb77f8bac" + "0" * 52)
    loaded_at = string("When it was first loaded, UTC.", "2024-03-01T00:00:00Z")
    current = flag("Whether it is the current version.", True)


_SUMMARY: dict[str, fields.Field[Any]] = {
    "id": string("Id of the document.", DOCUMENT),
    **{name: field for name, field in common_fields().items() if name != "document"},
    "title": string("The title.", "北京市西城区法律援助中心 2024年部门预算"),
    "publisher": string("Who published it.", "北京市西城区法律援助中心"),
    "version": string("First 12 digits of the sha256.", "a21bb77f8bac"),
    "current": flag("Whether it is the current version.", True),
    "sha256": string("Hash of the published bytes.", "a21bb77f8bac" + "0" * 52),
    "media_type": string("Media type of the published file.", "text/plain; charset=utf-8"),
    "size": integer("Bytes of the published file.", 23137),
    "loaded_at": string("When it was first loaded, UTC.", "2024-03-01T00:00:00Z"),
    "origin": nested(OriginSchema, "Where it comes from."),
    "table_count": integer("Number of tables, empty ones too.", 14),
    "line_count": integer("Number of budget lines.", 183),
    "coverage": nested(CoverageSchema, "The account of all its cells."),
    "staff": many(StaffSchema, "Printed numbers of staff."),
    "source": string("The published bytes.", f"/v1/documents/{DOCUMENT}/source"),
    "claims": string("The figures of its narrative.", f"/v1/documents/{DOCUMENT}/claims"),
    **findings_fields(),
    **citation_fields(),
}
DocumentSchema = ResponseSchema.from_dict(_SUMMARY, name="DocumentSchema")
WholeDocumentSchema = ResponseSchema.from_dict(
    {
        **_SUMMARY,
        "versions": many(VersionSchema, "All versions, the newest first."),
        "unmapped": many(UnmappedSchema, "Cells that were not understood."),
        "checks": nested(ChecksSchema, "What the checks say of it.", optional=True),
    },
    name="WholeDocumentSchema",
)


class SectionSchema(ResponseSchema):
    """A section of the narrative."""

    id = string("Id of the section.", f"{DOCUMENT}.sections.4")
    number = integer("Ordinal in the document.", 4)
    level = integer("Level of the heading, from 1.", 3)
    heading = nested(LocatedTextSchema, "The heading as printed.", optional=True)
    parent = optional_string("Id of the section above.", f"{DOCUMENT}.sections.2")
    paragraphs = many(LocatedTextSchema, "The paragraphs as printed.")


class SectionsSchema(ResponseSchema):
    """The narrative of a document, by heading, in printed order."""

    document = string("Id of the document.", DOCUMENT)
    sections = many(SectionSchema, "The sections.")


_KEPT = (
    *("title", "publisher", "version", "current", "sha256", "media_type", "size", "loaded_at"),
    *("origin", "table_count", "line_count"),
)


def present(row: Found, _call: Call) -> dict[str, Any]:
    """Make the record of a document."""
    own = document_of(row)
    ignored = sum(entry["count"] for entry in row.ignored)
    coverage = {"cells": row.cells, "used": row.used, "ignored": row.ignored}
    coverage["unmapped_count"] = row.cells - row.used - ignored
    return {
        **common_values(row),
        "id": own,
        **{name: getattr(row, name) for name in _KEPT},
        "coverage": coverage,
        "staff": [{**entry, "anchor": anchor(entry["place"], own)} for entry in row.staff],
        "source": f"/v1/documents/{own}/source",
        "claims": f"/v1/documents/{own}/claims",
        "links": findings_link("document", own),
    }


def present_whole(row: Found, call: Call) -> dict[str, Any]:
    """Make the record of a document with its versions and what was not understood."""
    keys = {name: getattr(row, name) for name in ("jurisdiction", "fiscal_year", "document")}
    versions = read_rows(call.connection, _VERSION_COLUMNS, keys, ["loaded_at", "id"])
    own = document_of(row)
    counted = count_by_severity(call.connection, [row])
    return {
        **present(row, call),
        "versions": [_version(version) for version in reversed(versions)],
        "unmapped": [{**cell, "anchor": anchor(cell["place"], own)} for cell in row.unmapped],
        "checks": present_checks(row.checks, counted.get((row.document, row.version), {})),
    }


def _version(row: Found) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in ("sha256", "loaded_at", "current")}
    return {"id": versioned(row.document, row.sha256), **found}


_OWN = DocumentRow.__table__.c
_VERSION_COLUMNS = [_OWN[n] for n in ("id", "document", "sha256", "loaded_at", "current")]
_MEDIUM = ("title", "publisher", "sha256", "loaded_at", "line_count")

DOCUMENTS = ListResource(
    name="documents",
    singular=Text("document"),
    summary="Published documents",
    description="Published documents, with the account of all their cells; one has its versions.",
    listing=Listing(
        {**common_columns(DocumentRow), **{name: _OWN[name] for name in _MEDIUM}},
        table_columns(DocumentRow, without=("unmapped", "described_department", "checks")),
    ),
    schema=DocumentSchema,
    filters=(
        *COMMON_FILTERS,
        Filter("title", "text", "The title.", "2024年部门预算"),
        Filter("publisher", "text", "Who published it.", "北京市西城区法律援助中心"),
        Filter("sha256", "text", "Hash of the published bytes.", "a21bb77f8bac"),
        Filter("line_count", "whole", "Number of budget lines.", 183),
    ),
    sortable=(*COMMON_SORT, "title", "publisher", "loaded_at", "line_count"),
    order=NATURAL_ORDER,
    present=present,
    detail=present_whole,
    detail_schema=WholeDocumentSchema,
    detail_columns=table_columns(DocumentRow),
    example_id=DOCUMENT,
    id_pattern=DOCUMENT_PATTERN,
    include={**INCLUDE_OF_DOCUMENTS, **citations_of("/v1/documents", spots_of_document)},
)


def find_document(call: Call) -> Found:
    """Find the document of a path.

    Raises:
        ProblemError: 404 where there is none.
    """
    identifier = call.arguments["id"]
    row = read_by_id(call.connection, DOCUMENTS.detail_columns, identifier)
    if row is None:
        raise not_listed(DOCUMENTS.singular, identifier, DOCUMENTS.path)
    return row


def source(call: Call) -> BytesAnswer:
    """Answer the published bytes, as an attachment that no browser runs."""
    row = find_document(call)
    found = read_source(call.connection, row.sha256)
    if found is None:
        hint = Text("Load the document again.")
        raise not_found(Text("source of"), call.arguments["id"], hint)
    ending = guess_extension(row.media_type.partition(";")[0]) or ""
    name = document_of(row).replace("@", "_") + ending
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox",
    }
    return BytesAnswer(found.content, row.media_type, headers)


def present_sections(row: Found, sections: list[Any]) -> dict[str, Any]:
    """Make the record of a document's narrative."""
    own = document_of(row)
    return {"document": own, "sections": [_section(section, own) for section in sections]}


def _section(row: Any, document: str) -> dict[str, Any]:
    return {
        "id": public_id(row),
        "number": row.number,
        "level": row.level,
        "heading": located_text(row.heading, document),
        "parent": f"{document}.sections.{row.parent}" if row.parent else None,
        "paragraphs": [located_text(paragraph, document) for paragraph in row.paragraphs],
    }


SOURCE = Endpoint(
    path="/v1/documents/{id}/source",
    operation_id="get_document_source",
    summary="The published bytes of a document",
    description=(
        "The bytes as they were loaded, in the media type of the published file. They hold what is "
        "withheld everywhere else."
    ),
    view=source,
    answers=None,
    tag="documents",
    parameters=(PathParameter("id", "Id of the document.", DOCUMENT, DOCUMENT_PATTERN),),
    media_types=("application/octet-stream",),
)
