"""The columns of a flat representation: where each value stands in a record, and what it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

KeyPath = tuple[str, ...]


class Kind(StrEnum):
    """What the values of a column are. Lists and objects are written as JSON."""

    TEXT = "text"
    INTEGER = "integer"
    TRUTH = "truth"
    MONEY = "money"
    NUMBER = "number"
    LIST = "list"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: a path of keys in the record, what its values are, and what they mean.

    `title` is the Chinese name, `choices` the words of an enumeration.
    """

    path: KeyPath
    kind: Kind
    description: str = ""
    title: str | None = None
    choices: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the column: the keys joined by underscores."""
        return "_".join(self.path)


def value_at(record: Mapping[str, Any], path: KeyPath) -> Any:
    """Give the value at a path of keys; None where the record ends before."""
    found: Any = record
    for key in path:
        if not isinstance(found, dict):
            return None
        found = found.get(key)
    return found
