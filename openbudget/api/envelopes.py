"""The envelopes of answers, and the columns that a record has in CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from marshmallow import Schema, fields

from openbudget.api.fields import (
    ResponseSchema,
    always,
    integer,
    many,
    nested,
    optional_string,
    string,
)
from openbudget.formats.columns import KeyPath


class LinksSchema(ResponseSchema):
    """Links, as references relative to the host."""

    self = always(string("This answer.", "/v1/lines?page_size=50"))
    citation = optional_string("How to cite it; left out where that is not known.", None)


class ListLinksSchema(ResponseSchema):
    """Links of a list."""

    self = always(string("This answer.", "/v1/lines?page_size=50"))
    next = always(optional_string("The next page.", None))
    prev = always(optional_string("The page before.", None))
    csv = always(string("The whole list as CSV.", "/v1/lines.csv"))
    ndjson = always(string("The whole list as NDJSON.", "/v1/lines.ndjson"))
    xlsx = always(string("The whole list as a workbook.", "/v1/lines.xlsx"))


class MetaSchema(ResponseSchema):
    """What an answer says about itself."""

    query = fields.Dict(
        keys=fields.String(),
        metadata={"description": "The query as applied, defaults filled in.", "example": {}},
    )
    data_version = always(string("Hash of all that the data are made of.", "0123456789abcdef"))
    schema_version = always(string("Version of the schema.", "1.0"))


class ListMetaSchema(MetaSchema):
    """What a list says about itself."""

    total = always(integer("Number of records in the whole list.", 183))
    page_size = always(integer("Records a page.", 50))


class WarningSchema(ResponseSchema):
    """Something to know about an answer."""

    code = string("A stable word for the warning.", "not_additive")
    detail = string("What to know.", "Do not add these lines up: they mix roles.")


def answer_schema(parts: Mapping[str, fields.Field[Any]], name: str) -> type[Schema]:
    """Make the schema of an answer, whose own keys are always there."""
    promised = {key: always(own) for key, own in parts.items()}
    return ResponseSchema.from_dict(promised, name=name)


def one_envelope(schema: type[Schema], name: str) -> type[Schema]:
    """Make the schema of an answer that holds one resource."""
    parts: dict[str, fields.Field[Any]] = {
        "data": nested(schema, "The resource."),
        "links": nested(LinksSchema, "Links."),
        "meta": nested(MetaSchema, "About this answer."),
    }
    return answer_schema(parts, name)


def list_envelope(schema: type[Schema], name: str) -> type[Schema]:
    """Make the schema of an answer that holds a page of a list."""
    parts = {
        "data": many(schema, "The records of this page."),
        "links": nested(ListLinksSchema, "Links."),
        "meta": nested(ListMetaSchema, "About this answer."),
        "warnings": many(WarningSchema, "What to know about this answer."),
    }
    return answer_schema(parts, name)


def key_paths(
    schema: type[Schema], only: Iterable[str] | None = None, without: Iterable[str] = ()
) -> list[KeyPath]:
    """Give the columns of a record: nested objects spread out, lists in one column as JSON.

    Of the anchors only the record's own is there: those of its codes would treble the columns.
    Neither links nor objects that `include=` adds are there.
    """
    wanted = None if only is None else set(only)
    found = schema().fields
    return [
        path
        for name, field in found.items()
        if (wanted is None or name in wanted) and name not in ("links", *without)
        for path in _paths((name,), field)
    ]


def _paths(path: KeyPath, field: fields.Field[object]) -> Iterator[KeyPath]:
    if isinstance(field, fields.Nested):
        for name, inner in field.schema.fields.items():
            if name != "anchor":
                yield from _paths((*path, name), inner)
    else:
        yield path
