"""What goes to a process that reads files, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from openbudget.errors import Refusal
from openbudget.reading.limits import DEFAULT_LIMITS, ReadingLimits

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """What a process does with every path it is given, until it is ended.

    `read` must be found by its name in another process, as functions of modules are, and partial
    applications of them. It raises `OpenBudgetError` for what it refuses.
    """

    read: Callable[[Path], T]
    limits: ReadingLimits = DEFAULT_LIMITS


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What was read, or one sentence of error.

    `refusal` is what became of a file that gives an error. A `spent` process is not asked again.
    `seconds` is the time it took.
    """

    value: T | None = None
    error: str | None = None
    refusal: Refusal = "failed"
    spent: bool = False
    seconds: float = 0.0
