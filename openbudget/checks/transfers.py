"""Transfer payments against the projects whose names carry the same document number."""

from __future__ import annotations

from collections.abc import Iterator

from openbudget.budget.document import Transfer
from openbudget.budget.finding import Message, OperandRole
from openbudget.budget.table import BudgetLine
from openbudget.checks.coded import CodedCell
from openbudget.checks.context import AGREED, Context, Passed, Result, Skipped
from openbudget.checks.figures import Figure, Verdict, compare, line_figure
from openbudget.checks.labels import coded_label
from openbudget.checks.rules import Declaration
from openbudget.checks.sheets import Sheet
from openbudget.checks.targets import project_figure
from openbudget.checks.writing import contradiction, observation, same

_NO_TRANSFERS = Message(
    "没有可按文号与项目对应的转移支付",
    "no transfer payment can be told among the projects by its document number",
)
_COORDINATES = ("function", "government_economic", "department_economic")


def transfer_amounts(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold each transfer against the project of its document number."""
    compared = False
    for transfer in context.document.transfers:
        own = _figure(transfer, context)
        project = project_figure(context, transfer.project) if transfer.project else None
        if own is None or project is None:
            continue
        compared = True
        verdict = compare(own, project)
        if verdict is Verdict.EQUAL:
            yield Passed((own, project))
        else:
            yield contradiction(declaration, verdict, [own], [project])
    if not compared:
        yield Skipped(_NO_TRANSFERS)


def _figure(transfer: Transfer, context: Context) -> Figure | None:
    found = _line(transfer, context)
    return line_figure(*found) if found else None


def _line(transfer: Transfer, context: Context) -> tuple[Sheet, BudgetLine] | None:
    for sheet in context.sheets:
        for line in sheet.lines if sheet.table.key == transfer.table else ():
            if line.ordinal == transfer.ordinal:
                return sheet, line
    return None


def transfer_codes(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the codes of each transfer against those of its project."""
    compared = False
    for transfer in context.document.transfers:
        found = _line(transfer, context)
        cells = _project_cells(transfer, context)
        for name in _COORDINATES if found else ():
            own = getattr(transfer, name)
            beside = [cell for cell in cells if cell.coordinate == name]
            if own is None or not own.code or not beside or found is None:
                continue
            compared = True
            if own.code in {cell.code for cell in beside}:
                yield AGREED
                continue
            cell = CodedCell(found[0].table, found[1], name, own, own.code)
            texts = {"code": same(coded_label(own)), "other": same(coded_label(beside[0].coded))}
            operands = [cell.operand(), *(c.operand(OperandRole.COUNTERPART) for c in beside)]
            yield observation(declaration, operands, texts)
    if not compared:
        yield Skipped(_NO_TRANSFERS)


def _project_cells(transfer: Transfer, context: Context) -> list[CodedCell]:
    """Give the codes of the rows of the project that a transfer pays for."""
    cells: dict[object, CodedCell] = {}
    for table in context.document.tables:
        for line in table.lines:
            own = line.project is not None and line.project == transfer.project
            for name in _COORDINATES if own and table.key != transfer.table else ():
                coded = getattr(line, name)
                if coded is not None and coded.code:
                    cell = CodedCell(table, line, name, coded, coded.code)
                    cells.setdefault((table.key, line.ordinal, name), cell)
    return list(cells.values())


def transfers_without_project(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report transfers whose document number no project carries, where others carry theirs."""
    numbered = [own for own in context.document.transfers if own.document_number]
    if not any(project.document_number for project in context.document.projects):
        yield Skipped(_NO_TRANSFERS)
        return
    for transfer in numbered:
        figure = _figure(transfer, context)
        if transfer.project is not None or figure is None or transfer.document_number is None:
            yield AGREED
            continue
        texts = {"number": same("".join(transfer.document_number.text.split()))}
        yield observation(declaration, [figure.operand], texts)
    if not numbered:
        yield Skipped(_NO_TRANSFERS)
