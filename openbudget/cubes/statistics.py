"""What statistical formats say of cubes besides labels: measures, statuses, roles of dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from openbudget.cubes.model import Dimension
from openbudget.yaml_files import load_yaml

Words = tuple[str, str]
"""A text in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What an aggregate is called and counted in, and how many decimals it has."""

    label: Words
    unit: Words
    decimals: int
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words: of the dimension of measures, no value, comparisons, aggregates, severities."""

    measure: Words
    none: Words
    comparison: Words
    measures: Mapping[str, Measure]
    statuses: Mapping[str, Words]


@cache
def vocabulary() -> Vocabulary:
    """Give the words."""
    source = resources.files("openbudget.cubes") / "statistics.yaml"
    found: Any = load_yaml(source.read_bytes())
    measures = {
        name: Measure(**{**given, "label": tuple(given["label"]), "unit": tuple(given["unit"])})
        for name, given in found["measures"].items()
    }
    statuses = {name: (zh, en) for name, (zh, en) in found["statuses"].items()}
    measure, none, comparison = (tuple(found[name]) for name in ("measure", "none", "comparison"))
    return Vocabulary(measure, none, comparison, measures, statuses)


def role_of(dimension: Dimension) -> Literal["time", "geo"] | None:
    """Tell whether a dimension is time or place."""
    if dimension.key == "year":
        return "time"
    return "geo" if dimension.of == "division" else None
