"""A client for tests: every answer it gets is validated against the OpenAPI document."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Flask
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from openbudget.api.openapi import openapi_document


@dataclass
class Api:
    app: Flask

    def call(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        response = self.app.test_client().open(path, method=method, buffered=True, **options)
        if method == "GET":
            validate(response.request.path if response.history else path, response)
        return response

    def json(self, path: str, **options: Any) -> Any:
        response = self.call(path, **options)
        assert response.status_code == 200, response.text
        return parse(response)

    def problem(self, path: str, status: int, method: str = "GET", **options: Any) -> Any:
        response = self.call(path, method, **options)
        assert response.status_code == status, response.text
        assert response.mimetype == "application/problem+json"
        body = parse(response)
        problem_schema = {"$ref": "#/components/schemas/Problem"}
        _check(problem_schema, body)
        assert body["status"] == status
        return body


def parse(response: TestResponse) -> Any:
    return json.loads(response.text, parse_float=Decimal)


def operation_for(path: str) -> tuple[str, dict[str, Any]] | None:
    """Find the operation of a path; literal paths win over templates."""
    bare = path.partition("?")[0]
    found = []
    for template, item in openapi_document()["paths"].items():
        pattern = re.sub(
            r"\\\{extension\\\}", "(json|csv|ndjson|atom|json-stat)", re.escape(template)
        )
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", pattern)
        if re.fullmatch(pattern, bare):
            found.append((template.count("{"), template, item["get"]))
    return (min(found)[1], min(found)[2]) if found else None


def validate(path: str, response: TestResponse) -> None:
    """Hold an answer to what the OpenAPI document says of it."""
    operation = operation_for(path)
    if operation is None or response.status_code == 304:
        return
    answers = operation[1]["responses"]
    assert str(response.status_code) in answers, f"{path}: {response.status_code} is not described"
    answer = answers[str(response.status_code)]
    if "$ref" in answer:
        answer = openapi_document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    content = answer.get("content")
    if content is None:
        return
    # A media type that is described with its parameters is answered with just these.
    media_type = response.content_type if response.content_type in content else response.mimetype
    assert media_type in content or "*/*" in content, f"{path}: {response.content_type}"
    if "*/*" in content:
        return
    if response.mimetype in ("application/json", "application/problem+json"):
        _check(content[media_type]["schema"], parse(response))


def _check(schema: dict[str, Any], value: Any) -> None:
    components = {"components": openapi_document()["components"]}
    errors = list(Draft202012Validator({**components, **schema}).iter_errors(value))
    assert not errors, [f"{error.json_path}: {error.message}" for error in errors[:5]]
