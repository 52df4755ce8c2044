"""What OpenAPI says of the bulk files, which are no endpoints: they answer files, not data."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from openbudget.api.bulk import CURRENT, NAME_PATTERN, VERSION_PATTERN
from openbudget.api.envelopes import one_envelope
from openbudget.api.fields import (
    ResponseSchema,
    flag,
    integer,
    many,
    optional_string,
    string,
    strings,
)
from openbudget.api.parameters import QuerySchema, describe_query

_VERSION = "0123456789abcdef"
_TAG = "bulk"


class BulkFileSchema(ResponseSchema):
    """A bulk file."""

    name = string("Name of the file.", "lines.csv")
    href = string("Where it is.", f"/data/{_VERSION}/lines.csv")
    media_type = string("Media type.", "text/csv; charset=utf-8")
    bytes = integer("Size.", 129548)
    sha256 = string("Hash of its bytes; its ETag, too.", "a21bb77f8bac" + "0" * 52)


class BulkVersionSchema(ResponseSchema):
    """The files of one version of the data."""

    data_version = string("Hash of all that the data are made of.", _VERSION)
    files = many(BulkFileSchema, "The files.")


class BulkIndexSchema(ResponseSchema):
    """Which bulk files there are."""

    current = optional_string("The version exported last; null before the first export.", _VERSION)
    up_to_date = flag("Whether that is the version that /v1 answers from.", True)
    versions = many(BulkVersionSchema, "All versions that there are.")


DataPackageSchema = ResponseSchema.from_dict(
    {
        # No page of ours names another host, so the example leaves it out.
        "$schema": string("Profile of Data Package 2.0.", "…/profiles/2.0/datapackage.json"),
        "name": string("Name of the package.", "openbudget"),
        "title": string("Title.", "Published budgets of Chinese government departments"),
        "description": string("What is in it.", "Everything that openbudget has read."),
        "version": string("The data version.", _VERSION),
        "schemaVersion": string("Version of the schema.", "1.0"),
        "terms": string("Terms of the documents.", "official documents, terms not stated"),
        "keywords": strings("What it is about.", ["budget", "部门预算"]),
        "resources": fields.List(
            fields.Dict(),
            metadata={"description": "The CSV files with their columns.", "example": []},
        ),
        "otherFormats": fields.List(
            fields.Dict(), metadata={"description": "The other files.", "example": []}
        ),
    },
    name="DataPackageSchema",
)
_INDEX = one_envelope(BulkIndexSchema, "BulkIndexOne")


def _parameter(name: str, said: str, example: str, pattern: str) -> dict[str, Any]:
    shape = {"type": "string", "pattern": f"^{pattern}$"}
    known = {"name": name, "in": "path", "required": True, "schema": shape}
    return {**known, "description": said, "example": example}


_FILE = _parameter("file", "Name of the file.", "lines.csv", NAME_PATTERN)
_OF_VERSION = _parameter(
    "data_version",
    "The data version; `current` leads to the one exported last.",
    CURRENT,
    f"(?:{CURRENT}|{VERSION_PATTERN})",
)
_HEADERS = {
    name: {"description": said, "schema": {"type": "string"}}
    for name, said in {
        "ETag": "Strong tag of this file: its sha256.",
        "Last-Modified": "When it was written.",
        "Accept-Ranges": "bytes",
    }.items()
}
BYTES = {"type": "string", "format": "binary"}
ANY_BYTES = {
    # Clients that are made from this document know the first, and read bytes as what they are.
    media_type: {"schema": BYTES, "example": "…"}
    for media_type in ("application/octet-stream", "*/*")
}
"""Bytes of a media type that depends on the file."""
_LEADS = {"302": {"description": "Where the file of the version exported last is."}}
_PART = {"Content-Range": {"description": "Which part.", "schema": {"type": "string"}}}


def _operation(
    name: str,
    summary: str,
    description: str,
    answers: dict[str, Any],
    parameters: tuple[dict[str, Any], ...] = (),
    problems: tuple[str, ...] = ("400", "404"),
) -> dict[str, Any]:
    told = {code: {"$ref": f"#/components/responses/Problem{code}"} for code in problems}
    return {
        "operationId": name,
        "summary": summary,
        "description": description,
        "tags": [_TAG],
        "parameters": [*parameters, *describe_query(QuerySchema)],
        "responses": {**answers, **told},
    }


def _json(said: str, schema: Any, example: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    not_modified = {"description": "Not modified: the tag in If-None-Match is that of the answer."}
    return {"200": {"description": said, "content": content}, "304": not_modified}


def bulk_paths(example_of: Any) -> dict[str, dict[str, Any]]:
    """Give the operation of each path."""
    files = _json("Which files there are.", _INDEX, example_of(_INDEX))
    package = _json("The data package.", DataPackageSchema, example_of(DataPackageSchema))
    return {
        "/data/": _operation(
            "list_bulk_files",
            "Bulk files",
            "Every list whole as files, by data version; 404 where a server has none.",
            files,
            problems=("400", "404", "503"),
        ),
        "/data/{file}": _operation(
            "get_current_bulk_file",
            "A bulk file of the version exported last",
            "Leads to the file under its data version, where it stays the same.",
            _LEADS,
            (_FILE,),
        ),
        "/data/{data_version}/{file}": _operation(
            "get_bulk_file",
            "A bulk file",
            "A file as it was exported; HEAD, Range and If-Range work.",
            {
                "200": {"description": "The file.", "headers": _HEADERS, "content": ANY_BYTES},
                "206": {
                    "description": "The part that Range asks for.",
                    "headers": {**_HEADERS, **_PART},
                    "content": ANY_BYTES,
                },
                **_LEADS,
                "304": {"description": "Not modified."},
            },
            (_OF_VERSION, _FILE),
            ("400", "404", "416"),
        ),
        "/datapackage.json": _operation(
            "get_data_package",
            "Description of the bulk files",
            "Data Package 2.0 of the version exported last: every column of every CSV file.",
            package,
        ),
    }
