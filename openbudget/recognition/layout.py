"""Layouts as read from `layouts/*.yaml`: what a heading, an item or a form field means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openbudget.budget.vocabulary import Role, TableKind
from openbudget.recognition.folding import fold_label

Heading = tuple[str, ...]


@dataclass(frozen=True)
class ColumnLayout:
    """A column: the heading path above it, and what the cells under it are.

    `role` is `amount`, a coordinate (`function`, `budgetary_unit`, ...), `item`, `project`, `type`,
    `ordinal`, `text`, or in forms `group`, `objective`, `level_1` to `level_3`, `value`, `unit`,
    `activity`. `parts` are the keys of the columns whose sum an amount column prints.
    """

    key: str
    heading: Heading
    role: str
    part: str = "both"
    item: str | None = None
    items: str | None = None
    names: str | None = None
    term: str | None = None
    of_which: bool = False
    parts: tuple[str, ...] = ()
    coordinates: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def folded(self) -> Heading:
        """The heading path as it is compared."""
        return tuple(fold_label(label) for label in self.heading)


@dataclass(frozen=True)
class ItemLayout:
    """What an item name in a list of items means."""

    label: str
    key: str | None = None
    role: Role | None = None
    parts: tuple[str, ...] = ()
    coordinates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TableLayout:
    """A table of one family: kind, titles, columns and the coordinates every line takes."""

    family: str
    kind: TableKind
    titles: tuple[str, ...]
    columns: tuple[ColumnLayout, ...]
    items: Mapping[str, Mapping[str, ItemLayout]]
    coordinates: Mapping[str, str] = field(default_factory=dict)
    closes_with_total: bool = False

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label that may stand in a header row."""
        return frozenset(label for column in self.columns for label in column.folded)


@dataclass(frozen=True)
class FormAmount:
    """A labelled amount of a form; without a period it takes that of the amount above it."""

    item: str
    label: str
    period: str | None = None


@dataclass(frozen=True)
class FormBlock:
    """A table inside a form: its columns, and how many body rows it has (None: all that follow)."""

    name: str
    columns: tuple[ColumnLayout, ...]
    rows: int | None = None

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label that may stand in a header row of the block."""
        return frozenset(label for column in self.columns for label in column.folded)


@dataclass(frozen=True)
class FormLayout:
    """A performance form: labelled fields and amounts, and tables inside it."""

    family: str
    kind: TableKind
    titles: tuple[str, ...]
    target: str
    name_field: str
    fields: Mapping[str, str]
    objective_fields: Mapping[str, str]
    groups: frozenset[str]
    amounts: Mapping[str, FormAmount]
    blocks: tuple[FormBlock, ...]


def amount_keys(columns: Sequence[ColumnLayout]) -> frozenset[str]:
    """Give the keys of the amount columns."""
    return frozenset(column.key for column in columns if column.role == "amount")


AnyLayout = TableLayout | FormLayout
Raw = Mapping[str, Any]
