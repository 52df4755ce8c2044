"""What a cube is made of: measures, dimensions, their attributes and hierarchies, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any

from openbudget.budget.vocabulary import TABLE_TITLES, TableKind
from openbudget.yaml_files import load_yaml

AMOUNT = "amount"
AMOUNT_SUM = "amount.sum"
COUNT = "_count"
AGGREGATES = (AMOUNT_SUM, COUNT)
WITHOUT_LINES = (TableKind.PROJECT_PERFORMANCE_TARGET, TableKind.DEPARTMENT_PERFORMANCE_TARGET)
"""Money of the performance forms belongs to targets, never to lines."""
CUBES = tuple(kind.value for kind in TableKind if kind not in WITHOUT_LINES)
_LINE = ("role", "state", "text", "unit")


_ALONE = ("year", "key")
"""Keys that say themselves what they are: members have no other name."""


@dataclass(frozen=True)
class Dimension:
    """A dimension: how its values are found, and what it is called."""

    name: str
    label: str
    label_en: str
    description: str
    of: str
    key: str = "code"
    column: str = ""
    digits: int | None = None
    zeros: int = 0
    above: str | None = None
    values: Mapping[str, tuple[str, str]] | None = None
    folded: Mapping[str, str] | None = None

    @property
    def key_ref(self) -> str:
        """The attribute that identifies a member."""
        return f"{self.name}.{self.key}"

    @property
    def label_ref(self) -> str:
        """The attribute that names a member."""
        return f"{self.name}.{self.label_name}"

    @property
    def label_name(self) -> str:
        """The name of that attribute."""
        return "label" if "label" in self.attributes else self.key

    @property
    def datatype(self) -> str:
        """`integer` for years, else `string`: codes are strings always."""
        return "integer" if self.key == "year" else "string"

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The names of the attributes, the key first."""
        if self.of == "line":
            return (self.key, *_LINE)
        if self.key in _ALONE:
            return (self.key,)
        if self.of in ("department", "document", "project"):
            return (self.key, "label")
        return (self.key, "label", "label_en")

    @property
    def refs(self) -> tuple[str, ...]:
        """The attributes with the dimension in front."""
        return tuple(f"{self.name}.{name}" for name in self.attributes)


@cache
def _data() -> Any:
    source = resources.files("openbudget.cubes") / "dimensions.yaml"
    return load_yaml(source.read_bytes())


@cache
def dimensions() -> Mapping[str, Dimension]:
    """Give every dimension by its name."""
    found = _data()["dimensions"]
    return {name: Dimension(name, **_values(given)) for name, given in found.items()}


def _values(given: Mapping[str, Any]) -> dict[str, Any]:
    words = given.get("values")
    return (
        {**given, "values": {word: tuple(named) for word, named in words.items()}}
        if words
        else {**given}
    )


@cache
def resolve(ref: str) -> tuple[Dimension, str | None] | None:
    """Find a dimension, or an attribute of one (its name is given, too), by its reference."""
    name, dot, attribute = ref.partition(".")
    dimension = dimensions().get(name)
    if dimension is None or (dot and attribute not in dimension.attributes):
        return None
    return dimension, attribute or None


def expand(ref: str) -> tuple[str, ...]:
    """Give the attributes that a reference stands for: itself, or all of its dimension."""
    found = resolve(ref)
    if found is None:
        return ()
    return found[0].refs if found[1] is None else (ref,)


def key_of(ref: str) -> str:
    """Give the attribute that a reference is compared by: itself, or the key of its dimension."""
    found = resolve(ref)
    return found[0].key_ref if found and found[1] is None else ref


def attribute_refs() -> tuple[str, ...]:
    """Give the attributes of all dimensions."""
    return tuple(ref for own in dimensions().values() for ref in own.refs)


def known_refs() -> tuple[str, ...]:
    """Give everything that cells can be grouped or cut by."""
    return tuple(ref for own in dimensions().values() for ref in (own.name, *own.refs))


def hierarchies() -> Mapping[str, tuple[str, ...]]:
    """Give the levels of each hierarchy, the highest first; it has the name of the lowest."""
    own = dimensions()
    above = {dimension.above for dimension in own.values()}
    return {name: tuple(_levels(name)) for name in own if name not in above}


def _levels(name: str) -> Iterator[str]:
    above = dimensions()[name].above
    if above is not None:
        yield from _levels(above)
    yield name


def levels_of(ref: str) -> tuple[Dimension, ...]:
    """Give the levels that a reference nests: all of a hierarchy by its name, else one.

    An attribute other than the key nests nothing: members may share a label.
    """
    found = resolve(ref)
    if found is None or found[1] not in (None, found[0].key):
        return ()
    alone = (found[0].name,)
    names = alone if found[1] else hierarchies().get(ref, alone)
    return tuple(dimensions()[name] for name in names)


def node_names() -> Mapping[str, Mapping[str, str]]:
    """Give the templates that nodes are named by which are no members."""
    found: Mapping[str, Mapping[str, str]] = _data()["nodes"]
    return found


def hierarchy_of(name: str) -> str:
    """Give the hierarchy that a dimension is a level of."""
    return next(own for own, levels in hierarchies().items() if name in levels)


def label_of(cube: str) -> str:
    """Give the usual title of the tables of a cube."""
    return TABLE_TITLES[TableKind(cube)]


def describe(cube: str, cardinalities: Mapping[str, int]) -> dict[str, Any]:
    """Describe a cube as Babbage does."""
    named = _data()["measures"]
    return {
        "fact_table": cube,
        "label": label_of(cube),
        "measures": {AMOUNT: {**named["amount"], "ref": AMOUNT, "column": AMOUNT}},
        "aggregates": {
            AMOUNT_SUM: {
                **named["amount"],
                "ref": AMOUNT_SUM,
                "function": "sum",
                "measure": AMOUNT,
            },
            COUNT: {**named["count"], "ref": COUNT, "function": "count"},
        },
        "dimensions": {
            name: _describe(own, cardinalities[name]) for name, own in dimensions().items()
        },
        "hierarchies": {
            name: {"ref": name, "label": dimensions()[name].label, "levels": list(levels)}
            for name, levels in hierarchies().items()
        },
    }


_ATTRIBUTE_LABELS = {
    "code": "编码",
    "id": "标识",
    "year": "",
    "key": "",
    "label": "名称",
    "label_en": "英文名称",
    "role": "性质",
    "state": "状态",
    "text": "原文",
    "unit": "单位",
}


def _describe(own: Dimension, cardinality: int) -> dict[str, Any]:
    return {
        "ref": own.name,
        "label": own.label,
        "label_en": own.label_en,
        "description": own.description,
        "hierarchy": hierarchy_of(own.name),
        "key_attribute": own.key,
        "key_ref": own.key_ref,
        "label_attribute": own.label_name,
        "label_ref": own.label_ref,
        "cardinality": cardinality,
        "cardinality_class": _class(cardinality),
        "attributes": {
            name: {
                "ref": f"{own.name}.{name}",
                "column": f"{own.name}.{name}",
                "label": f"{own.label}{_ATTRIBUTE_LABELS[name]}",
                "datatype": own.datatype,
            }
            for name in own.attributes
        },
    }


def _class(cardinality: int) -> str | None:
    """Name how many members there are, as Babbage does; None for none."""
    bounds = {"high": 1000, "medium": 50, "low": 7, "tiny": 0}
    return next((name for name, bound in bounds.items() if cardinality > bound), None)
