"""Under what conditions files are read in this process: their limits, and who guards it.

A reader is called from many places, through functions that know nothing of limits. So that limits
need not pass through all of them, whoever starts the reading states them once, here.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from openbudget.reading.limits import DEFAULT_LIMITS, ReadingLimits

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Conditions:
    """Limits, and whether this process may be lost to a hostile file.

    In an `isolated` process somebody else bounds time and memory and survives its end: PDFs and
    workbooks are read right here then, not in yet another process of their own.
    """

    limits: ReadingLimits = DEFAULT_LIMITS
    isolated: bool = False


_DEFAULT = Conditions()
_CURRENT = ContextVar("conditions", default=_DEFAULT)


def current_conditions() -> Conditions:
    """Give the conditions that readers keep to where they are called without limits."""
    return _CURRENT.get()


@contextmanager
def reading_under(conditions: Conditions) -> Iterator[None]:
    """Read under these conditions, within this block and thread."""
    token = _CURRENT.set(conditions)
    try:
        yield
    finally:
        _CURRENT.reset(token)
