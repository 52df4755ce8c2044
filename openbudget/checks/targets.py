"""The money of performance targets: its sums, and that of the projects they are for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from openbudget.budget.finding import Finding, Message, Operand, OperandRole
from openbudget.budget.money import FEN_PER_UNIT
from openbudget.budget.performance import PerformanceTarget
from openbudget.budget.vocabulary import Role
from openbudget.checks.context import AGREED, Context, Passed, Result, Skipped
from openbudget.checks.figures import (
    Figure,
    Verdict,
    compare,
    sum_figure,
    target_figure,
)
from openbudget.checks.labels import added, money_text, table_label, yuan_text
from openbudget.checks.promises import Said, promise_operand
from openbudget.checks.rules import Declaration
from openbudget.checks.writing import contradiction, fill

_NO_FORM = Message("没有填写金额的绩效目标表", "no performance form prints money")
_NO_PROJECT = Message(
    "没有与项目对应并填写金额的绩效目标表",
    "no performance form with money belongs to a project of the document",
)
_NO_COSTS = Message("没有以金额为指标值的成本指标", "no indicator of cost is an amount of money")
_BY_FACTOR = Message(
    "相差一万倍，由单位的规则报告", "it is a factor of 10,000, of which the rule of units tells"
)
_COST = "成本"


def form_sums(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the totals of performance forms against their printed parts.

    A total above that prints the same amount is a subject of the same finding.
    """
    parts: Mapping[str, Sequence[str]] = declaration.settings["parts"]
    compared = False
    for target in context.document.targets:
        for period in dict.fromkeys(money.period for money in target.amounts):
            figures = _figures(target, period)
            for item, names in parts.items():
                own = [figures[name] for name in names if name in figures]
                if item not in figures or not own:
                    continue
                compared = True
                total = _sum(own)
                verdict = compare(figures[item], total)
                if verdict is Verdict.EQUAL:
                    yield Passed((figures[item], *own))
                    continue
                repeats = [
                    figure
                    for figure in figures.values()
                    if figure.fen == figures[item].fen and figure not in own
                ]
                finding = contradiction(declaration, verdict, repeats, [total])
                yield _with_evidence(finding, own if len(own) > 1 else [])
    if not compared:
        yield Skipped(_NO_FORM)


def _figures(target: PerformanceTarget, period: str) -> dict[str, Figure]:
    """Give the amounts that a form prints for a period, by what they are."""
    found = {}
    for money in target.amounts:
        figure = target_figure(target, money)
        if money.period == period and figure is not None:
            found[money.item] = figure
    return found


def _sum(figures: Sequence[Figure]) -> Figure:
    """Add up amounts of one form; of one amount it is that amount."""
    if len(figures) == 1:
        return figures[0]
    label = added([figure.operand.label for figure in figures])
    total, first = sum(figure.fen for figure in figures), figures[0].operand
    operand = Operand(OperandRole.COUNTERPART, label, total, None, first.unit, table=first.table)
    grain = max(figure.grain for figure in figures)
    return Figure(total, grain, lambda: operand, len(figures))


def project_money(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the money of a project's target against the project table, but for a factor."""
    linked = list(_linked(context))
    for target, own, project in linked:
        if _factor(declaration, own, project):
            yield Skipped(_BY_FACTOR)
            continue
        verdict = compare(own, project)
        if verdict is Verdict.EQUAL:
            yield Passed((own, project))
        else:
            finding = contradiction(declaration, verdict, [own], [project])
            yield _with_evidence(finding, _costs(target))
    if not linked:
        yield Skipped(_NO_PROJECT)


def project_units(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Report money of a target that is 10,000 times that of its project: in 元 under 万元."""
    linked = list(_linked(context))
    for target, own, project in linked:
        if not _factor(declaration, own, project):
            yield AGREED
            continue
        figures = _figures(target, "annual").values()
        subjects = [figure for figure in figures if figure.fen == own.fen]
        smaller = own.fen < project.fen and declaration.settings["smaller"]
        own_words = replace(declaration, message=Message(**smaller)) if smaller else declaration
        finding = contradiction(own_words, Verdict.DIFFERENT, subjects, [project])
        costs = _costs(target)
        message = finding.message
        if costs and sum(figure.fen for figure in costs) == project.fen:
            said = {"costs": Message(money_text(project.fen, "元"), yuan_text(project.fen))}
            more = fill(Message(**declaration.settings["costs"]), said)
            message = Message(f"{message.zh}{more.zh}", f"{message.en} {more.en}")
        yield replace(_with_evidence(finding, costs), message=message)
    if not linked:
        yield Skipped(_NO_PROJECT)


def _linked(context: Context) -> Iterator[tuple[PerformanceTarget, Figure, Figure]]:
    """Give the targets that belong to a project, with the money of both."""
    for target in context.document.targets:
        own = _figures(target, "annual").get("total")
        project = project_figure(context, target.match.project) if target.match else None
        if own is not None and project is not None:
            yield target, own, project


def project_figure(context: Context, number: int) -> Figure | None:
    """Give what the project table prints of a project: its rows, added up."""
    projects = context.document.projects
    project = next((own for own in projects if own.number == number), None)
    if project is None:
        return None
    sheet = next((own for own in context.sheets if own.table.key == project.table), None)
    lines = sheet.by_column.get("total", ()) if sheet else ()
    own = [line for line in lines if line.project == number and line.role is not Role.TOTAL]
    if sheet is None or not own:
        return None
    name, title = "".join(project.name.text.split()), table_label(sheet.table)
    label = Message(f"{title.zh}项目“{name}”", f"the project “{name}” in {title.en}")
    return sum_figure(sheet, own, lambda: label).named(lambda: label)


def _factor(declaration: Declaration, own: Figure, project: Figure) -> bool:
    """Whether the two differ by a factor that a unit makes."""
    factor = declaration.settings["factor"]
    return project.fen != 0 and own.fen in (project.fen * factor, project.fen // factor)


def _costs(target: PerformanceTarget) -> list[Figure]:
    """Give the indicators of cost that are amounts of money."""
    return [
        _cost(Said(target, indicator, quantity))
        for indicator in target.indicators
        for quantity in indicator.quantities
        if quantity.unit in FEN_PER_UNIT and _COST in f"{indicator.level_1}{indicator.level_2}"
    ]


def _cost(said: Said) -> Figure:
    fen = int(said.quantity.value * FEN_PER_UNIT[said.quantity.unit])
    return Figure(fen, 1, lambda: replace(promise_operand(said), fen=fen, unit=said.quantity.unit))


def _with_evidence(finding: Finding, figures: Sequence[Figure]) -> Finding:
    """Add figures that a sum is made of, or that speak for one side."""
    evidence = [replace(figure.operand, role=OperandRole.EVIDENCE) for figure in figures]
    return replace(finding, operands=(*finding.operands, *evidence))


def cost_targets(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the indicators of cost, added up, against the money of their form or project."""
    compared = False
    for target in context.document.targets:
        own, costs = _figures(target, "annual").get("total"), _costs(target)
        if own is None or not costs:
            continue
        compared = True
        project = project_figure(context, target.match.project) if target.match else None
        total = _sum(costs)
        known = [figure for figure in (own, project) if figure is not None]
        if any(compare(total, figure) is Verdict.EQUAL for figure in known):
            yield AGREED
            continue
        finding = contradiction(declaration, Verdict.DIFFERENT, [total], known)
        yield _with_evidence(finding, costs if len(costs) > 1 else [])
    if not compared:
        yield Skipped(_NO_COSTS)
