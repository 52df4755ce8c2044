"""What performance targets promise: of one thing in two forms, and by parts of the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from openbudget.budget.claim import ClaimKind
from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.budget.folding import fold
from openbudget.budget.performance import PerformanceIndicator, PerformanceTarget, Quantity
from openbudget.checks.context import AGREED, Context, Passed, Result, Skipped
from openbudget.checks.figures import claim_mention, claim_operand
from openbudget.checks.labels import load_labels
from openbudget.checks.rules import Declaration
from openbudget.checks.writing import observation, quoted, same

_NO_TWINS = Message(
    "没有两张绩效目标表约定同一事项", "no two performance forms promise the same thing"
)
_NO_PERCENT = Message(
    "没有按时段约定百分比的进度指标", "no indicators promise percentages by periods"
)
_NO_COUNT = Message(
    "文字说明没有写出项目数，或文件没有绩效目标表",
    "the narrative counts no projects with targets, or the document holds no form",
)
_HUNDRED = 100
_COMPARATORS = {
    ">": Message("超过 ", "over "),
    ">=": Message("不低于 ", "at least "),
    "<": Message("低于 ", "under "),
    "<=": Message("不超过 ", "at most "),
}


class Said(NamedTuple):
    """A quantity with the indicator and the form it stands in."""

    target: PerformanceTarget
    indicator: PerformanceIndicator
    quantity: Quantity


def same_promises(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold what two forms promise of one thing (the words in front of the number) together."""
    said: dict[tuple[str, ...], list[Said]] = defaultdict(list)
    for own in _said(context):
        if own.quantity.subject:
            key = (fold(own.quantity.subject), fold(own.quantity.unit), own.quantity.period)
            said[key].append(own)
    compared = False
    for twins in said.values():
        first = twins[0]
        others = [own for own in twins[1:] if own.target.number != first.target.number]
        compared = compared or bool(others)
        for other in others:
            if _number(first.quantity) == _number(other.quantity):
                yield AGREED
                continue
            beside = replace(promise_operand(other), role=OperandRole.COUNTERPART)
            operands = [promise_operand(first), beside]
            texts = {
                "thing": same("".join((first.quantity.subject or "").split())),
                "one": _value(first.quantity),
                "other": _value(other.quantity),
                "other_form": form_label(other.target),
                "form": form_label(first.target),
            }
            yield observation(declaration, operands, texts)
    if not compared:
        yield Skipped(_NO_TWINS)


def progress_targets(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Add up percentages that are promised for parts of the year: more than 100 is reported."""
    parts: dict[tuple[object, ...], list[Said]] = defaultdict(list)
    for own in _said(context):
        if own.quantity.unit == "%" and "/" in own.quantity.period:
            subject = fold(own.quantity.subject or "")
            parts[own.target.number, own.indicator.level_2, subject].append(own)
    several = [found for found in parts.values() if len(found) > 1]
    for found in several:
        total = sum((own.quantity.value for own in found), Decimal(0))
        if total <= _HUNDRED:
            yield AGREED
            continue
        values = [f"{own.quantity.value.normalize():f}%" for own in found]
        texts = {
            "form": form_label(found[0].target),
            "values": Message("、".join(values), " and ".join(values)),
            "total": same(f"{total.normalize():f}%"),
        }
        yield observation(declaration, [promise_operand(own) for own in found], texts)
    if not several:
        yield Skipped(_NO_PERCENT)


def counted_targets(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the number of projects with targets in the narrative against the forms."""
    forms = [own for own in context.document.targets if own.kind == "project"]
    claims = [
        claim
        for claim in context.document.claims
        if (claim.kind, claim.measure) == (ClaimKind.COUNT, "projects_with_targets")
        and claim.fiscal_year == context.document.identity.fiscal_year
    ]
    if not forms or not claims:
        yield Skipped(_NO_COUNT)
        return
    for claim in claims:
        if claim.figure == len(forms):
            yield Passed((claim_mention(claim),))
            continue
        operands = [claim_operand(claim), *(_form_operand(form) for form in forms)]
        texts = {"count": same(claim.text), "forms": same(len(forms))}
        yield observation(declaration, operands, texts)


def _said(context: Context) -> Iterator[Said]:
    for target in context.document.targets:
        for indicator in target.indicators:
            for quantity in indicator.quantities:
                yield Said(target, indicator, quantity)


def _number(quantity: Quantity) -> tuple[str, Decimal]:
    return quantity.comparator, quantity.value


def _value(quantity: Quantity) -> Message:
    number = f"{quantity.value.normalize():f}{quantity.unit}"
    sign = _COMPARATORS.get(quantity.comparator, Message("", ""))
    return Message(f"{sign.zh}{number}", f"{sign.en}{number}")


def form_label(target: PerformanceTarget) -> Message:
    """Name a performance form."""
    english = load_labels()["tables"][f"{target.kind}_performance_target"]
    return Message("项目绩效目标表" if target.kind == "project" else "整体绩效目标表", english)


def promise_operand(said: Said) -> Operand:
    """Make the operand of an indicator that promises a quantity."""
    form, text = form_label(said.target), quoted(said.indicator.value or "").zh
    number = said.indicator.number
    return Operand(
        role=OperandRole.SUBJECT,
        label=Message(f"{form.zh}的指标“{text}”", f"the indicator “{text}” in {form.en}"),
        text=said.indicator.value,
        place=said.indicator.place,
        item=f"performance-targets.{said.target.number}.indicators.{number}",
        table=said.target.table,
    )


def _form_operand(target: PerformanceTarget) -> Operand:
    return Operand(
        role=OperandRole.COUNTERPART,
        label=form_label(target),
        text=target.name.text if target.name else None,
        place=target.name.place if target.name else None,
        item=f"performance-targets.{target.number}",
        table=target.table,
    )
