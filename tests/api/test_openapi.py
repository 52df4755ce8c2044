"""The committed descriptions are current, valid, whole, and only ever added to."""

from __future__ import annotations

import copy
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from openbudget.api.bulk_paths import bulk_paths
from openbudget.api.catalog import ENDPOINTS
from openbudget.api.discovery import openapi_yaml
from openbudget.api.openapi import example_of, json_schemas, openapi_document
from openbudget.cli import main
from tests.api.client import Api
from tests.api.contract import broken_promises, read_yaml
from tests.conftest import ROOT

OPERATIONS = [
    (path, operation)
    for path, item in openapi_document()["paths"].items()
    for operation in item.values()
]
CONTRACT = read_yaml((ROOT / "tests/contract/v1.openapi.yaml").read_text(encoding="utf-8"))


def test_the_committed_document_is_current(api: Api) -> None:
    committed = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
    assert committed == openapi_yaml(), "run `make generate`"
    assert api.call("/openapi.yaml").text == committed
    assert json.loads(api.call("/openapi.json").text) == read_yaml(committed)


def test_the_committed_schemas_are_current(api: Api) -> None:
    folder = ROOT / "schemas/v1"
    committed = {
        path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()
    }
    made = {f"{name}.schema.json": schema for name, schema in json_schemas().items()}
    assert committed == made, "run `make generate`"
    for name, schema in made.items():
        Draft202012Validator.check_schema(schema)
        assert json.loads(api.call(f"/schemas/v1/{name}").text) == schema


def test_the_document_is_valid() -> None:
    OpenAPIV31SpecValidator(read_yaml(openapi_yaml())).validate()


def test_every_operation_and_parameter_is_described_with_an_example() -> None:
    assert len(OPERATIONS) == len(ENDPOINTS) + len(bulk_paths(example_of))
    assert openapi_document()["security"] == []
    identifiers = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(identifiers)) == len(identifiers)
    for path, operation in OPERATIONS:
        assert operation["summary"], path
        assert operation["description"], path
        for content in operation["responses"].get("200", {}).get("content", {}).values():
            assert content["example"], path
        for parameter in operation["parameters"]:
            assert parameter["description"], (path, parameter["name"])
            assert parameter["example"] not in (None, ""), (path, parameter["name"])


def test_examples_fit_their_schemas() -> None:
    components = {"components": openapi_document()["components"]}
    for path, operation in OPERATIONS:
        answers = operation["responses"].get("200", {}).get("content", {})
        content = answers.get("application/json")
        if content:
            schema = {**components, **content["schema"]}
            errors = [
                e.message for e in Draft202012Validator(schema).iter_errors(content["example"])
            ]
            assert errors == [], path
        for parameter in operation["parameters"]:
            Draft202012Validator(parameter["schema"]).validate(parameter["example"])


def test_examples_of_parameters_are_calls_that_work(api: Api) -> None:
    for path, operation in OPERATIONS:
        concrete = path
        needed = {p["name"]: p["example"] for p in operation["parameters"] if p["required"]}
        for parameter in operation["parameters"]:
            if parameter["in"] == "path":
                del needed[parameter["name"]]
                concrete = concrete.replace(f"{{{parameter['name']}}}", parameter["example"])
        concrete += f"?{urlencode(needed)}" if needed else ""
        # Names of bulk files without their version lead to it.
        assert api.call(concrete, follow_redirects=True).status_code == 200, concrete


def test_response_schemas_are_open_to_new_keys() -> None:
    for name, schema in openapi_document()["components"]["schemas"].items():
        assert schema.get("additionalProperties", True) is not False, name


def test_the_keys_of_an_envelope_are_always_there() -> None:
    schemas = openapi_document()["components"]["schemas"].values()
    envelopes = [schema for schema in schemas if {"links", "meta"} <= set(schema["properties"])]
    assert len(envelopes) > 30
    for envelope in envelopes:
        assert sorted(envelope["required"]) == sorted(envelope["properties"])


def test_v1_keeps_every_promise_of_the_contract() -> None:
    assert broken_promises(CONTRACT, openapi_document()) == []


def _without_path(document: dict[str, Any]) -> None:
    del document["paths"]["/v1/lines"]


def _without_parameter(document: dict[str, Any]) -> None:
    document["paths"]["/v1/lines"]["get"]["parameters"].pop(0)


def _with_required_parameter(document: dict[str, Any]) -> None:
    document["paths"]["/v1/lines"]["get"]["parameters"][0]["required"] = True


def _without_key(document: dict[str, Any]) -> None:
    del document["components"]["schemas"]["Line"]["properties"]["amount"]


def _with_other_type(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Line"]["properties"]["row"]["type"] = "string"


def _with_new_value(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Line"]["properties"]["role"]["enum"].append("new")


def _without_choice(document: dict[str, Any]) -> None:
    for parameter in document["paths"]["/v1/lines"]["get"]["parameters"]:
        if parameter["name"] == "role":
            parameter["schema"]["items"]["enum"].remove("leaf")


def _without_media_type(document: dict[str, Any]) -> None:
    del document["paths"]["/v1/lines"]["get"]["responses"]["200"]["content"]["text/csv"]


BREAKS = [
    _without_path,
    _without_parameter,
    _with_required_parameter,
    _without_key,
    _with_other_type,
    _with_new_value,
    _without_choice,
    _without_media_type,
]


@pytest.mark.parametrize("change", BREAKS, ids=lambda change: change.__name__)
def test_each_kind_of_break_is_seen(change: Any) -> None:
    document = copy.deepcopy(openapi_document())
    change(document)
    assert len(broken_promises(CONTRACT, document)) >= 1


def test_additions_break_nothing() -> None:
    document = copy.deepcopy(openapi_document())
    document["components"]["schemas"]["Line"]["properties"]["new"] = {"type": "string"}
    parameter = {"name": "new", "in": "query", "schema": {"type": "string"}}
    document["paths"]["/v1/lines"]["get"]["parameters"].append(parameter)
    document["paths"]["/v1/new"] = document["paths"]["/v1/lines"]
    assert broken_promises(CONTRACT, document) == []


def test_the_command_line_writes_the_same(tmp_path: Any) -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["openapi"]).stdout == openapi_yaml()
    assert runner.invoke(main, ["schemas", "--output", str(tmp_path)]).exit_code == 0
    written = {path.name for path in (tmp_path / "v1").iterdir()}
    assert written == {path.name for path in (ROOT / "schemas/v1").iterdir()}
