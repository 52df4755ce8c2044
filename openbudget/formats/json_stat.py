"""JSON-stat 2.0 (json-stat.org/full): a data set of class `dataset`, from dimensions and cells.

The format has no media type of its own: it is JSON, and answers say by a profile which JSON. It has
room for labels in one language. `updated` is not written: nothing here knows when.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

from openbudget.formats.encoding import to_json

MEDIA_TYPE = 'application/json; profile="https://json-stat.org/full/"'
VERSION = "2.0"
Role = Literal["time", "geo", "metric"]


@dataclass(frozen=True, slots=True)
class Unit:
    """What the values of a category of a metric are counted in, and their decimals."""

    label: str
    decimals: int
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a dimension; `unit` where the dimension is a metric."""

    id: str
    label: str
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension; its categories in the order in which cells are counted."""

    id: str
    label: str
    categories: Sequence[Category]
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A value at one category of each dimension, by their ids, and its status.

    `value` is an integer or a fragment that is written digit by digit; None where there is none.
    """

    place: tuple[str, ...]
    value: int | orjson.Fragment | None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data set. Cells that it does not name have no value; `extension` is JSON of any shape."""

    label: str
    dimensions: Sequence[Dimension]
    cells: Iterable[Cell]
    extension: Mapping[str, Any] = field(default_factory=dict)


def count_positions(dimensions: Sequence[Dimension]) -> int:
    """Give the size of the cube: the product of the sizes of its dimensions."""
    return math.prod(len(own.categories) for own in dimensions)


def write_dataset(dataset: Dataset) -> bytes:
    """Write a data set: values as an array where most positions have one, else by position.

    Raises:
        KeyError: a cell names a category that its dimension does not have.
    """
    values, statuses = _placed(dataset)
    dimensions = dataset.dimensions
    roles = {
        role: [own.id for own in dimensions if own.role == role]
        for role in ("time", "geo", "metric")
    }
    body: dict[str, Any] = {
        "version": VERSION,
        "class": "dataset",
        "label": dataset.label,
        "id": [own.id for own in dimensions],
        "size": [len(own.categories) for own in dimensions],
        "role": {role: names for role, names in roles.items() if names},
        "dimension": {own.id: _dimension(own) for own in dimensions},
        "value": _values(values, count_positions(dimensions)),
    }
    if statuses:
        body["status"] = {str(position): statuses[position] for position in sorted(statuses)}
    return to_json({**body, "extension": dict(dataset.extension)})


def _placed(dataset: Dataset) -> tuple[dict[int, Any], dict[int, str]]:
    """Put values and statuses at their positions: the last dimension is counted first."""
    indexes = [
        {category.id: n for n, category in enumerate(own.categories)} for own in dataset.dimensions
    ]
    values: dict[int, Any] = {}
    statuses: dict[int, str] = {}
    for cell in dataset.cells:
        position = 0
        for index, identifier in zip(indexes, cell.place, strict=True):
            position = position * len(index) + index[identifier]
        if cell.value is not None:
            values[position] = cell.value
        if cell.status is not None:
            statuses[position] = cell.status
    return values, statuses


def _values(values: Mapping[int, Any], size: int) -> list[Any] | dict[str, Any]:
    if len(values) * 2 < size:
        return {str(position): values[position] for position in sorted(values)}
    return [values.get(position) for position in range(size)]


def _dimension(own: Dimension) -> dict[str, Any]:
    category: dict[str, Any] = {
        "index": [one.id for one in own.categories],
        "label": {one.id: one.label for one in own.categories},
    }
    if own.role == "metric":
        units = {one.id: _unit(one.unit) for one in own.categories if one.unit is not None}
        category["unit"] = units
    return {"label": own.label, "category": category}


def _unit(unit: Unit) -> dict[str, Any]:
    symbol = {} if unit.symbol is None else {"symbol": unit.symbol, "position": "start"}
    return {"label": unit.label, "decimals": unit.decimals, **symbol}
