"""What is exported: the lists of the API, whole, and the lists that the API has as trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from marshmallow import Schema
from sqlalchemy import func, select

from openbudget.api.catalog import LISTS
from openbudget.api.columns import columns_of
from openbudget.api.dumping import compile_dump
from openbudget.api.endpoint import Call
from openbudget.api.listing import ListResource
from openbudget.api.resources.classifications import EditionSchema, present_edition
from openbudget.api.resources.jurisdictions import JurisdictionSchema
from openbudget.formats.columns import Column
from openbudget.formats.sqlite import ForeignKey
from openbudget.storage.models import DepartmentRow, EditionRow, JurisdictionRow
from openbudget.storage.read import EXPORT_BATCH, Found, Listing, table_columns
from openbudget.storage.selection import Condition, Order, Selection
from openbudget.yaml_files import load_yaml

Record = dict[str, Any]
Present = Callable[[Found, Call], Record]

LEFT_OUT = {"documents": ("loaded_at",), "jurisdictions": ("children",)}
"""Keys that bulk files do without: when a file was loaded differs where the data do not."""

_ORDERS = {"codes": ("scheme", "edition", "code")}


@dataclass(frozen=True)
class BulkResource:
    """One list, whole: `make` gives what makes a record of a row, in one export."""

    name: str
    summary: str
    description: str
    schema: type[Schema]
    columns: Sequence[Column]
    listing: Listing
    order: Sequence[Order]
    make: Callable[[Call], Callable[[Found], Record]]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a record."""
        return tuple(described()["keys"].get(self.name, ("id",)))

    @property
    def foreign_keys(self) -> list[ForeignKey]:
        """What the columns refer to; in the order of the description."""
        names = {column.name for column in self.columns}
        return [
            ForeignKey(tuple(columns.split()), other, key_of(other))
            for columns, other in self._said("references").items()
            if names.issuperset(columns.split())
        ]

    @property
    def column_types(self) -> Mapping[str, str]:
        """The column types of Fiscal Data Package, by column."""
        return self._said("column_types")

    def _said(self, what: str) -> dict[str, str]:
        found = described()[what]
        return {**found["everywhere"], **found.get(self.name, {})}

    def count(self, call: Call) -> int:
        """Count the records."""
        return self.listing.count(call.connection, self._selection)

    def records(self, call: Call) -> Iterator[Record]:
        """Give all records, as the lists of the API have them."""
        make = self.make(call)
        dump = compile_dump(self.schema(exclude=LEFT_OUT.get(self.name, ())))
        for row in self.listing.stream(call.connection, self._selection):
            yield dump(make(row))

    @property
    def _selection(self) -> Selection:
        versioned = "current" in self.listing.columns
        only = (Condition("current", "eq", (True,)),) if versioned else ()
        return Selection(only, tuple(self.order), EXPORT_BATCH)


@cache
def described() -> dict[str, Any]:
    """Read what `bulk.yaml` says."""
    source = resources.files("openbudget.exporting") / "bulk.yaml"
    found: dict[str, Any] = load_yaml(source.read_bytes())
    return found


def key_of(resource: str) -> tuple[str, ...]:
    """Give the key of a resource by its name."""
    return tuple(described()["keys"].get(resource, ("id",)))


def _of_list(own: ListResource) -> BulkResource:
    order = own.order
    if own.name in _ORDERS:
        order = [Order(name) for name in _ORDERS[own.name]]
    return BulkResource(
        own.name,
        own.summary,
        own.description,
        own.schema,
        _columns(own.name, own.schema, tuple(own.include)),
        own.listing,
        order,
        lambda call: lambda row: own.present(row, call),
    )


def _columns(name: str, schema: type[Schema], without: Sequence[str] = ()) -> list[Column]:
    return columns_of(schema, None, (*without, *LEFT_OUT.get(name, ())))


def _division_maker(call: Call) -> Callable[[Found], Record]:
    """Count the departments of every division first, those of divisions below included."""
    code, parent = JurisdictionRow.code, JurisdictionRow.parent
    above = {row[0]: row[1] for row in call.connection.execute(select(code, parent))}
    own = DepartmentRow.jurisdiction
    counted: dict[str, int] = {}
    for place, count in call.connection.execute(select(own, func.count()).group_by(own)):
        at: str | None = place
        while at is not None:
            counted[at] = counted.get(at, 0) + count
            at = above.get(at)
    return lambda row: {
        "code": row.code,
        "label": {"zh": row.name_zh, "en": row.name_en},
        "level": row.level,
        "parent": row.parent,
        "department_count": counted.get(row.code, 0),
    }


def _reference_listing(model: Any, keys: Sequence[str]) -> Listing:
    return Listing({name: model.__table__.c[name] for name in keys}, table_columns(model))


JURISDICTIONS = BulkResource(
    name="jurisdictions",
    summary="Administrative divisions",
    description="All divisions of GB/T 2260 that are known, those without data too.",
    schema=JurisdictionSchema,
    columns=_columns("jurisdictions", JurisdictionSchema),
    listing=_reference_listing(JurisdictionRow, ["code"]),
    order=[Order("code")],
    make=_division_maker,
)
EDITIONS = BulkResource(
    name="editions",
    summary="Editions of the classifications",
    description="The editions that the codes are of, and the years they serve.",
    schema=EditionSchema,
    columns=_columns("editions", EditionSchema),
    listing=_reference_listing(EditionRow, ["scheme", "edition"]),
    order=[Order("scheme"), Order("edition")],
    make=lambda _call: present_edition,
)
BULK: tuple[BulkResource, ...] = (JURISDICTIONS, EDITIONS, *map(_of_list, LISTS))
