"""What is wrong with a query, so that the API can say how to mend it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openbudget.errors import OpenBudgetError
from openbudget.texts import Text


@dataclass(frozen=True, slots=True)
class QueryMistake:
    """One thing wrong: the parameter, what is wrong, what is allowed, and a hint.

    Where a sum is refused, `dimension` is what must not be mixed, and `values` are those it has.
    """

    parameter: str
    detail: Text
    allowed: Sequence[str] | None = None
    hint: Text | None = None
    dimension: str | None = None
    values: Sequence[Any] = ()


class CubeQueryError(OpenBudgetError):
    """A query of a cube cannot be answered as it is."""

    def __init__(self, mistakes: Sequence[QueryMistake]) -> None:
        """Name everything that is wrong."""
        super().__init__("; ".join(mistake.detail for mistake in mistakes))
        self.mistakes = tuple(mistakes)
