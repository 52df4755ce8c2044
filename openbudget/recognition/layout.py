"""Layouts as read from `layouts/*.yaml`: what a heading, an item or a form field means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openbudget.budget.vocabulary import Role, TableKind
from openbudget.recognition.folding import fold_label

Heading = tuple[str, ...]

# Columns, items and tables are each one object for as long as the program runs: `eq=False` lets
# them be told apart, and be keys, without a look at all that they hold.


@dataclass(frozen=True, eq=False)
class ColumnLayout:
    """A column: the heading path above it, and what the cells under it are.

    `role` is `amount`, a coordinate (`function`, `budgetary_unit`, ...), `item`, `project`, `type`,
    `ordinal`, `text`, `figure` (a count, a share or a change: no money of the budget), or in forms
    `group`, `objective`, `level_1` to `level_3`, `value`, `unit`, `activity`. `also` are other
    headings the column is printed under. `parts` are the keys of the columns whose sum an amount
    column prints. Of lists side by side, `side` names the one the column belongs to.
    """

    key: str
    heading: Heading
    role: str
    also: tuple[Heading, ...] = ()
    side: str = ""
    part: str = "both"
    item: str | None = None
    item_key: str | None = None
    items: str | None = None
    names: str | None = None
    term: str | None = None
    of_which: bool = False
    parts: tuple[str, ...] = ()
    coordinates: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def folded(self) -> frozenset[Heading]:
        """The heading paths as they are compared."""
        paths = (self.heading, *self.also)
        return frozenset(tuple(fold_label(label) for label in path) for path in paths)

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label of its heading paths, folded."""
        return frozenset(label for path in self.folded for label in path)


@dataclass(frozen=True, eq=False)
class ItemLayout:
    """What an item name in a list of items means.

    `children` are the items below it, where their names alone do not say what they are.
    """

    label: str
    key: str | None = None
    role: Role | None = None
    parts: tuple[str, ...] = ()
    coordinates: Mapping[str, str] = field(default_factory=dict)
    children: Mapping[str, ItemLayout] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
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
        return frozenset(label for column in self.columns for label in column.labels)


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
        return frozenset(label for column in self.columns for label in column.labels)


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
