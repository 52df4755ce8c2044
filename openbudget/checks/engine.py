"""Applies every rule to a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from openbudget.budget.classification import CodeLists
from openbudget.budget.document import BudgetDocument
from openbudget.budget.finding import (
    CheckReport,
    Family,
    Finding,
    Message,
    Operand,
    OperandRole,
    RuleOutcome,
    RuleStatus,
    Severity,
    TotalCheck,
)
from openbudget.checks import (
    classified,
    codes,
    facts,
    missing,
    names,
    narrative,
    promises,
    rates,
    sums,
    targets,
    templates,
    transfers,
    years,
)
from openbudget.checks.context import AGREED, Check, Context, Passed, Result, Skipped
from openbudget.checks.explaining import explain
from openbudget.checks.merging import cluster, merge
from openbudget.checks.related import RELATIONS
from openbudget.checks.rules import load_declarations

CHECKS: dict[str, Check] = {
    "row_sums": sums.row_sums,
    "column_totals": sums.column_totals,
    "code_parents": sums.code_parents,
    "item_totals": sums.item_totals,
    "item_parts": sums.item_parts,
    "same_fact": facts.same_fact,
    "at_most": facts.at_most,
    "claimed_amounts": narrative.claimed_amounts,
    "claimed_functions": narrative.claimed_functions,
    "claimed_parts": narrative.claimed_parts,
    "claimed_none": narrative.claimed_none,
    "claimed_twice": narrative.claimed_twice,
    "claimed_growth": rates.claimed_growth,
    "claimed_share": rates.claimed_share,
    "unknown_codes": codes.unknown_codes,
    "listed_names": codes.listed_names,
    "names_of_other_codes": codes.names_of_other_codes,
    "misprinted_codes": codes.misprinted_codes,
    "own_numbering": codes.own_numbering,
    "malformed_codes": codes.malformed_codes,
    "codes_without_parent": codes.codes_without_parent,
    "former_names": codes.former_names,
    "crosswalk_pairs": classified.crosswalk_pairs,
    "civil_service_codes": classified.civil_service_codes,
    "repeated_rows": classified.repeated_rows,
    "names_of_codes": names.names_of_codes,
    "names_of_units": names.names_of_units,
    "names_of_projects": names.names_of_projects,
    "heading_years": years.heading_years,
    "target_years": years.target_years,
    "column_years": years.column_years,
    "sentence_years": years.sentence_years,
    "target_periods": years.target_periods,
    "amounts_without_figure": missing.amounts_without_figure,
    "figures_without_unit": missing.figures_without_unit,
    "reasons_without_text": missing.reasons_without_text,
    "indicators_without_value": missing.indicators_without_value,
    "blank_columns": missing.blank_columns,
    "absent_tables": missing.absent_tables,
    "zeros_left_blank": missing.zeros_left_blank,
    "template_cells": templates.template_cells,
    "template_sentences": templates.template_sentences,
    "table_numbers": templates.table_numbers,
    "number_sequence": templates.number_sequence,
    "form_sums": targets.form_sums,
    "project_units": targets.project_units,
    "project_money": targets.project_money,
    "cost_targets": targets.cost_targets,
    "same_promises": promises.same_promises,
    "progress_targets": promises.progress_targets,
    "counted_targets": promises.counted_targets,
    "transfer_amounts": transfers.transfer_amounts,
    "transfer_codes": transfers.transfer_codes,
    "transfers_without_project": transfers.transfers_without_project,
}
BY_ANOTHER = frozenset(["none", *RELATIONS])
"""Checks whose findings another rule makes, or that need another document."""

_NOTHING_TO_COMPARE = Message("文件中没有可以核对的内容", "the document has nothing to compare")
_SEVERITIES, _FAMILIES = list(Severity), list(Family)


def check_document(document: BudgetDocument, lists: CodeLists) -> CheckReport:
    """Hold the figures, codes and names of a document against each other.

    Returns:
        The findings, errors first; what became of every rule; and every printed total with the
        sum of its parts. The same document and lists give the same report.
    """
    context = Context(document, lists)
    results = apply_rules(context)
    made = [result for own in results.values() for result in own]
    merged = cluster(merge(result for result in made if isinstance(result, Finding)))
    findings = _ordered(explain(merged, context))
    report = CheckReport(
        findings=findings,
        outcomes=tuple(_outcomes(results)),
        totals=tuple(_totals(made, findings)),
    )
    context.forget()
    return report


def apply_rules(context: Context) -> dict[str, list[Result]]:
    """Give everything that each rule of a single document compared, by the id of the rule."""
    return {
        declaration.rule.id: list(CHECKS[declaration.check](declaration, context))
        for declaration in load_declarations()
        if declaration.check not in BY_ANOTHER
    }


def _ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Order findings as they are told: the worst first, and the largest differences of these.

    Those that belong together, by a cluster or else by their family, follow each other.
    """
    largest: dict[object, int] = {}
    for finding in findings:
        size = abs(finding.difference_fen or 0)
        largest[_group(finding)] = max(size, largest.get(_group(finding), 0))

    def rank(finding: Finding) -> tuple[int, bool, bool, int, int, str]:
        severity, family = _SEVERITIES.index(finding.severity), _FAMILIES.index(finding.family)
        units_first = finding.family is not Family.UNIT
        size, name = largest[_group(finding)], finding.cluster or ""
        family = 0 if name else family
        return severity, finding.within_rounding, units_first, -size, family, name

    return tuple(sorted(findings, key=rank))


def _group(finding: Finding) -> object:
    together = finding.cluster or finding.family
    return finding.severity, finding.within_rounding, together


def _outcomes(results: dict[str, list[Result]]) -> Iterator[RuleOutcome]:
    """Count what became of every rule; a rule by another is counted with what it found."""
    made = [result for own in results.values() for result in own if isinstance(result, Finding)]
    failures = Counter(finding.rule for finding in made)
    for declaration in load_declarations():
        if declaration.check in RELATIONS:
            continue
        rule = declaration.rule.id
        failed, passed = failures[rule], list(map(type, results.get(rule, ()))).count(Passed)
        if failed or passed:
            status = RuleStatus.FAILED if failed else RuleStatus.PASSED
            yield RuleOutcome(rule, status, passed + failed, failed)
        else:
            yield RuleOutcome(
                rule, RuleStatus.NOT_APPLICABLE, reason=_reason(results.get(rule, []))
            )


def _reason(results: Sequence[Result]) -> Message:
    skipped = (result.reason for result in results if isinstance(result, Skipped))
    return next(skipped, _NOTHING_TO_COMPARE)


def _is_line(operand: Operand) -> bool:
    return (operand.item or "").startswith(f"{operand.table}.")


def _totals(results: Sequence[Result], findings: Sequence[Finding]) -> Iterator[TotalCheck]:
    """Give every printed total that was held against its parts, once."""
    known: dict[str, TotalCheck] = {}
    for finding in findings:
        if finding.family not in (Family.ROW, Family.COLUMN):
            continue
        for operand in finding.operands:
            if operand.role is OperandRole.SUBJECT and operand.item and _is_line(operand):
                known.setdefault(
                    operand.item,
                    TotalCheck(
                        operand.item,
                        finding.computed_fen or 0,
                        finding.difference_fen or 0,
                        (finding.id,),
                    ),
                )
    for result in results:
        if result is AGREED:
            continue
        if isinstance(result, Passed) and result.total and result.figures[0].item:
            item, computed = result.figures[0].item, result.figures[-1].fen
            known.setdefault(item, TotalCheck(item, computed, 0))
    yield from known.values()
