"""The columns of a record in flat formats, described from its schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from marshmallow import Schema, fields

from openbudget.api.envelopes import key_paths
from openbudget.api.fields import ExactNumber, Yuan
from openbudget.formats.columns import Column, KeyPath, Kind
from openbudget.yaml_files import load_yaml

_KINDS: tuple[tuple[type[fields.Field[Any]], Kind], ...] = (
    (Yuan, Kind.MONEY),
    (ExactNumber, Kind.NUMBER),
    (fields.Integer, Kind.INTEGER),
    (fields.Float, Kind.NUMBER),
    (fields.Boolean, Kind.TRUTH),
    (fields.List, Kind.LIST),
    (fields.Dict, Kind.OBJECT),
)


def columns_of(
    schema: type[Schema], only: Iterable[str] | None = None, without: Iterable[str] = ()
) -> list[Column]:
    """Give the columns of a record, the same as in CSV."""
    return [_column(schema, path) for path in key_paths(schema, only, without)]


def _column(schema: type[Schema], path: KeyPath) -> Column:
    own = _field_at(schema(), path)
    choices = tuple(str(word) for word in own.metadata.get("enum", ()) if word is not None)
    return Column(path, _kind(own), own.metadata["description"], title_of(path), choices)


def _field_at(schema: Schema, path: KeyPath) -> fields.Field[Any]:
    found = schema.fields[path[0]]
    for key in path[1:]:
        assert isinstance(found, fields.Nested)  # noqa: S101 - paths are made from the schema
        found = found.schema.fields[key]
    return found


def _kind(own: fields.Field[Any]) -> Kind:
    return next((kind for known, kind in _KINDS if isinstance(own, known)), Kind.TEXT)


def title_of(path: KeyPath) -> str | None:
    """Give the Chinese title of a column; None where one of its keys has none."""
    known = _titles()
    whole = known.get("_".join(path))
    parts = [known.get(key) for key in path]
    if whole or None in parts:
        return whole
    return " · ".join(part for part in parts if part)


@cache
def _titles() -> Mapping[str, str]:
    """Read the Chinese names of keys; the name of a whole column goes before those of its keys."""
    source = resources.files("openbudget.api") / "column_titles.yaml"
    found: dict[str, str] = load_yaml(source.read_bytes())
    return found
