"""Reads `layouts/*.yaml` and says exactly what is wrong with a layout that is malformed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

import yaml

from openbudget.budget.vocabulary import Role, TableKind
from openbudget.errors import LayoutError
from openbudget.recognition.folding import fold_label
from openbudget.recognition.layout import (
    ColumnLayout,
    FormAmount,
    FormBlock,
    FormLayout,
    ItemLayout,
    Raw,
    TableLayout,
    amount_keys,
)
from openbudget.yaml_files import load_yaml

VOCABULARY = "vocabulary.yaml"


@dataclass(frozen=True)
class Layouts:
    """Every layout there is, and a hash over the files they were read from.

    `aliases` are titles of tables whose columns another family describes.
    """

    tables: tuple[TableLayout, ...]
    forms: tuple[FormLayout, ...]
    aliases: Mapping[str, TableKind]
    digest: str


@cache
def load_layouts() -> Layouts:
    """Read the layouts of the package.

    Raises:
        LayoutError: a file is malformed; the message names file and place.
    """
    tables: list[TableLayout] = []
    forms: list[FormLayout] = []
    aliases: dict[str, TableKind] = {}
    digest = hashlib.sha256()
    for file in layout_paths():
        content = file.read_bytes()
        digest.update(content)
        if file.name != VOCABULARY:
            family = parse_family(content, file.name)
            tables += family.tables
            forms += family.forms
            aliases |= family.aliases
    return Layouts(tuple(tables), tuple(forms), aliases, digest.hexdigest())


def layout_paths() -> list[Traversable]:
    """Give every layout file, by name."""
    folder = resources.files("openbudget.recognition") / "layouts"
    found = [path for path in folder.iterdir() if path.name.endswith(".yaml")]
    return sorted(found, key=lambda path: path.name)


class Family(NamedTuple):
    """What one file of layouts holds."""

    tables: list[TableLayout]
    forms: list[FormLayout]
    aliases: dict[str, TableKind]


def parse_family(content: bytes, name: str) -> Family:
    """Read one family of layouts.

    Raises:
        LayoutError: not YAML, an unknown key, kind or role, or a part that is no column.
    """
    try:
        raw = load_yaml(content)
        family = str(raw["family"])
        items = {key: _items(value, name) for key, value in raw.get("items", {}).items()}
        tables = [_table(entry, family, items, name) for entry in raw.get("tables", [])]
        forms = [_form(entry, family, name) for entry in raw.get("forms", [])]
        aliases = {
            title: TableKind(kind)
            for kind, titles in raw.get("aliases", {}).items()
            for title in titles
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise LayoutError(f"{name}: {error}") from error
    return Family(tables, forms, aliases)


def _table(
    raw: Raw, family: str, items: Mapping[str, Mapping[str, ItemLayout]], name: str
) -> TableLayout:
    columns = tuple(_columns(raw["columns"], name))
    layout = TableLayout(
        family=family,
        kind=TableKind(raw["kind"]),
        titles=tuple(raw["titles"]),
        columns=columns,
        items=items,
        coordinates=raw.get("coordinates", {}),
        closes_with_total=raw.get("closes_with_total", False),
    )
    _check_keys(raw, layout, name, extra={"columns"})
    _check_columns(layout, name)
    return layout


def _check_columns(layout: TableLayout, name: str) -> None:
    keys = [column.key for column in layout.columns]
    where = f"{name}: {layout.kind}"
    if len(keys) != len(set(keys)):
        raise LayoutError(f"{where}: two columns have one key")
    for column in layout.columns:
        strangers = set(column.parts) - amount_keys(layout.columns)
        if strangers:
            raise LayoutError(f"{where}: {column.key} has parts that are no columns: {strangers}")
        if column.items and column.items not in layout.items:
            raise LayoutError(f"{where}: {column.key} names an unknown list {column.items}")


def _columns(raw: list[Raw], name: str) -> Iterator[ColumnLayout]:
    for entry in raw:
        values: dict[str, Any] = {**entry, "heading": tuple(entry["heading"])}
        values["also"] = tuple(tuple(path) for path in entry.get("also", ()))
        values["parts"] = tuple(entry.get("parts", ()))
        _check_keys(entry, ColumnLayout, name)
        yield ColumnLayout(**values)


def _items(raw: Raw, name: str) -> dict[str, ItemLayout]:
    found = {}
    for label, entry in raw.items():
        _check_keys(entry, ItemLayout, name)
        role = Role(entry["role"]) if "role" in entry else None
        values: dict[str, Any] = {**entry, "role": role, "parts": tuple(entry.get("parts", ()))}
        values["children"] = _items(entry.get("children", {}), name)
        found[fold_label(label)] = ItemLayout(label=label, **values)
    return found


def _form(raw: Raw, family: str, name: str) -> FormLayout:
    _check_keys(raw, FormLayout, name)
    amounts = [FormAmount(**entry) for entry in raw.get("amounts", [])]
    return FormLayout(
        family=family,
        kind=TableKind(raw["kind"]),
        titles=tuple(raw["titles"]),
        target=raw["target"],
        name_field=raw["name_field"],
        fields=_by_label(raw.get("fields", {})),
        objective_fields=_by_label(raw.get("objective_fields", {})),
        groups=frozenset(fold_label(label) for label in raw.get("groups", [])),
        amounts={fold_label(amount.label): amount for amount in amounts},
        blocks=tuple(_block(entry, name) for entry in raw["blocks"]),
    )


def _block(raw: Raw, name: str) -> FormBlock:
    return FormBlock(raw["name"], tuple(_columns(raw["columns"], name)), raw.get("rows"))


def _by_label(raw: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold_label(label): key for key, labels in raw.items() for label in labels}


def _check_keys(
    raw: Raw, shape: Any, name: str, extra: frozenset[str] | set[str] = frozenset()
) -> None:
    known = {entry.name for entry in fields(shape)} | set(extra)
    unknown = set(raw) - known
    if unknown:
        raise LayoutError(f"{name}: unknown keys {sorted(unknown)}; known are {sorted(known)}")
