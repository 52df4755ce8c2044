"""Calls made from our own OpenAPI document, valid and broken, with a fixed seed."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode

from openbudget.api.openapi import openapi_document

OPERATIONS = [item["get"]["operationId"] for item in openapi_document()["paths"].values()]
# A random cursor, or a tree without its choices, is well-formed and still answered with 400.
LEFT_OUT = {"positive_data_acceptance"}
SETTINGS = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def operations(app: Flask) -> dict[str, Any]:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    found = [result.ok() for result in schema.get_all_operations()]
    return {operation.definition.raw["operationId"]: operation for operation in found}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_every_operation_keeps_to_its_description(
    operations: dict[str, Any], operation_id: str, mode: GenerationMode
) -> None:
    operation = operations[operation_id]
    if mode is GenerationMode.NEGATIVE and not operation.definition.raw["parameters"]:
        pytest.skip("an operation without parameters cannot be called wrongly")
    checks = [check for check in CHECKS.get_all() if check.__name__ not in LEFT_OUT]

    @SETTINGS
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        # An empty object is no parameter at all once it is sent: nothing of it can be refused.
        assume({} not in (case.query or {}).values())
        # The test transport does not unpack gzip.
        case.call_and_validate(checks=checks, headers={"Accept-Encoding": "identity"})

    call()
