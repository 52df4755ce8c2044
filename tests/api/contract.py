"""Compares two OpenAPI documents: what a client relied on must still hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

Document = dict[str, Any]


def read_yaml(text: str) -> Document:
    """Read a large document by libyaml, which takes a tenth of the time."""
    found: Document = yaml.load(text, yaml.CSafeLoader)
    return found


def broken_promises(before: Document, now: Document) -> list[str]:
    return [*_paths(before, now), *_schemas(before, now)]


def _paths(before: Document, now: Document) -> Iterator[str]:
    for path, item in before["paths"].items():
        for method, operation in item.items():
            where = f"{method.upper()} {path}"
            found = now["paths"].get(path, {}).get(method)
            if found is None:
                yield f"{where} is gone"
            else:
                yield from _operation(where, operation, found)


def _operation(where: str, before: Document, now: Document) -> Iterator[str]:
    if before["operationId"] != now["operationId"]:
        yield f"{where} has another operationId"
    known = {p["name"]: p for p in before["parameters"]}
    found = {p["name"]: p for p in now["parameters"]}
    for name, parameter in known.items():
        if name not in found:
            yield f"{where}: parameter {name} is gone"
        else:
            yield from _accepts(f"{where}: {name}", parameter["schema"], found[name]["schema"])
    for name, parameter in found.items():
        if parameter.get("required") and not known.get(name, {}).get("required"):
            yield f"{where}: parameter {name} is required now"
    yield from _answers(where, before["responses"], now["responses"])


def _accepts(where: str, before: Document, now: Document) -> Iterator[str]:
    """A parameter must still accept what it accepted."""
    if before.get("type") != now.get("type"):
        yield f"{where} has another type"
    lost = set(before.get("enum", [])) - set(now.get("enum", before.get("enum", [])))
    if lost:
        yield f"{where} no longer accepts {sorted(lost)}"
    if now.get("pattern") != before.get("pattern"):
        yield f"{where} has another pattern"
    for bound, worse in (("minimum", 1), ("maximum", -1)):
        limit = before.get(bound)
        if (now.get(bound) is not None) and (limit is None or (now[bound] - limit) * worse > 0):
            yield f"{where} has a narrower {bound}"
    if "items" in before:
        yield from _accepts(where, before["items"], now.get("items", {}))


def _answers(where: str, before: Document, now: Document) -> Iterator[str]:
    for status, answer in before.items():
        for media_type in answer.get("content", {}):
            if media_type not in now.get(status, {}).get("content", {}):
                yield f"{where}: {status} no longer answers {media_type}"


def _schemas(before: Document, now: Document) -> Iterator[str]:
    found = now["components"]["schemas"]
    for name, schema in before["components"]["schemas"].items():
        if name not in found:
            yield f"schema {name} is gone"
        else:
            yield from _gives(name, schema, found[name])


def _gives(where: str, before: Document, now: Document) -> Iterator[str]:
    """An answer must still hold what it held, in the same types and with no new words."""
    if before.get("type") != now.get("type"):
        yield f"{where} has another type"
    if before.get("$ref") != now.get("$ref"):
        yield f"{where} refers to another schema"
    if set(now.get("enum", [])) - set(before.get("enum", now.get("enum", []))):
        yield f"{where} has values that no client knows"
    for key, schema in before.get("properties", {}).items():
        if key not in now.get("properties", {}):
            yield f"{where}.{key} is gone"
        else:
            yield from _gives(f"{where}.{key}", schema, now["properties"][key])
    if "items" in before:
        yield from _gives(f"{where}[]", before["items"], now.get("items", {}))
