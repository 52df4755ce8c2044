"""One thing under two names: codes, budgetary units, projects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.folding import fold
from openbudget.budget.identifiers import line_id
from openbudget.budget.performance import PerformanceTarget
from openbudget.budget.table import BudgetLine, BudgetTable, CodedLabel
from openbudget.checks.coded import CodedCell, bare_name, coded_cells
from openbudget.checks.context import AGREED, Context, Result, Skipped
from openbudget.checks.labels import table_label
from openbudget.checks.rules import Declaration
from openbudget.checks.writing import observation, same

_NO_NAMES = Message("文件没有印出编码和名称", "the document prints no codes with names")
_NO_TARGETS = Message(
    "没有与项目对应的绩效目标表", "no performance target of the document belongs to a project"
)


def names_of_list(context: Context) -> frozenset[str]:
    """Give ``code name`` of every code that is printed with the very name of the list."""
    found = set()
    for cell in coded_cells(context):
        edition = context.lists.for_year(cell.scheme, context.document.identity.fiscal_year)
        listed = edition.by_code.get(cell.code) if edition else None
        if listed is not None and bare_name(listed.name_zh) == bare_name(cell.coded.label):
            found.add(f"{listed.code} {listed.name_zh}")
    return frozenset(found)


def names_of_codes(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report codes that one document prints under two names."""
    by_code: dict[tuple[str, str], list[CodedCell]] = defaultdict(list)
    for cell in coded_cells(context):
        if cell.believed == cell.code and bare_name(cell.coded.label):
            by_code[cell.coordinate, cell.code].append(cell)
    for (_, code), cells in by_code.items():
        names = _distinct(cells)
        if len(names) == 1:
            yield AGREED
            continue
        operands = [cell.operand(_role(number)) for number, cell in enumerate(names)]
        texts = {"code": same(code), "names": _names(cell.coded.label or "" for cell in names)}
        yield observation(declaration, operands, texts, f"{cells[0].scheme}.{code}")
    if not by_code:
        yield Skipped(_NO_NAMES)


def _distinct(cells: Sequence[CodedCell]) -> list[CodedCell]:
    """Give the first cell of each name."""
    found: dict[str, CodedCell] = {}
    for cell in cells:
        found.setdefault(bare_name(cell.coded.label), cell)
    return list(found.values())


def _role(number: int) -> OperandRole:
    return OperandRole.COUNTERPART if number else OperandRole.SUBJECT


def _names(names: Iterable[str]) -> Message:
    quoted = [f"“{''.join(name.split())}”" for name in names]
    return Message("、".join(quoted), " and ".join(quoted))


def names_of_units(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report budgetary units whose code is printed with two names."""
    by_code: dict[str, dict[str, Operand]] = defaultdict(dict)
    for table, line in _lines(context):
        unit = line.budgetary_unit
        if unit is not None and unit.code and unit.label:
            operand = _unit_operand(table, unit, line_id(table.key, line))
            by_code[unit.code].setdefault(fold(unit.label), operand)
    for code, names in by_code.items():
        if len(names) == 1:
            yield AGREED
            continue
        operands = list(names.values())
        roles = [_with_role(operand, _role(n)) for n, operand in enumerate(operands)]
        texts = {"code": same(code), "names": _names(operand.text or "" for operand in operands)}
        yield observation(declaration, roles, texts, code)
    if not by_code:
        yield Skipped(_NO_NAMES)


def _lines(context: Context) -> Iterator[tuple[BudgetTable, BudgetLine]]:
    for table in context.document.tables:
        for line in table.lines:
            yield table, line


def _unit_operand(table: BudgetTable, unit: CodedLabel, item: str) -> Operand:
    name = table_label(table)
    label = Message(f"{name.zh}“{unit.label}”", f"“{unit.label}” in {name.en}")
    place = unit.place
    return Operand(OperandRole.SUBJECT, label, None, unit.label, None, place, item, table.key)


def _with_role(operand: Operand, role: OperandRole) -> Operand:
    return Operand(
        role, operand.label, None, operand.text, None, operand.place, operand.item, operand.table
    )


def names_of_projects(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report projects whose performance target bears another name than the project table."""
    compared = False
    for target in context.document.targets:
        if target.match is None or target.name is None:
            continue
        compared = True
        project = context.document.projects[target.match.project - 1]
        if fold(project.name.text) == fold(target.name.text):
            yield AGREED
            continue
        operands = [_target_operand(target, context), _project_operand(project.number, context)]
        texts = {
            "target": same("".join(target.name.text.split())),
            "project": same("".join(project.name.text.split())),
        }
        yield observation(declaration, operands, texts)
    if not compared:
        yield Skipped(_NO_TARGETS)


def _target_operand(target: PerformanceTarget, context: Context) -> Operand:
    table = next(table for table in context.document.tables if table.key == target.table)
    item = f"performance-targets.{target.number}"
    return Operand(
        OperandRole.SUBJECT,
        table_label(table),
        text=target.name.text if target.name else None,
        place=target.name.place if target.name else None,
        item=item,
        table=table.key,
    )


def _project_operand(number: int, context: Context) -> Operand:
    project = context.document.projects[number - 1]
    table = next(table for table in context.document.tables if table.key == project.table)
    return Operand(
        OperandRole.COUNTERPART,
        table_label(table),
        text=project.name.text,
        place=project.name.place,
        item=f"projects.{number}",
        table=table.key,
    )
