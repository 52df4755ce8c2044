"""The OpenAPI 3.1 document and the JSON Schemas, made from the endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema, fields

from openbudget.api.bulk_paths import ANY_BYTES, BYTES, bulk_paths
from openbudget.api.catalog import ENDPOINTS
from openbudget.api.endpoint import CSV, JSON, NDJSON, SDMX_GENERIC, XLSX, Endpoint
from openbudget.api.fields import (
    ExactNumber,
    ResponseSchema,
    Yuan,
    choice,
    many,
    nested,
    optional_string,
    string,
)
from openbudget.api.languages import LANGUAGES
from openbudget.api.parameters import describe_query
from openbudget.api.problems import MEDIA_TYPE
from openbudget.api.service import SCHEMA_VERSION

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DESCRIPTION = """\
Published Chinese department budgets (部门预算) as data: departments, budget tables, lines,
classification trees and performance targets. Every figure is exact, has its printed text and unit
beside it, and an anchor that says where it stands in the published file. Money is in yuan with two
decimals. Nothing printed is mended. Errors (RFC 9457) say how to mend the call, in Chinese or in
English: `lang=zh`, `lang=en` or `Accept-Language`, else in English.
"""
_TEXT: dict[str, Any] = {"schema": {"type": "string"}, "example": "…"}
_HEADERS = {
    "ETag": "Strong tag of this answer.",
    "Last-Modified": "When the data last changed.",
    "Data-Version": "Hash of all that the data are made of.",
    "Schema-Version": "Version of the schema.",
}
_PROBLEMS = {
    "400": "A parameter is unknown or malformed; the problem names every one.",
    "404": "There is no such thing.",
    "406": "None of the media types in Accept is offered.",
    "416": "The part that Range asks for begins behind the end.",
    "503": "Nothing has been loaded yet.",
}

_PROBLEM_HEADERS = {
    "Content-Language": {
        "description": "Language of all its texts: `lang`, else `Accept-Language`, else English.",
        "schema": {"type": "string", "enum": list(LANGUAGES)},
    }
}


class MistakeSchema(ResponseSchema):
    """One thing wrong with a call."""

    parameter = optional_string("The parameter.", "page_size")
    detail = string("What is wrong.", "'0' is not a whole number from 1 to 1000")
    allowed = fields.List(
        fields.Raw(),
        allow_none=True,
        metadata={"description": "What is allowed.", "example": ["asc", "desc"]},
    )
    hint = optional_string("How to mend it.", "Leave it out.")


class ProblemSchema(ResponseSchema):
    """A problem, RFC 9457."""

    type = string("A URI for the kind of problem.", "about:blank")
    title = string("The phrase of the status.", "Bad Request")
    status = fields.Integer(metadata={"description": "The HTTP status.", "example": 400})
    detail = string("What went wrong.", "The call cannot be answered as it is: see page_size.")
    instance = string("The path of the call.", "/v1/lines")
    errors = many(MistakeSchema, "Every mistake in the call.")


class CubeProblemContextSchema(ResponseSchema):
    """What Babbage calls the context of an error."""

    problem = nested(ProblemSchema, "The same as a problem of RFC 9457.")


class CubeProblemSchema(ResponseSchema):
    """An error of a cube, in Babbage's body."""

    status = choice("Always error.", ("error",), "error")
    message = string("What went wrong.", "The call cannot be answered as it is: see cut.")
    context = nested(CubeProblemContextSchema, "The problem, and how to mend the call.")


_PROBLEM_BODIES: Mapping[str, tuple[str, type[Schema]]] = {
    "Problem": (MEDIA_TYPE, ProblemSchema),
    "CubeProblem": (JSON, CubeProblemSchema),
}


@cache
def openapi_document() -> dict[str, Any]:
    """Make the whole document as plain data."""
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(
        title="openbudget",
        version=SCHEMA_VERSION,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        security=[],
        servers=[{"url": "/"}],
    )
    if plugin.converter is not None:
        plugin.converter.add_attribute_function(_numbers)  # type: ignore[no-untyped-call]
    for name, (_, schema) in _PROBLEM_BODIES.items():
        spec.components.schema(name, schema=schema)
    _describe_problems(spec)
    for endpoint in ENDPOINTS:
        spec.path(path=endpoint.path, operations={"get": _operation(endpoint, spec)})
    for path, operation in bulk_paths(example_of).items():
        spec.path(path=path, operations={"get": operation})
    return spec.to_dict()


def _describe_problems(spec: APISpec) -> None:
    for name, (media_type, _) in _PROBLEM_BODIES.items():
        content = {media_type: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        for code, said in _PROBLEMS.items():
            answer = {"description": said, "headers": _PROBLEM_HEADERS, "content": content}
            spec.components.response(f"{name}{code}", answer)


def _schema_name(schema: Any) -> str:
    own = schema if isinstance(schema, type) else type(schema)
    return own.__name__.removesuffix("Schema")


def _numbers(_self: Any, field: fields.Field[Any], **_options: Any) -> dict[str, Any]:
    """Describe the exact numbers, which apispec does not know."""
    if isinstance(field, Yuan | ExactNumber):
        return {"type": ["number", "null"] if field.allow_none else "number"}
    return {}


def _operation(endpoint: Endpoint, spec: APISpec) -> dict[str, Any]:
    return {
        "operationId": endpoint.operation_id,
        "summary": endpoint.summary,
        "description": endpoint.description,
        "tags": [endpoint.tag],
        "parameters": [*_path_parameters(endpoint), *describe_query(endpoint.query)],
        "responses": {
            "200": _success(endpoint),
            "304": {"description": "Not modified: the tag in If-None-Match is that of the answer."},
            **_problems(endpoint),
        },
    }


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    found = []
    for own in endpoint.parameters:
        shape = {"type": "string", **({"pattern": own.pattern} if own.pattern else {})}
        known = {"name": own.name, "in": "path", "required": True, "schema": shape}
        found.append({**known, "description": own.description, "example": own.example})
    return found


def _success(endpoint: Endpoint) -> dict[str, Any]:
    headers = {
        name: {"description": said, "schema": {"type": "string"}} for name, said in _HEADERS.items()
    }
    if CSV in endpoint.media_types:
        count = {"type": "integer"}
        headers["X-Total-Count"] = {"description": "Records, in CSV and NDJSON.", "schema": count}
    if SDMX_GENERIC in endpoint.media_types:
        said = {"description": "Observations, or series.", "schema": {"type": "integer"}}
        headers["X-Total-Count"] = said
    return {
        "description": endpoint.summary + ".",
        "headers": headers,
        "content": _content(endpoint),
    }


def _content(endpoint: Endpoint) -> dict[str, Any]:
    """Describe each media type of an answer; of several, generated clients read the first."""
    if endpoint.of_any_type:
        return dict(ANY_BYTES)
    # Where no answer is JSON, as in SDMX: generated clients know no such text, but any bytes.
    unlike = _TEXT if endpoint.answers else {**_TEXT, "schema": BYTES}
    known = {
        CSV: {**_TEXT, "example": "\ufeffid,…\r\n"},
        NDJSON: {**_TEXT, "example": '{"id":"…"}\n'},
        XLSX: {"schema": BYTES, "example": "PK…"},
        **{
            media_type: {"schema": schema, "example": example_of(schema)} if schema else unlike
            for media_type, schema in endpoint.other_answers.items()
        },
    }
    if endpoint.answers is not None:
        known[JSON] = {"schema": endpoint.answers, "example": example_of(endpoint.answers)}
    return {media_type: dict(known.get(media_type, _TEXT)) for media_type in endpoint.media_types}


def _problems(endpoint: Endpoint) -> dict[str, Any]:
    codes = set(_PROBLEMS) - {"416"}
    if not endpoint.parameters:
        codes.remove("404")
    stem = f"#/components/responses/{endpoint.problem}"
    return {code: {"$ref": f"{stem}{code}"} for code in sorted(codes)}


def example_of(schema: type[Schema], depth: int = 0) -> dict[str, Any]:
    """Make an example from the examples of the fields."""
    return {name: _field_example(own, depth) for name, own in schema().fields.items()}


def _field_example(own: fields.Field[Any], depth: int) -> Any:
    if isinstance(own, fields.Nested):
        return example_of(type(own.schema), depth + 1)
    if isinstance(own, fields.List) and isinstance(own.inner, fields.Nested):
        recursive = "example" in own.metadata
        return [] if recursive else [example_of(type(own.inner.schema), depth + 1)]
    return own.metadata.get("example")


def json_schemas() -> Mapping[str, dict[str, Any]]:
    """Make a self-contained JSON Schema of every resource, by file name without ending."""
    components = openapi_document()["components"]["schemas"]
    return {
        _file_name(name): {
            "$schema": DIALECT,
            "$id": f"/schemas/v1/{_file_name(name)}.schema.json",
            "title": name,
            **_rewritten(components[name]),
            "$defs": {other: _rewritten(components[other]) for other in _needed(name, components)},
        }
        for name in components
    }


def _file_name(name: str) -> str:
    words = "".join(f"-{char.lower()}" if char.isupper() else char for char in name)
    return words.strip("-")


def _needed(name: str, components: Mapping[str, Any]) -> list[str]:
    """Give the components that one refers to, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for other in _references(components[waiting.pop()]):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return sorted(found)


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"].rpartition("/")[2]] if "$ref" in value else []
        return own + [name for item in value.values() for name in _references(item)]
    if isinstance(value, list):
        return [name for item in value for name in _references(item)]
    return []


def _rewritten(value: Any) -> Any:
    """Point references at the schema's own definitions."""
    if isinstance(value, dict):
        return {
            key: item.replace("#/components/schemas/", "#/$defs/")
            if key == "$ref"
            else _rewritten(item)
            for key, item in value.items()
        }
    return [_rewritten(item) for item in value] if isinstance(value, list) else value
