"""Printed classification codes: every cell of a document that carries one, and what it is worth."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property, lru_cache
from operator import attrgetter

from openbudget.budget.classification import (
    ClassificationCode,
    ClassificationEdition,
    once_per_edition,
)
from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.folding import fold
from openbudget.budget.identifiers import line_id
from openbudget.budget.table import BudgetLine, BudgetTable, CodedLabel
from openbudget.budget.vocabulary import COORDINATE_SCHEMES, CodeSource, Scheme
from openbudget.checks.context import Context
from openbudget.checks.labels import coded_label, listed, table_label
from openbudget.checks.trees import believed_codes
from openbudget.frozen import dataclass

_LEVEL_NAMED = re.compile(r"\([类款项]\)")
_NO_LETTER = re.compile(r"\W")
_LENGTHS: Mapping[Scheme, tuple[int, ...]] = {
    Scheme.FUNCTIONAL: (3, 5, 7),
    Scheme.GOVERNMENT_ECONOMIC: (3, 5),
    Scheme.DEPARTMENT_ECONOMIC: (3, 5),
}
_FEW = 3
"""More names than these under codes of others, below one code, are a numbering of its own."""


class Standing(Enum):
    """What a printed code and name are, held against their neighbours and the list."""

    AGREES = "agrees"
    MALFORMED = "malformed"
    BREAKS_PATTERN = "breaks_pattern"
    OF_ANOTHER_CODE = "of_another_code"
    OTHER_NAME = "other_name"
    UNKNOWN = "unknown"
    OWN_NUMBERING = "own_numbering"


_DEVIATING = (Standing.OF_ANOTHER_CODE, Standing.OTHER_NAME, Standing.UNKNOWN)


@dataclass(frozen=True)
class CodedCell:
    """One printed code: `line` is the first amount of its row, `believed` its likely code."""

    table: BudgetTable
    line: BudgetLine
    coordinate: str
    coded: CodedLabel
    believed: str

    @property
    def scheme(self) -> Scheme:
        """The classification it is of."""
        return COORDINATE_SCHEMES[self.coordinate]

    @property
    def code(self) -> str:
        """The printed code."""
        return self.coded.code or ""

    def operand(self, role: OperandRole = OperandRole.SUBJECT) -> Operand:
        """Make the operand of the cell."""
        name, text = table_label(self.table), coded_label(self.coded)
        return Operand(
            role=role,
            label=Message(f"{name.zh}“{text}”", f"“{text}” in {name.en}"),
            text=self.coded.printed,
            place=self.coded.place,
            item=line_id(self.table.key, self.line),
            table=self.table.key,
        )


@dataclass(frozen=True)
class CodeList:
    """An edition of a classification whose codes are found by what is compared of their names."""

    edition: ClassificationEdition

    @cached_property
    def by_bare_name(self) -> Mapping[tuple[int, str], Sequence[ClassificationCode]]:
        """The codes by their length and bare name."""
        found: dict[tuple[int, str], list[ClassificationCode]] = defaultdict(list)
        for code in self.edition.codes:
            found[len(code.code), bare_name(code.name_zh)].append(code)
        return found


def code_list(scheme: Scheme, context: Context) -> CodeList | None:
    """Give the list of a scheme that serves the year of the document, if there is one."""
    edition = context.lists.for_year(scheme, context.document.identity.fiscal_year)
    if edition is None:
        return None
    return _listed(edition)


@once_per_edition
def _listed(edition: ClassificationEdition) -> CodeList:
    return CodeList(edition)


def coded_cells(context: Context) -> Sequence[CodedCell]:
    """Give every cell with a printed code, once, in printed order."""
    return context.once("coded cells", _coded_cells)


def _coded_cells(context: Context) -> list[CodedCell]:
    found: list[CodedCell] = []
    for table in context.document.tables:
        for coordinate in COORDINATE_SCHEMES:
            found += _cells_of(table, coordinate)
    return found


def _cells_of(table: BudgetTable, coordinate: str) -> list[CodedCell]:
    rows: dict[object, tuple[BudgetLine, CodedLabel]] = {}
    printed: Iterable[CodedLabel | None] = map(attrgetter(coordinate), table.lines)
    for line, coded in zip(table.lines, printed, strict=True):
        if coded is not None and coded.code and coded.source is CodeSource.PRINTED:
            rows.setdefault((line.ordinal, coded.place.column), (line, coded))
    believed = believed_codes([coded for _, coded in rows.values()])
    return [
        CodedCell(table, line, coordinate, coded, code)
        for (line, coded), code in zip(rows.values(), believed, strict=True)
    ]


def judge_cells(context: Context) -> Sequence[tuple[CodedCell, Standing]]:
    """Tell what every printed code is; codes of schemes without a list are left out.

    Where a table numbers the codes below another in a way of its own, that is one thing, and no
    misprint of each.
    """
    return context.once("judged cells", _judge_cells)


def _judge_cells(context: Context) -> list[tuple[CodedCell, Standing]]:
    lists = {name: code_list(own, context) for name, own in COORDINATE_SCHEMES.items()}
    found = [
        (cell, _judge(cell, codes))
        for cell in coded_cells(context)
        if (codes := lists[cell.coordinate]) is not None
    ]
    others = Counter(_above(cell) for cell, own in found if own is Standing.OF_ANOTHER_CODE)
    own_way = {above for above, count in others.items() if count > _FEW}
    return [
        (cell, Standing.OWN_NUMBERING)
        if standing in _DEVIATING and _above(cell) in own_way
        else (cell, standing)
        for cell, standing in found
    ]


def _above(cell: CodedCell) -> tuple[str, str, str]:
    return cell.table.key, cell.coordinate, cell.code[:-2]


def _judge(cell: CodedCell, codes: CodeList) -> Standing:
    """Tell what a printed code and its name are."""
    if is_malformed(cell):
        return Standing.MALFORMED
    if cell.believed != cell.code:
        return Standing.BREAKS_PATTERN
    name, listed = bare_name(cell.coded.label), codes.edition.by_code.get(cell.code)
    if name and listed is not None and bare_name(listed.name_zh) != name:
        if other_code(cell, codes) is not None:
            return Standing.OF_ANOTHER_CODE
        return Standing.AGREES if "doubtful" in listed.note else Standing.OTHER_NAME
    if listed is None:
        return Standing.OF_ANOTHER_CODE if other_code(cell, codes) else Standing.UNKNOWN
    return Standing.AGREES


def is_malformed(cell: CodedCell) -> bool:
    """Whether a code has a length that no code has, or a cell that has lost a leading zero."""
    lengths = _LENGTHS.get(cell.scheme)
    lower = [part.strip() for part in cell.coded.printed.split("|")[1:]]
    lost = any(len(part) == 1 for part in lower if part.isdigit())
    broken = cell.believed == cell.code and lengths is not None and len(cell.code) not in lengths
    return lost or broken


def other_code(cell: CodedCell, codes: CodeList) -> ClassificationCode | None:
    """Find the only other code of the list that has the printed name, looking beside it first."""
    name = bare_name(cell.coded.label)
    own = codes.by_bare_name.get((len(cell.code), name), ()) if name else ()
    beside = [code for code in own if code.code[:-2] == cell.code[:-2]] or own
    return beside[0] if len(beside) == 1 else None


@lru_cache(maxsize=65_536)
def bare_name(name: str | None) -> str:
    """Give what is compared of a name: no spaces, punctuation, nor （款） behind it."""
    return _NO_LETTER.sub("", _LEVEL_NAMED.sub("", fold(name or "")))


def group_cells(cells: Iterable[CodedCell], *, by_table: bool = False) -> list[list[CodedCell]]:
    """Group cells that are one finding: those of one code and name, or those of one table."""
    groups: dict[object, list[CodedCell]] = defaultdict(list)
    for cell in cells:
        own = (cell.coordinate, cell.code, bare_name(cell.coded.label))
        groups[_above(cell) if by_table else own].append(cell)
    return list(groups.values())


def tables_named(cells: Sequence[CodedCell]) -> Message:
    """Name the tables that cells stand in."""
    labels = list(dict.fromkeys(table_label(cell.table) for cell in cells))
    return listed(labels)
