"""Printed totals against their parts: in a row, in a column, in a list of items, in a tree."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openbudget.budget.table import BudgetLine
from openbudget.budget.vocabulary import Role, TableKind
from openbudget.checks.context import Context, Passed, Result
from openbudget.checks.figures import Figure, Verdict, compare, line_figure, sum_figure
from openbudget.checks.labels import parts_label, rows_label
from openbudget.checks.rules import Declaration
from openbudget.checks.sheets import Sheet
from openbudget.checks.writing import contradiction


def row_sums(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold every column that is the sum of others against them, row by row."""
    for sheet in context.sheets:
        for column in (column for column in sheet.table.columns if column.parts):
            for line in sheet.by_column.get(column.key, ()):
                row = sheet.by_row[line.ordinal]
                parts = [row[key] for key in column.parts if key in row]
                if parts:
                    total = _parts(sheet, parts)
                    yield held(declaration, line_figure(sheet, line), [total])


def column_totals(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the total row of every column against its rows."""
    for sheet in context.whole_sheets:
        for column in sheet.by_column:
            if column in sheet.item_columns:
                continue
            addends = sheet.addends(column)
            for total in sheet.totals(column) if addends else ():
                tree = sheet.tree(column)
                sums = [_sum(sheet, tree.tops), _sum(sheet, tree.leaves)]
                yield _held_to_any(declaration, line_figure(sheet, total), sums)


def code_parents(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold every code that has codes below it against the nearest of them."""
    for sheet in context.whole_sheets:
        for column in sheet.by_column:
            if column in sheet.item_columns:
                continue
            addends = sheet.addends(column)
            children = sheet.tree(column).children
            for line in addends:
                parts = children.get(line.ordinal)
                if parts:
                    total = _sum(sheet, parts)
                    yield held(declaration, line_figure(sheet, line), [total])


def item_totals(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the totals in lists of items (本年收入合计, 收入总计) against the items they sum."""
    for sheet in context.whole_sheets:
        for column, lines in sheet.by_column.items():
            if column in sheet.item_columns:
                yield from _item_column(declaration, sheet, list(lines))


def item_parts(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold every item that has items below it (公务用车购置及运行维护费) against them."""
    for sheet in context.whole_sheets:
        for column, lines in sheet.by_column.items():
            for line in lines if column in sheet.item_columns else ():
                parts = _parts_of(line, lines)
                if parts and line.item is not None:
                    total = _sum(sheet, parts)
                    yield held(declaration, line_figure(sheet, line), [total])


def _item_column(
    declaration: Declaration, sheet: Sheet, lines: list[BudgetLine]
) -> Iterator[Result]:
    subtotals = [line for line in lines if _is_subtotal(line)]
    totals = [line for line in lines if line.role is Role.TOTAL]
    tops = _topmost([ln for ln in lines if not _is_subtotal(ln) and ln.role is not Role.TOTAL])
    tops = _countable(sheet, tops, totals)
    heading = _is_heading(subtotals, tops)
    wrong: tuple[Figure, Figure] | None = None
    for subtotal in subtotals:
        summed = [
            line
            for line in tops
            if (line.carryover is None if heading else line.ordinal < subtotal.ordinal)
        ]
        above = _sum(sheet, summed)
        figure = line_figure(sheet, subtotal)
        if compare(figure, above) is not Verdict.EQUAL:
            wrong = figure, above
        else:
            yield Passed((figure, above), total=True)
    repeated: list[Figure] = []
    for total in totals:
        begun = subtotals[-1:]
        rest = [line for line in tops if not begun or _is_beside(line, begun[0], heading=heading)]
        figure = line_figure(sheet, total)
        if wrong and not rest and figure.fen == wrong[0].fen:
            repeated.append(figure)  # what is wrong above is wrong here
        elif begun or rest:
            yield held(declaration, figure, [_sum(sheet, [*begun, *rest])])
    if wrong:
        verdict = compare(*wrong)
        yield contradiction(declaration, verdict, [wrong[0], *repeated], [wrong[1]])


def _is_subtotal(line: BudgetLine) -> bool:
    """Whether a line is a subtotal of the items above it by its name: 本年收入合计."""
    return line.item_role is Role.SUBTOTAL and not line.item_parts


def _is_heading(subtotals: Sequence[BudgetLine], tops: Sequence[BudgetLine]) -> bool:
    """Whether the only subtotal stands above the items it sums (一、本年支出), not below."""
    if len(subtotals) != 1:
        return False
    own = [line for line in tops if line.carryover is None]
    return bool(own) and all(line.ordinal > subtotals[0].ordinal for line in own)


def _is_beside(line: BudgetLine, subtotal: BudgetLine, *, heading: bool) -> bool:
    """Whether an item counts in the grand total beside a subtotal, and is not within it."""
    return line.carryover is not None if heading else line.ordinal > subtotal.ordinal


def _topmost(lines: Sequence[BudgetLine]) -> list[BudgetLine]:
    """Leave out items that are parts of another printed item of the same column."""
    below = {id(part) for line in lines for part in _parts_of(line, lines)}
    return [line for line in lines if id(line) not in below]


def _parts_of(line: BudgetLine, lines: Sequence[BudgetLine]) -> list[BudgetLine]:
    """Give the items of a column that are parts of an item."""
    if not line.item_parts:
        return []
    return [other for other in lines if other.item_key in line.item_parts]


def _countable(
    sheet: Sheet, lines: list[BudgetLine], totals: Sequence[BudgetLine]
) -> list[BudgetLine]:
    """Leave out of lists of the three public expenses what stands in them and is none of them."""
    if sheet.table.kind is not TableKind.THREE_PUBLIC_EXPENSES or not totals:
        return lines
    public = {"official_overseas_visits", "official_hospitality", "official_vehicles"}
    known = totals[0].item_parts or public
    return [line for line in lines if line.item_key in known]


def _sum(sheet: Sheet, lines: Sequence[BudgetLine]) -> Figure:
    return sum_figure(sheet, lines, lambda: rows_label(len(lines)))


def _parts(sheet: Sheet, lines: Sequence[BudgetLine]) -> Figure:
    return sum_figure(sheet, lines, lambda: parts_label(sheet.table, lines))


def held(declaration: Declaration, subject: Figure, sums: Sequence[Figure]) -> Result:
    """Hold a printed total against sums of its parts that are all to agree with it."""
    for total in sums:
        verdict = compare(subject, total)
        if verdict is not Verdict.EQUAL:
            return contradiction(declaration, verdict, [subject], [total])
    return Passed((subject, *sums), total=True)


def _held_to_any(declaration: Declaration, subject: Figure, sums: Sequence[Figure]) -> Result:
    """Hold a total against the topmost rows and the leaves: where one agrees it is right.

    Where they differ from each other, it is a row between them that does not add up.
    """
    for total in sums:
        if compare(subject, total) is Verdict.EQUAL:
            return Passed((subject, total), total=True)
    return held(declaration, subject, sums[:1])
