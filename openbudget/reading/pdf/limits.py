"""How much of a PDF is read before the reader gives up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from openbudget.reading.limits import ReadingLimits


@dataclass(frozen=True, slots=True)
class PdfLimits:
    """The largest PDF that is still read; each figure is the last one allowed.

    `cells_per_page` counts the crossings of the ruling lines of a page, which is what a page costs
    even when few of them enclose a cell. `seconds` is wall time for the whole file, and `memory`
    bytes of address space; both are certain in a process of its own only.
    """

    pages: int = 500
    characters_per_page: int = 100_000
    edges_per_page: int = 50_000
    cells_per_page: int = 50_000
    seconds: float = 60.0
    memory: int = 4 << 30

    @classmethod
    def within(cls, limits: ReadingLimits) -> Self:
        """Give the limits of PDFs within those of all files."""
        return cls(pages=limits.pages, seconds=limits.seconds, memory=limits.memory_bytes)
