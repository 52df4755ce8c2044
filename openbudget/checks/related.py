"""Holds documents of one department against each other: its unit's, last year's, final accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from openbudget.budget.claim import ClaimKind
from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument, Coverage, PublishedFile, RelatedDocument
from openbudget.budget.finding import Finding, Message, Operand, RelatedFinding
from openbudget.budget.organization import Department
from openbudget.budget.table import BudgetLine
from openbudget.budget.vocabulary import Phase, Scope, TableKind
from openbudget.checks.context import Context
from openbudget.checks.facts import applicable
from openbudget.checks.figures import Figure, Verdict, claim_figure, compare, line_figure
from openbudget.checks.rules import Declaration, find_declaration, load_declarations
from openbudget.checks.sheets import Sheet
from openbudget.checks.witnesses import Key, figures_of
from openbudget.checks.writing import contradiction

_SCOPES = {
    Scope.DEPARTMENT: Message("部门", "department"),
    Scope.UNIT: Message("单位", "unit"),
}
_PHASES = {
    Phase.APPROVED: Message("预算", "budget"),
    Phase.ADJUSTED: Message("调整预算", "adjusted budget"),
    Phase.EXECUTED: Message("决算", "final accounts"),
}


def check_related(
    own: RelatedDocument, others: Sequence[RelatedDocument]
) -> Sequence[RelatedFinding]:
    """Hold a document against others of its department, each pair once.

    Returns:
        What does not agree, as `own` tells it: operands of the other document name it.
    """
    rules = [own for own in load_declarations() if own.check in RELATIONS]
    return tuple(
        RelatedFinding(other.document_id, finding)
        for other in others
        for rule in rules
        for finding in RELATIONS[rule.check](rule, own, other)
    )


# The three relations -----------------------------------------------------------------------------


def unit_within_department(
    declaration: Declaration, own: RelatedDocument, other: RelatedDocument
) -> Iterator[Finding]:
    """Find amounts of a unit that are larger than those of its department."""
    scopes = {own.identity.scope: own, other.identity.scope: other}
    one, two = own.identity, other.identity
    if len(scopes) < 2 or (one.fiscal_year, one.phase) != (two.fiscal_year, two.phase):  # noqa: PLR2004
        return
    unit, department = scopes[Scope.UNIT], scopes[Scope.DEPARTMENT]
    within = _all_figures(declaration, context_of(department))
    for key, figure in _all_figures(declaration, context_of(unit)).items():
        above = within.get(key)
        verdict = compare(figure, above) if above else Verdict.EQUAL
        if above and verdict is not Verdict.EQUAL and figure.fen > above.fen:
            pair = _told(figure, unit, own), _told(above, department, own)
            yield contradiction(declaration, verdict, [pair[0]], [pair[1]])


def last_year(
    declaration: Declaration, own: RelatedDocument, other: RelatedDocument
) -> Iterator[Finding]:
    """Hold what a document says of the year before against the document of that year."""
    if own.identity.fiscal_year == other.identity.fiscal_year:
        return
    older, newer = sorted((own, other), key=lambda document: document.identity.fiscal_year)
    yield from _retold(declaration, newer, older, own)


def approved_in_final_accounts(
    declaration: Declaration, own: RelatedDocument, other: RelatedDocument
) -> Iterator[Finding]:
    """Hold the budget that final accounts print against the budget of the same year."""
    one, two = own.identity, other.identity
    phases = {one.phase: own, two.phase: other}
    if (one.fiscal_year, one.scope) != (two.fiscal_year, two.scope):
        return
    if set(phases) == {Phase.APPROVED, Phase.EXECUTED}:
        yield from _retold(declaration, phases[Phase.EXECUTED], phases[Phase.APPROVED], own)


RELATIONS: Mapping[
    str, Callable[[Declaration, RelatedDocument, RelatedDocument], Iterator[Finding]]
] = {
    "unit_within_department": unit_within_department,
    "last_year": last_year,
    "approved_in_final_accounts": approved_in_final_accounts,
}


# What is compared ---------------------------------------------------------------------------------


def _retold(
    declaration: Declaration, teller: RelatedDocument, told: RelatedDocument, own: RelatedDocument
) -> Iterator[Finding]:
    """Hold what one document says of another one's year and phase against that one."""
    facts = _told_facts(declaration, context_of(told))
    for key, figure in _retellings(declaration, teller, told):
        original = facts.get(key)
        verdict = compare(figure, original) if original else Verdict.EQUAL
        if original and verdict is not Verdict.EQUAL:
            pair = _told(figure, teller, own), _told(original, told, own)
            yield contradiction(declaration, verdict, [pair[0]], [pair[1]])


def _retellings(
    declaration: Declaration, teller: RelatedDocument, told: RelatedDocument
) -> Iterator[tuple[Key, Figure]]:
    """Give what a document prints of the year and phase of another, by measure, item or code."""
    about = told.identity.fiscal_year, told.identity.phase
    same_year = teller.identity.fiscal_year == about[0]
    for claim in teller.claims:
        phase = claim.phase or (None if same_year else Phase.APPROVED)
        if claim.kind is ClaimKind.AMOUNT and (claim.fiscal_year, phase) == about:
            figure = claim_figure(claim)
            if figure is not None and claim.measure:
                yield _claim_key(claim.measure, claim.function), figure
    for sheet in context_of(teller).sheets:
        for line in sheet.lines:
            if (line.fiscal_year, line.phase) != about:
                continue
            if line.item_key in declaration.settings["items"]:
                yield ("item", line.item_key or ""), line_figure(sheet, line)
            elif _is_of_function(sheet, line):
                yield ("function", _code(line)), line_figure(sheet, line)


def _is_of_function(sheet: Sheet, line: BudgetLine) -> bool:
    """Whether a line is the whole money of a function in the general public budget."""
    general = sheet.table.kind is TableKind.GENERAL_PUBLIC_BUDGET_EXPENDITURE
    return general and line.function is not None and line.expenditure_type is None


def _code(line: BudgetLine) -> str:
    return (line.function.code if line.function else None) or ""


def _claim_key(measure: str, function: str | None) -> Key:
    return ("function", function) if function else ("item", measure)


def _told_facts(declaration: Declaration, context: Context) -> dict[Key, Figure]:
    settings = declaration.settings
    found = _items_and_functions(settings, context)
    for measure, rule in settings["measures"].items():
        figure = _fact(rule, context)
        if figure is not None:
            found["item", measure] = figure
    return found


def _all_figures(declaration: Declaration, context: Context) -> dict[Key, Figure]:
    found = _items_and_functions(declaration.settings, context)
    for rule in declaration.settings["facts"]:
        figure = _fact(rule, context)
        if figure is not None:
            found["fact", rule] = figure
    return found


def _items_and_functions(settings: Mapping[str, Any], context: Context) -> dict[Key, Figure]:
    found: dict[Key, Figure] = {}
    for item in settings["items"]:
        witness = {"table": "three_public_expenses", "where": {"item_key": item}}
        figure = figures_of(witness, context).get(())
        if figure is not None:
            found["item", item] = figure
    for witness in settings["functions"]:
        for (code,), figure in figures_of(witness, context, ("function",)).items():
            found["function", code] = figure
    return found


def _fact(rule: str, context: Context) -> Figure | None:
    """Give the first figure of a fact; None where a document prints several amounts of it."""
    witnesses = applicable(find_declaration(rule).settings, context)
    figures = [figure for own in witnesses if (figure := figures_of(own, context).get(()))]
    agree = all(compare(figures[0], figure) is Verdict.EQUAL for figure in figures[1:])
    return figures[0] if figures and agree else None


def _told(figure: Figure, document: RelatedDocument, own: RelatedDocument) -> Figure:
    """Name the document of a figure, in its label and unless it is the one that is checked."""
    identity = document.identity
    scope, phase = _SCOPES[identity.scope], _PHASES[identity.phase]

    def make() -> Operand:
        known = figure.operand.label
        label = Message(
            f"{identity.fiscal_year}年{scope.zh}{phase.zh}{known.zh}",
            f"{known.en} ({scope.en} {phase.en} of {identity.fiscal_year})",
        )
        elsewhere = None if document is own else document.document_id
        return replace(figure.operand, label=label, document=elsewhere)

    return replace(figure, make=make)


def context_of(document: RelatedDocument) -> Context:
    """Make a related document ready for the checks: a document of tables and claims only."""
    identity = document.identity
    whole = BudgetDocument(
        identity=identity,
        file=PublishedFile(document.version, "", 0),
        department=Department(identity.jurisdiction, identity.department, identity.publisher),
        tables=document.tables,
        sections=(),
        staff=(),
        projects=(),
        transfers=(),
        targets=(),
        coverage=Coverage(0, 0, (), ()),
        claims=document.claims,
    )
    return Context(whole, CodeLists())
