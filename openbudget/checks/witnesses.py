"""Where a fact is printed: which cells of which table, by key where it has one.

A witness is data: ``{table: expenditure, column: basic}`` is the total of that column, printed or
else summed; with ``by: [function]`` in its rule, one figure for each functional code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property, partial
from operator import attrgetter
from typing import Any

from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.folding import fold
from openbudget.budget.table import BudgetLine
from openbudget.budget.vocabulary import Role, TableKind
from openbudget.checks.context import Context
from openbudget.checks.figures import (
    Figure,
    claim_figure,
    line_figure,
    sum_figure,
    target_figure,
)
from openbudget.checks.labels import column_label, sum_label, table_label, table_of
from openbudget.checks.sheets import Sheet
from openbudget.checks.trees import believed_codes, code_tree
from openbudget.frozen import dataclass

Key = tuple[str, ...]
Witness = Mapping[str, Any]
Found = Mapping[Key, Figure]


def figures_of(
    witness: Witness, context: Context, by: Sequence[str] = (), digits: int | None = None
) -> Found:
    """Give the figures of a witness: one for each key, of which there is one where `by` is ()."""
    key = (id(witness), tuple(by), digits)
    found = context.figures.get(key)
    if found is None:  # with the witness, so that its id stays its own
        found = context.figures[key] = witness, _figures(witness, context, by, digits)
    return found[1]


def _figures(witness: Witness, context: Context, by: Sequence[str], digits: int | None) -> Found:
    if "claim" in witness:
        return _one(_claim(witness, context))
    if "target" in witness:
        return _one(_target(witness, context))
    found: dict[Key, Figure] = {}
    for sheet in context.by_kind.get(TableKind(witness["table"]), ()):
        rows = _rows(witness, context, sheet)
        if by:
            found = found or _by_key(sheet, rows, by, digits, context)
        elif (figure := _whole(witness, sheet, rows.lines)) is not None:
            found.setdefault((), figure)
    return found


def absent_figure(found: Found, key: Key) -> Figure:
    """Make the figure of a key that a table prints nothing of: nothing, as a sum of no cells."""
    beside = next(iter(found.values()))

    def make() -> Operand:
        operand, name = beside.operand, "/".join(key)
        table = table_of(operand.label)
        label = Message(f"{table.zh}（没有科目{name}）", f"{table.en} (no row of {name})")
        return Operand(OperandRole.COUNTERPART, label, 0, None, operand.unit, table=operand.table)

    return Figure(0, beside.grain, make, 0)


def _one(figure: Figure | None) -> Found:
    return {} if figure is None else {(): figure}


def _claim(witness: Witness, context: Context) -> Figure | None:
    figures = (claim_figure(claim) for claim in context.claims(witness["claim"]))
    return next((figure for figure in figures if figure is not None), None)


def _target(witness: Witness, context: Context) -> Figure | None:
    for target in context.document.targets:
        for money in target.amounts:
            if (target.kind, money.item) == (witness["target"], witness["item"]):
                return target_figure(target, money)
    return None


@dataclass(frozen=True)
class _Rows:
    """The lines of a witness, and those of them that are of a key; witnesses share them."""

    sheet: Sheet
    lines: Sequence[BudgetLine]
    _codes: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def keyed(self) -> Sequence[BudgetLine]:
        """The lines that may have a key."""
        lines = self.lines
        return [line for line in lines if line.role is not Role.TOTAL and line.item_role is None]

    @cached_property
    def are_leaves(self) -> Sequence[bool]:
        """Which of the keyed lines have none below them in their column."""
        tree = self.sheet.tree(self.lines[0].column)
        leaves = set(map(id, tree.leaves))
        return [id(line) in leaves for line in self.keyed]

    def codes(self, coordinate: str) -> list[str]:
        """Give the codes that the keyed lines are believed to have."""
        found = self._codes.get(coordinate)
        if found is None:
            found = believed_codes(list(map(attrgetter(coordinate), self.keyed)))
            self._codes[coordinate] = found
        return found


def _rows(witness: Witness, context: Context, sheet: Sheet) -> _Rows:
    key = (witness.get("column"), str(witness.get("where", "")))
    found: _Rows | None = sheet.known.get(key)
    if found is None:
        found = sheet.known[key] = _Rows(sheet, _lines(witness, context, sheet))
    return found


def _lines(witness: Witness, context: Context, sheet: Sheet) -> list[BudgetLine]:
    """Give the lines of a witness: of its column, in the year and phase of the document."""
    identity = context.document.identity
    year, phase = identity.fiscal_year, identity.phase
    lines = sheet.by_column.get(witness["column"], ()) if "column" in witness else sheet.lines
    found = [
        line
        for line in lines
        if line.fiscal_year == year and line.phase is phase and line.role is not Role.OF_WHICH
    ]
    for name, value in witness.get("where", {}).items():
        found = [line for line in found if str(getattr(line, name)) == value]
    return found


def _whole(witness: Witness, sheet: Sheet, lines: Sequence[BudgetLine]) -> Figure | None:
    """Give the figure of a witness without a key: its item, its subtotal, or the total."""
    if "item" in witness or "where" in witness:
        wanted = witness.get("item")
        own = [line for line in lines if wanted is None or line.item_key == wanted]
        return line_figure(sheet, own[0]) if len(own) == 1 else None
    if "label" in witness:
        return _labelled(witness["label"], sheet, lines)
    role = Role(witness.get("row", "total"))
    if role is Role.SUBTOTAL:
        own = [line for line in lines if line.item_role is Role.SUBTOTAL and not line.item_parts]
        return line_figure(sheet, own[0]) if own else None
    totals = [line for line in lines if line.role is Role.TOTAL]
    if totals:
        return line_figure(sheet, totals[0])
    if not lines or any(line.item is not None for line in lines):
        return None
    tops = code_tree(lines).tops
    return sum_figure(sheet, tops, lambda: sum_label(sheet.table, witness["column"], tops))


def _labelled(
    labels: Mapping[str, str], sheet: Sheet, lines: Sequence[BudgetLine]
) -> Figure | None:
    """Give the row whose printed code name begins like this: places number codes of their own."""
    ((coordinate, label),) = labels.items()
    named = ((line, getattr(line, coordinate)) for line in lines)
    own = [line for line, coded in named if coded and fold(coded.label or "").startswith(label)]
    return line_figure(sheet, own[0]) if len(own) == 1 else None


def _by_key(
    sheet: Sheet, rows: _Rows, by: Sequence[str], digits: int | None, context: Context
) -> dict[Key, Figure]:
    """Give one figure for each key.

    With `digits` codes are cut to that length (3: 类); a row of just that code speaks for those
    below it, else they are summed. Without, only the most detailed rows count.
    """
    grouped: dict[Key, list[BudgetLine]] = defaultdict(list)
    exact: dict[Key, list[BudgetLine]] = defaultdict(list)
    keys = _keys(rows, by, digits)
    for line, key, is_leaf in zip(rows.keyed, keys, rows.are_leaves, strict=True) if keys else ():
        if key is None:
            if is_leaf:
                return {}  # the table is too coarse to speak of every key
            continue
        if digits and len(getattr(line, by[0]).code) == digits:
            exact[key].append(line)
        if is_leaf:
            grouped[key].append(line)

    def name(key: Key) -> str:
        return " / ".join(map(context.code_name, by, key))

    return {
        key: _keyed_figure(sheet, exact.get(key) or grouped[key], partial(name, key))
        for key in dict.fromkeys([*exact, *grouped])
    }


def _keys(rows: _Rows, by: Sequence[str], digits: int | None) -> list[Key | None]:
    """Give the key of every line, by the codes it is believed to have."""
    columns = map(rows.codes, by)
    found: list[Key | None] = []
    for codes in zip(*columns, strict=True):
        if not all(codes) or (digits and len(codes[0]) < digits):
            found.append(None)
        else:
            found.append(tuple(code[:digits] if digits else code for code in codes))
    return found


def _keyed_figure(sheet: Sheet, lines: Sequence[BudgetLine], name: Callable[[], str]) -> Figure:
    """Make the figure of a key: of its one row, or of the sum of its rows, named by the key."""

    count = len(lines)

    def label() -> Message:
        table, column = table_label(sheet.table), column_label(sheet.table, lines[0].column)
        zh = f"{table.zh}“{name()}”的“{column.zh}”"
        en = f"{column.en} of “{name()}” in {table.en}"
        if count == 1:
            return Message(zh, en)
        return Message(f"{zh}{count}行之和", f"{en} (the sum of {count} rows)")

    figure = sum_figure(sheet, lines, label)
    return figure.named(label) if count == 1 else figure
