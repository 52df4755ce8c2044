"""The compiled writers give what the schemas give."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from openbudget.api import listing
from openbudget.api.catalog import LISTS
from openbudget.api.common import DOCUMENT
from openbudget.api.dumping import compile_dump
from openbudget.api.listing import ListResource
from openbudget.api.resources.trees import TreeSchema
from tests.api.client import Api

WITHIN = {
    "codes": "/v1/classifications/functional/2024/codes",
    "claims": f"/v1/documents/{DOCUMENT}/claims",
}


@pytest.mark.parametrize("resource", LISTS, ids=lambda resource: resource.name)
def test_compiled_writers_equal_the_schemas(
    api: Api, resource: ListResource, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = WITHIN.get(resource.name, resource.path)
    compared = []

    def both(schema: Any) -> Any:
        fast = compile_dump(schema)

        def dump(record: Any) -> Any:
            slow = orjson.dumps(schema.dump(record))
            compared.append(slow)
            assert orjson.dumps(fast(record)) == slow
            return fast(record)

        return dump

    monkeypatch.setattr(listing, "compile_dump", both)
    monkeypatch.setitem(resource.__dict__, "_dump_whole", both(resource.schema()))
    assert api.call(f"{path}?page_size=999").status_code == 200
    assert api.call(f"{path}?page_size=998&fields={next(iter(resource.schema().fields))}").data
    assert compared


def test_a_schema_may_nest_itself() -> None:
    leaf = {"name": "b", "code": "20401", "value": 5, "children": []}
    record = {"name": "a", "value": 1, "children": [{**leaf, "code": "204", "children": [leaf]}]}
    schema = TreeSchema()
    assert orjson.dumps(compile_dump(schema)(record)) == orjson.dumps(schema.dump(record))
