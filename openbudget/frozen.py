"""Dataclasses that are made by the ten thousand.

`@dataclass(frozen=True, slots=True)` means what it means in `dataclasses`, but mypy alone keeps
instances as they are. The guard that the standard library puts in front of every attribute makes a
new instance take three times as long.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool = False):
        """Make a class a dataclass that compares and hashes by value."""
        return dataclasses.dataclass(unsafe_hash=frozen, slots=slots)


__all__ = ["dataclass"]
