"""Codes as a tree: which rows of a column are the parts of which.

A misprinted code (7|11|02 under 210|11) would break the sums above and below it, although the
figures agree. So a row is placed by the code it is believed to have; what is printed stays as it
is, and another rule reports it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from operator import attrgetter

from openbudget.budget.table import BudgetLine, CodedLabel
from openbudget.budget.vocabulary import COORDINATE_SCHEMES
from openbudget.frozen import dataclass

_FIRST_LEVEL = 3
_UnitCode = tuple[str | None, str]


@dataclass(frozen=True)
class CodeTree:
    """The lines of one column by code: the topmost ones, and the parts of each."""

    tops: tuple[BudgetLine, ...]
    leaves: tuple[BudgetLine, ...]
    children: Mapping[int, tuple[BudgetLine, ...]]
    """Direct parts by the ordinal of the row they are under."""


def code_tree(lines: Sequence[BudgetLine]) -> CodeTree:
    """Put the lines of a column, in printed order, under each other by their codes.

    Rows that carry codes of several classifications, or none, are no tree: all are topmost.
    """
    coordinate = tree_coordinate(lines)
    if coordinate is None:
        return CodeTree(tuple(lines), tuple(lines), {})
    codes = believed_codes([getattr(line, coordinate) for line in lines])
    parents = _parents(codes, lines)
    children: dict[int, list[BudgetLine]] = {}
    for line, parent in zip(lines, parents, strict=True):
        if parent is not None:
            children.setdefault(lines[parent].ordinal, []).append(line)
    tops = tuple([line for line, parent in zip(lines, parents, strict=True) if parent is None])
    leaves = tuple([line for line in lines if line.ordinal not in children])
    return CodeTree(tops, leaves, {key: tuple(value) for key, value in children.items()})


def tree_coordinate(lines: Sequence[BudgetLine]) -> str | None:
    """Give the one classification that the lines carry codes of, if it is one."""
    used = [name for name in COORDINATE_SCHEMES if _is_used(map(attrgetter(name), lines))]
    return used[0] if len(used) == 1 else None


def _is_used(printed: Iterable[CodedLabel | None]) -> bool:
    return any(coded.code for coded in printed if coded is not None)


def believed_codes(printed: Sequence[CodedLabel | None]) -> list[str]:
    """Give the codes that rows are believed to have, in their order; "" where there is none.

    A code is taken for a misprint where its last cells go on from the row above but its first does
    not: then the first cell of the row above is believed.
    """
    codes: list[str] = []
    above = ""
    cells_above: tuple[str, ...] = ()
    for coded in printed:
        if coded is None:
            codes.append("")
            above = ""
            continue
        cells = tuple(coded.printed.split("|")) if "|" in coded.printed else ()
        code = coded.code or ""
        if cells and cells_above and cells[0] != cells_above[0] and _goes_on(cells, cells_above):
            code = above[:_FIRST_LEVEL] + "".join(cells[1:])
            cells = (cells_above[0], *cells[1:])
        codes.append(code)
        above, cells_above = code, cells or cells_above
    return codes


def _goes_on(cells: tuple[str, ...], above: tuple[str, ...]) -> bool:
    """Whether a code goes on from the row above but for its first cell, which is no 类."""
    if len(cells[0]) == _FIRST_LEVEL or len(above) < 2:  # noqa: PLR2004
        return False
    return cells[1:2] == above[1:2]


def _parents(codes: Sequence[str], lines: Sequence[BudgetLine]) -> list[int | None]:
    """Give for each row that whose code is the longest its own begins with, of the same unit.

    Of several rows of that code it is the last one above: a table may print a tree for each unit
    without naming the units.
    """
    every = [(_unit(line), code) for line, code in zip(lines, codes, strict=True)]
    anywhere = {key: number for number, key in enumerate(every)}
    lengths = sorted({len(code) for code in codes if code}, reverse=True)
    above: dict[_UnitCode, int] = {}
    found: list[int | None] = []
    for number, key in enumerate(every):
        stem = _stem(key, lengths, anywhere)
        found.append(None if stem is None else above.get(stem, anywhere[stem]))
        above[key] = number
    return found


def _stem(key: _UnitCode, lengths: Iterable[int], known: Container[_UnitCode]) -> _UnitCode | None:
    """Give the longest known code that a code begins with, of the same unit."""
    unit, code = key
    for end in lengths:
        if end < len(code) and (unit, code[:end]) in known:
            return unit, code[:end]
    return None


def _unit(line: BudgetLine) -> str | None:
    return line.budgetary_unit.printed if line.budgetary_unit else None
