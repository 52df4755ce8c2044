"""One fact in several tables: total expenditure, basic expenditure, the money of a function.

A rule lists the witnesses of a fact: where it is printed. Those that print one amount stand
together, and each two groups of different amounts are one contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from openbudget.budget.finding import Finding, Message
from openbudget.checks.context import Context, Passed, Result, Skipped
from openbudget.checks.figures import Figure, Verdict, claim_figure, compare
from openbudget.checks.moved import join_moved
from openbudget.checks.rules import Declaration, find_declaration
from openbudget.checks.witnesses import Key, absent_figure, figures_of
from openbudget.checks.writing import contradiction
from openbudget.frozen import dataclass

NOT_PRINTED_TWICE = Message("文件中只有一处或没有印出该数据", "the document prints it once at most")
_CONDITIONS = {
    "only_general_public_budget": Message(
        "本文件还有一般公共预算以外的资金，或没有收支总表",
        "the document has other money than the general public budget, or no summary table",
    ),
    "only_appropriation": Message(
        "本文件还有财政拨款以外的资金，或没有收支总表",
        "the document has other money than fiscal appropriation, or no summary table",
    ),
    "no_carryover": Message("本文件有结转结余", "the document carries money over"),
    "only_agencies": Message(
        "部门中有事业单位，机关运行经费不含其公用经费",
        "the department has public institutions, whose operating expenses are not counted",
    ),
    "approved": Message("本文件是决算", "the document is a final account"),
    "executed": Message("本文件是预算", "the document is a budget"),
}


@dataclass(frozen=True)
class Group:
    """Figures of one amount, the first of them the first witness of the rule."""

    figures: tuple[Figure, ...]

    @property
    def fen(self) -> int:
        """The amount."""
        return self.figures[0].fen


def same_fact(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold every witness of a fact against the others, for each key (a function, a code)."""
    settings = declaration.settings
    for name in settings.get("if", ()):
        if not context.holds([name]):
            yield Skipped(_CONDITIONS[name])
            return
    by, digits = settings.get("by", ()), settings.get("digits")
    found = [figures_of(own, context, by, digits) for own in applicable(settings, context)]
    found = [figures for figures in found if figures]
    keys = dict.fromkeys(key for figures in found for key in figures)
    results = [
        (key, result) for key in keys for result in _compare_key(declaration, key, found, context)
    ]
    if not results:
        yield Skipped(NOT_PRINTED_TWICE)
    elif "moved" in settings:
        yield from join_moved(find_declaration(settings["moved"]), results)
    else:
        yield from (result for _, result in results)


def at_most(declaration: Declaration, context: Context) -> Iterator[Result]:
    """Hold amounts that are parts of others against them: they are not to be larger."""
    compared = False
    for pair in declaration.settings["pairs"]:
        if not context.holds(pair.get("if", ())):
            continue
        part, whole = (figures_of(pair[name], context).get(()) for name in ("part", "whole"))
        if part is None or whole is None:
            continue
        compared = True
        verdict = compare(part, whole)
        if verdict is Verdict.EQUAL or part.fen < whole.fen:
            yield Passed((part, whole))
        else:
            yield contradiction(declaration, verdict, [part], [whole])
    if not compared:
        yield Skipped(NOT_PRINTED_TWICE)


def applicable(settings: Mapping[str, Any], context: Context) -> Iterator[Mapping[str, Any]]:
    """Give the witnesses of a fact that speak of the same money in this document."""
    for witness in settings["witnesses"]:
        if "if" not in witness or context.holds(witness["if"]):
            yield witness


def _compare_key(
    declaration: Declaration,
    key: Key,
    found: Sequence[Mapping[Key, Figure]],
    context: Context,
) -> Iterator[Result]:
    if declaration.settings.get("complete"):
        figures = [own.get(key) or absent_figure(own, key) for own in found]
    else:
        figures = [own[key] for own in found if key in own]
    if len(figures) < 2:  # noqa: PLR2004
        return
    groups = group(figures)
    if len(groups) == 1:
        yield Passed(tuple(figures))
        return
    yield from _contradictions(declaration, _with_claims(declaration, groups, context))


def _with_claims(
    declaration: Declaration, groups: Sequence[Group], context: Context
) -> Sequence[Group]:
    """Put what the narrative says beside the figures that it agrees with."""
    claims = context.claims(*declaration.settings.get("claims", ()))
    figures = [figure for claim in claims if (figure := claim_figure(claim)) is not None]
    found = []
    for own in groups:
        agreeing = [f for f in figures if compare(own.figures[0], f) is Verdict.EQUAL]
        found.append(Group((*own.figures, *agreeing)))
    return found


def _contradictions(declaration: Declaration, groups: Sequence[Group]) -> Iterator[Finding]:
    for number, one in enumerate(groups):
        for other in groups[number + 1 :]:
            verdict = compare(one.figures[0], other.figures[0])
            yield contradiction(declaration, verdict, one.figures, other.figures)


def group(figures: Sequence[Figure]) -> list[Group]:
    """Put figures that agree together, in the order in which they come."""
    groups: list[list[Figure]] = []
    for figure in figures:
        for own in groups:
            if compare(own[0], figure) is Verdict.EQUAL:
                own.append(figure)
                break
        else:
            groups.append([figure])
    return [Group(tuple(own)) for own in groups]
