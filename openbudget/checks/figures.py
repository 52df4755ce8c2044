"""Figures: what is held against each other, printed figures and sums of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum
from functools import cached_property

from openbudget.budget.claim import Claim
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.identifiers import line_id
from openbudget.budget.performance import PerformanceTarget, TargetAmount
from openbudget.budget.table import BudgetLine, BudgetTable
from openbudget.budget.vocabulary import Role, TableKind
from openbudget.checks.labels import claim_label, line_label, target_label
from openbudget.checks.sheets import Sheet, fen_of, grain_of
from openbudget.frozen import dataclass


@dataclass(frozen=True)
class Figure:
    """An amount with where it comes from.

    `grain` is the fen in one unit of its last printed place, `count` how many printed figures are
    in it: what rounding can make of it is half a grain for each. Most figures agree and are never
    told of, so the operand is only made when it is asked for.
    """

    fen: int
    grain: int
    make: Callable[[], Operand]
    count: int = 1
    item: str | None = None

    @cached_property
    def operand(self) -> Operand:
        """The figure as an operand of a finding."""
        return self.make()

    @property
    def slack(self) -> int:
        """Twice the fen that rounding may account for."""
        return self.grain * self.count

    def named(self, label: Callable[[], Message]) -> Figure:
        """Give the figure another name."""

        def make() -> Operand:
            return replace(self.operand, label=label())

        return Figure(self.fen, self.grain, make, self.count, self.item)


class Verdict(Enum):
    """How two figures compare: equal, equal but for rounding, or different."""

    EQUAL = "equal"
    ROUNDED = "rounded"
    DIFFERENT = "different"


def compare(one: Figure, other: Figure) -> Verdict:
    """Compare two figures exactly.

    Of two figures printed to different places the coarser is equal to the finer one where it is
    its rounding: 9,101.68 万元 in a text and 91,016,775.35 元 in a table say the same.
    """
    difference = abs(one.fen - other.fen)
    if difference == 0:
        return Verdict.EQUAL
    coarser = max(one.grain, other.grain)
    if one.grain != other.grain and one.count == other.count == 1 and 2 * difference <= coarser:
        return Verdict.EQUAL
    return Verdict.ROUNDED if 2 * difference <= one.slack + other.slack else Verdict.DIFFERENT


def line_figure(sheet: Sheet, line: BudgetLine) -> Figure:
    """Make the figure of one printed cell, once."""
    found: Figure | None = sheet.known.get(id(line))
    if found is None:
        found = sheet.known[id(line)] = _line_figure(sheet, line)
    return found


def _line_figure(sheet: Sheet, line: BudgetLine) -> Figure:
    item = line_id(sheet.table.key, line)

    def make() -> Operand:
        return Operand(
            role=OperandRole.SUBJECT,
            label=line_label(sheet.table, line),
            fen=line.amount.fen,
            text=line.amount.text,
            unit=line.amount.unit,
            place=line.place,
            item=item,
            table=sheet.table.key,
        )

    return Figure(fen_of(line), sheet.grain, make, 1, item)


def sum_figure(sheet: Sheet, lines: Sequence[BudgetLine], label: Callable[[], Message]) -> Figure:
    """Make the sum of printed cells of one table; of one cell it is that cell."""
    if len(lines) == 1:
        return line_figure(sheet, lines[0])
    fen = sum(map(fen_of, lines))

    def make() -> Operand:
        return Operand(
            role=OperandRole.COUNTERPART,
            label=label(),
            fen=fen,
            unit=lines[0].amount.unit if lines else None,
            table=sheet.table.key,
            parts=tuple(line_id(sheet.table.key, line) for line in lines),
        )

    return Figure(fen, sheet.grain, make, len(lines))


def claim_figure(claim: Claim) -> Figure | None:
    """Make the figure of an amount in the narrative; None where figure or unit is not printed."""
    if claim.fen is None or claim.unit is None:
        return None
    number = claim.text.removesuffix(claim.unit)
    grain = grain_of(number, claim.unit)
    return Figure(claim.fen, grain, lambda: claim_operand(claim), 1, f"claims.{claim.number}")


def claim_mention(claim: Claim) -> Figure:
    """Make a figure of a claim that may not be about money: a rate, or one without a unit."""
    item = f"claims.{claim.number}"
    return Figure(claim.fen or 0, 1, lambda: claim_operand(claim), item=item)


def claim_operand(claim: Claim, role: OperandRole = OperandRole.SUBJECT) -> Operand:
    """Make the operand of a claim, with or without a figure."""
    return Operand(
        role=role,
        label=claim_label(claim),
        fen=claim.fen,
        text=claim.text,
        unit=claim.unit,
        place=claim.place,
        item=f"claims.{claim.number}",
    )


def target_figure(target: PerformanceTarget, money: TargetAmount) -> Figure | None:
    """Make the figure of an amount of a performance form; None where it is blank."""
    if money.amount.fen is None:
        return None
    item = f"performance-targets.{target.number}"

    def make() -> Operand:
        return Operand(
            role=OperandRole.SUBJECT,
            label=target_label(target, money),
            fen=money.amount.fen,
            text=money.amount.text,
            unit=money.amount.unit,
            place=money.place,
            item=item,
            table=target.table,
        )

    grain = grain_of(money.amount.text, money.amount.unit)
    return Figure(money.amount.fen, grain, make, item=item)


def roles(subjects: Iterable[Figure], counterparts: Iterable[Figure]) -> tuple[Operand, ...]:
    """Give the operands of a comparison, each with its role and what it differs by."""
    first = list(subjects)
    told = [replace(figure.operand, role=OperandRole.SUBJECT) for figure in first]
    for figure in counterparts:
        difference = first[0].fen - figure.fen
        operand = replace(figure.operand, role=OperandRole.COUNTERPART)
        told.append(replace(operand, difference_fen=difference))
    return tuple(told)


def sheets_of(document: BudgetDocument) -> tuple[Sheet, ...]:
    """Give the recognised tables of a document."""
    tables = [table for table in document.tables if table.columns]
    partial = _partial_kinds(tables)
    return tuple(Sheet(table, partial=table.kind in partial) for table in tables)


def _partial_kinds(tables: Sequence[BudgetTable]) -> frozenset[TableKind]:
    """Give the kinds of which there are several tables and one has no total row.

    Such a table is gone on with in another one (支出总表（续）), and none of them is whole.
    """
    found: dict[TableKind, list[BudgetTable]] = defaultdict(list)
    for table in tables:
        found[table.kind].append(table)
    return frozenset(
        kind
        for kind, own in found.items()
        if len(own) > 1 and any(table.lines and not _has_total(table) for table in own)
    )


def _has_total(table: BudgetTable) -> bool:
    return any(line.role is Role.TOTAL for line in table.lines)
