"""How much a file may cost to read."""

from __future__ import annotations

from dataclasses import dataclass

_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """Bounds on what one file may take; a reader raises `LimitExceededError` beyond any of them.

    The largest published budgets seen hold some twenty thousand cells in a few hundred kibibytes:
    the defaults leave room for a hundred of them in one file, and stay far below the machine.
    """

    content_bytes: int = 64 * _MEBIBYTE
    """Size of the file as it was published."""
    decompressed_bytes: int = 256 * _MEBIBYTE
    """Size of all members of a ZIP container together, unpacked."""
    part_bytes: int = 64 * _MEBIBYTE
    """Size of one member of a ZIP container, unpacked."""
    ratio: int = 400
    """Unpacked bytes for one packed byte, over the whole container, past the first mebibyte."""
    members: int = 2_000
    """Members of a ZIP container, with those of the archives in it."""
    nesting: int = 3
    """Archives in archives: 1 is an archive that holds none."""
    pages: int = 500
    """Pages of a PDF."""
    cells: int = 500_000
    """Cells of all grids of a file together, blank ones included."""
    memory_bytes: int = 1024 * _MEBIBYTE
    """Memory (address space) of a process that reads a file."""
    seconds: float = 60.0
    """Time to read a file."""


DEFAULT_LIMITS = ReadingLimits()
