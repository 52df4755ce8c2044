"""Tables as the checks look at them: lines with an amount, by row and by column."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from openbudget.budget.money import FEN_PER_UNIT
from openbudget.budget.table import BudgetLine, BudgetTable, Column
from openbudget.budget.vocabulary import Role
from openbudget.checks.trees import CodeTree, code_tree

Lines = Sequence[BudgetLine]


@dataclass(frozen=True)
class Sheet:
    """One table with those of its lines that carry an amount, zero included.

    It is `partial` where other tables of its kind go on with it: then only its rows can be checked.
    """

    table: BudgetTable
    partial: bool = False
    _trees: dict[str, CodeTree] = field(default_factory=dict, repr=False, compare=False)
    known: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)
    """What checks have made of its lines before, by what tells it from the rest."""

    @cached_property
    def lines(self) -> tuple[BudgetLine, ...]:
        """Every line with an amount, in printed order."""
        return tuple(line for line in self.table.lines if line.amount.fen is not None)

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns by their keys."""
        return {column.key: column for column in self.table.columns}

    @cached_property
    def by_column(self) -> Mapping[str, Lines]:
        """The lines of each column."""
        found: dict[str, list[BudgetLine]] = defaultdict(list)
        for line in self.lines:
            found[line.column].append(line)
        return found

    @cached_property
    def by_row(self) -> Mapping[int, Mapping[str, BudgetLine]]:
        """The lines of each row, by column."""
        found: dict[int, dict[str, BudgetLine]] = defaultdict(dict)
        for line in self.lines:
            found[line.ordinal][line.column] = line
        return found

    @cached_property
    def grain(self) -> int:
        """Fen in one unit of the last place that the table prints anywhere.

        A figure that drops its closing zeros (``60``) is no coarser than those beside it.
        """
        found = 0
        for line in self.lines:
            own = grain_of(line.amount.text, line.amount.unit)
            if own == 1:
                return 1  # there is none finer
            found = min(found or own, own)
        return found or 1

    @cached_property
    def item_columns(self) -> frozenset[str]:
        """The columns whose lines are those of items in a list."""
        return frozenset(line.column for line in self.lines if line.item is not None)

    def addends(self, column: str) -> Lines:
        """Give the lines of a column that may be parts of a sum: neither totals nor 其中."""
        return self._addends.get(column, ())

    @cached_property
    def _addends(self) -> Mapping[str, Lines]:
        found: dict[str, list[BudgetLine]] = defaultdict(list)
        for line in self.lines:
            if line.role is not Role.TOTAL and line.role is not Role.OF_WHICH:
                found[line.column].append(line)
        return found

    def tree(self, column: str) -> CodeTree:
        """Give the addends of a column by their codes."""
        found = self._trees.get(column)
        if found is None:
            found = self._trees[column] = code_tree(self.addends(column))
        return found

    def totals(self, column: str) -> list[BudgetLine]:
        """Give the lines of the total rows of a column."""
        return [line for line in self.by_column.get(column, ()) if line.role is Role.TOTAL]


def grain_of(text: str, unit: str | None) -> int:
    """Give the fen in one unit of the last printed place: 314.67 万元 is printed to 10,000 fen."""
    printed = text if text.isascii() else unicodedata.normalize("NFKC", text)
    fraction = printed.rstrip().partition(".")[2]
    per_unit = FEN_PER_UNIT.get(unit or "", 1)
    scale: int = 10 ** len(fraction)
    return per_unit // scale or 1


def fen_of(line: BudgetLine) -> int:
    """Give the amount of a line that carries one."""
    if line.amount.fen is None:
        raise ValueError(f"{line.ordinal}.{line.column} carries no amount")
    return line.amount.fen
