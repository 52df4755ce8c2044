"""What the narrative says, against the tables and against itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import zip_longest
from typing import Any

from openbudget.budget.claim import Claim, ClaimKind
from openbudget.budget.finding import Message, Operand, OperandRole
from openbudget.checks.context import AGREED, Context, Passed, Result, Skipped
from openbudget.checks.facts import Group, applicable, group
from openbudget.checks.figures import Figure, Verdict, claim_figure, claim_operand, compare
from openbudget.checks.labels import added, money_text, yuan_text
from openbudget.checks.rules import Declaration, find_declaration
from openbudget.checks.sums import held
from openbudget.checks.witnesses import Found, figures_of
from openbudget.checks.writing import contradiction, observation

_NO_CLAIM = Message("文字说明中没有相应的数据", "the narrative says no such figure")


def claimed_amounts(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold every amount of the narrative against the tables that print the same fact.

    One that agrees with none of them is one finding, held against the nearest amount first.
    """
    measures: Mapping[str, Any] = declaration.settings["measures"]
    compared = False
    for measure, source in measures.items():
        figures = [own for own in map(claim_figure, context.claims(measure)) if own is not None]
        groups = group(table_figures(source, context)) if figures else []
        for figure in figures if groups else ():
            compared = True
            yield _against_groups(declaration, figure, groups)
    if not compared:
        yield Skipped(_NO_CLAIM)


def claimed_functions(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold the amounts that the narrative says of functional codes against the tables."""
    compared = False
    tables = cache(partial(_by_function, declaration.settings, context))
    for claim in context.claims("function_expenditure"):
        figure = claim_figure(claim)
        if figure is None or claim.function is None:
            continue
        key = (claim.function,)
        groups = group([own[key] for own in tables(len(claim.function)) if key in own])
        if groups:
            compared = True
            yield _against_groups(declaration, figure, groups)
    if not compared:
        yield Skipped(_NO_CLAIM)


def table_figures(source: str | Sequence[Mapping[str, Any]], context: Context) -> list[Figure]:
    """Give the figures of a fact: that of another rule, or of witnesses of its own."""
    settings = find_declaration(source).settings if isinstance(source, str) else None
    witnesses = applicable(settings or {"witnesses": source}, context)
    found = (figures_of(witness, context).get(()) for witness in witnesses)
    return [figure for figure in found if figure is not None]


def _by_function(settings: Mapping[str, Any], context: Context, digits: int) -> list[Found]:
    """Give what each witness says of functional codes of a length."""
    witnesses = applicable(settings, context)
    return [figures_of(witness, context, ("function",), digits) for witness in witnesses]


def _against_groups(declaration: Declaration, figure: Figure, groups: Sequence[Group]) -> Result:
    if any(compare(figure, own.figures[0]) is Verdict.EQUAL for own in groups):
        return Passed((figure, *(other for own in groups for other in own.figures)))
    nearest, *others = sorted(groups, key=lambda own: abs(own.fen - figure.fen))
    beside = [other for own in others for other in own.figures]
    verdict = compare(figure, nearest.figures[0])
    return contradiction(declaration, verdict, [figure], nearest.figures, beside)


# The narrative against itself --------------------------------------------------------------------


def claimed_parts(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold an amount of the narrative against the sum of its parts in the narrative."""
    compared = False
    for whole, parts in declaration.settings["sums"].items():
        claims = list(context.claims(whole))
        for claim, after in zip_longest(claims, claims[1:]):
            own = _parts_after(claim, after, parts, context)
            figure = claim_figure(claim)
            if figure is not None and own:
                compared = True
                yield held(declaration, figure, [_sum(own)])
    if not compared:
        yield Skipped(_NO_CLAIM)


def _parts_after(
    claim: Claim, after: Claim | None, parts: Sequence[str], context: Context
) -> list[Figure]:
    """Give one figure for each part, between a whole and the next; [] where one is missing."""
    last = after.number if after else None
    found: dict[str, Figure] = {}
    for part in parts:
        for own in context.claims(part):
            figure = claim_figure(own)
            within = own.number > claim.number and (last is None or own.number < last)
            if within and figure is not None:
                found.setdefault(part, figure)
    return list(found.values()) if len(found) == len(parts) else []


def _sum(figures: Sequence[Figure]) -> Figure:
    """Add up figures of the narrative."""
    fen = sum(figure.fen for figure in figures)

    def make() -> Operand:
        names = [figure.operand.label for figure in figures]
        return Operand(
            role=OperandRole.COUNTERPART,
            label=added(names),
            fen=fen,
            unit=figures[0].operand.unit,
            parts=tuple(figure.item for figure in figures if figure.item),
        )

    return Figure(fen, max(figure.grain for figure in figures), make, len(figures))


def claimed_none(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold statements that there is none of something against tables that print some."""
    measures: Mapping[str, Any] = declaration.settings["measures"]
    compared = False
    for claim in context.document.claims:
        source = measures.get(claim.measure or "")
        if claim.kind is not ClaimKind.NONE or source is None:
            continue
        figures = [figure for figure in table_figures(source, context) if figure.fen]
        compared = True
        if not figures:
            yield AGREED
            continue
        amount = Message(
            money_text(figures[0].fen, figures[0].operand.unit), yuan_text(figures[0].fen)
        )
        texts = {"counterpart": figures[0].operand.label, "computed": amount}
        yield observation(declaration, [claim_operand(claim), *(f.operand for f in figures)], texts)
    if not compared:
        yield Skipped(_NO_CLAIM)


def claimed_twice(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold amounts that the narrative says of one thing twice against each other."""
    said: dict[tuple[object, ...], list[Figure]] = {}
    for claim in context.document.claims:
        figure = claim_figure(claim) if claim.kind is ClaimKind.AMOUNT else None
        known = claim.function or claim.measure != "function_expenditure"
        if figure is not None and known and claim.measure in declaration.settings["measures"]:
            key = (claim.measure, claim.function, claim.fiscal_year, claim.phase)
            said.setdefault(key, []).append(figure)
    repeated = [figures for figures in said.values() if len(figures) > 1]
    for figures in repeated:
        groups = group(figures)
        if len(groups) == 1:
            yield Passed(tuple(figures))
        for other in groups[1:]:
            verdict = compare(groups[0].figures[0], other.figures[0])
            yield contradiction(declaration, verdict, groups[0].figures, other.figures)
    if not repeated:
        yield Skipped(_NO_CLAIM)
